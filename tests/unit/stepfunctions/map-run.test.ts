import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DescribeMapRunCommand, DescribeStateMachineForExecutionCommand, ListExecutionsCommand, RedriveExecutionCommand, StopExecutionCommand, UpdateMapRunCommand,
  type DescribeMapRunCommandOutput,
} from '@aws-sdk/client-sfn';
import { StatesError } from '../../../local/stepfunctions/language/errors.ts';
import type { Json, JsonObject } from '../../../local/stepfunctions/language/json.ts';
import { machineArn, manualClock, memoryObjects, pause, startHarness, task, types, until, type Harness } from './harness.ts';
import { failing, mapDefinition, reader, writer } from './map-machine.ts';

function describe(harness: Harness, mapRunArn: string): Promise<DescribeMapRunCommandOutput> {
  return harness.client.send(new DescribeMapRunCommand({ mapRunArn }));
}

test('1,000 children of a JSON-lines file: own ARNs and histories, outputs in the order of the items', async () => {
  const lines = Array.from({ length: 1_000 }, (_, n) => JSON.stringify({ n, text: 'é' })).join('\n');
  let [active, most] = [0, 0];
  await using harness = await startHarness({
    objects: memoryObjects({ 'bucket/list.jsonl': `${lines}\n` }).store,
    work: async (parameters) => {
      active += 1;
      most = Math.max(most, active);
      await new Promise(setImmediate);
      active -= 1;
      return parameters;
    },
    definition: mapDefinition({
      ...reader('list.jsonl', { InputType: 'JSONL' }),
      MaxConcurrencyPath: '$.concurrency',
      ItemSelector: { 'n.$': '$$.Map.Item.Value.n', 'index.$': '$$.Map.Item.Index', 'run.$': '$$.Execution.Name' },
    }),
  });
  const ended = await harness.run({ concurrency: 40 });
  assert.equal(ended.status, 'SUCCEEDED', ended.cause);
  const outputs = JSON.parse(ended.output ?? '') as { n: number; index: number; run: string }[];
  assert.deepEqual(outputs.map(({ n, index }) => [n, index]), Array.from({ length: 1_000 }, (_, n) => [n, n]));
  assert.equal(outputs[0]?.run, ended.name);
  assert.equal(most, 40, 'MaxConcurrency is used to the full, never more');

  const { mapRunArn, children } = await harness.children(ended.executionArn ?? '');
  assert.match(mapRunArn, /^arn:aws:states:us-east-1:000000000000:mapRun:machine\/Branch:[0-9a-f-]{36}$/);
  assert.equal(children.length, 1_000);
  const child = await harness.describe(children[0]?.executionArn ?? '');
  assert.equal(child.executionArn, `arn:aws:states:us-east-1:000000000000:execution:machine/Branch:${child.name ?? ''}`);
  assert.equal(child.stateMachineArn, `${machineArn}/Branch`);
  assert.equal(child.mapRunArn, mapRunArn);
  assert.deepEqual(types(await harness.history(child.executionArn)), [
    'ExecutionStarted', 'TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskStateExited', 'ExecutionSucceeded',
  ]);
  assert.deepEqual(types(await harness.history(ended.executionArn ?? '')), [
    'ExecutionStarted', 'MapStateEntered', 'MapStateStarted', 'MapRunStarted', 'MapRunSucceeded', 'MapStateSucceeded', 'MapStateExited', 'ExecutionSucceeded',
  ]);
  const described = await describe(harness, mapRunArn);
  assert.equal(described.status, 'SUCCEEDED');
  assert.deepEqual([described.executionCounts?.succeeded, described.itemCounts?.total, described.maxConcurrency], [1_000, 1_000, 40]);
  const machine = await harness.client.send(new DescribeStateMachineForExecutionCommand({ executionArn: child.executionArn }));
  assert.deepEqual([machine.label, machine.mapRunArn], ['Branch', mapRunArn]);
});

test('the first failure ends the Map Run and aborts its siblings; redrive runs the unsuccessful and the never started', async () => {
  const broken = new Set([2]);
  const calls: number[] = [];
  let hold = true;
  await using harness = await startHarness({
    work: async (parameters, context) => {
      if (parameters === 1 && hold) await new Promise((_resolve, reject) => { context.signal.addEventListener('abort', () => { reject(new Error('aborted')); }); });
      return failing(broken, calls)(parameters, context);
    },
    definition: mapDefinition({ MaxConcurrency: 2 }),
  });
  const failed = await harness.run([0, 1, 2, 3, 4]);
  assert.deepEqual([failed.status, failed.error, failed.cause], [
    'FAILED', 'States.ExceedToleratedFailureThreshold', 'The specified tolerated failure threshold was exceeded',
  ]);
  const executionArn = failed.executionArn ?? '';
  const { mapRunArn, children } = await harness.children(executionArn);
  assert.deepEqual(children.map((child) => child.status), ['SUCCEEDED', 'ABORTED', 'FAILED']);
  const described = await describe(harness, mapRunArn);
  assert.equal(described.status, 'FAILED');
  assert.deepEqual(
    [described.itemCounts?.pending, described.itemCounts?.succeeded, described.itemCounts?.failed, described.itemCounts?.aborted, described.itemCounts?.total],
    [2, 1, 1, 1, 5],
  );
  const failedChild = await harness.describe(children[2]?.executionArn ?? '');
  assert.equal(failedChild.redriveStatus, 'REDRIVABLE_BY_MAP_RUN');
  await assert.rejects(
    harness.client.send(new RedriveExecutionCommand({ executionArn: failedChild.executionArn ?? '' })),
    { name: 'ExecutionNotRedrivable', message: /redriving its parent/ },
  );

  hold = false;
  broken.clear();
  calls.length = 0;
  await harness.client.send(new RedriveExecutionCommand({ executionArn }));
  const ended = await harness.ended(executionArn);
  assert.equal(ended.status, 'SUCCEEDED', ended.cause);
  assert.equal(ended.output, '[0,1,2,3,4]');
  assert.deepEqual(calls.toSorted(), [1, 2, 3, 4]);
  const after = await harness.children(executionArn);
  assert.equal(after.mapRunArn, mapRunArn);
  assert.deepEqual(after.children.slice(0, 3).map((child) => child.executionArn), children.map((child) => child.executionArn));
  assert.deepEqual(after.children.map((child) => child.redriveCount), [0, 1, 1, 0, 0]);
  const redriven = await describe(harness, mapRunArn);
  assert.deepEqual([redriven.status, redriven.redriveCount, redriven.executionCounts?.succeeded], ['SUCCEEDED', 1, 5]);
  const events = await harness.history(executionArn);
  assert.deepEqual(types(events).slice(types(events).indexOf('ExecutionRedriven')), [
    'ExecutionRedriven', 'MapRunRedriven', 'MapRunSucceeded', 'MapStateSucceeded', 'MapStateExited', 'ExecutionSucceeded',
  ]);
  assert.deepEqual(events.find((event) => event.type === 'MapRunRedriven')?.mapRunRedrivenEventDetails, { mapRunArn, redriveCount: 1 });
  assert.deepEqual(types(await harness.history(children[1]?.executionArn ?? '')).slice(-7), [
    'ExecutionAborted', 'ExecutionRedriven', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskStateExited', 'ExecutionSucceeded',
  ]);
});

test('a redriven child goes on at its failed Task', async () => {
  const broken = new Set<string>(['Second']);
  const calls: string[] = [];
  await using harness = await startHarness({
    work: (parameters, { stateName, executionArn }) => {
      calls.push(`${stateName}:${JSON.stringify(parameters)}:${executionArn.includes('machine/Branch:') ? 'child' : 'parent'}`);
      if (broken.has(stateName)) throw new StatesError('Broken', '');
      return parameters;
    },
    definition: mapDefinition({}, { Work: { Type: 'Task', Resource: task, Next: 'Second' }, Second: { Type: 'Task', Resource: task, End: true } }),
  });
  const failed = await harness.run([7]);
  broken.clear();
  await harness.client.send(new RedriveExecutionCommand({ executionArn: failed.executionArn ?? '' }));
  assert.equal((await harness.ended(failed.executionArn ?? '')).output, '[7]');
  assert.deepEqual(calls, ['Work:7:child', 'Second:7:child', 'Second:7:child']);
});

test('tolerated failures leave the parent SUCCEEDED; count and percentage each end the Map Run when passed', async () => {
  const cases = [
    { tolerance: { ToleratedFailurePercentage: 100 }, status: 'SUCCEEDED' },
    { tolerance: { ToleratedFailureCount: 2 }, status: 'SUCCEEDED' },
    { tolerance: { ToleratedFailureCount: 1 }, status: 'FAILED' },
    { tolerance: { ToleratedFailurePercentage: 50 }, status: 'SUCCEEDED' },
    { tolerance: { ToleratedFailurePercentage: 49 }, status: 'FAILED' },
    { tolerance: { ToleratedFailureCountPath: '$.limits.count', ToleratedFailurePercentagePath: '$.limits.percentage' }, status: 'FAILED' },
  ];
  for (const { tolerance, status } of cases) {
    await using harness = await startHarness({
      work: failing(new Set([1, 2])),
      definition: mapDefinition({ ItemsPath: '$.items', ...tolerance }),
    });
    const ended = await harness.run({ items: [0, 1, 2, 3], limits: { count: 4, percentage: 25 } });
    assert.equal(ended.status, status, JSON.stringify(tolerance));
    if (status === 'SUCCEEDED') assert.equal(ended.output, '[0,3]');
  }
});

test('a child that was closed more than 14 days ago stays as it is when its parent is redriven', async () => {
  const clock = manualClock();
  const broken = new Set([1, 2]);
  const calls: number[] = [];
  await using harness = await startHarness({
    clock,
    work: failing(broken, calls),
    definition: mapDefinition({ ToleratedFailurePercentage: 60, MaxConcurrency: 1 }, {
      Work: { Type: 'Task', Resource: task, Next: 'Pause' },
      Pause: { Type: 'Wait', Seconds: 15 * 86_400, End: true },
    }),
  });
  // Child 1 fails, child 0 then waits for 15 days while the first failure grows old, and is stopped with its parent.
  const executionArn = await harness.start([1, 0, 2]);
  await until(async () => (await harness.children(executionArn)).children.length === 2, 'the second child');
  const first = await harness.children(executionArn);
  await until(async () => types(await harness.history(first.children[1]?.executionArn ?? '')).includes('WaitStateEntered'), 'the Wait');
  clock.advance(14 * 86_400_000 + 1);
  await harness.client.send(new StopExecutionCommand({ executionArn }));
  await until(async () => (await describe(harness, first.mapRunArn)).status === 'ABORTED', 'the Map Run to end');
  const counts = (await describe(harness, first.mapRunArn)).executionCounts;
  assert.deepEqual([counts?.failed, counts?.aborted, counts?.pending, counts?.failuresNotRedrivable], [1, 1, 1, 1]);
  broken.clear();
  calls.length = 0;
  clock.advance(86_400_000);
  await harness.client.send(new RedriveExecutionCommand({ executionArn }));
  await until(() => calls.includes(2), 'the last child');
  assert.deepEqual(calls, [2], 'the old failure is not run again');
  const last = (await harness.children(executionArn)).children[2]?.executionArn ?? '';
  await until(async () => types(await harness.history(last)).includes('WaitStateEntered'), 'the last Wait');
  clock.advance(16 * 86_400_000);
  const ended = await harness.ended(executionArn);
  assert.equal(ended.status, 'SUCCEEDED', ended.cause);
  assert.deepEqual((await harness.children(executionArn)).children.map((child) => child.status), ['FAILED', 'SUCCEEDED', 'SUCCEEDED']);
});

test('stopping the parent aborts the children, whose tasks are told, and their status events name them', async () => {
  const aborted: Json[] = [];
  await using harness = await startHarness({
    work: (parameters, { signal }) => new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        aborted.push(parameters);
        reject(new Error('stopped'));
      });
    }),
    definition: mapDefinition({ ToleratedFailurePercentage: 100 }),
  });
  const executionArn = await harness.start([1, 2]);
  await until(async () => (await harness.children(executionArn)).children.length === 2, 'two children');
  const { mapRunArn, children } = await harness.children(executionArn);
  await until(async () => types(await harness.history(children[1]?.executionArn ?? '')).includes('TaskStarted'), 'the tasks');
  await harness.client.send(new StopExecutionCommand({ executionArn }));
  await until(async () => (await describe(harness, mapRunArn)).status === 'ABORTED', 'the Map Run to end');
  assert.deepEqual(aborted, [1, 2]);
  const events = harness.statusEvents.filter((event) => event.detail.status === 'ABORTED');
  assert.deepEqual(
    events.map((event) => [event.detail.executionArn, event.detail.stateMachineArn]).toSorted(),
    [[executionArn, machineArn], ...children.map((child) => [child.executionArn, `${machineArn}/Branch`])].toSorted(),
  );
});

test('UpdateMapRun raises the concurrency of a Map Run under way; filters of ListExecutions', async () => {
  const open = new Set<() => void>();
  await using harness = await startHarness({
    work: (parameters) => new Promise((resolve) => { open.add(() => { resolve(parameters); }); }),
    definition: mapDefinition({ MaxConcurrency: 1 }),
  });
  const executionArn = await harness.start([1, 2, 3]);
  await until(() => open.size === 1, 'one Task');
  const { mapRunArn } = await harness.children(executionArn);
  await harness.client.send(new UpdateMapRunCommand({ mapRunArn, maxConcurrency: 3 }));
  await until(() => open.size === 3, 'three Tasks');
  const list = async (statusFilter: 'RUNNING' | 'SUCCEEDED'): Promise<number> =>
    (await harness.client.send(new ListExecutionsCommand({ mapRunArn, statusFilter }))).executions?.length ?? 0;
  assert.equal(await list('RUNNING'), 3);
  for (const finish of open) finish();
  assert.equal((await harness.ended(executionArn)).output, '[1,2,3]');
  assert.equal(await list('SUCCEEDED'), 3);
  assert.equal((await describe(harness, mapRunArn)).maxConcurrency, 3);
});

test('a Map whose failure was caught has exited: redrive goes on after it', async () => {
  const calls: Json[] = [];
  const broken = new Set(['After']);
  await using harness = await startHarness({
    work: (parameters, { stateName }) => {
      calls.push(stateName);
      if (stateName === 'Work' || broken.has(stateName)) throw new StatesError('Broken', '');
      return parameters;
    },
    definition: {
      StartAt: 'Each',
      States: {
        ...(mapDefinition({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'After' }], Next: 'After', End: undefined as unknown as Json })['States'] as JsonObject),
        After: { Type: 'Task', Resource: task, End: true },
      },
    },
  });
  const failed = await harness.run([1]);
  assert.equal(failed.error, 'Broken');
  broken.clear();
  await harness.client.send(new RedriveExecutionCommand({ executionArn: failed.executionArn ?? '' }));
  assert.equal((await harness.ended(failed.executionArn ?? '')).status, 'SUCCEEDED');
  assert.deepEqual(calls, ['Work', 'After', 'After']);
});

test('two redrives at once, while the Map Run is still being cancelled: one goes on, the other is refused', async () => {
  let hold = true;
  const { store, objects } = memoryObjects();
  const slow = { ...store, putObject: async (...input: Parameters<typeof store.putObject>) => { await pause(50); await store.putObject(...input); } };
  await using harness = await startHarness({
    objects: slow,
    work: (parameters) => (hold ? new Promise(() => undefined) : parameters),
    definition: mapDefinition(writer),
  });
  const executionArn = await harness.start([1, 2]);
  await until(async () => (await harness.children(executionArn)).children.length === 2, 'two children');
  await harness.client.send(new StopExecutionCommand({ executionArn }));
  hold = false;
  const answers = await Promise.allSettled([1, 2].map(() => harness.client.send(new RedriveExecutionCommand({ executionArn }))));
  assert.deepEqual(answers.map((answer) => answer.status).toSorted(), ['fulfilled', 'rejected']);
  const ended = await harness.ended(executionArn);
  assert.deepEqual([ended.status, ended.redriveCount], ['SUCCEEDED', 1]);
  const manifest = JSON.parse([...objects].find(([key]) => key.endsWith('manifest.json'))?.[1] ?? '') as { ResultFiles: { SUCCEEDED: object[] } };
  assert.equal(manifest.ResultFiles.SUCCEEDED.length, 1);
});
