import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SendTaskFailureCommand, SendTaskHeartbeatCommand, SendTaskSuccessCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { systemClock } from '../../../local/stepfunctions/clock.ts';
import { StatesError } from '../../../local/stepfunctions/language/errors.ts';
import type { Json } from '../../../local/stepfunctions/language/json.ts';
import { manualClock, startHarness, task, types, until, type Harness } from './harness.ts';

const waiting = 'arn:aws:states:::sqs:sendMessage.waitForTaskToken';

/** One Task with the given fields. */
function oneTask(fields: object): object {
  const caught = 'Catch' in fields ? { Caught: { Type: 'Pass', End: true } } : {};
  return { StartAt: 'Work', States: { Work: { Type: 'Task', Resource: task, End: true, ...fields }, ...caught } };
}

async function inTask(harness: Harness, executionArn: string): Promise<void> {
  await until(async () => types(await harness.history(executionArn)).some((type) => type === 'TaskStarted' || type === 'TaskSubmitted'), 'the Task');
}

function never(): Promise<Json> {
  return new Promise(() => undefined);
}

test('TimeoutSeconds ends a Task with States.Timeout and aborts its call', async () => {
  const clock = manualClock();
  let aborted = false;
  await using harness = await startHarness({
    clock,
    work: (_parameters, { signal }) => {
      signal.addEventListener('abort', () => { aborted = true; });
      return never();
    },
    definition: oneTask({ TimeoutSecondsPath: '$.limit', Catch: [{ ErrorEquals: ['States.Timeout'], ResultPath: '$.error', Next: 'Caught' }] }),
  });
  const executionArn = await harness.start({ limit: 60 });
  await inTask(harness, executionArn);
  clock.advance(59_999);
  assert.equal((await harness.describe(executionArn)).status, 'RUNNING');
  clock.advance(1);
  const ended = await harness.ended(executionArn);
  assert.deepEqual(JSON.parse(ended.output ?? ''), { limit: 60, error: { Error: 'States.Timeout', Cause: '' } });
  assert.equal(aborted, true);
  assert.ok(types(await harness.history(executionArn)).includes('TaskTimedOut'));
});

test("the system's clock does not fire at once beyond 2^31 milliseconds, and a cancelled timer never does", async () => {
  const fired: string[] = [];
  const cancel = systemClock.schedule(2 ** 31 + 5_000, () => fired.push('far'));
  const cancelNear = systemClock.schedule(5, () => fired.push('cancelled'));
  cancelNear();
  systemClock.schedule(10, () => fired.push('near'));
  await until(() => fired.length > 0, 'the near timer');
  assert.deepEqual(fired, ['near']);
  cancel();
});

test('retries wait by the clock, count per retrier, and the context object counts them', async () => {
  const clock = manualClock();
  const counts: Json[] = [];
  await using harness = await startHarness({
    clock,
    work: (parameters) => {
      counts.push(parameters);
      if (counts.length < 4) throw new StatesError(counts.length === 2 ? 'Other' : 'Busy', '');
      return 'done';
    },
    definition: oneTask({
      Parameters: { 'retry.$': '$$.State.RetryCount' },
      Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 10, BackoffRate: 3, MaxAttempts: 2 }, { ErrorEquals: ['Other'], IntervalSeconds: 5, MaxAttempts: 1 }],
    }),
  });
  const executionArn = await harness.start();
  for (const [seconds, calls] of [[10, 1], [5, 2], [30, 3]] as const) {
    await until(() => counts.length === calls, `call ${calls}`);
    await until(async () => types(await harness.history(executionArn)).filter((type) => type === 'TaskFailed').length === calls, 'its failure');
    clock.advance(seconds * 1000 - 1);
    assert.equal(counts.length, calls);
    clock.advance(1);
  }
  assert.equal((await harness.ended(executionArn)).output, '"done"');
  assert.deepEqual(counts, [{ retry: 0 }, { retry: 1 }, { retry: 2 }, { retry: 3 }]);
});

test('a Task that waits for its token: success, failure, heartbeats, and tokens that are gone', async () => {
  const clock = manualClock();
  const tokens: string[] = [];
  await using harness = await startHarness({
    clock,
    work: (parameters, { taskToken }) => {
      assert.deepEqual(parameters, { token: taskToken });
      tokens.push(taskToken ?? '');
      return { MessageId: 'm' };
    },
    definition: oneTask({ Resource: waiting, Parameters: { 'token.$': '$$.Task.Token' }, HeartbeatSeconds: 30 }),
  });
  const begin = async (): Promise<[string, string]> => {
    const executionArn = await harness.start();
    await until(async () => types(await harness.history(executionArn)).includes('TaskSubmitted'), 'the Task');
    return [executionArn, tokens.at(-1) ?? ''];
  };
  const [first, firstToken] = await begin();
  clock.advance(29_000);
  await harness.client.send(new SendTaskHeartbeatCommand({ taskToken: firstToken }));
  clock.advance(29_000);
  await harness.client.send(new SendTaskSuccessCommand({ taskToken: firstToken, output: '{"ok":true}' }));
  assert.equal((await harness.ended(first)).output, '{"ok":true}');
  await assert.rejects(harness.client.send(new SendTaskSuccessCommand({ taskToken: firstToken, output: '1' })), { name: 'TaskTimedOut' });
  await assert.rejects(harness.client.send(new SendTaskSuccessCommand({ taskToken: 'nonsense', output: '1' })), { name: 'InvalidToken' });

  const [second, secondToken] = await begin();
  await assert.rejects(harness.client.send(new SendTaskSuccessCommand({ taskToken: secondToken, output: '{' })), { name: 'InvalidOutput' });
  await harness.client.send(new SendTaskFailureCommand({ taskToken: secondToken, error: 'No', cause: 'because' }));
  const failed = await harness.ended(second);
  assert.deepEqual([failed.error, failed.cause], ['No', 'because']);

  const [third] = await begin();
  clock.advance(30_000);
  assert.equal((await harness.ended(third)).error, 'States.Timeout');
});

test('TimeoutSeconds of the state machine ends the execution as TIMED_OUT, and its Tasks', async () => {
  const clock = manualClock();
  let aborted = false;
  await using harness = await startHarness({
    clock,
    work: (_parameters, { signal }) => {
      signal.addEventListener('abort', () => { aborted = true; });
      return never();
    },
    definition: { ...oneTask({}), TimeoutSeconds: 100 },
  });
  const executionArn = await harness.start();
  await inTask(harness, executionArn);
  clock.advance(100_000);
  const ended = await harness.ended(executionArn);
  assert.deepEqual([ended.status, ended.error, aborted], ['TIMED_OUT', 'States.Timeout', true]);
  assert.equal(types(await harness.history(executionArn)).at(-1), 'ExecutionTimedOut');
  assert.equal(ended.redriveStatus, 'REDRIVABLE');
});

test('a failing branch aborts its sibling, whose call is told', async () => {
  const aborted: string[] = [];
  const branch = (name: string): object => ({ StartAt: name, States: { [name]: { Type: 'Task', Resource: task, End: true } } });
  await using harness = await startHarness({
    work: (_parameters, { stateName, signal }) => {
      signal.addEventListener('abort', () => { aborted.push(stateName); });
      if (stateName === 'Good') return never();
      throw new StatesError('Bad', 'on purpose');
    },
    definition: { StartAt: 'Both', States: { Both: { Type: 'Parallel', Branches: [branch('Good'), branch('Bad')], End: true } } },
  });
  const ended = await harness.run();
  assert.deepEqual([ended.error, ended.cause], ['Bad', 'on purpose']);
  assert.deepEqual(aborted, ['Good']);
  const events = types(await harness.history(ended.executionArn ?? ''));
  assert.deepEqual(events.slice(-2), ['ParallelStateFailed', 'ExecutionFailed']);
});

test('a result beyond 256 KiB is States.DataLimitExceeded, which Catch can take; 262,144 bytes pass', async () => {
  let bytes = 262_144;
  await using harness = await startHarness({
    // Two quotes, and characters of two bytes each.
    work: () => 'é'.repeat((bytes - 2) / 2),
    definition: oneTask({ Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'Caught' }] }),
  });
  assert.equal(Buffer.byteLength((await harness.run()).output ?? ''), 262_144);
  bytes += 2;
  const caught = JSON.parse((await harness.run()).output ?? '') as { Error: string; Cause: string };
  assert.deepEqual(caught, {
    Error: 'States.DataLimitExceeded',
    Cause: "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
  });
});

test('an execution fails at 25,000 events instead of going on for ever, and cannot be redriven then', async () => {
  await using harness = await startHarness({
    definition: { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } } },
  });
  const ended = await harness.run();
  assert.deepEqual([ended.status, ended.error], ['FAILED', 'States.Runtime']);
  assert.match(ended.cause ?? '', /maximum number of history events \(25000\)/);
  assert.deepEqual([ended.redriveStatus, ended.redriveStatusReason], ['NOT_REDRIVABLE', 'Execution history event limit exceeded']);
});

test('the Wait state ends at its time and not before', async () => {
  const clock = manualClock();
  await using harness = await startHarness({
    clock,
    definition: { StartAt: 'Wait', States: { Wait: { Type: 'Wait', TimestampPath: '$.until', End: true } } },
  });
  const executionArn = await harness.start({ until: new Date(clock.now() + 40 * 86_400_000).toISOString() });
  await until(async () => (await harness.history(executionArn)).length === 2, 'the Wait');
  clock.advance(40 * 86_400_000 - 1);
  assert.equal((await harness.describe(executionArn)).status, 'RUNNING');
  clock.advance(1);
  assert.equal((await harness.ended(executionArn)).status, 'SUCCEEDED');
});

test('a late result of a stopped execution changes nothing in it', async () => {
  const result = Promise.withResolvers<Json>();
  await using harness = await startHarness({ work: () => result.promise, definition: oneTask({}) });
  const executionArn = await harness.start();
  await inTask(harness, executionArn);
  await harness.client.send(new StopExecutionCommand({ executionArn }));
  const before = types(await harness.history(executionArn));
  result.resolve('late');
  await until(() => true, 'a turn');
  assert.deepEqual(types(await harness.history(executionArn)), before);
  assert.equal(before.at(-1), 'ExecutionAborted');
});
