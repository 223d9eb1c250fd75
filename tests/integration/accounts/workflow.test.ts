/** Accounts in a whole run on the local runtime: definers, grants on tables, the report as an operator reads it, and no hash on disk. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeExecutionCommand, RedriveExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { accountsReportSchema } from '../../../core/accounts/report.ts';
import type { RunningServer } from '../../../local/mysql/source-server.ts';
import { startRuntime, type Runtime, type RuntimeOptions } from '../../../local/runtime.ts';
import { log, startServers } from '../../support/servers.ts';
import { ferry } from '../cli/ferry.ts';
import { query } from '../../support/query.ts';

const hash = '94bdcebe19083ce2a1f959fd02f964c7af4cfc29';

describe('a run that moves accounts', () => {
  let directory: string;
  let source: RunningServer;
  let target: RunningServer;
  let runtime: Runtime;

  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    const servers = await startServers(started);
    ({ directory, source, target } = servers);
    await query(source.adminAccess, ...fleet);
    const settings: RuntimeOptions = {
      stateDirectory: join(directory, 'state'),
      projectDirectory: join(import.meta.dirname, '../../..'),
      source: source.access,
      target: target.access,
      clientPath: servers.programs.binDirectory,
      log,
      maxTasks: 2,
    };
    runtime = started.adopt(await startRuntime(settings), (running) => running.stop());
  });

  it('makes them before the databases, grants on tables after, and says what is left to do', async () => {
    const stepFunctions = new SFNClient({ endpoint: runtime.endpoint, region: 'us-east-1', credentials: runtime.credentials.operator });
    await query(target.adminAccess, 'CREATE DATABASE blog');
    const input = JSON.stringify({ migration: 'people', databases: ['shop', 'blog'], accounts: true });
    const { executionArn } = await stepFunctions.send(new StartExecutionCommand({ stateMachineArn: runtime.outputs['StateMachineArn'], name: 'people-1', input }));
    const ended = async () => {
      for (;;) {
        const { status, error, cause } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
        if (status !== 'RUNNING') return { status, error, cause };
        await sleep(100);
      }
    };
    const held = await ended();
    assert.deepEqual([held.status, held.error], ['FAILED', 'DatabasesDeadLettered'], held.cause);
    assert.deepEqual(await grants(), ['GRANT USAGE ON *.* TO `app`@`%`', 'GRANT INSERT ON `shop`.`orders` TO `app`@`%`'], 'blog is not verified');
    await query(target.adminAccess, 'DROP DATABASE blog');
    await stepFunctions.send(new RedriveExecutionCommand({ executionArn }));
    assert.equal((await ended()).status, 'SUCCEEDED');
    assert.deepEqual(await grants(), ['GRANT USAGE ON *.* TO `app`@`%`', 'GRANT SELECT ON `blog`.`posts` TO `app`@`%`', 'GRANT INSERT ON `shop`.`orders` TO `app`@`%`']);

    const [view] = await query(target.adminAccess, "SELECT DEFINER AS definer FROM information_schema.VIEWS WHERE TABLE_SCHEMA = 'shop'");
    assert.equal(view?.['definer'], 'writer@localhost');
    assert.deepEqual(await query(target.adminAccess, 'SELECT * FROM shop.open_orders'), [{ id: 1 }], 'the definer is there, and has what the view needs');
  });

  it('leaves its report for the operator', async () => {
    const state = ['--state', join(directory, 'state')];
    const json = await ferry(['accounts', '--migration', 'people', '--json', ...state], { directory });
    assert.equal(json.code, 0, json.stderr);
    const report = accountsReportSchema.parse(JSON.parse(json.stdout));
    assert.deepEqual(report.accounts.map(({ user, outcome }) => [user, outcome]), [['app', 'locked'], ['ferry', 'left-out'], ['root', 'left-out'], ['writer', 'locked']]);
    assert.deepEqual(report.accounts[0]?.granted.map(({ on }) => on).sort(), ['`blog`.`posts`', '`shop`.`orders`']);

    const { stdout } = await ferry(['accounts', ...state], { directory });
    assert.match(stdout, /^4 accounts of the migration people/);
    assert.match(stdout, /^ {2}app@% +2 grants; the target cannot use its authentication plugin\s+mysql_native_password$/m);
    assert.match(stdout, /^ {2}root@127\.0\.0\.1 +administers the server: name it with --include if it is to be moved$/m);
    const missing = await ferry(['accounts', '--migration', 'nobody', ...state], { directory });
    assert.equal(missing.code, 26);
    assert.match(missing.stderr, /^ferry: AccountsNotReported: The migration nobody has no report/);
  });

  it('is told beforehand by a plan, which does nothing', async () => {
    const { username, host, port, password } = source.access;
    const words = ['accounts', '--plan', '--source', `mysql://${username}@${host}:${port}`, '--source-tls', 'disabled'];
    const plan = (...more: readonly string[]): ReturnType<typeof ferry> => ferry([...words, ...more], { directory, environment: { FERRY_SOURCE_PASSWORD: password } });
    const before = await query(target.adminAccess, 'SELECT User, Host FROM mysql.user ORDER BY 1, 2');
    const { code, stdout, stderr } = await plan('shop', '--exclude', 'wri*');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^1 would be made, with their passwords\n {2}app@% +INSERT ON `shop`\.`orders`$/m);
    assert.match(stdout, /^ {2}root@127\.0\.0\.1 +administers the server/m);
    assert.match(stdout, /^ {2}writer@localhost +excluded with --exclude$/m);
    const all = JSON.parse((await plan('--include', 'root', '--include', '*@%', '--json')).stdout) as { accounts: { user: string; outcome: string; reason?: string }[] };
    assert.deepEqual(all.accounts.map(({ user, outcome, reason }) => [user, outcome, reason]).sort(), [
      ['app', 'created', undefined], ['ferry', 'left-out', 'ferry'], ['root', 'created', undefined], ['writer', 'left-out', 'not-included'],
    ]);
    assert.equal((await plan('nowhere')).code, 14);
    assert.deepEqual(await query(target.adminAccess, 'SELECT User, Host FROM mysql.user ORDER BY 1, 2'), before);
  });

  it('writes no hash to the disk', async () => {
    const [stored] = await query(source.adminAccess, "SELECT LOWER(password) AS stored FROM mysql.user WHERE user = 'app'");
    assert.equal(stored?.['stored'], `*${hash}`);
    let files = 0;
    for (const entry of await readdir(join(directory, 'state'), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      files += 1;
      const content = (await readFile(join(entry.parentPath, entry.name), 'latin1')).toLowerCase();
      assert.ok(!content.includes(hash) && !content.includes(Buffer.from(hash).toString('hex')), `${entry.name} holds a hash`);
    }
    assert.ok(files > 10);
  });

  async function grants(): Promise<unknown[]> {
    return (await query(target.adminAccess, "SHOW GRANTS FOR 'app'@'%'")).flatMap((row) => Object.values(row) as unknown[]);
  }
});

const fleet = [
  'CREATE DATABASE shop',
  'CREATE TABLE shop.orders (id INT PRIMARY KEY)',
  'INSERT INTO shop.orders VALUES (1)',
  'CREATE DATABASE blog',
  'CREATE TABLE blog.posts (id INT PRIMARY KEY)',
  `CREATE USER 'app'@'%' IDENTIFIED BY PASSWORD '*${hash}'`,
  "GRANT INSERT ON shop.orders TO 'app'@'%'",
  "GRANT SELECT ON blog.posts TO 'app'@'%'",
  "CREATE USER 'writer'@'localhost' IDENTIFIED BY 'writes'",
  "GRANT ALL PRIVILEGES ON shop.* TO 'writer'@'localhost'",
  "CREATE DEFINER = 'writer'@'localhost' SQL SECURITY DEFINER VIEW shop.open_orders AS SELECT id FROM shop.orders",
];
