import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RedriveExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { StatesError } from '../../../local/stepfunctions/language/errors.ts';
import type { Json } from '../../../local/stepfunctions/language/json.ts';
import { machineArn, manualClock, startHarness, task, types, until, type Harness } from './harness.ts';

const day = 86_400_000;

/** Tasks fail until they are repaired; counts the calls of each state and input. */
function workshop(): { work: (parameters: Json, context: { stateName: string }) => Json; broken: Set<string>; calls: string[] } {
  const broken = new Set<string>();
  const calls: string[] = [];
  return {
    broken,
    calls,
    work(parameters, { stateName }) {
      const call = `${stateName}:${JSON.stringify(parameters)}`;
      calls.push(call);
      if (broken.has(call) || broken.has(stateName)) throw new StatesError('Broken', `${stateName} is broken`);
      return parameters;
    },
  };
}

async function redrive(harness: Harness, executionArn: string): Promise<void> {
  await harness.client.send(new RedriveExecutionCommand({ executionArn }));
}

test('a failed Task runs again with its retries counted anew, and what succeeded before it does not', async () => {
  const { work, broken, calls } = workshop();
  broken.add('Second');
  await using harness = await startHarness({
    work,
    definition: {
      StartAt: 'First',
      States: {
        First: { Type: 'Task', Resource: task, Next: 'Second' },
        Second: { Type: 'Task', Resource: task, Retry: [{ ErrorEquals: ['Broken'], IntervalSeconds: 1, MaxAttempts: 1 }], Next: 'Done' },
        Done: { Type: 'Pass', Parameters: { 'redriven.$': '$$.Execution.RedriveCount' }, End: true },
      },
    },
  });
  const failed = await harness.run({ a: 1 });
  assert.equal(failed.status, 'FAILED');
  assert.equal(failed.error, 'Broken');
  assert.equal(failed.redriveStatus, 'REDRIVABLE');
  assert.deepEqual(calls, ['First:{"a":1}', 'Second:{"a":1}', 'Second:{"a":1}']);
  broken.clear();
  const before = await harness.history(failed.executionArn ?? '');
  await redrive(harness, failed.executionArn ?? '');
  const ended = await harness.ended(failed.executionArn ?? '');
  assert.equal(ended.status, 'SUCCEEDED');
  assert.equal(ended.output, '{"redriven":1}');
  assert.equal(ended.redriveCount, 1);
  assert.ok(ended.redriveDate instanceof Date);
  assert.equal(calls.length, 4, 'First did not run again');
  const events = await harness.history(failed.executionArn ?? '');
  assert.deepEqual(types(events.slice(before.length)), [
    'ExecutionRedriven', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskStateExited', 'PassStateEntered', 'PassStateExited', 'ExecutionSucceeded',
  ]);
  assert.equal(events[before.length]?.executionRedrivenEventDetails?.redriveCount, 1);
});

test('Fail is entered again and fails again; the Task before it is not run', async () => {
  const { work, calls } = workshop();
  await using harness = await startHarness({
    work,
    definition: {
      StartAt: 'Work',
      States: { Work: { Type: 'Task', Resource: task, Next: 'GiveUp' }, GiveUp: { Type: 'Fail', Error: 'GaveUp', Cause: 'on purpose' } },
    },
  });
  const failed = await harness.run();
  const executionArn = failed.executionArn ?? '';
  await redrive(harness, executionArn);
  const again = await harness.ended(executionArn);
  assert.deepEqual([again.status, again.error, again.cause, again.redriveCount], ['FAILED', 'GaveUp', 'on purpose', 1]);
  assert.equal(calls.length, 1);
  const events = types(await harness.history(executionArn));
  assert.deepEqual(events.slice(-4), ['ExecutionFailed', 'ExecutionRedriven', 'FailStateEntered', 'ExecutionFailed']);
});

test('a Choice is evaluated again and fails again on the same input', async () => {
  const { work } = workshop();
  await using harness = await startHarness({
    work,
    definition: {
      StartAt: 'Choose',
      States: { Choose: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 1, Next: 'Done' }] }, Done: { Type: 'Succeed' } },
    },
  });
  const failed = await harness.run({ n: 2 });
  assert.equal(failed.error, 'States.NoChoiceMatched');
  await redrive(harness, failed.executionArn ?? '');
  const again = await harness.ended(failed.executionArn ?? '');
  assert.deepEqual([again.status, again.error, again.redriveCount], ['FAILED', 'States.NoChoiceMatched', 1]);
});

test('a Wait counts from its first entry: what passed before the redrive is not waited for again', async () => {
  const clock = manualClock();
  await using harness = await startHarness({
    clock,
    definition: { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 3600, End: true } } },
  });
  const executionArn = await harness.start();
  await until(async () => (await harness.history(executionArn)).length === 2, 'the Wait to be entered');
  await harness.client.send(new StopExecutionCommand({ executionArn, error: 'Stopped', cause: 'by the test' }));
  clock.advance(2 * 3_600_000);
  await redrive(harness, executionArn);
  assert.equal((await harness.ended(executionArn)).status, 'SUCCEEDED');
});

test('only the failed branch of a Parallel runs again', async () => {
  const { work, broken, calls } = workshop();
  broken.add('B');
  const branch = (name: string): object => ({ StartAt: name, States: { [name]: { Type: 'Task', Resource: task, End: true } } });
  await using harness = await startHarness({
    work: async (parameters, context) => {
      // B fails after A has succeeded.
      if (context.stateName === 'B') await until(() => calls.some((call) => call.startsWith('A')), 'A');
      return work(parameters, context);
    },
    definition: { StartAt: 'Both', States: { Both: { Type: 'Parallel', Branches: [branch('A'), branch('B')], End: true } } },
  });
  const failed = await harness.run('x');
  assert.equal(failed.status, 'FAILED');
  broken.clear();
  await redrive(harness, failed.executionArn ?? '');
  const ended = await harness.ended(failed.executionArn ?? '');
  assert.equal(ended.output, '["x","x"]');
  assert.deepEqual(calls.toSorted(), ['A:"x"', 'B:"x"', 'B:"x"']);
});

test('only failed and aborted iterations of an inline Map run again', async () => {
  const { work, broken, calls } = workshop();
  broken.add('Work:2');
  await using harness = await startHarness({
    work,
    definition: {
      StartAt: 'Each',
      States: {
        Each: { Type: 'Map', MaxConcurrency: 1, End: true, ItemProcessor: { StartAt: 'Work', States: { Work: { Type: 'Task', Resource: task, End: true } } } },
      },
    },
  });
  const failed = await harness.run([1, 2, 3]);
  assert.deepEqual(calls, ['Work:1', 'Work:2']);
  broken.clear();
  await redrive(harness, failed.executionArn ?? '');
  const ended = await harness.ended(failed.executionArn ?? '');
  assert.equal(ended.output, '[1,2,3]');
  assert.deepEqual(calls, ['Work:1', 'Work:2', 'Work:2', 'Work:3']);
});

test('after States.DataLimitExceeded of a Parallel all branches run again', async () => {
  const calls: string[] = [];
  let size = 200_000;
  const branch = (name: string): object => ({ StartAt: name, States: { [name]: { Type: 'Task', Resource: task, End: true } } });
  await using harness = await startHarness({
    work: (_parameters, context) => {
      calls.push(context.stateName);
      return 'x'.repeat(size);
    },
    definition: { StartAt: 'Both', States: { Both: { Type: 'Parallel', Branches: [branch('A'), branch('B')], End: true } } },
  });
  const failed = await harness.run();
  assert.equal(failed.error, 'States.DataLimitExceeded');
  size = 10;
  await redrive(harness, failed.executionArn ?? '');
  assert.equal((await harness.ended(failed.executionArn ?? '')).status, 'SUCCEEDED');
  assert.deepEqual(calls.toSorted(), ['A', 'A', 'B', 'B']);
});

test('a stopped execution goes on in the Task that was interrupted, whose signal was aborted', async () => {
  let finish = false;
  const aborted: string[] = [];
  await using harness = await startHarness({
    work: (parameters, { signal, stateName }) => {
      if (finish) return parameters;
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted.push(stateName);
          reject(new Error('killed'));
        });
      });
    },
    definition: { StartAt: 'Long', States: { Long: { Type: 'Task', Resource: task, End: true } } },
  });
  const executionArn = await harness.start({ n: 1 });
  await until(async () => types(await harness.history(executionArn)).includes('TaskStarted'), 'the Task to start');
  await harness.client.send(new StopExecutionCommand({ executionArn, error: 'Operator', cause: 'stop it' }));
  const stopped = await harness.describe(executionArn);
  assert.deepEqual([stopped.status, stopped.error, stopped.cause], ['ABORTED', 'Operator', 'stop it']);
  assert.deepEqual(aborted, ['Long']);
  finish = true;
  await redrive(harness, executionArn);
  assert.equal((await harness.ended(executionArn)).output, '{"n":1}');
});

test('what cannot be redriven is refused, with the reasons of the API', async () => {
  const clock = manualClock();
  const { work, broken } = workshop();
  await using harness = await startHarness({
    clock,
    work,
    definition: {
      StartAt: 'Work',
      States: { Work: { Type: 'Task', Resource: task, Next: 'Wait' }, Wait: { Type: 'Wait', SecondsPath: '$.seconds', End: true } },
    },
  });
  const succeeded = await harness.run({ seconds: 0 });
  assert.deepEqual([succeeded.redriveStatus, succeeded.redriveStatusReason], ['NOT_REDRIVABLE', 'Execution is SUCCEEDED and cannot be redriven']);
  await assert.rejects(redrive(harness, succeeded.executionArn ?? ''), { name: 'ExecutionNotRedrivable', message: 'Execution is SUCCEEDED and cannot be redriven' });

  const running = await harness.start({ seconds: 60 });
  await assert.rejects(redrive(harness, running), { name: 'ExecutionNotRedrivable', message: 'Execution is RUNNING and cannot be redriven' });
  clock.advance(60_000);
  await harness.ended(running);

  broken.add('Work');
  const failed = await harness.run({ seconds: 0 });
  clock.advance(14 * day);
  assert.equal((await harness.describe(failed.executionArn ?? '')).redriveStatus, 'REDRIVABLE');
  clock.advance(1);
  assert.deepEqual((await harness.describe(failed.executionArn ?? '')).redriveStatusReason, 'Execution redrivable period exceeded');
  await assert.rejects(redrive(harness, failed.executionArn ?? ''), { name: 'ExecutionNotRedrivable' });

  const absent = `${machineArn.replace('stateMachine', 'execution')}:absent`;
  await assert.rejects(redrive(harness, absent), { name: 'ExecutionDoesNotExist' });
});
