import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { classifyInputSchema, type Report } from '../../../core/contracts.ts';
import { reportKey } from '../../../core/names.ts';
import { readHolders, takeSlot } from '../../../core/slots.ts';
import { classifyFailure, retryDelaySeconds } from '../../../functions/classify-failure/classify-failure.ts';
import { startCloud, tableWithSlots, type Cloud } from './support/cloud.ts';

const began = Date.parse('2026-01-01T12:00:00.250Z');

async function start(t: TestContext): Promise<{ cloud: Cloud; classify: (failure: object, extra?: object) => ReturnType<typeof classifyFailure> }> {
  const cloud = await startCloud(t);
  const table = await tableWithSlots(cloud);
  const classify = (failure: object, extra: object = {}): ReturnType<typeof classifyFailure> =>
    classifyFailure(
      { table, s3: cloud.s3, bucket: cloud.bucket, random: () => 0.5 },
      classifyInputSchema.parse({ stage: 'import', migration: 'spring', database: 'shop', attempt: 2, branch: 'arn:branch', failure, ...extra }),
    );
  return { cloud, classify };
}

function stopped(task: object): object {
  return { Error: 'States.TaskFailed', Cause: JSON.stringify({ StartedAt: began, CreatedAt: began, StopCode: 'EssentialContainerExited', ...task }) };
}

function report(error: Report['error'], finishedAt: string, attempt = 2): string {
  const base: Report = { stage: 'import', database: 'shop', attempt, startedAt: finishedAt, finishedAt, milliseconds: {}, peakRssBytes: 1 };
  return JSON.stringify(error === undefined ? base : { ...base, error });
}

const rejected = { name: 'ImportRejected', message: 'Statement 12 was refused.', retryable: false };
const key = reportKey('spring', 'shop', 2, 'import');

describe('ClassifyFailure', () => {
  it("takes the task's own report for what happened", async (t) => {
    const { cloud, classify } = await start(t);
    await cloud.putText(key, report(rejected, '2026-01-01T12:00:09.000Z'));
    assert.deepEqual(await classify(stopped({ Containers: [{ ExitCode: 51 }] })), {
      error: 'ImportRejected',
      message: 'Statement 12 was refused.',
      retryable: false,
      delaySeconds: 0,
    });
  });

  it('does not take the report of an earlier run of the same attempt, nor one of another attempt', async (t) => {
    const { cloud, classify } = await start(t);
    await cloud.putText(key, report(rejected, '2026-01-01T11:59:00.000Z'));
    const killed = stopped({ Containers: [{ ExitCode: 137, Reason: 'OutOfMemoryError: container killed due to memory usage' }] });
    assert.equal((await classify(killed)).error, 'TaskCrashed');
    await cloud.putText(key, report(rejected, '2026-01-01T12:00:09.000Z', 1));
    const answer = await classify(killed);
    assert.equal(answer.error, 'TaskCrashed');
    assert.equal(answer.retryable, true);
    assert.match(answer.message, /The import of `shop` was killed \(exit code 137.*OutOfMemoryError/);
  });

  const cases: readonly [string, object, string, boolean, RegExp][] = [
    ['an image that cannot be pulled', stopped({ StopCode: 'TaskFailedToStart', StoppedReason: 'CannotPullContainerError: no such image', Containers: [{}] }), 'TaskFailedToStart', true, /did not start: CannotPullContainerError/],
    ['a task that was stopped', stopped({ StopCode: 'UserInitiated', StoppedReason: 'Scaling', Containers: [{}] }), 'TaskInterrupted', true, /UserInitiated/],
    ['SIGTERM', stopped({ Containers: [{ ExitCode: 143 }] }), 'TaskInterrupted', true, /143/],
    ['an exit code of the table without a report', stopped({ Containers: [{ ExitCode: 50 }] }), 'TargetDatabaseExists', false, /exit code 50/],
    ['an exit code of no table', stopped({ Containers: [{ ExitCode: 200 }] }), 'TaskCrashed', true, /exit code 200/],
    ['a time limit', { Error: 'States.Timeout', Cause: '' }, 'TaskTimedOut', true, /time limit/],
    ['an error of a function', { Error: 'TargetUnreachable', Cause: '{"errorType":"TargetUnreachable","errorMessage":"It is away."}' }, 'TargetUnreachable', true, /^It is away\.$/],
    ['ECS itself', { Error: 'ECS.AmazonECSException', Cause: 'Capacity is unavailable at this time' }, 'TaskFailedToStart', true, /Capacity is unavailable/],
    ['RunTask failures', { Error: 'AmazonECS.Unknown', Cause: 'RESOURCE:CPU' }, 'TaskFailedToStart', true, /RESOURCE:CPU/],
    ['a missing report after success', { Error: 'S3.NoSuchKeyException', Cause: 'The specified key does not exist.' }, 'TaskCrashed', true, /without leaving a report/],
    ['S3', { Error: 'S3.S3Exception', Cause: 'Slow down' }, 'StorageFailed', true, /Slow down/],
    ['a function that ended without a name', { Error: 'Lambda.Unknown', Cause: 'out of memory' }, 'AwsUnavailable', true, /out of memory/],
    ['what nobody knows', { Error: 'States.ParameterPathFailure', Cause: 'no $.x' }, 'InternalError', false, /no \$\.x/],
  ];
  for (const [what, failure, error, retryable, message] of cases) {
    it(`names ${what}: ${error}`, async (t) => {
      const { classify } = await start(t);
      const answer = await classify(failure);
      assert.deepEqual([answer.error, answer.retryable], [error, retryable]);
      assert.match(answer.message, message);
    });
  }

  it("gives back the branch's slot on the stage's server, and no other", async (t) => {
    const { cloud, classify } = await start(t);
    const table = cloud.table('spring');
    for (const server of ['source', 'target'] as const) for (const holder of ['arn:branch', 'arn:other']) await takeSlot(table, server, holder, 9, 'now');
    await classify({ Error: 'States.Timeout' });
    assert.deepEqual(Object.keys(await readHolders(table, 'target')), ['arn:other']);
    assert.equal(Object.keys(await readHolders(table, 'source')).length, 2);
    await classify({ Error: 'States.Timeout' }, { stage: 'dump' });
    assert.deepEqual(Object.keys(await readHolders(table, 'source')), ['arn:other']);
  });

  it('keeps messages short enough for a record', async (t) => {
    const { classify } = await start(t);
    assert.equal((await classify({ Error: 'S3.S3Exception', Cause: 'x'.repeat(10_000) })).message.length, 600);
  });

  it('waits longer from try to try, at most five minutes, at least a second', () => {
    assert.deepEqual([1, 2, 3, 4, 10].map((tries) => retryDelaySeconds(tries, 0.999)), [5, 10, 20, 40, 300]);
    assert.equal(retryDelaySeconds(4, 0), 1);
  });
});
