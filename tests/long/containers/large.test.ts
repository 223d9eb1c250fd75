import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RowDataPacket } from 'mysql2/promise';
import { errorKinds } from '../../../core/errors.ts';
import { manifestKey } from '../../../core/names.ts';
import { Bench, migration } from '../../integration/containers/bench.ts';
import type { Running } from '../../integration/containers/bench.ts';

/** Of random data. 1024 takes some minutes. */
const megabytes = Number(process.env['FERRY_TEST_LARGE_MEGABYTES'] ?? '24');
const hashesOfRow = 100;
const rowBytes = hashesOfRow * 64;
const memoryLimit = 256 * 1024 * 1024;

let bench: Bench;
const started = new AsyncDisposableStack();
after(() => started.disposeAsync());
before(async () => {
  bench = await Bench.start(started);
  const db = bench.sourceAdmin;
  await db.query('CREATE DATABASE large; USE large; CREATE TABLE r (id INT AUTO_INCREMENT PRIMARY KEY, a VARBINARY(8000)) ENGINE=InnoDB');
  // Random and not compressible, so that the dump is a multipart upload.
  const wanted = Math.ceil((megabytes << 20) / rowBytes);
  await db.query(`INSERT INTO r (a) SELECT REPEAT('0', ${rowBytes}) FROM information_schema.COLLATIONS LIMIT 128`);
  for (let rows = 128; rows < wanted; rows *= 2) await db.query(`INSERT INTO r (a) SELECT a FROM r LIMIT ${Math.min(rows, wanted - rows)}`);
  const random = Array.from({ length: hashesOfRow }, () => 'SHA2(RAND(), 512)').join(', ');
  await db.query(`UPDATE r SET a = UNHEX(CONCAT(${random}))`);
});

/** Resolves when the program has come far enough for `condition`. */
async function until(condition: () => Promise<boolean>, running: Running): Promise<void> {
  let ended = false;
  void running.ended.then(() => (ended = true));
  while (!(await condition())) {
    assert.ok(!ended, 'the program ended before it could be interrupted');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function interrupted(running: Running): Promise<number> {
  running.child.kill('SIGTERM');
  const told = performance.now();
  const { exitCode, stderr } = await running.ended;
  assert.equal(exitCode, errorKinds.TaskInterrupted.exitCode, stderr);
  return (performance.now() - told) / 1000;
}


describe('a database larger than the memory it may take', () => {
  test('a dump told to stop ends its mysqldump and its upload, frees its slot, and says so', async () => {
    const running = bench.start('dump', 'large', 7);
    await until(async () => (await bench.unfinishedUploads()) > 0, running);
    const seconds = await interrupted(running);
    assert.ok(seconds < 5, `it took ${seconds} s`);
    assert.equal((await bench.report('dump', 'large', 7)).error?.name, 'TaskInterrupted');
    assert.equal(await bench.unfinishedUploads(), 0);
    assert.deepEqual(await bench.holders('source'), []);
    assert.equal(await bench.hasObject(manifestKey(migration, 'large', 7)), false);
  });

  test('it is dumped, imported and verified with bounded memory', async () => {
    for (const program of ['dump', 'import'] as const) {
      const ended = await bench.run(program, 'large');
      assert.equal(ended.exitCode, 0, ended.stderr);
    }
    // The import's task has verified too.
    for (const stage of ['dump', 'import', 'verify'] as const) {
      const report = await bench.report(stage, 'large');
      const seconds = (Date.parse(report.finishedAt) - Date.parse(report.startedAt)) / 1_000;
      assert.ok(report.peakRssBytes < memoryLimit, `${stage} took ${Math.round(report.peakRssBytes / 1024 / 1024)} MiB`);
      console.log(stage, `${seconds.toFixed(1)} s, ${Math.round(report.peakRssBytes / 1024 / 1024)} MiB`, JSON.stringify(report.milliseconds), `${report.result?.sqlBytes ?? 0} bytes of SQL`);
    }
    const digest = 'SELECT COUNT(*) AS n, BIT_XOR(CRC32(a)) AS x, SUM(LENGTH(a)) AS l FROM large.r';
    const [there] = await bench.sourceAdmin.query<RowDataPacket[]>(digest);
    const [here] = await bench.targetAdmin.query<RowDataPacket[]>(digest);
    assert.deepEqual(here, there);
  });

  test('an import told to stop ends its connection and says so; the next attempt loads it anew', async () => {
    const options = { REPLACE: 'true', DUMP_MANIFEST: manifestKey(migration, 'large', 1) };
    await bench.claim('large', 8);
    const running = bench.start('import', 'large', 8, options);
    await until(async () => (await rowsBeingLoaded()) > 0, running);
    const seconds = await interrupted(running);
    assert.ok(seconds < 5, `it took ${seconds} s`);
    assert.equal((await bench.report('import', 'large', 8)).error?.name, 'TaskInterrupted');
    const again = await bench.run('import', 'large', 9, { DUMP_MANIFEST: options.DUMP_MANIFEST });
    assert.equal(again.exitCode, 0, again.stderr);
  });
});

async function rowsBeingLoaded(): Promise<number> {
  const [rows] = await bench.targetAdmin.query<RowDataPacket[]>("SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE USER = 'ferry' AND INFO LIKE 'INSERT INTO%'");
  return Number(rows[0]!['n']);
}
