/** What AWS's recorded executions answer and the States Language does not say. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RedriveExecutionCommand, SendTaskFailureCommand, type HistoryEvent } from '@aws-sdk/client-sfn';
import type { Json, JsonObject } from '../../../local/stepfunctions/language/json.ts';
import { machineArn, manualClock, memoryObjects, startHarness, task, types, until, type Harness } from './harness.ts';
import { mapDefinition, reader } from './map-machine.ts';

const waiting = 'arn:aws:states:::sqs:sendMessage.waitForTaskToken';

interface Waiting extends AsyncDisposable {
  readonly harness: Harness;
  readonly clock: ReturnType<typeof manualClock>;
  readonly token: () => string;
  readonly executionArn: string;
}

/** An execution whose one Task waits for its token, with the given Retry and Catch; what is caught is its output. */
async function startWaiting(fields: JsonObject): Promise<Waiting> {
  const clock = manualClock();
  let token = '';
  const caught = 'Catch' in fields ? { Caught: { Type: 'Pass', End: true } } : {};
  const harness = await startHarness({
    clock,
    work: (_, context) => {
      token = context.taskToken ?? '';
      return {};
    },
    definition: {
      StartAt: 'Work',
      States: { Work: { Type: 'Task', Resource: waiting, End: true, HeartbeatSeconds: 30, ...fields }, ...caught },
    },
  });
  const executionArn = await harness.start();
  await until(async () => types(await harness.history(executionArn)).includes('TaskSubmitted'), 'the Task to wait');
  return { harness, clock, token: () => token, executionArn, [Symbol.asyncDispose]: () => harness[Symbol.asyncDispose]() };
}

function catching(...names: string[]): JsonObject {
  return { Catch: [{ ErrorEquals: names, Next: 'Caught' }] };
}

async function caughtHeartbeat(...names: string[]): Promise<Json> {
  await using execution = await startWaiting(catching(...names));
  execution.clock.advance(30_000);
  const { output = '{}' } = await execution.harness.ended(execution.executionArn);
  return (JSON.parse(output) as { Error?: string }).Error ?? null;
}

test('a missed heartbeat is States.Timeout in the history, and has a name of its own for Retry and Catch alone', async () => {
  await using uncaught = await startWaiting({});
  uncaught.clock.advance(30_000);
  assert.equal((await uncaught.harness.ended(uncaught.executionArn)).error, 'States.Timeout');
  const event = (await uncaught.harness.history(uncaught.executionArn)).find(({ type }) => type === 'TaskTimedOut');
  assert.deepEqual(event?.taskTimedOutEventDetails, { resourceType: 'sqs', resource: 'sendMessage.waitForTaskToken', error: 'States.Timeout' });

  assert.equal(await caughtHeartbeat('States.HeartbeatTimeout'), 'States.HeartbeatTimeout');
  assert.equal(await caughtHeartbeat('States.HeartbeatTimeout', 'States.Timeout'), 'States.HeartbeatTimeout');
  assert.equal(await caughtHeartbeat('States.Timeout'), 'States.Timeout');
  assert.equal(await caughtHeartbeat('States.ALL'), 'States.Timeout');
  assert.equal(await caughtHeartbeat('States.TaskFailed'), null);
});

test('TimeoutSeconds is no missed heartbeat', async () => {
  await using execution = await startWaiting({ ...catching('States.HeartbeatTimeout'), TimeoutSeconds: 31, HeartbeatSeconds: 30 });
  execution.clock.advance(20_000);
  await execution.harness.service.handle('SendTaskHeartbeat', { taskToken: execution.token() });
  execution.clock.advance(11_000);
  const ended = await execution.harness.ended(execution.executionArn);
  assert.deepEqual([ended.status, ended.error], ['FAILED', 'States.Timeout']);
});

test('a Task is tried again after a missed heartbeat by a retrier of either name', async () => {
  for (const name of ['States.HeartbeatTimeout', 'States.Timeout']) {
    await using execution = await startWaiting({ Retry: [{ ErrorEquals: [name], MaxAttempts: 1, IntervalSeconds: 1 }] });
    const scheduled = async (): Promise<number> =>
      types(await execution.harness.history(execution.executionArn)).filter((type) => type === 'TaskScheduled').length;
    execution.clock.advance(30_000);
    await until(async () => types(await execution.harness.history(execution.executionArn)).includes('TaskTimedOut'), 'the time-out');
    await until(async () => {
      execution.clock.advance(1_000);
      return (await scheduled()) === 2;
    }, `a second try for ${name}`);
  }
});

test('of what SendTaskFailure leaves out the history has nothing, and a Catch is given null', async () => {
  const reports = [
    [{}, {}, { Error: null, Cause: null }],
    [{ error: 'No' }, { error: 'No' }, { Error: 'No', Cause: null }],
    [{ cause: 'because' }, { cause: 'because' }, { Error: null, Cause: 'because' }],
  ] as const;
  for (const [given, recorded, output] of reports) {
    await using execution = await startWaiting(catching('States.ALL'));
    await execution.harness.client.send(new SendTaskFailureCommand({ taskToken: execution.token(), ...given }));
    const ended = await execution.harness.ended(execution.executionArn);
    assert.deepEqual(JSON.parse(ended.output ?? ''), output);
    const failed = (await execution.harness.history(execution.executionArn)).find(({ type }) => type === 'TaskFailed');
    assert.deepEqual(failed?.taskFailedEventDetails, { resourceType: 'sqs', resource: 'sendMessage.waitForTaskToken', ...recorded });
  }
  await using uncaught = await startWaiting({});
  await uncaught.harness.client.send(new SendTaskFailureCommand({ taskToken: uncaught.token() }));
  const { status, error, cause } = await uncaught.harness.ended(uncaught.executionArn);
  assert.deepEqual([status, error, cause], ['FAILED', undefined, undefined]);
});

/** The history of a machine's execution that fails, without its beginning; and its error. */
async function failure(definition: object, input: Json): Promise<readonly [string, string | undefined, string | undefined]> {
  await using harness = await startHarness({ definition, objects: memoryObjects({ 'bucket/list.csv': 'A\n1\n2\n' }).store });
  const ended = await harness.run(input);
  const events: HistoryEvent[] = await harness.history(ended.executionArn ?? '');
  return [types(events).slice(2).join(' '), ended.error, ended.cause];
}

const inlineMap = (fields: JsonObject): object => ({
  StartAt: 'Each',
  States: { Each: { Type: 'Map', ItemsPath: '$.items', End: true, ItemProcessor: { StartAt: 'One', States: { One: { Type: 'Pass', End: true } } }, ...fields } },
});
const located = "An error occurred while executing the state 'Each' (entered at the event id #2).";

test('a Map whose concurrency or items cannot be read fails before it starts', async () => {
  const started = { items: [1], limit: 'many' };
  const invalid = `${located} The MaxConcurrencyPath field refers to value "many" which is not a valid integer: $.limit`;
  for (const definition of [inlineMap({ MaxConcurrencyPath: '$.limit' }), mapDefinition({ ItemsPath: '$.items', MaxConcurrencyPath: '$.limit' })]) {
    assert.deepEqual(await failure(definition, started), ['ExecutionFailed', 'States.Runtime', invalid]);
    assert.deepEqual((await failure(definition, { items: [1], limit: -1 })).slice(0, 2), ['ExecutionFailed', 'States.Runtime']);
    assert.deepEqual((await failure(definition, { items: 1, limit: 1 })).slice(0, 2), ['ExecutionFailed', 'States.Runtime']);
  }
});

test('limits of an ItemReader: what is no integer starts no Map Run, a negative one fails it', async () => {
  const definition = mapDefinition(reader('list.csv', { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW', MaxItemsPath: '$.most' }));
  assert.deepEqual(await failure(definition, { most: 1.5 }), [
    'MapStateStarted ExecutionFailed', 'States.Runtime', `${located} The MaxItemsPath field refers to value "1.5" which is not a valid integer: $.most`,
  ]);
  assert.deepEqual(await failure(definition, { most: -1 }), [
    'MapStateStarted MapRunStarted MapRunFailed MapStateFailed ExecutionFailed', 'States.ItemReaderFailed', 'field MaxItems must be positive',
  ]);
  const batched = mapDefinition({ ItemBatcher: { MaxItemsPerBatchPath: '$.most' }, ItemsPath: '$.items' });
  assert.deepEqual((await failure(batched, { items: [1], most: 'few' })).slice(0, 2), ['MapStateStarted ExecutionFailed', 'States.Runtime']);
});

test('a Wait of more seconds than a signed 32-bit integer holds fails', async () => {
  const clock = manualClock();
  const definition = { StartAt: 'Until', States: { Until: { Type: 'Wait', TimestampPath: '$.at', End: true } } };
  await using harness = await startHarness({ clock, definition });
  const inDays = (days: number): JsonObject => ({ at: new Date(clock.now() + days * 86_400_000).toISOString() });
  const ended = await harness.run(inDays(24_856));
  assert.equal(ended.error, 'States.Runtime');
  assert.match(ended.cause ?? '', /Wait state delay is too long\.$/);
  const begun = await harness.start(inDays(24_855));
  await until(async () => types(await harness.history(begun)).includes('WaitStateEntered'), 'the Wait');
  assert.equal((await harness.describe(begun)).status, 'RUNNING');
});

test('a number keeps its text on its way through Tasks, children of a Map Run and templates, and is a number all the same', async () => {
  const { States: { Each: map } } = mapDefinition({ ItemsPath: '$.given.list', ResultPath: '$.each' }) as { States: { Each: JsonObject } };
  const texts = { 'each.$': '$.each', 'zero.$': '$.given.zero', 'sum.$': 'States.MathAdd($.given.zero, 1)', 'text.$': 'States.JsonToString($.given)' };
  await using harness = await startHarness({
    definition: {
      StartAt: 'Ask',
      States: {
        Ask: { Type: 'Task', Resource: task, Parameters: { 'given.$': '$' }, Next: 'Each' },
        Each: { ...map, End: undefined, Next: 'Check' },
        Check: { Type: 'Choice', Choices: [{ And: [{ Variable: '$.given.zero', NumericEquals: 0 }, { Variable: '$.given.price', IsNumeric: true }], Next: 'Last' }] },
        Last: { Type: 'Pass', Parameters: texts, End: true },
      },
    },
  });
  const input = '{"zero":0.0,"price":1.50,"power":1e3,"large":12345678901234567890,"plain":1,"list":[0.0,-0,7]}';
  const { executionArn } = (await harness.service.handle('StartExecution', { stateMachineArn: machineArn, input })) as { executionArn: string };
  const { status, output, cause } = await harness.ended(executionArn);
  assert.equal(status, 'SUCCEEDED', cause);
  const written = input.replace('-0', '0');
  assert.equal(output, `{"each":[0.0,0,7],"zero":0.0,"sum":1,"text":${JSON.stringify(written)}}`);
  const scheduled = (await harness.history(executionArn)).find(({ type }) => type === 'TaskScheduled');
  assert.equal(scheduled?.taskScheduledEventDetails?.parameters, `{"given":${written}}`);
});

test('numbers of a redriven execution keep their text', async () => {
  let broken = true;
  const work = (parameters: Json): Json => {
    if (broken) throw new Error('not yet');
    return parameters;
  };
  const definition = { StartAt: 'First', States: { First: { Type: 'Pass', Next: 'Work' }, Work: { Type: 'Task', Resource: task, End: true } } };
  await using harness = await startHarness({ definition, work });
  const { executionArn } = (await harness.service.handle('StartExecution', { stateMachineArn: machineArn, input: '[0.0]' })) as { executionArn: string };
  await harness.ended(executionArn);
  broken = false;
  await harness.client.send(new RedriveExecutionCommand({ executionArn }));
  assert.equal((await harness.ended(executionArn)).output, '[0.0]');
});
