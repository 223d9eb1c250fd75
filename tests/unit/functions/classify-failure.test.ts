import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Report } from '../../../core/contracts.ts';
import { reportKey } from '../../../core/names.ts';
import { readOutage } from '../../../core/recovery/outages.ts';
import { classifyInputSchema, earlierClassifyInputSchema, firstRecovery } from '../../../core/recovery/recovery.ts';
import { retryDelaySeconds } from '../../../core/recovery/retries.ts';
import { readHolders, takeSlot } from '../../../core/slots.ts';
import { classifyFailure, classifyForEarlier } from '../../../functions/classify-failure/classify-failure.ts';
import { startCloud, tableWithSlots, type Cloud } from './support/cloud.ts';

const now = new Date('2026-01-01T12:30:00.000Z');
const place = {
  migration: 'spring',
  database: 'shop',
  branch: 'arn:branch',
  attempt: 2,
  checkpoint: 'DUMPED',
  dumpManifest: 'spring/dumps/shop/1/manifest.json',
  maxAttempts: 3,
  holdMinutes: 30,
  recovery: firstRecovery,
};
const began = Date.parse('2026-01-01T12:00:00.250Z');

async function start(t: TestContext): Promise<{ cloud: Cloud; classify: (failure: object, extra?: object) => ReturnType<typeof classifyFailure> }> {
  const cloud = await startCloud(t);
  const table = await tableWithSlots(cloud);
  const classify = (failure: object, extra: object = {}): ReturnType<typeof classifyFailure> =>
    classifyFailure(
      { table, s3: cloud.s3, bucket: cloud.bucket, random: () => 0.5, now: () => now },
      classifyInputSchema.parse({ ...place, failure, ...extra }),
    );
  return { cloud, classify };
}

function stopped(task: object): object {
  return { Error: 'States.TaskFailed', Cause: JSON.stringify({ StartedAt: began, CreatedAt: began, StopCode: 'EssentialContainerExited', ...task }) };
}

function notStarted(reason: string): object {
  return stopped({ StopCode: 'TaskFailedToStart', StoppedReason: reason, Containers: [{}] });
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
      outcome: 'DEAD_LETTER',
      stage: 'import',
      error: 'ImportRejected',
      message: 'Statement 12 was refused.',
      delaySeconds: 0,
      attempt: 2,
      checkpoint: 'DUMPED',
      dumpManifest: 'spring/dumps/shop/1/manifest.json',
      restingState: 'DUMPED',
      ...firstRecovery,
    });
  });

  it("reads it first, whatever ECS's word looks like", async (t) => {
    const { cloud, classify } = await start(t);
    await cloud.putText(key, report(rejected, '2026-01-01T12:00:09.000Z'));
    const causes = [
      '',
      undefined,
      'The task has stopped.',
      '{"Containers":"none"}',
      JSON.stringify({ StartedAt: '2026-01-01T12:00:00Z', Containers: [{ ExitCode: '51' }], StopCode: 7 }),
      JSON.stringify({ Containers: [{ ExitCode: 51.5, Reason: null }], CreatedAt: null }),
    ];
    for (const Cause of causes) {
      const { error, message } = await classify({ Error: 'States.TaskFailed', Cause });
      assert.deepEqual([error, message], ['ImportRejected', rejected.message], Cause);
    }
    assert.equal((await classify({ Error: 'States.HeartbeatTimeout' })).error, 'ImportRejected');
    assert.equal((await classify({})).error, 'ImportRejected');
  });

  it('says of a task that failed after its work was done that it has done it', async (t) => {
    const { cloud, classify } = await start(t);
    await cloud.putText(key, report(undefined, '2026-01-01T12:00:09.000Z'));
    const { error, message } = await classify(stopped({ Containers: [{ ExitCode: 22 }] }));
    assert.equal(error, 'TargetUnreachable');
    assert.equal(message, 'The import of `shop` ended with exit code 22 after its work was done (its log says why).');
  });

  it('does not take the report of an earlier run of the same attempt, nor one of another attempt', async (t) => {
    const { cloud, classify } = await start(t);
    await cloud.putText(key, report(rejected, '2026-01-01T11:59:00.000Z'));
    const killed = stopped({ Containers: [{ ExitCode: 137, Reason: 'OutOfMemoryError: container killed due to memory usage' }] });
    assert.equal((await classify(killed)).error, 'TaskCrashed');
    await cloud.putText(key, report(rejected, '2026-01-01T12:00:09.000Z', 1));
    const answer = await classify(killed);
    assert.equal(answer.error, 'TaskCrashed');
    assert.equal(answer.outcome, 'RETRY');
    assert.match(answer.message, /The import of `shop` was killed \(exit code 137.*OutOfMemoryError/);
  });

  const cases: readonly (readonly [what: string, failure: object, error: string, outcome: string, message: RegExp])[] = [
    ['an image that cannot be pulled at present', notStarted('CannotPullContainerError: i/o timeout'), 'TaskFailedToStart', 'RETRY', /did not start: CannotPull/],
    ['an image that is not there', notStarted('CannotPullContainerError: ref repo/dump:1 not found'), 'TaskFailedToStart', 'DEAD_LETTER', /not found/],
    ['a task that was stopped', stopped({ StopCode: 'UserInitiated', StoppedReason: 'Scaling', Containers: [{}] }), 'TaskInterrupted', 'RETRY', /UserInitiated/],
    ['SIGTERM', stopped({ Containers: [{ ExitCode: 143 }] }), 'TaskInterrupted', 'RETRY', /143/],
    ['an exit code of the table without a report', stopped({ Containers: [{ ExitCode: 50 }] }), 'TargetDatabaseExists', 'DEAD_LETTER', /exit code 50/],
    ['an exit code of no table', stopped({ Containers: [{ ExitCode: 200 }] }), 'TaskCrashed', 'RETRY', /exit code 200/],
    ['a time limit', { Error: 'States.Timeout', Cause: '' }, 'TaskTimedOut', 'RETRY', /time limit/],
    ['a heartbeat that stopped', { Error: 'States.HeartbeatTimeout' }, 'TaskCrashed', 'RETRY', /container has died/],
    ['a token that answered a failure without a word', {}, 'TaskCrashed', 'RETRY', /nothing says why/],
    ['an error of a function', { Error: 'TargetUnreachable', Cause: '{"errorType":"TargetUnreachable","errorMessage":"It is away."}' }, 'TargetUnreachable', 'HOLD', /^It is away\.$/],
    ['a refused login', stopped({ Containers: [{ ExitCode: 23 }] }), 'TargetAccessDenied', 'HOLD', /exit code 23/],
    ['no capacity', { Error: 'ECS.AmazonECSException', Cause: 'Capacity is unavailable at this time' }, 'CapacityUnavailable', 'HOLD', /Capacity is unavailable/],
    ['a quota that is used up', { Error: 'ECS.AmazonECSException', Cause: "You've reached the limit on the number of vCPUs you can run concurrently" }, 'CapacityUnavailable', 'HOLD', /limit on the number/],
    ['throttled launches', { Error: 'ECS.ThrottlingException', Cause: 'Rate exceeded' }, 'CapacityUnavailable', 'HOLD', /Rate exceeded/],
    ['RunTask failures', { Error: 'AmazonECS.Unknown', Cause: 'RESOURCE:CPU' }, 'CapacityUnavailable', 'HOLD', /RESOURCE:CPU/],
    ['a role that may not be passed', { Error: 'ECS.AmazonECSException', Cause: 'User: arn:aws:sts::1:assumed-role/x is not authorized to perform: iam:PassRole on resource: arn:aws:iam::1:role/y' }, 'TaskFailedToStart', 'DEAD_LETTER', /PassRole/],
    ['a subnet that is not there', { Error: 'ECS.AmazonECSException', Cause: "InvalidParameterException: The subnet ID 'subnet-1' does not exist" }, 'TaskFailedToStart', 'DEAD_LETTER', /subnet-1/],
    ['a task definition that was deregistered', { Error: 'ECS.AmazonECSException', Cause: 'ClientException: TaskDefinition is inactive' }, 'TaskFailedToStart', 'DEAD_LETTER', /inactive/],
    ['a missing report after success', { Error: 'S3.NoSuchKeyException', Cause: 'The specified key does not exist.' }, 'TaskCrashed', 'RETRY', /without leaving a report/],
    ['S3', { Error: 'S3.S3Exception', Cause: 'Slow down' }, 'StorageFailed', 'HOLD', /Slow down/],
    ['a function that ended without a name', { Error: 'Lambda.Unknown', Cause: 'out of memory' }, 'AwsUnavailable', 'HOLD', /out of memory/],
    ['what nobody knows', { Error: 'States.ParameterPathFailure', Cause: 'no $.x' }, 'InternalError', 'DEAD_LETTER', /no \$\.x/],
  ];
  for (const [what, failure, error, outcome, message] of cases) {
    it(`names ${what}: ${error}`, async (t) => {
      const { classify } = await start(t);
      const answer = await classify(failure);
      assert.deepEqual([answer.error, answer.outcome], [error, outcome]);
      assert.match(answer.message, message);
    });
  }

  it('counts tries by stage, and gives up when they are used up', async (t) => {
    const { classify } = await start(t);
    const tries = { dump: 0, import: 1, verify: 0, reload: 0 };
    const second = await classify({ Error: 'States.Timeout' }, { recovery: { ...firstRecovery, tries } });
    assert.deepEqual([second.outcome, second.tries, second.attempt], ['RETRY', { ...tries, import: 2 }, 3]);
    const third = await classify({ Error: 'States.Timeout' }, { recovery: second });
    assert.deepEqual([third.outcome, third.attempt], ['DEAD_LETTER', 2]);
    const verify = await classify({ Error: 'States.Timeout' }, { recovery: second, checkpoint: 'IMPORTED' });
    assert.deepEqual([verify.stage, verify.outcome, verify.checkpoint], ['verify', 'RETRY', 'IMPORTED']);
  });

  it('goes back to the stage whose work is worthless, and never dumps in place of a dump made by hand', async (t) => {
    const { cloud, classify } = await start(t);
    const where = ({ outcome, checkpoint, dumpManifest, restingState }: Awaited<ReturnType<typeof classify>>) => [outcome, checkpoint, dumpManifest, restingState];
    const corrupt = { Error: 'States.TaskFailed', Cause: JSON.stringify({ Containers: [{ ExitCode: 43 }] }) };
    assert.deepEqual(where(await classify(corrupt)), ['RETRY', 'NONE', '', 'PENDING']);
    assert.equal((await classify(corrupt, { dumpManifest: 'spring/dumps/shop/manual/manifest.json' })).outcome, 'DEAD_LETTER');
    const mismatch = { Error: 'States.TaskFailed', Cause: JSON.stringify({ Containers: [{ ExitCode: 60 }] }) };
    const reload = await classify(mismatch, { checkpoint: 'IMPORTED' });
    assert.deepEqual(where(reload), ['RETRY', 'DUMPED', place.dumpManifest, 'DUMPED']);
    assert.equal((await classify(mismatch, { checkpoint: 'IMPORTED', recovery: reload })).outcome, 'DEAD_LETTER');
    const changed = { name: 'VerificationMismatch', message: 'The dump differs from its manifest.', retryable: true, resumeAt: 'dump' } as const;
    await cloud.putText(reportKey('spring', 'shop', 2, 'verify'), report(changed, '2026-01-01T12:00:09.000Z'));
    assert.deepEqual(where(await classify(mismatch, { checkpoint: 'IMPORTED' })), ['RETRY', 'NONE', '', 'PENDING']);
  });

  it('opens an outage that branches share, and ends a hold that lasts too long', async (t) => {
    const { cloud, classify } = await start(t);
    const away = { Error: 'TargetUnreachable', Cause: '{"errorMessage":"It is away."}' };
    const held = await classify(away);
    assert.deepEqual(held.hold, { stage: 'import', need: 'target', since: now.toISOString(), seconds: 0 });
    assert.deepEqual([held.attempt, held.tries], [3, firstRecovery.tries]);
    assert.deepEqual((await readOutage(cloud.table('spring'), 'target'))?.shared, false);
    await classify(away, { branch: 'arn:other' });
    const outage = await readOutage(cloud.table('spring'), 'target');
    assert.deepEqual([outage?.shared, outage?.reporter, outage?.message], [true, 'arn:branch', 'It is away.']);
    const recovery = { ...firstRecovery, hold: { ...held.hold, since: '', seconds: 1_800 } };
    const late = await classify(away, { recovery });
    assert.deepEqual([late.outcome, late.error], ['DEAD_LETTER', 'TargetUnreachable']);
    assert.match(late.message, /^Held for 30 minutes in vain\. It is away\./);
    assert.equal((await classify(away, { recovery, checkpoint: 'IMPORTED' })).outcome, 'HOLD', 'each stage has its own time');
  });

  it('answers machines of before the one failure path as it did', async (t) => {
    const { cloud } = await start(t);
    const input = { stage: 'import', migration: 'spring', database: 'shop', attempt: 2, branch: 'arn:branch', tries: 2, failure: { Error: 'States.Timeout' } };
    const answer = await classifyForEarlier(
      { table: cloud.table('spring'), s3: cloud.s3, bucket: cloud.bucket, random: () => 0.5, now: () => now },
      earlierClassifyInputSchema.parse(input),
    );
    assert.deepEqual([answer.error, answer.retryable, answer.delaySeconds], ['TaskTimedOut', true, 5]);
  });

  it("gives back the branch's slot on the stage's server, and no other", async (t) => {
    const { cloud, classify } = await start(t);
    const table = cloud.table('spring');
    for (const server of ['source', 'target'] as const) for (const holder of ['arn:branch', 'arn:other']) await takeSlot(table, server, holder, 9, 'now');
    await classify({ Error: 'States.Timeout' });
    assert.deepEqual(Object.keys(await readHolders(table, 'target')), ['arn:other']);
    assert.equal(Object.keys(await readHolders(table, 'source')).length, 2);
    await classify({ Error: 'States.Timeout' }, { checkpoint: 'NONE' });
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
