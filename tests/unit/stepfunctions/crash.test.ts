import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { DescribeMapRunCommand, RedriveExecutionCommand } from '@aws-sdk/client-sfn';
import { machineArn, startHarness, task, types, until } from './harness.ts';
import { failing, mapDefinition } from './map-machine.ts';

const executionArn = `${machineArn.replace('stateMachine', 'execution')}:run`;

/** Runs the execution in another process, which dies by SIGKILL in its call number `calls`. @returns the calls */
async function killed(directory: string, definition: object, input: unknown, calls: number): Promise<string[]> {
  const text = input === 'redrive' ? input : JSON.stringify(input);
  const host = spawn(process.execPath, [join(import.meta.dirname, 'crash-host.ts'), directory, JSON.stringify(definition), text, String(calls)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(host, 'exit');
  const lines: string[] = [];
  for await (const line of createInterface({ input: host.stdout })) lines.push(line);
  await exited;
  assert.equal(host.signalCode, 'SIGKILL');
  return lines;
}

async function folder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'stepfunctions-crash-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

test('after SIGKILL an execution is ABORTED and announced; its redrive goes on at the interrupted Task', async () => {
  await using directory = await folder();
  const definition = {
    StartAt: 'First',
    States: {
      First: { Type: 'Task', Resource: task, Parameters: 'first', Next: 'Second' },
      Second: { Type: 'Task', Resource: task, InputPath: '$', Parameters: 'second', ResultPath: null, End: true },
    },
  };
  assert.deepEqual(await killed(directory.path, definition, {}, 2), ['First "first"', 'Second "second"']);

  const calls: string[] = [];
  await using harness = await startHarness({
    directory: directory.path,
    definition,
    work: (parameters, { stateName }) => {
      calls.push(stateName);
      return parameters;
    },
  });
  const description = await harness.describe(executionArn);
  assert.deepEqual([description.status, description.error, description.redriveStatus], ['ABORTED', 'Local.RuntimeStopped', 'REDRIVABLE']);
  assert.deepEqual(harness.statusEvents.map(({ detail }) => [detail.executionArn, detail.status]), [[executionArn, 'ABORTED']]);
  await harness.client.send(new RedriveExecutionCommand({ executionArn }));
  const ended = await harness.ended(executionArn);
  assert.equal(ended.output, '"first"');
  assert.deepEqual(calls, ['Second']);
  assert.deepEqual(types(await harness.history(executionArn)).slice(-7), [
    'TaskStarted', 'ExecutionAborted', 'ExecutionRedriven', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskStateExited', 'ExecutionSucceeded',
  ].slice(-7));
});

test('after SIGKILL the children of a Map Run keep their ARNs, and only what was not done is done', async () => {
  await using directory = await folder();
  const definition = {
    StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map',
        Label: 'Branch',
        MaxConcurrency: 2,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'Prepare',
          States: {
            Prepare: { Type: 'Pass', Result: 'prepared', ResultPath: '$.prepared', Next: 'Work' },
            Work: { Type: 'Task', Resource: task, Parameters: { 'value.$': '$.value' }, ResultSelector: { 'value.$': '$.value' }, Next: 'Again' },
            Again: { Type: 'Task', Resource: task, InputPath: '$.value', End: true },
          },
        },
        End: true,
      },
    },
  };
  const items = ['a', 'hang', 'b', 'hang', 'c'].map((value) => ({ value }));
  // a: 2 calls, then hang: 2, b: 2, hang: 2; the second "hang" of each hangs, and c never starts.
  const lines = await killed(directory.path, definition, items, 8);
  assert.equal(lines.filter((line) => line === 'Again "hang"').length, 2);

  const calls: string[] = [];
  await using harness = await startHarness({
    directory: directory.path,
    definition,
    work: (parameters, { stateName }) => {
      calls.push(`${stateName} ${JSON.stringify(parameters)}`);
      return parameters;
    },
  });
  const before = await harness.children(executionArn);
  assert.deepEqual(before.children.map((child) => child.status), ['SUCCEEDED', 'ABORTED', 'SUCCEEDED', 'ABORTED']);
  assert.deepEqual(harness.statusEvents.map(({ detail }) => detail.status), ['ABORTED', 'ABORTED', 'ABORTED']);
  const mapRun = await harness.client.send(new DescribeMapRunCommand({ mapRunArn: before.mapRunArn }));
  assert.deepEqual([mapRun.status, mapRun.itemCounts?.pending, mapRun.itemCounts?.aborted], ['ABORTED', 1, 2]);

  await harness.client.send(new RedriveExecutionCommand({ executionArn }));
  const ended = await harness.ended(executionArn);
  assert.equal(ended.output, '["a","hang","b","hang","c"]');
  assert.deepEqual(calls.toSorted(), ['Again "c"', 'Again "hang"', 'Again "hang"', 'Work {"value":"c"}']);
  const after = await harness.children(executionArn);
  assert.equal(after.mapRunArn, before.mapRunArn);
  assert.deepEqual(after.children.slice(0, 4).map((child) => child.executionArn), before.children.map((child) => child.executionArn));
});

test('a service that is closed leaves its executions to the next start; status events that failed come again', async () => {
  await using directory = await folder();
  const definition = { StartAt: 'Work', States: { Work: { Type: 'Task', Resource: task, End: true } } };
  {
    await using harness = await startHarness({
      directory: directory.path,
      definition,
      work: (parameters, { signal }) =>
        parameters === 'quick'
          ? parameters
          : new Promise((_resolve, reject) => { signal.addEventListener('abort', () => { reject(new Error('closed')); }); }),
      onStatusChange: ({ detail }) => (detail.name === 'quick' && detail.status === 'SUCCEEDED' ? Promise.reject(new Error('busy')) : undefined),
    });
    await harness.ended(await harness.start('quick', 'quick'));
    await harness.start('slow', 'run');
  }
  await using harness = await startHarness({ directory: directory.path, definition });
  assert.equal((await harness.describe(executionArn)).error, 'Local.RuntimeStopped');
  assert.deepEqual(
    harness.statusEvents.map(({ detail }) => [detail.name, detail.status]).toSorted(),
    [['quick', 'SUCCEEDED'], ['run', 'ABORTED']],
  );
});

test('with the events of children switched off, a run announces itself alone, and no start announces the others later', async () => {
  await using directory = await folder();
  const definition = mapDefinition({ ToleratedFailurePercentage: 100 });
  {
    await using harness = await startHarness({ directory: directory.path, definition, childStatusEvents: false, work: failing(new Set([2])) });
    await harness.ended(await harness.start([1, 2, 3], 'run'));
    assert.deepEqual((await harness.children(executionArn)).children.map(({ status }) => status), ['SUCCEEDED', 'FAILED', 'SUCCEEDED']);
    await until(() => harness.statusEvents.length >= 2, 'the events of the run');
    assert.deepEqual(harness.statusEvents.map(({ detail }) => [detail.name, detail.status]), [['run', 'RUNNING'], ['run', 'SUCCEEDED']]);
  }
  await using harness = await startHarness({ directory: directory.path, definition });
  assert.deepEqual(harness.statusEvents, []);
});

test('killed again and again at arbitrary moments, a Map Run loses nothing and runs no Task twice that had ended', async () => {
  await using directory = await folder();
  const definition = {
    StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map',
        MaxConcurrency: 3,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'One',
          States: { One: { Type: 'Task', Resource: task, Next: 'Two' }, Two: { Type: 'Task', Resource: task, End: true } },
        },
        End: true,
      },
    },
  };
  const items = Array.from({ length: 40 }, (_, index) => index);
  const lines = await killed(directory.path, definition, items, 1);
  for (const calls of [2, 17, 5, 23]) lines.push(...(await killed(directory.path, definition, 'redrive', calls)));

  await using harness = await startHarness({
    directory: directory.path,
    definition,
    work: (parameters, { stateName }) => {
      lines.push(`${stateName} ${JSON.stringify(parameters)}`);
      return parameters;
    },
  });
  await harness.client.send(new RedriveExecutionCommand({ executionArn }));
  const ended = await harness.ended(executionArn);
  assert.equal(ended.output, JSON.stringify(items));
  assert.equal(ended.redriveCount, 5);
  for (const item of items) {
    assert.ok(lines.includes(`One ${item}`) && lines.includes(`Two ${item}`), `item ${item}`);
    assert.ok(lines.lastIndexOf(`One ${item}`) < lines.indexOf(`Two ${item}`), `One of item ${item} did not run again after Two had begun`);
  }
  // Five deaths can interrupt three Tasks each.
  assert.ok(lines.length <= 80 + 15, `${lines.length} calls`);
  const { children } = await harness.children(executionArn);
  for (const child of children) {
    const events = await harness.history(child.executionArn ?? '');
    assert.deepEqual(events.map((event) => event.id), events.map((_, index) => index + 1));
    assert.equal(types(events).filter((type) => type === 'TaskSucceeded').length, 2);
  }
});
