/** What verification lets through, and what it does not. */
import assert from 'node:assert/strict';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RowDataPacket } from 'mysql2/promise';
import { errorKinds } from '../../../core/errors.ts';
import { manifestKey, reportKey } from '../../../core/names.ts';
import { takeSlot } from '../../../core/slots.ts';
import { query } from '../../support/query.ts';
import { branchOf, migration } from './bench.ts';
import type { Bench } from './bench.ts';
import { Shop } from './shop.ts';

let shop: Shop;
let bench: Bench;
const started = new AsyncDisposableStack();
after(() => started.disposeAsync());
before(async () => {
  shop = await Shop.open(started);
  bench = shop.bench;
});

describe('a database that is written to while it is dumped', () => {
  /** The real mysqldump, which says when it is about to begin or has ended, and waits for a word. */
  async function pausing(database: string, pause: 'before' | 'after'): Promise<{ readonly environment: Record<string, string>; whilePaused: (sql: string) => Promise<void> }> {
    const real = bench.environmentOf('dump', database)['PATH'] ?? '';
    const [reached, go] = ['reached', 'go'].map((name) => join(bench.programsFolder, `${database}.${name}`)) as [string, string];
    const wait = `touch '${reached}'; while [ ! -e '${go}' ]; do sleep 0.05; done`;
    const dump = `PATH='${real}' mysqldump "$@"`;
    const folder = await shop.program(`case "$1" in --version) ${dump};; *) ${pause === 'before' ? `${wait}; ${dump}` : `${dump}; ${wait}`};; esac`);
    const whilePaused = async (sql: string): Promise<void> => {
      while (!(await access(reached).then(() => true, () => false))) await sleep(20);
      await bench.sourceAdmin.query(sql);
      await writeFile(go, '');
    };
    return { environment: { PATH: `${folder}:${real}` }, whilePaused };
  }

  test('is dumped again where tables have no snapshots', async () => {
    await bench.sourceAdmin.query("CREATE DATABASE busy_files; CREATE TABLE busy_files.t (a INT) ENGINE=MyISAM; INSERT INTO busy_files.t VALUES (1); DO SLEEP(1.1)");
    await bench.claim('busy_files', 1);
    const { environment, whilePaused } = await pausing('busy_files', 'after');
    const running = bench.start('dump', 'busy_files', 1, environment);
    await whilePaused('INSERT INTO busy_files.t VALUES (2)');
    assert.equal((await running.ended).exitCode, errorKinds.SourceChanged.exitCode);
    const { error } = await bench.report('dump', 'busy_files');
    assert.deepEqual([error?.name, error?.retryable], ['SourceChanged', true]);
    assert.match(error?.message ?? '', /1 tables of `busy_files` were written to during its dump: `t`/);
    assert.equal((await bench.run('dump', 'busy_files', 2)).exitCode, 0);
  });

  for (const [pause, arrives] of [['after', 1], ['before', 2]] as const) {
    test(`is verified as it was in its snapshot or not at all: a write ${pause} mysqldump`, async () => {
      const database = `busy_${pause}`;
      await bench.sourceAdmin.query(`CREATE DATABASE ${database}; CREATE TABLE ${database}.t (a INT) ENGINE=InnoDB; INSERT INTO ${database}.t VALUES (1)`);
      await bench.claim(database, 1);
      const { environment, whilePaused } = await pausing(database, pause);
      const running = bench.start('dump', database, 1, environment);
      await whilePaused(`INSERT INTO ${database}.t VALUES (2)`);
      assert.equal((await running.ended).exitCode, 0);
      assert.equal((await bench.run('import', database)).exitCode, 0);
      const verified = await bench.run('verify', database);
      // After: both the dump and its digests are of the moment before the write. Before: mysqldump's snapshot is younger than the digests'.
      assert.equal(verified.exitCode, pause === 'after' ? 0 : errorKinds.VerificationMismatch.exitCode);
      const [rows] = await bench.targetAdmin.query<RowDataPacket[]>(`SELECT a FROM ${database}.t`);
      assert.equal(rows.length, arrives);
      if (pause === 'after') return;
      const { error } = await bench.report('verify', database);
      assert.equal(error?.resumeAt, 'dump', 'loading the same dump again would end the same');
    });
  }
});

describe('a database whose tables differ', () => {
  before(async () => {
    await bench.sourceAdmin.query('CREATE DATABASE taken_up; CREATE TABLE taken_up.t (x INT); INSERT INTO taken_up.t VALUES (1), (2)');
    assert.equal((await bench.run('dump', 'taken_up')).exitCode, 0);
    assert.equal((await bench.importOnly('taken_up')).exitCode, 0);
  });

  test('is loaded again when rows went from the target that its dump has', async () => {
    await bench.targetAdmin.query('DELETE FROM taken_up.t WHERE x = 2');
    assert.equal((await shop.failure('verify', 'taken_up')).name, 'VerificationMismatch');
    assert.equal((await bench.report('verify', 'taken_up')).error?.resumeAt, 'import');
    await bench.targetAdmin.query('INSERT INTO taken_up.t VALUES (2)');
  });

  test('is dumped again when all that its dump has was loaded, and the manifest has other digests', async () => {
    const key = manifestKey(migration, 'taken_up', 1);
    const kept = await bench.object(key);
    const manifest = await bench.manifest('taken_up');
    const tables = manifest.tables?.map((table) => ({ ...table, digest: { rows: 2, sum: '1', xor: '1' } }));
    await bench.put(key, JSON.stringify({ ...manifest, tables }));
    assert.equal((await shop.failure('verify', 'taken_up')).name, 'VerificationMismatch');
    assert.equal((await bench.report('verify', 'taken_up')).error?.resumeAt, 'dump');
    await bench.put(key, kept);
    assert.equal((await bench.run('verify', 'taken_up')).exitCode, 0);
  });
});

describe('the task of an import', () => {
  const rowsOf = async (database: string): Promise<number[]> => {
    const [rows] = await bench.targetAdmin.query<RowDataPacket[]>('SELECT x FROM ??.t ORDER BY 1', [database]);
    return rows.map(({ x }) => Number(x));
  };

  test('verifies what it has imported, reports both, and lets go of the target', async () => {
    await bench.sourceAdmin.query('CREATE DATABASE at_once; CREATE TABLE at_once.t (x INT); INSERT INTO at_once.t VALUES (1), (2)');
    assert.equal((await bench.run('dump', 'at_once')).exitCode, 0);
    const imported = await bench.run('import', 'at_once');
    assert.equal(imported.exitCode, 0, imported.stderr);
    const [load, verify] = await Promise.all([bench.report('import', 'at_once'), bench.report('verify', 'at_once')]);
    assert.deepEqual([load.stage, load.result?.verified, load.result?.rows], ['import', 'digests', 2]);
    assert.deepEqual([verify.stage, verify.result?.level, verify.result?.rows, verify.result?.verification?.digest !== undefined], ['verify', 'digests', 2, true]);
    assert.ok(load.finishedAt <= verify.startedAt, 'each has its own time');
    assert.ok('schema' in load.milliseconds && !('digest' in load.milliseconds) && 'digest' in verify.milliseconds);
    assert.deepEqual(await shop.tablesOnTarget('at_once'), ['t'], 'the marker is gone');
    assert.equal((await bench.holders('target')).includes(branchOf('at_once')), false);
  });

  test('that was cut off after its verification only lets go, when it is run again, and loads nothing', async () => {
    await bench.mark('at_once', 1);
    await bench.targetAdmin.query('INSERT INTO at_once.t VALUES (3)');
    assert.equal((await bench.run('import', 'at_once')).exitCode, 0);
    assert.deepEqual([await shop.tablesOnTarget('at_once'), await rowsOf('at_once')], [['t'], [1, 2, 3]]);
    await bench.mark('at_once', 1);
    assert.equal((await bench.run('import', 'at_once', 2)).exitCode, 0);
    assert.deepEqual([await shop.tablesOnTarget('at_once'), await rowsOf('at_once')], [['t'], [1, 2, 3]]);
    assert.equal((await bench.report('import', 'at_once', 2)).result?.verified, 'digests');
  });

  test('loads again what a later attempt may have half loaded since', async () => {
    await bench.mark('at_once', 3);
    assert.equal((await bench.run('import', 'at_once', 4)).exitCode, 0);
    assert.deepEqual([await shop.tablesOnTarget('at_once'), await rowsOf('at_once')], [['t'], [1, 2]]);
  });

  test('does not take for its own what was made under the name since, or what was verified at a lower level', async () => {
    await bench.targetAdmin.query("DROP DATABASE at_once; CREATE DATABASE at_once; CREATE TABLE at_once.t (x INT) SELECT 9 AS x");
    await bench.mark('at_once', 4);
    await bench.targetAdmin.query("UPDATE at_once._aurora_ferry_import SET migration = 'another'");
    assert.equal((await shop.failure('import', 'at_once', {}, 5)).name, 'TargetDatabaseExists');
    assert.deepEqual(await rowsOf('at_once'), [9]);
    await bench.sourceAdmin.query('CREATE DATABASE lower_level; CREATE TABLE lower_level.t (x INT); INSERT INTO lower_level.t VALUES (1)');
    assert.equal((await bench.run('dump', 'lower_level')).exitCode, 0);
    assert.equal((await bench.run('import', 'lower_level', 1, { VERIFICATION: 'counts' })).exitCode, 0);
    assert.equal((await bench.report('import', 'lower_level')).result?.verified, 'counts');
    assert.equal((await shop.failure('import', 'lower_level', {}, 2)).name, 'TargetDatabaseExists');
  });

  test('succeeds without a verification that fails, and leaves it to a task of its own to say why', async () => {
    await bench.sourceAdmin.query('CREATE DATABASE differs; CREATE TABLE differs.t (x INT); INSERT INTO differs.t VALUES (1)');
    assert.equal((await bench.run('dump', 'differs')).exitCode, 0);
    const manifest = await bench.manifest('differs');
    await bench.put(manifestKey(migration, 'differs', 1), JSON.stringify({ ...manifest, tables: manifest.tables?.map((table) => ({ ...table, rows: 7 })) }));
    assert.equal((await bench.run('import', 'differs')).exitCode, 0);
    assert.equal((await bench.report('import', 'differs')).result?.verified, undefined);
    assert.equal(await bench.hasObject(reportKey(migration, 'differs', 1, 'verify')), false);
    assert.deepEqual(await shop.tablesOnTarget('differs'), ['_aurora_ferry_import', 't']);
    assert.equal((await shop.failure('verify', 'differs')).name, 'VerificationMismatch');
  });
});

describe('a verification', () => {
  test('names the tables that differ', async () => {
    await bench.sourceAdmin.query('CREATE DATABASE moved; CREATE TABLE moved.a (x INT); CREATE TABLE moved.b (x INT); INSERT INTO moved.a VALUES (1), (2)');
    assert.equal((await bench.run('dump', 'moved')).exitCode, 0);
    assert.equal((await bench.importOnly('moved')).exitCode, 0);
    await bench.targetAdmin.query('DELETE FROM moved.a LIMIT 1; DROP TABLE moved.b; CREATE TABLE moved.c (x INT)');
    const error = await shop.failure('verify', 'moved');
    assert.equal(error.name, 'VerificationMismatch');
    assert.match(error.message, /`a`: source 2, target 1; `b`: source 0, target has no such table; `c`: not in the dump/);
    assert.ok((await shop.tablesOnTarget('moved')).includes('_aurora_ferry_import'));
  });

  test('is not misled by what a killed one left beside the marker, and leaves nothing', async () => {
    await bench.sourceAdmin.query('CREATE DATABASE leftover; CREATE TABLE leftover.t (id INT NOT NULL) PARTITION BY HASH (id MOD 7) PARTITIONS 2; INSERT INTO leftover.t VALUES (1)');
    assert.equal((await bench.run('dump', 'leftover')).exitCode, 0);
    assert.equal((await bench.importOnly('leftover')).exitCode, 0);
    await query(bench.target.access, 'CREATE TABLE leftover._aurora_ferry_table (a INT)', 'CREATE VIEW leftover._aurora_ferry_view AS SELECT 1');
    const { exitCode, stderr } = await bench.run('verify', 'leftover');
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual(await shop.tablesOnTarget('leftover'), ['t']);
  });

  test('names the object and the attribute that differ, and goes by what the run compares', async () => {
    await bench.sourceAdmin.query("CREATE DATABASE made; USE made; CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(5) DEFAULT 'x', KEY v (v)); CREATE VIEW w AS SELECT id FROM t; INSERT INTO t VALUES (1, 'a'), (2, 'b')");
    assert.equal((await bench.run('dump', 'made')).exitCode, 0);
    assert.equal((await bench.importOnly('made')).exitCode, 0);
    await bench.targetAdmin.query("ALTER TABLE made.t DROP KEY v, ALTER v SET DEFAULT 'y'; CREATE OR REPLACE VIEW made.w AS SELECT id FROM made.t LIMIT 1");
    const error = await shop.failure('verify', 'made');
    assert.equal(error.name, 'VerificationMismatch');
    assert.match(error.message, /column t\.v, default: source 'x', target 'y'; index t\.v: source present, target none; view w, definition: source .* limit 1/);
    await bench.targetAdmin.query("ALTER TABLE made.t ADD KEY v (v), ALTER v SET DEFAULT 'x'; CREATE OR REPLACE SQL SECURITY DEFINER VIEW made.w AS SELECT id FROM made.t; UPDATE made.t SET v = 'c' WHERE id = 2");
    const left = await shop.failure('verify', 'made');
    assert.match(left.message, /`t`: 2 rows on both sides, whose values differ/);
    const counts = await shop.failure('verify', 'made', { VERIFICATION: 'counts' });
    assert.match(counts.message, /The objects of `made` differ in \d places: view w, \w+/, 'rows are counted, objects compared');
    assert.equal((await bench.run('verify', 'made', 1, { VERIFICATION: 'none' })).exitCode, 0);
    const { result } = await bench.report('verify', 'made');
    assert.deepEqual([result?.level, result?.verification], ['none', undefined]);
    assert.deepEqual(await shop.tablesOnTarget('made'), ['t', 'w'], 'the marker is gone');
    assert.equal((await shop.failure('verify', 'made', {}, 2)).name, 'TargetDatabaseExists', 'what was not verified is not taken for verified');
  });

  test('needs a dump that was made for it', async () => {
    await bench.sourceAdmin.query('CREATE DATABASE counted; CREATE TABLE counted.t (id INT AUTO_INCREMENT PRIMARY KEY); INSERT INTO counted.t VALUES (1), (2)');
    assert.equal((await bench.run('dump', 'counted', 1, { VERIFICATION: 'counts' })).exitCode, 0);
    const { verification, tables = [], structure } = await bench.manifest('counted');
    assert.deepEqual([verification, tables.map(({ rows, digest }) => [rows, digest]), structure?.['table t']?.['auto-increment']], ['counts', [[2, undefined]], '3']);
    assert.equal((await bench.run('import', 'counted')).exitCode, 0);
    const error = await shop.failure('verify', 'counted');
    assert.equal(error.name, 'DumpMissing');
    assert.match(error.message, /--verification counts, and holds nothing to compare digests with/);
    assert.equal((await bench.run('verify', 'counted', 1, { VERIFICATION: 'counts' })).exitCode, 0);
    assert.equal((await bench.run('dump', 'counted', 2, { VERIFICATION: 'none' })).exitCode, 0);
    const none = await bench.manifest('counted', 2);
    assert.deepEqual([none.verification, none.tables, none.structure], ['none', undefined, undefined]);
  });

  test('notices a single value, and says in which range of a large table', async () => {
    await bench.sourceAdmin.query('CREATE DATABASE values_differ; USE values_differ; CREATE TABLE small (x INT, y VARCHAR(9)) ENGINE=MyISAM; CREATE TABLE large (id INT PRIMARY KEY, y INT) ENGINE=InnoDB STATS_AUTO_RECALC=0 STATS_SAMPLE_PAGES=1000');
    await bench.sourceAdmin.query("INSERT INTO small VALUES (1, 'one'), (2, NULL); INSERT INTO large SELECT a.n * 1000 + b.n, 7 FROM (SELECT @a := @a + 1 AS n FROM information_schema.COLUMNS, (SELECT @a := -1) s LIMIT 150) a, (SELECT @b := @b + 1 AS n FROM information_schema.COLUMNS, (SELECT @b := -1) s LIMIT 1000) b; ANALYZE TABLE large");
    assert.equal((await bench.run('dump', 'values_differ')).exitCode, 0);
    assert.equal((await bench.importOnly('values_differ')).exitCode, 0);
    const { tables = [] } = await bench.manifest('values_differ');
    assert.deepEqual(tables.map(({ name, rows, ranges = [] }) => [name, rows, ranges.length]), [['large', 150_000, 2], ['small', 2, 0]]);
    await bench.targetAdmin.query("UPDATE values_differ.small SET y = '' WHERE x = 2; UPDATE values_differ.large SET y = 8 WHERE id = 12345");
    const error = await shop.failure('verify', 'values_differ');
    assert.match(error.message, /2 of 2 tables .*`large`: 150000 rows on both sides, whose values differ where `id` < 100000; `small`: 2 rows on both sides, whose values differ\.$/);
    await bench.targetAdmin.query('UPDATE values_differ.small SET y = NULL WHERE x = 2; UPDATE values_differ.large SET y = 7 WHERE id = 12345');
    assert.equal((await bench.run('verify', 'values_differ')).exitCode, 0);
  });

  test('frees the slot of the target, and may be repeated after it succeeded', async () => {
    await bench.importOnly('moved', 2);
    await takeSlot(bench.slots, 'target', branchOf('moved'), 9, new Date().toISOString());
    assert.equal((await bench.run('verify', 'moved', 2)).exitCode, 0);
    assert.equal((await bench.holders('target')).includes(branchOf('moved')), false);
    assert.equal((await bench.run('verify', 'moved', 2)).exitCode, 0);
    assert.equal((await bench.run('verify', 'moved', 3)).exitCode, 0);
  });

  test('of a dump made by hand compares with what its INSERTs made', async () => {
    await shop.handMadeDump('manual', "CREATE TABLE t (a INT);\nINSERT INTO `t` VALUES (1),(2);\nLOCK TABLES `t` WRITE;\nREPLACE INTO t VALUES (3);\n");
    assert.equal((await bench.run('import', 'manual')).exitCode, 0);
    const verified = await bench.run('verify', 'manual');
    assert.equal(verified.exitCode, 0, verified.stderr);
    assert.equal((await bench.report('verify', 'manual')).result?.rows, 3);
  });
});
