/** What changed on the source since its dump, with the proof of each answer; and the second wave that follows. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createConnection } from 'mysql2/promise';
import { localDeployment, readRunningRuntime } from '../../../cli/deployment.ts';
import type { Answer } from '../../../cli/drift/examine.ts';
import { readRecord } from '../../../core/records.ts';
import { recordsTable } from '../../../cli/records.ts';
import { connectionOptions } from '../../../core/server-access.ts';
import type { ServerAccess } from '../../../core/server-access.ts';
import type { Outcome } from './ferry.ts';
import { MigratedFleet } from './support/migrated-fleet.ts';
import { removeObject } from './support/remove-object.ts';

const own = ['ledger', 'files', 'quiet_files', 'mixed', 'gains', 'loses', 'leaves', 'alters', 'bare'] as const;

describe('ferry drift', () => {
  let fleet: MigratedFleet;
  let all: readonly string[];

  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    // In another time zone than the tasks: times of tables are compared, never as text.
    fleet = await MigratedFleet.open(started, 2, ['--log-bin=changes', '--server-id=1', '--default-time-zone=+05:30']);
    await fleet.onSource(
      ...own.map((name) => `CREATE DATABASE ${name}`),
      'CREATE TABLE ledger.t (id INT PRIMARY KEY, a TEXT) ENGINE=InnoDB',
      "INSERT INTO ledger.t VALUES (1, 'x'), (2, 'y')",
      ...['files', 'quiet_files', 'mixed'].flatMap((name) => [`CREATE TABLE ${name}.f (a INT) ENGINE=MyISAM`, `INSERT INTO ${name}.f VALUES (1), (1)`]),
      ...['mixed', 'gains', 'loses', 'leaves'].flatMap((name) => [`CREATE TABLE ${name}.t (a INT) ENGINE=InnoDB`, `INSERT INTO ${name}.t VALUES (7)`]),
      'CREATE TABLE alters.f (a INT) ENGINE=MyISAM',
      'CREATE PROCEDURE alters.p() SELECT 1',
      'DO SLEEP(2.1)',
    );
    all = [...fleet.databases, ...own];
    const { code, stderr } = await fleet.run(['start', '--migration', 'spring', '--run', 'spring-1'], all.join('\n'));
    assert.equal(code, 0, stderr);
  });

  function drift(...words: readonly string[]): Promise<Outcome> {
    return fleet.run(['drift', ...fleet.sourceWords, ...words]);
  }

  async function answers(...words: readonly string[]): Promise<Map<string, string>> {
    const { stdout, stderr } = await drift('--json', ...words);
    assert.notEqual(stdout, '', stderr);
    const { databases } = JSON.parse(stdout) as { databases: Answer[] };
    return new Map(databases.map(({ database, verdict, proof }) => [database, `${verdict} by ${proof}`]));
  }

  it('needs one query for all where nothing was written at all', async () => {
    const { code, stdout, stderr } = await drift();
    assert.deepEqual([code, stdout], [0, ''], stderr);
    assert.match(stderr, /^11 databases unchanged \(11 by binlog\)\.$/m);
  });

  it('looks at tables once the log has moved, and finds nothing that is not there', async () => {
    await fleet.onSource('CREATE DATABASE unrelated', 'CREATE TABLE unrelated.t (a INT)');
    const found = await answers();
    assert.deepEqual([found.get('ledger'), found.get('quiet_files'), found.get('files'), found.get('mixed')], ['unchanged by digests', 'unchanged by update-times', 'unchanged by update-times', 'unchanged by digests']);
    assert.deepEqual([...found.values()].filter((answer) => !answer.startsWith('unchanged')), []);
    assert.equal((await drift()).code, 0);
  });

  it('finds every kind of change, and says what it knows it by', async () => {
    await fleet.onSource(
      "UPDATE ledger.t SET a = 'z' WHERE id = 2",
      'INSERT INTO files.f VALUES (1)',
      'UPDATE mixed.t SET a = 8',
      'CREATE TABLE gains.u (a INT)',
      'DROP TABLE loses.t',
      'DROP DATABASE leaves',
      'DROP PROCEDURE alters.p',
      'CREATE PROCEDURE alters.p() SELECT 2',
    );
    const found = await answers();
    assert.deepEqual(
      Object.fromEntries(own.map((name) => [name, found.get(name)])),
      {
        ledger: 'changed by digests',
        files: 'changed by digests',
        quiet_files: 'unchanged by update-times',
        mixed: 'changed by digests',
        gains: 'changed by tables',
        loses: 'changed by tables',
        leaves: 'gone by tables',
        alters: 'changed by definitions',
        bare: 'unchanged by update-times',
      },
    );
    assert.deepEqual(fleet.databases.filter((name) => !found.get(name)?.startsWith('unchanged')), []);
    const { code, stdout, stderr } = await drift();
    assert.equal(code, 111);
    assert.deepEqual(stdout.trim().split('\n').sort(), ['alters', 'files', 'gains', 'ledger', 'loses', 'mixed']);
    assert.match(stderr, /^ferry: DatabasesChanged: 6 of 11 databases of the migration spring have changed/m);
    assert.match(stderr, /^ {2}leaves: gone \(tables\): the source has no such database any more$/m);
    assert.match(stderr, /^ {2}alters: changed \(definitions\): procedure p, body: dumped SELECT 1, now SELECT 2$/m);
  });

  it('calls nothing unchanged, or gone, of which it cannot see all', async () => {
    await fleet.onSource("REVOKE TRIGGER ON *.* FROM 'ferry'@'127.0.0.1'");
    const { stdout } = await drift('--json', 'quiet_files', 'leaves');
    await fleet.onSource("GRANT TRIGGER ON *.* TO 'ferry'@'127.0.0.1'");
    const { databases } = JSON.parse(stdout) as { databases: Answer[] };
    assert.deepEqual(databases.map(({ verdict, proof }) => `${verdict} by ${proof}`), ['unknown by none', 'unknown by none']);
    for (const { detail } of databases) assert.match(detail, /'ferry'@'127\.0\.0\.1' lacks TRIGGER on .* Give it: GRANT TRIGGER ON \*\.\* TO 'ferry'/);
  });

  it('counts what it cannot know as changed', async () => {
    const { table } = await local();
    const record = await readRecord(table, 'quiet_files');
    await removeObject(`${fleet.directory}/.ferry`, record?.dumpManifest ?? '');
    assert.equal((await answers('quiet_files')).get('quiet_files'), 'unknown by none');
    const { code, stdout } = await drift('quiet_files', 'bare');
    assert.deepEqual([code, stdout], [111, 'quiet_files\n']);
  });

  it('gives ferry start a list whose databases go again, once', async () => {
    const wave = await drift();
    const started = await fleet.run(['start', '--migration', 'spring', '--run', 'spring-2', '--second-wave', '--file', '-'], wave.stdout);
    assert.equal(started.code, 0, started.stderr);
    assert.match(started.stderr, /^Started run spring-2: 7 databases/m);
    assert.deepEqual(await read(fleet.target.adminAccess, 'SELECT a FROM ledger.t ORDER BY id'), ['x', 'z']);
    assert.deepEqual(await read(fleet.target.adminAccess, 'SELECT COUNT(*) FROM files.f'), ['3']);
    assert.deepEqual(await read(fleet.target.adminAccess, "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA IN ('gains', 'loses') ORDER BY 1"), ['t', 'u']);
    const { table } = await local();
    assert.equal((await readRecord(table, 'ledger'))?.transitions.filter(({ state }) => state === 'VERIFIED').length, 2);
    assert.equal((await readRecord(table, 'bare'))?.transitions.filter(({ state }) => state === 'VERIFIED').length, 1);
    const { code, stderr } = await drift();
    assert.equal(code, 0, stderr);
    assert.match(stderr, /1 database gone/);
  });

  it('names what it cannot use: a migration, a database, a source', async () => {
    const outcomes = await Promise.all([drift('--migration', 'autumn'), drift('no_such_database'), fleet.run(['drift']), fleet.run(['drift', '--source', 'mysql://ferry@127.0.0.1:1', '--source-tls', 'disabled'])]);
    assert.deepEqual(outcomes.map(({ code }) => code), [93, 14, 2, 20], outcomes.map(({ stderr }) => stderr).join(''));
    assert.ok(outcomes.every(({ stdout }) => stdout === ''));
  });

  async function local() {
    const folder = `${fleet.directory}/.ferry`;
    const runtime = await readRunningRuntime(folder);
    assert.ok(runtime);
    return { table: recordsTable(localDeployment(runtime, folder, ''), 'spring') };
  }
});

async function read(access: ServerAccess, sql: string): Promise<string[]> {
  const connection = await createConnection(connectionOptions(access));
  try {
    const [rows] = await connection.query({ sql, rowsAsArray: true });
    return (rows as unknown[][]).map(([value]) => String(value));
  } finally {
    await connection.end();
  }
}
