/** What verification lets through, and what it does not. */
import assert from 'node:assert/strict';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RowDataPacket } from 'mysql2/promise';
import { errorKinds } from '../../../core/errors.ts';
import { takeSlot } from '../../../core/slots.ts';
import { branchOf } from './bench.ts';
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
    });
  }
});

describe('a verification', () => {
  test('names the tables that differ', async () => {
    await bench.sourceAdmin.query('CREATE DATABASE moved; CREATE TABLE moved.a (x INT); CREATE TABLE moved.b (x INT); INSERT INTO moved.a VALUES (1), (2)');
    assert.equal((await bench.run('dump', 'moved')).exitCode, 0);
    assert.equal((await bench.run('import', 'moved')).exitCode, 0);
    await bench.targetAdmin.query('DELETE FROM moved.a LIMIT 1; DROP TABLE moved.b; CREATE TABLE moved.c (x INT)');
    const error = await shop.failure('verify', 'moved');
    assert.equal(error.name, 'VerificationMismatch');
    assert.match(error.message, /`a`: source 2, target 1; `b`: source 0, target has no such table; `c`: not in the dump/);
    assert.ok((await shop.tablesOnTarget('moved')).includes('_aurora_ferry_import'));
  });

  test('notices a single value, and says in which range of a large table', async () => {
    await bench.sourceAdmin.query('CREATE DATABASE values_differ; USE values_differ; CREATE TABLE small (x INT, y VARCHAR(9)) ENGINE=MyISAM; CREATE TABLE large (id INT PRIMARY KEY, y INT) ENGINE=InnoDB STATS_AUTO_RECALC=0 STATS_SAMPLE_PAGES=1000');
    await bench.sourceAdmin.query("INSERT INTO small VALUES (1, 'one'), (2, NULL); INSERT INTO large SELECT a.n * 1000 + b.n, 7 FROM (SELECT @a := @a + 1 AS n FROM information_schema.COLUMNS, (SELECT @a := -1) s LIMIT 150) a, (SELECT @b := @b + 1 AS n FROM information_schema.COLUMNS, (SELECT @b := -1) s LIMIT 1000) b; ANALYZE TABLE large");
    for (const stage of ['dump', 'import'] as const) assert.equal((await bench.run(stage, 'values_differ')).exitCode, 0);
    const { tables = [] } = await bench.manifest('values_differ');
    assert.deepEqual(tables.map(({ name, rows, ranges = [] }) => [name, rows, ranges.length]), [['large', 150_000, 2], ['small', 2, 0]]);
    await bench.targetAdmin.query("UPDATE values_differ.small SET y = '' WHERE x = 2; UPDATE values_differ.large SET y = 8 WHERE id = 12345");
    const error = await shop.failure('verify', 'values_differ');
    assert.match(error.message, /2 of 2 tables .*`large`: 150000 rows on both sides, whose values differ where `id` < 100000; `small`: 2 rows on both sides, whose values differ\.$/);
    await bench.targetAdmin.query('UPDATE values_differ.small SET y = NULL WHERE x = 2; UPDATE values_differ.large SET y = 7 WHERE id = 12345');
    assert.equal((await bench.run('verify', 'values_differ')).exitCode, 0);
  });

  test('frees the slot of the target, and may be repeated after it succeeded', async () => {
    await takeSlot(bench.slots, 'target', branchOf('moved'), 9, new Date().toISOString());
    await bench.run('import', 'moved', 2);
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
