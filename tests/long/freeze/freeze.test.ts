/** Freezing on real servers: who is kept out, from when until when, and that a freeze which was lost is never passed over. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { RedriveExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { createConnection } from 'mysql2/promise';
import { connectionOptions } from '../../../core/server-access.ts';
import { allowFreeze } from '../../../local/mysql/source-server.ts';
import type { Runtime } from '../../../local/runtime.ts';
import { startRuntime } from '../../../local/runtime.ts';
import { query } from '../../support/query.ts';
import { Client, Gate, Pending, startServers, taskHosts } from './support.ts';
import type { Servers } from './support.ts';

const lock = { freeze: 'lock', ...Gate.limit };
/** The keeper looks every two seconds; the machine may be busy. */
const releaseMilliseconds = 20_000;

describe('a freeze', () => {
  let servers: Servers;
  let runtime: Runtime;
  let client: Client;
  const gate = new Gate();

  before(async () => {
    servers = await startServers('lock');
    runtime = await startRuntime(servers.options('freeze'));
    client = new Client(runtime);
    await createDatabase('neighbour');
  });
  after(async () => {
    await gate.open();
    await runtime.stop();
    await servers.stop();
  });

  it('keeps writers of its database out from before the dump until it is verified, and nobody else', async () => {
    await createDatabase('shop');
    await gate.shut(servers.target);
    const run = await client.start('held', ['shop'], lock);
    await client.untilState('held', 'shop', 'DUMPED');
    const writers = [new Pending(admin(), "INSERT INTO shop.orders VALUES (100, 'late')"), new Pending(admin(), "UPDATE shop.logs SET text = 'late'")];
    await writers[0]!.untilWaiting(admin());
    await query(admin(), "INSERT INTO neighbour.orders VALUES (100, 'b')", 'SELECT COUNT(*) FROM shop.logs');
    const freeze = await client.freeze('held', 'shop');
    assert.equal(Date.parse(freeze!.until) - Date.parse(freeze!.since), 60 * 60_000);
    await gate.open();
    assert.equal((await client.untilEnded(run)).status, 'SUCCEEDED');
    await within(releaseMilliseconds, Promise.all(writers.map((writer) => writer.done())));
    const verified = (await client.record('held', 'shop'))!.transitions.find(({ state }) => state === 'VERIFIED')!;
    for (const { doneAt } of writers) assert.ok(doneAt! >= Date.parse(verified.at), 'nothing was written before the database was verified');
    assert.deepEqual(await query(target(), 'SELECT id FROM shop.orders ORDER BY id'), [{ id: 1 }, { id: 2 }]);
    assert.deepEqual(await query(target(), "SELECT id FROM shop.logs WHERE text = 'late'"), []);
    await untilForgotten('held', 'shop');
  });

  it('lets them in again when the database is dead-lettered', async () => {
    await createDatabase('occupied');
    await query(target(), 'CREATE DATABASE occupied');
    const ended = await client.run('dead', ['occupied'], lock);
    assert.match(ended.cause ?? '', /TargetDatabaseExists/);
    await assertWritable('occupied');
    await untilForgotten('dead', 'occupied');
  });

  it('lets them in again when the run is stopped, during the dump and after it', async () => {
    await createDatabase('stopped');
    await gate.shut(servers.target);
    const run = await client.start('stopped', ['stopped'], lock);
    await client.untilState('stopped', 'stopped', 'DUMPED');
    await client.stepFunctions.send(new StopExecutionCommand({ executionArn: run }));
    await assertWritable('stopped');
    await gate.open();
    assert.equal((await client.run('stopped', ['stopped'], lock)).status, 'SUCCEEDED', 'a new run freezes and dumps again');
  });

  it('freezes and dumps again with the first redrive of a run that was stopped', async () => {
    await createDatabase('redriven');
    await gate.shut(servers.target);
    const run = await client.start('redriven', ['redriven'], lock);
    await client.untilState('redriven', 'redriven', 'DUMPED');
    await client.stepFunctions.send(new StopExecutionCommand({ executionArn: run }));
    await untilForgotten('redriven', 'redriven');
    await query(admin(), "INSERT INTO redriven.orders VALUES (100, 'between')");
    await gate.open();
    await client.stepFunctions.send(new RedriveExecutionCommand({ executionArn: run }));
    assert.equal((await client.untilEnded(run)).status, 'SUCCEEDED');
    const { state, transitions } = (await client.record('redriven', 'redriven'))!;
    assert.equal(state, 'VERIFIED');
    assert.equal(transitions.filter((each) => each.state === 'DUMPED').length, 2);
    assert.match(transitions.find(({ error }) => error === 'DumpMissing')?.message ?? '', /ended when its branch was stopped or given up/);
    assert.deepEqual(await query(target(), "SELECT id FROM redriven.orders WHERE text = 'between'"), [{ id: 100 }]);
  });

  it('does not verify what lost its lock: the connection was ended', async () => {
    await createDatabase('cut');
    await gate.shut(servers.target);
    const run = await client.start('cut', ['cut'], lock);
    await client.untilState('cut', 'cut', 'DUMPED');
    await endSessions();
    await assertWritable('cut');
    await gate.open();
    await client.untilEnded(run);
    const record = await client.record('cut', 'cut');
    assert.deepEqual([record?.state, record?.error], ['DEAD_LETTERED', 'FreezeLost']);
    assert.match(record?.errorMessage ?? '', /session that held the lock is gone/);
  });

  it('does not verify what lost its lock: the keeper was killed', async () => {
    await createDatabase('killed');
    await gate.shut(servers.target);
    const run = await client.start('killed', ['killed'], lock);
    await client.untilState('killed', 'killed', 'DUMPED');
    for (const group of taskHosts(process.pid)) process.kill(-group, 'SIGKILL');
    await assertWritable('killed');
    await gate.open();
    await client.untilEnded(run);
    const record = await client.record('killed', 'killed');
    assert.deepEqual([record?.state, record?.error], ['DEAD_LETTERED', 'FreezeLost']);
    assert.match(record?.errorMessage ?? '', /does not answer/);
  });

  it('does not verify a database in which a table was made after its dump', async () => {
    await createDatabase('grown');
    await gate.shut(servers.target);
    const run = await client.start('grown', ['grown'], lock);
    await client.untilState('grown', 'grown', 'DUMPED');
    await query(admin(), 'CREATE TABLE grown.extra (id INT PRIMARY KEY)', 'INSERT INTO grown.extra VALUES (1)');
    await gate.open();
    await client.untilEnded(run);
    assert.match((await client.record('grown', 'grown'))?.errorMessage ?? '', /tables were made in it that its dump has not: `extra`/);
  });

  it('waits for open transactions, and says which one was in the way too long', async () => {
    await createDatabase('busy');
    const writer = await createConnection(connectionOptions(admin()));
    await writer.query('BEGIN');
    await writer.query("INSERT INTO busy.orders VALUES (50, 'open')");
    await client.run('busy', ['busy'], { ...lock, maxAttempts: 1 });
    const record = await client.record('busy', 'busy');
    assert.equal(record?.error, 'FreezeBlocked');
    assert.match(record.errorMessage ?? '', new RegExp(`sessions ${writer.threadId} of root \\(in a transaction for \\d+ s\\)`));
    const run = await client.start('busy', ['busy'], lock);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await writer.query('COMMIT');
    await writer.end();
    assert.equal((await client.untilEnded(run)).status, 'SUCCEEDED');
    assert.deepEqual(await query(target(), 'SELECT id FROM busy.orders WHERE id = 50'), [{ id: 50 }], 'what was committed while it waited is in the dump');
  });

  it('freezes an empty database, and one with a view whose definer is gone', async () => {
    await query(admin(), 'CREATE DATABASE hollow');
    await createDatabase('viewed');
    await query(admin(), "CREATE DEFINER = 'gone'@'nowhere' VIEW viewed.recent AS SELECT * FROM viewed.orders");
    const ended = await client.run('views', ['hollow', 'viewed'], { ...lock, allow: ['invalid-view'] });
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
  });

  it('names the privilege that the account lacks', async () => {
    await createDatabase('poor');
    await query(admin(), `REVOKE RELOAD ON *.* FROM '${servers.source.access.username}'@'127.0.0.1'`);
    await client.run('poor', ['poor'], lock);
    await allowFreeze(servers.source, 'lock');
    const record = await client.record('poor', 'poor');
    assert.equal(record?.error, 'SourcePrivilegeMissing');
    assert.match(record.errorMessage ?? '', /RELOAD/);
  });

  it('holds more databases than there are task hosts, one after the other', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `fleet_${index}`);
    for (const name of names) await createDatabase(name);
    const ended = await client.run('fleet', names, { freeze: 'lock' });
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
  });

  it('lets writers in again when the local runtime is killed', async () => {
    await createDatabase('orphan');
    await gate.shut(servers.target);
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../integration/runtime/runtime-process.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(JSON.stringify(servers.options('orphan')));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const orphan = new Client(JSON.parse(line.toString()) as Runtime);
    await orphan.start('orphan', ['orphan'], lock);
    await orphan.untilState('orphan', 'orphan', 'DUMPED');
    const writer = new Pending(admin(), "INSERT INTO orphan.orders VALUES (100, 'late')");
    await writer.untilWaiting(admin());
    child.kill('SIGKILL');
    await within(releaseMilliseconds, writer.done());
    await gate.open();
  });

  function admin() {
    return servers.source.adminAccess;
  }

  function target() {
    return servers.target.adminAccess;
  }

  /** InnoDB and MyISAM, a few rows each. */
  async function createDatabase(name: string): Promise<void> {
    await query(
      admin(),
      `CREATE DATABASE ${name}`,
      `CREATE TABLE ${name}.orders (id INT PRIMARY KEY, text VARCHAR(20)) ENGINE=InnoDB`,
      `CREATE TABLE ${name}.logs (id INT PRIMARY KEY, text VARCHAR(20)) ENGINE=MyISAM`,
      `INSERT INTO ${name}.orders VALUES (1, 'a'), (2, 'b')`,
      `INSERT INTO ${name}.logs VALUES (1, 'a'), (2, 'b'), (3, 'c')`,
    );
  }

  /** A session may begin or end between the look and the KILL. */
  async function endSessions(): Promise<void> {
    const sessions = () => query(admin(), `SELECT ID AS id FROM information_schema.PROCESSLIST WHERE USER = '${servers.source.access.username}'`);
    for (let found = await sessions(); found.length > 0; found = await sessions()) {
      for (const { id } of found) await query(admin(), `KILL ${String(id)}`).catch(() => undefined);
      await sleep(100);
    }
  }

  async function assertWritable(name: string): Promise<void> {
    try {
      await within(releaseMilliseconds, query(admin(), `INSERT INTO ${name}.orders VALUES (200, 'x')`, `DELETE FROM ${name}.logs WHERE id = 3`));
    } catch (error) {
      throw new Error(`\`${name}\` is not writable: ${JSON.stringify(await query(admin(), 'SELECT * FROM information_schema.PROCESSLIST'))}`, { cause: error });
    }
  }

  async function untilForgotten(migration: string, database: string): Promise<void> {
    const deadline = Date.now() + releaseMilliseconds;
    while ((await client.freeze(migration, database)) !== undefined) {
      assert.ok(Date.now() < deadline, 'the freeze is still on record');
      await sleep(100);
    }
  }
});

async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  const late = sleep(milliseconds, undefined, { ref: false }).then(() => {
    throw new Error(`Not done within ${milliseconds} ms.`);
  });
  return Promise.race([work, late]);
}
