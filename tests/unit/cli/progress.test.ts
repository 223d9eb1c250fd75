import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { computeProgress } from '../../../cli/progress.ts';
import { before, now, row, run, snapshot, verifiedEachSecond } from './progress-fixtures.ts';
import { renderPlainLine } from '../../../cli/render/plain-line.ts';
import { renderProgress } from '../../../cli/render/progress.ts';
import { plainStyle } from '../../../cli/terminal/style.ts';

describe('progress', () => {
  it('tells what was imported and not verified from what is on its way to be verified, and calls neither verified', () => {
    const rows = [row('a', 'IMPORTED', 4, { checkpoint: 'UNVERIFIED', rows: 7 }), row('b', 'IMPORTED', 4, { checkpoint: 'IMPORTED' }), row('c', 'VERIFIED', 4, { rows: 5 })];
    const progress = computeProgress(snapshot(rows), now);
    assert.deepEqual([progress.counts.IMPORTED, progress.unverified, progress.counts.VERIFIED, progress.moved.rows], [2, 1, 1, 12]);
    assert.deepEqual(progress.inProgress.map(({ database }) => database), ['b']);
    assert.match(renderPlainLine(progress), /1\/3 verified, 1 imported and not verified, 1 verifying/);
    assert.match(renderProgress(progress, { width: 100, style: plainStyle, inProgress: 5, failuresShown: 3 }).join('\n'), /1 of 3 verified .* 1 NOT VERIFIED/);
  });

  it('says wherever it says VERIFIED how many objects cannot run, and in which databases', () => {
    const rows = [row('a', 'VERIFIED', 4, { cannotRun: 2 }), row('b', 'VERIFIED', 4, { cannotRun: 3 }), row('c', 'VERIFIED', 4), row('d', 'PENDING', 4, { cannotRun: 7 })];
    const progress = computeProgress(snapshot(rows), now);
    assert.deepEqual(progress.cannotRun, { databases: 2, objects: 5, first: [{ database: 'b', objects: 3 }, { database: 'a', objects: 2 }] });
    assert.match(renderPlainLine(progress), /3\/4 verified, of which 2 with 5 objects that cannot run, 1 pending/);
    assert.match(renderProgress(progress, { width: 100, style: plainStyle, inProgress: 5, failuresShown: 3 }).join('\n'), /but +5 objects cannot run, in b, a \(ferry show\)/);
  });

  it('counts the states and sums what is verified', () => {
    const progress = computeProgress(snapshot([...verifiedEachSecond(3), row('a', 'PENDING', 60), row('b', 'DUMPING', 5)]), now);
    assert.equal(progress.total, 5);
    assert.equal(progress.counts.VERIFIED, 3);
    assert.equal(progress.counts.PENDING, 1);
    assert.equal(progress.counts.DEAD_LETTERED, 0);
    assert.deepEqual(progress.moved, { rows: 30, sqlBytes: 3_000_000 });
    assert.equal(progress.elapsedSeconds, 120);
  });

  it('has no rate and no estimate, rather than zero, before enough is done', () => {
    const progress = computeProgress(snapshot([row('a', 'VERIFIED', 4), row('b', 'VERIFIED', 1), row('c', 'PENDING', 60)]), now);
    assert.equal(progress.throughput, null);
    assert.deepEqual(progress.estimate, { state: 'measuring' });
  });

  it('takes the rate from the completions, not from the time before the first', () => {
    const progress = computeProgress(snapshot([...verifiedEachSecond(31), row('a', 'PENDING', 60)]), now);
    assert.equal(progress.throughput?.overSeconds, 30);
    assert.equal(progress.throughput.databasesPerMinute, 60);
    assert.equal(progress.throughput.bytesPerSecond, 1_000_000);
  });

  it('takes a slow rate over as many completions as say something, past a minute', () => {
    const slow = Array.from({ length: 40 }, (_, index) => row(`done_${index}`, 'VERIFIED', index * 10));
    const progress = computeProgress(snapshot([...slow, row('a', 'PENDING', 60)], { run: run({ startedAt: before(3600) }) }), now);
    assert.equal(progress.throughput?.overSeconds, 200);
    assert.equal(progress.throughput.databasesPerMinute, 6);
  });

  it('estimates from what is left in the pass, not from other databases of the migration', () => {
    const others = Array.from({ length: 500 }, (_, index) => row(`other_${index}`, 'PENDING', 9999));
    const progress = computeProgress(snapshot([...verifiedEachSecond(31), ...others], { unfinishedInPass: 90 }), now);
    assert.deepEqual(progress.estimate, { state: 'ready', seconds: 90 });
  });

  it('says whether the estimate fits the window', () => {
    const databases = [...verifiedEachSecond(31), row('a', 'PENDING', 60)];
    const fits = computeProgress(snapshot(databases, { unfinishedInPass: 60 }), now, 600);
    assert.deepEqual(fits.window, { seconds: 600, leftSeconds: 480, spareSeconds: 420, fits: true });
    const short = computeProgress(snapshot(databases, { unfinishedInPass: 600 }), now, 600);
    assert.deepEqual(short.window, { seconds: 600, leftSeconds: 480, spareSeconds: -120, fits: false });
    const unknown = computeProgress(snapshot([row('a', 'PENDING', 60)]), now, 600);
    assert.deepEqual(unknown.window, { seconds: 600, leftSeconds: 480, spareSeconds: null, fits: null });
    const over = computeProgress(snapshot([row('a', 'PENDING', 60)]), now, 60);
    assert.deepEqual(over.window, { seconds: 60, leftSeconds: -60, spareSeconds: -60, fits: false });
  });

  it('counts the time of a redriven run from its start, and its rate from the redrive', () => {
    const redriven = run({ startedAt: before(7200), redrives: 1, redrivenAt: before(10) });
    const earlier = Array.from({ length: 50 }, (_, index) => row(`old_${index}`, 'VERIFIED', 3600 + index));
    const progress = computeProgress(snapshot([...earlier, row('a', 'IMPORTING', 2)], { run: redriven }), now);
    assert.equal(progress.elapsedSeconds, 7200);
    assert.equal(progress.sinceRedriveSeconds, 10);
    assert.equal(progress.throughput, null);
  });

  it('is not finishing while dead letters of before the redrive wait for their turn', () => {
    const redriven = run({ redrives: 1, redrivenAt: before(1) });
    const dead = row('a', 'DEAD_LETTERED', 60, { error: 'DumpFailed' });
    assert.deepEqual(computeProgress(snapshot([dead], { run: redriven }), now).estimate, { state: 'measuring' });
    assert.deepEqual(computeProgress(snapshot([dead]), now).estimate, { state: 'finishing' });
  });

  it('takes the rate of a run that has ended over all of it, and estimates nothing', () => {
    const ended = run({ status: 'SUCCEEDED', startedAt: before(120), endedAt: before(60) });
    const done = Array.from({ length: 30 }, (_, index) => row(`done_${index}`, 'VERIFIED', 61 + index, { sqlBytes: 2000 }));
    const progress = computeProgress(snapshot(done, { run: ended }), now);
    assert.equal(progress.elapsedSeconds, 60);
    assert.deepEqual(progress.throughput, { databasesPerMinute: 30, bytesPerSecond: 1000, overSeconds: 60 });
    assert.deepEqual(progress.estimate, { state: 'none' });
  });

  it('groups dead letters by error with the remedy, the most frequent first', () => {
    const failed = (name: string, error: string) => row(name, 'DEAD_LETTERED', 9, { error, errorMessage: `about ${name}`, errorStage: 'import', attempt: 2 });
    const { deadLetters, retrying } = computeProgress(
      snapshot([
        failed('b', 'TargetDatabaseExists'),
        failed('c', 'SomethingNew'),
        failed('a', 'TargetDatabaseExists'),
        row('d', 'RETRYING', 1, { error: 'DumpFailed' }),
      ]),
      now,
    );
    assert.deepEqual(deadLetters.map(({ error, failures }) => [error, failures.map(({ database }) => database)]), [
      ['TargetDatabaseExists', ['a', 'b']],
      ['SomethingNew', ['c']],
    ]);
    assert.match(deadLetters[0]?.remedy ?? '', /Move or drop the target's database/);
    assert.equal(deadLetters[1]?.remedy, null);
    assert.deepEqual(deadLetters[0]?.failures[0], {
      database: 'a',
      stage: 'import',
      attempt: 2,
      at: before(9).toISOString(),
      message: 'about a',
    });
    assert.deepEqual(retrying.map(({ error }) => error), ['DumpFailed']);
  });

  it('tells what waits for other databases from what is being verified', () => {
    const progress = computeProgress(
      snapshot([row('a', 'IMPORTED', 5, { error: 'WaitsForDatabase', errorMessage: '1 object of `a` waits for `b`', errorStage: 'verify', attempt: 1 }), row('b', 'IMPORTED', 5)]),
      now,
    );
    assert.deepEqual(progress.waiting.map(({ error, failures }) => [error, failures.map(({ message }) => message)]), [['WaitsForDatabase', ['1 object of `a` waits for `b`']]]);
    assert.deepEqual(progress.inProgress.map(({ database }) => database), ['b']);
    assert.match(renderPlainLine(progress), /0\/2 verified, 1 verifying, 1 waiting for others/);
  });

  it('lists what is worked on, the longest first, and who holds slots', () => {
    const progress = computeProgress(
      snapshot([row('young', 'DUMPING', 5), row('old', 'IMPORTING', 50), row('waiting', 'DUMPED', 500)], {
        slots: { source: [{ holder: 'arn:young', grantedAt: before(4) }], target: [] },
        owners: new Map([['arn:young', 'young']]),
      }),
      now,
    );
    assert.deepEqual(progress.inProgress.map(({ database, seconds }) => [database, seconds]), [['old', 50], ['young', 5]]);
    assert.equal(progress.slots.source.limit, 4);
    assert.deepEqual(progress.slots.source.holders, [{ database: 'young', holder: 'arn:young', grantedAt: before(4).toISOString(), heldSeconds: 4 }]);
  });
});
