/** `--freeze=revoke` on real servers: who is shut out, who cannot be, and that everybody gets back what was his. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { createConnection } from 'mysql2/promise';
import { connectionOptions } from '../../../core/server-access.ts';
import type { Runtime } from '../../../local/runtime.ts';
import { startRuntime } from '../../../local/runtime.ts';
import { ferry } from '../../integration/cli/ferry.ts';
import { query } from '../../support/query.ts';
import { Client, Gate, startServers, taskHosts } from './support.ts';
import type { Servers } from './support.ts';

const revoke = { freeze: 'revoke', ...Gate.limit };

describe('a freeze that withdraws privileges', () => {
  let servers: Servers;
  let runtime: Runtime;
  let client: Client;
  const gate = new Gate();

  before(async () => {
    servers = await startServers('revoke');
    runtime = await startRuntime(servers.options('revoke'));
    client = new Client(runtime);
  });
  after(async () => {
    await gate.open();
    await runtime.stop();
    await servers.stop();
  });
  beforeEach(() => gate.open());

  it('shuts every account out that is not an administrator, ends its sessions, and leaves it so after the verification, until `ferry unfreeze`', async () => {
    await createDatabase('shop');
    const before = await grantsOf();
    const session = await createConnection({ ...connectionOptions(admin()), user: 'app', password: 'app', database: 'shop' });
    session.on('error', () => undefined);
    const ended = await client.run('cutover', ['shop'], { freeze: 'revoke' });
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
    await untilEnded('cutover', 'shop');
    await assert.rejects(session.query('SELECT 1'), 'the session was ended');
    for (const [user, statement] of writes('shop')) await assert.rejects(as(user, statement), /denied/, `${user}: ${statement}`);
    assert.equal((await as('app', 'SELECT id FROM shop.orders')).length, 1, 'reading is left');
    await query(admin(), "INSERT INTO shop.orders VALUES (9, 'by an administrator')");

    const freeze = (await client.freeze('cutover', 'shop'))!;
    assert.ok(freeze.withdrawn!.length >= 4);
    assert.doesNotMatch(JSON.stringify(freeze), /PASSWORD|\*[0-9A-F]{40}/);
    assert.equal((await unfreeze('cutover', 'shop')).code, 0);
    assert.deepEqual(await grantsOf(), before);
    for (const [user, statement] of writes('shop')) await as(user, statement);
    assert.equal(await client.freeze('cutover', 'shop'), undefined);
  });

  it('gives everything back when the database is dead-lettered, and when the run is stopped', async () => {
    await createDatabase('occupied');
    await query(servers.target.adminAccess, 'CREATE DATABASE occupied');
    const before = await grantsOf();
    await client.run('dead', ['occupied'], revoke);
    await untilGone('dead', 'occupied');
    assert.deepEqual(await grantsOf(), before);

    await gate.shut(servers.target);
    await query(servers.target.adminAccess, 'DROP DATABASE occupied');
    const run = await client.start('dead', ['occupied'], revoke);
    await client.untilState('dead', 'occupied', 'DUMPED');
    assert.notDeepEqual(await grantsOf(), before);
    await client.stepFunctions.send(new StopExecutionCommand({ executionArn: run }));
    await untilGone('dead', 'occupied');
    assert.deepEqual(await grantsOf(), before);
  });

  it('keeps on record what it withdrew where its keeper was killed: a redrive goes on with it, and `ferry unfreeze` gives it back', async () => {
    await createDatabase('killed');
    const before = await grantsOf();
    await gate.shut(servers.target);
    const run = await client.start('killed', ['killed'], revoke);
    await client.untilState('killed', 'killed', 'DUMPED');
    for (const group of taskHosts(process.pid)) process.kill(-group, 'SIGKILL');
    await gate.open();
    await client.untilEnded(run);
    assert.equal((await client.record('killed', 'killed'))?.error, 'FreezeLost');
    await assert.rejects(as('app', writes('killed')[0]![1]), /denied/);
    const again = await client.run('killed', ['killed'], { freeze: 'revoke' });
    assert.equal(again.status, 'SUCCEEDED', again.cause);
    await untilEnded('killed', 'killed');
    const listed = await unfreeze('killed', '--all', '--print');
    assert.match(listed.stdout, /^GRANT .*INSERT.* ON `killed`\.\* TO 'app'@'127\.0\.0\.1';$/m);
    assert.equal((await unfreeze('killed', '--all')).code, 0);
    assert.deepEqual(await grantsOf(), before);
  });

  it('refuses where it cannot shut an account out, names it, and changes nothing', async () => {
    await createDatabase('walled');
    await query(admin(), "GRANT INSERT ON *.* TO 'everywhere'@'127.0.0.1' IDENTIFIED BY 'x'", "GRANT INSERT ON `wal%`.* TO 'wide'@'127.0.0.1' IDENTIFIED BY 'x'", 'CREATE DATABASE wallpaper');
    const before = await grantsOf();
    await client.run('refused', ['walled'], revoke);
    const record = await client.record('refused', 'walled');
    assert.equal(record?.error, 'FreezeRefused');
    assert.match(record.errorMessage ?? '', /everywhere@127\.0\.0\.1 \(on \*\.\*\); wide@127\.0\.0\.1 \(on `wal%`, which covers `wallpaper` too\)/);
    assert.deepEqual(await grantsOf(), before);
    await query(admin(), "DROP USER 'everywhere'@'127.0.0.1', 'wide'@'127.0.0.1'");
  });

  it('is lost when someone gives a privilege back meanwhile', async () => {
    await createDatabase('leaky');
    await gate.shut(servers.target);
    const run = await client.start('leaky', ['leaky'], revoke);
    await client.untilState('leaky', 'leaky', 'DUMPED');
    await query(admin(), "GRANT DELETE ON leaky.* TO 'app'@'127.0.0.1'");
    await gate.open();
    await client.untilEnded(run);
    const record = await client.record('leaky', 'leaky');
    assert.equal(record?.error, 'FreezeLost');
    assert.match(record.errorMessage ?? '', /privileges were given meanwhile to app@127\.0\.0\.1/);
  });

  it('is ended by `ferry unfreeze` while it holds, and the database is then not verified', async () => {
    await createDatabase('early');
    const before = await grantsOf();
    await gate.shut(servers.target);
    const run = await client.start('early', ['early'], revoke);
    await client.untilState('early', 'early', 'DUMPED');
    const shown = await ferry(['show', 'early', '--migration', 'early', ...state()]);
    assert.match(shown.stdout, /frozen +revoke, until /i);
    const status = await ferry(['status', '--migration', 'early', '--json', ...state()]);
    assert.equal((JSON.parse(status.stdout) as { frozen: { held: number } }).frozen.held, 1);
    assert.equal((await unfreeze('early', 'early')).code, 0);
    assert.deepEqual(await grantsOf(), before);
    await gate.open();
    await client.untilEnded(run);
    const record = await client.record('early', 'early');
    assert.match(`${record?.error ?? ''}: ${record?.errorMessage ?? ''}`, /FreezeLost: .*ferry unfreeze/);
  });

  function admin() {
    return servers.source.adminAccess;
  }

  function state(): string[] {
    return ['--state', `${servers.directory}/revoke`];
  }

  function unfreeze(migration: string, ...words: readonly string[]) {
    const { username, host, port, password } = servers.source.access;
    const source = ['--source', `mysql://${username}@${host}:${port}`, '--source-tls', 'disabled'];
    return ferry(['unfreeze', ...words, '--migration', migration, ...source, ...state()], { environment: { FERRY_SOURCE_PASSWORD: password } });
  }

  /** An account for each level of privileges, and the statement that the level allows. */
  function writes(name: string): readonly (readonly [string, string])[] {
    return [
      ['app', `INSERT INTO ${name}.orders VALUES (FLOOR(1000 + RAND() * 100000), 'app')`],
      ['tabler', `UPDATE ${name}.orders SET text = 'tabler'`],
      ['columner', `UPDATE ${name}.orders SET text = 'columner'`],
      ['caller', `CALL ${name}.touch()`],
    ];
  }

  async function createDatabase(name: string): Promise<void> {
    await query(
      admin(),
      `CREATE DATABASE ${name}`,
      `CREATE TABLE ${name}.orders (id INT PRIMARY KEY, text VARCHAR(20)) ENGINE=InnoDB`,
      `INSERT INTO ${name}.orders VALUES (1, 'a')`,
      `CREATE PROCEDURE ${name}.touch() UPDATE ${name}.orders SET text = 'touched'`,
      `GRANT SELECT, INSERT, UPDATE, CREATE TEMPORARY TABLES ON ${name}.* TO 'app'@'127.0.0.1' IDENTIFIED BY 'app'`,
      `GRANT SELECT, UPDATE ON ${name}.orders TO 'tabler'@'127.0.0.1' IDENTIFIED BY 'tabler' WITH GRANT OPTION`,
      `GRANT SELECT (id), UPDATE (text) ON ${name}.orders TO 'columner'@'127.0.0.1' IDENTIFIED BY 'columner'`,
      `GRANT EXECUTE ON PROCEDURE ${name}.touch TO 'caller'@'127.0.0.1' IDENTIFIED BY 'caller'`,
    );
  }

  async function grantsOf(): Promise<string[]> {
    const grants: string[] = [];
    for (const user of ['app', 'tabler', 'columner', 'caller']) {
      for (const row of await query(admin(), `SHOW GRANTS FOR '${user}'@'127.0.0.1'`)) grants.push(String(Object.values(row)[0]));
    }
    return grants.sort();
  }

  function as(user: string, statement: string) {
    return query({ ...admin(), username: user, password: user }, statement);
  }

  async function untilEnded(migration: string, database: string): Promise<void> {
    const deadline = Date.now() + 20_000;
    while ((await client.freeze(migration, database))?.endedAt === undefined) {
      assert.ok(Date.now() < deadline, 'the freeze is not over');
      await sleep(100);
    }
  }

  async function untilGone(migration: string, database: string): Promise<void> {
    const deadline = Date.now() + 20_000;
    while ((await client.freeze(migration, database)) !== undefined) {
      assert.ok(Date.now() < deadline, 'the freeze is still on record');
      await sleep(100);
    }
  }
});
