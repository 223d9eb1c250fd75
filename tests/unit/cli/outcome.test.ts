import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { computeStageTimes } from '../../../cli/demo/stage-times.ts';
import { errorOfRun } from '../../../cli/outcome.ts';
import { computeProgress } from '../../../cli/progress.ts';
import type { RunSnapshot } from '../../../cli/progress.ts';
import { describeDatabase, renderDatabase } from '../../../cli/render/database.ts';
import { plainStyle } from '../../../cli/terminal/style.ts';
import type { DatabaseRecord } from '../../../core/records.ts';
import { before, now, run, snapshot } from './progress-fixtures.ts';

function outcome(more: Partial<RunSnapshot>) {
  const described = computeProgress(snapshot([], { run: run({ endedAt: now, ...more }) }), now).run;
  const error = errorOfRun(described!);
  return error === undefined ? undefined : { name: error.name, exitCode: error.exitCode, message: error.message };
}

describe('the outcome of a run', () => {
  it('is no error for one that succeeded or goes on', () => {
    assert.equal(outcome({ status: 'SUCCEEDED' }), undefined);
    assert.equal(outcome({ status: 'RUNNING' }), undefined);
  });

  it('is the error that a function threw, with its message taken out of its JSON', () => {
    const cause = JSON.stringify({ errorType: 'UnknownDatabase', errorMessage: 'The source has no `crm`.', trace: [] });
    assert.deepEqual(outcome({ status: 'FAILED', error: 'UnknownDatabase', cause }), {
      name: 'UnknownDatabase',
      exitCode: 14,
      message: 'The source has no `crm`.',
    });
  });

  it('is RunFailed for an error that is not of the table', () => {
    assert.deepEqual(outcome({ status: 'FAILED', error: 'States.Runtime', cause: 'no such path' }), {
      name: 'RunFailed',
      exitCode: 83,
      message: 'The run spring-1 failed with States.Runtime: no such path',
    });
  });

  it('is BranchAborted for a run that was stopped or timed out', () => {
    assert.equal(outcome({ status: 'ABORTED', cause: 'the window closes' })?.message, 'The run spring-1 was stopped: the window closes.');
    assert.equal(outcome({ status: 'TIMED_OUT' })?.exitCode, 82);
  });
});

const record: DatabaseRecord = {
  database: 'shop',
  state: 'DEAD_LETTERED',
  attempt: 2,
  updatedAt: before(0).toISOString(),
  checkpoint: 'DUMPED',
  dumpManifest: 'spring/dumps/shop/1/manifest.json',
  replace: false,
  tables: 3,
  rows: 1200,
  error: 'TargetDatabaseExists',
  errorMessage: 'The target has a database `shop`.',
  errorStage: 'import',
  transitions: [
    { state: 'PENDING', at: before(60).toISOString(), attempt: 0, by: 'select' },
    { state: 'DUMPING', at: before(50).toISOString(), attempt: 1, by: 'arn' },
    { state: 'DUMPED', at: before(30).toISOString(), attempt: 1, by: 'arn' },
    { state: 'DEAD_LETTERED', at: before(10).toISOString(), attempt: 1, by: 'arn', error: 'TargetDatabaseExists' },
  ],
};

const nothingBeside = { freeze: undefined, cannotRun: [] };

describe('one database', () => {
  it('is shown with each transition, how long it lasted, and what to do', () => {
    const described = describeDatabase(record, nothingBeside, 'spring', 'bucket', now);
    assert.deepEqual(described.transitions.map(({ state, lastedSeconds }) => [state, lastedSeconds]), [
      ['PENDING', 10],
      ['DUMPING', 20],
      ['DUMPED', 20],
      ['DEAD_LETTERED', null],
    ]);
    assert.equal(described.sqlBytes, null);
    const text = renderDatabase(described, { width: 100, style: plainStyle }).join('\n');
    assert.match(text, /^ {2}2026-11-22 10:29:10\.000 {2}DUMPING +20 s +1$/m);
    assert.match(text, /error +TargetDatabaseExists, in its import$/m);
    assert.match(text, /remedy +Move or drop/);
    assert.match(text, /size +3 tables, 1,200 rows$/m);
    assert.match(text, /dump +s3:\/\/bucket\/spring\/dumps\/shop\/1\/manifest\.json$/m);
  });

  it('is VERIFIED and says which of its objects cannot run', () => {
    const cannotRun = [{ object: 'trigger audit', cause: 'It calls SHA1(), which the target does not have (error 1305).', remedy: 'Replace the call.' }];
    const described = describeDatabase({ ...record, state: 'VERIFIED', checkpoint: 'VERIFIED', cannotRun: 1 }, { freeze: undefined, cannotRun }, 'spring', 'bucket', now);
    assert.deepEqual(described.cannotRun, { objects: 1, causes: cannotRun });
    const text = renderDatabase(described, { width: 100, style: plainStyle }).join('\n');
    assert.match(text, /VERIFIED, 1 object cannot run/);
    assert.match(text, /trigger audit\n {4}It calls SHA1\(\), which the target does not have \(error 1305\)\. Replace the call\./);
  });

  it('is still counting in a state that is not final', () => {
    const { transitions } = describeDatabase({ ...record, state: 'DUMPING', transitions: record.transitions.slice(0, 2) }, nothingBeside, 'spring', 'bucket', now);
    assert.equal(transitions[1]?.lastedSeconds, 50);
  });

  it('is readable when it has 5,000 transitions, and whole where that is asked for', () => {
    const retries = Array.from({ length: 4_999 }, (_, index) => ({
      state: 'RETRYING' as const, at: new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString(), attempt: index, by: 'arn', error: index % 5 === 0 ? 'TargetUnreachable' : 'SourceUnreachable',
    }));
    const transitions = [...record.transitions.slice(0, 1), ...retries];
    const described = describeDatabase({ ...record, transitions }, nothingBeside, 'spring', 'bucket', now);
    assert.equal(described.transitions.length, 5_000);
    const lines = renderDatabase(described, { width: 100, style: plainStyle });
    assert.ok(lines.length < 70, `${lines.length} lines`);
    const text = lines.join('\n');
    assert.match(text, /^ {2}… 4,954 transitions from 2026-01-01 00:05:00\.000 to 2026-01-04 10:38:00\.000 \(--all prints them\)$/m);
    assert.match(text, /^ {6}3,963 × SourceUnreachable\n {8}991 × TargetUnreachable$/m);
    assert.match(text, /RETRYING .* 4998 {2}SourceUnreachable$/m, 'the newest is there');
    assert.ok(lines.every((line) => line.length <= 100));
    assert.ok(renderDatabase(described, { width: 100, style: plainStyle, allTransitions: true }).length > 5_000);
  });

  it('has stage times only where a stage ended well', () => {
    assert.deepEqual(computeStageTimes([record]), [
      { stage: 'wait, dump', databases: 1, medianSeconds: 20, percentile95Seconds: 20, longestSeconds: 20 },
    ]);
  });
});
