/** A MySQL server that dies under a task: the task ends at once with a retryable error, and the next attempt succeeds. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { errorKinds } from '../../../core/errors.ts';
import type { ErrorName } from '../../../core/errors.ts';
import type { Stage } from '../../../core/names.ts';
import { Bench } from '../../integration/containers/bench.ts';
import type { Running } from '../../integration/containers/bench.ts';

const wideTables = 300;
let bench: Bench;

const started = new AsyncDisposableStack();
after(() => started.disposeAsync());
before(async () => {
  bench = await Bench.start(started);
  const tables = Array.from({ length: wideTables }, (_, index) => `CREATE TABLE many.t${index} (id INT PRIMARY KEY, body VARCHAR(100), KEY (body)) ENGINE=InnoDB`);
  await bench.sourceAdmin.query(`CREATE DATABASE many; ${tables.join(';')}; INSERT INTO many.t0 VALUES (1, 'one')`);
  await bench.sourceAdmin.query(`CREATE DATABASE big; CREATE TABLE big.lines (id INT AUTO_INCREMENT PRIMARY KEY, body MEDIUMTEXT) ENGINE=InnoDB;
    INSERT INTO big.lines (body) VALUES (REPEAT('a line of text ', 6000)); ${'INSERT INTO big.lines (body) SELECT body FROM big.lines;'.repeat(9)}`);
  for (const database of ['many', 'big']) assert.equal((await bench.run('dump', database)).exitCode, 0);
});

/** Longer than any of these tasks may take to notice: one that waits for ever fails its test, and not the whole run. */
const noticeMilliseconds = 30_000;

async function endsWith(running: Running, stage: Stage, database: string, expected: ErrorName): Promise<string> {
  const ended = await Promise.race([running.ended, sleep(noticeMilliseconds, undefined, { ref: false })]);
  if (ended === undefined) running.child.kill('SIGKILL');
  assert.ok(ended !== undefined, `The ${stage} of ${database} still waits, ${noticeMilliseconds / 1000} s after the server died.`);
  const { error } = await bench.report(stage, database);
  assert.equal(error?.name, expected, ended.stderr);
  assert.equal(error.retryable, true);
  assert.equal(ended.exitCode, errorKinds[expected].exitCode);
  return error.message;
}

/** Until a session of the account that is not the administrator's runs such a statement. */
async function untilRuns(admin: Connection, statement: RegExp): Promise<void> {
  for (;;) {
    const [rows] = await admin.query<RowDataPacket[]>('SELECT INFO AS sql_text FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID() AND INFO IS NOT NULL');
    if (rows.some(({ sql_text }) => statement.test(String(sql_text)))) return;
    await sleep(5);
  }
}

describe('the target dies', () => {
  for (const [when, database, statement] of [
    ['between two statements of a batch', 'many', /CREATE TABLE `t\d+`/],
    ['in the middle of an INSERT', 'big', /^INSERT/],
  ] as const) {
    test(`${when}: the import says so, and the next attempt starts over`, async () => {
      await bench.claim(database, 1);
      const running = bench.start('import', database);
      await untilRuns(bench.targetAdmin, statement);
      await bench.target.kill();
      assert.match(await endsWith(running, 'import', database, 'ImportInterrupted'), /connection to the target was lost/);
      await bench.restartTarget();
      for (const stage of ['import', 'verify'] as const) {
        const ended = await bench.run(stage, database, 2);
        assert.equal(ended.exitCode, 0, ended.stderr);
      }
    });
  }

  test('while an import waits for a lock: it does not wait for ever', async () => {
    await bench.targetAdmin.query('LOCK INSTANCE FOR BACKUP');
    await bench.claim('big', 3);
    const running = bench.start('import', 'big', 3, { REPLACE: 'true' });
    await untilRuns(bench.targetAdmin, /DATABASE/);
    await bench.target.kill();
    const ended = await running.ended;
    assert.equal(ended.exitCode, errorKinds.TargetUnreachable.exitCode, ended.stderr);
    await bench.restartTarget();
  });
});

describe('the source dies', () => {
  test('under mysqldump: the dump says so', async () => {
    await bench.claim('big', 1);
    const running = bench.start('dump', 'big');
    await untilRuns(bench.sourceAdmin, /^SELECT .* FROM `lines`/);
    await bench.source.kill();
    await endsWith(running, 'dump', 'big', 'SourceUnreachable');
  });
});
