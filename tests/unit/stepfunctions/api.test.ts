import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateActivityCommand, DescribeExecutionCommand, DescribeMapRunCommand, DescribeStateMachineCommand, GetExecutionHistoryCommand, ListExecutionsCommand, ListStateMachinesCommand,
  StartExecutionCommand, StopExecutionCommand, type HistoryEvent,
} from '@aws-sdk/client-sfn';
import { StepFunctionsService } from '../../../local/stepfunctions/service.ts';
import { systemClock } from '../../../local/stepfunctions/clock.ts';
import { machineArn, memoryObjects, startHarness, task, types, until } from './harness.ts';

const pass = { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } };
const hang = { StartAt: 'Hang', States: { Hang: { Type: 'Wait', Seconds: 3600, End: true } } };

test('StartExecution is idempotent by name and input while the execution runs', async () => {
  await using harness = await startHarness({ definition: hang });
  const command = (name: string, input: string): StartExecutionCommand => new StartExecutionCommand({ stateMachineArn: machineArn, name, input });
  const first = await harness.client.send(command('one', '{"a":1}'));
  const again = await harness.client.send(command('one', '{"a":1}'));
  assert.equal(first.executionArn, 'arn:aws:states:us-east-1:000000000000:execution:machine:one');
  assert.deepEqual([again.executionArn, again.startDate], [first.executionArn, first.startDate]);
  await assert.rejects(harness.client.send(command('one', '{"a":2}')), { name: 'ExecutionAlreadyExists' });
  await harness.client.send(new StopExecutionCommand({ executionArn: first.executionArn }));
  await assert.rejects(harness.client.send(command('one', '{"a":1}')), { name: 'ExecutionAlreadyExists' });
  await assert.rejects(harness.client.send(command('two', '{')), { name: 'InvalidExecutionInput' });
  await assert.rejects(harness.client.send(command('two', JSON.stringify('x'.repeat(262_144)))), { name: 'InvalidExecutionInput' });
  await assert.rejects(harness.client.send(command('a name', '{}')), { name: 'InvalidName' });
  await assert.rejects(harness.client.send(command('x'.repeat(81), '{}')), { name: 'ValidationException' });
  const absent = new StartExecutionCommand({ stateMachineArn: `${machineArn}2` });
  await assert.rejects(harness.client.send(absent), { name: 'StateMachineDoesNotExist' });
  await assert.rejects(harness.client.send(new StartExecutionCommand({ stateMachineArn: 'nonsense' })), { name: 'InvalidArn' });
});

test('what does not exist is refused by name; an action that is not implemented is named', async () => {
  await using harness = await startHarness({ definition: pass });
  const executionArn = `${machineArn.replace('stateMachine', 'execution')}:absent`;
  await assert.rejects(harness.client.send(new DescribeExecutionCommand({ executionArn })), { name: 'ExecutionDoesNotExist' });
  await assert.rejects(harness.client.send(new DescribeExecutionCommand({ executionArn: machineArn })), { name: 'InvalidArn' });
  const mapRunArn = `${machineArn.replace('stateMachine', 'mapRun')}/Label:absent`;
  await assert.rejects(harness.client.send(new DescribeMapRunCommand({ mapRunArn })), { name: 'ResourceNotFound' });
  await assert.rejects(harness.client.send(new CreateActivityCommand({ name: 'a' })), { name: 'UnknownOperationException', message: /CreateActivity/ });
});

test('lists come newest first, in pages, filtered by status', async () => {
  await using harness = await startHarness({
    definition: {
      StartAt: 'C',
      States: {
        C: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericGreaterThan: 2, Next: 'Bad' }], Default: 'Good' },
        Good: { Type: 'Succeed' },
        Bad: { Type: 'Fail' },
      },
    },
  });
  for (const n of [1, 2, 3, 4, 5]) await harness.ended(await harness.start({ n }, `run-${n}`));
  const names: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await harness.client.send(new ListExecutionsCommand({ stateMachineArn: machineArn, maxResults: 2, nextToken }));
    assert.ok((page.executions ?? []).length <= 2);
    names.push(...(page.executions ?? []).map((execution) => execution.name ?? ''));
    ({ nextToken } = page);
  } while (nextToken !== undefined);
  assert.deepEqual(names, ['run-5', 'run-4', 'run-3', 'run-2', 'run-1']);
  const failed = await harness.client.send(new ListExecutionsCommand({ stateMachineArn: machineArn, statusFilter: 'FAILED', redriveFilter: 'NOT_REDRIVEN' }));
  assert.deepEqual(failed.executions?.map((execution) => execution.name), ['run-5', 'run-4', 'run-3']);
  const redriven = await harness.client.send(new ListExecutionsCommand({ stateMachineArn: machineArn, redriveFilter: 'REDRIVEN' }));
  assert.deepEqual(redriven.executions, []);
  for (const input of [{}, { stateMachineArn: machineArn, mapRunArn: 'both' }, { stateMachineArn: machineArn, statusFilter: 'PENDING_REDRIVE' as const }]) {
    await assert.rejects(harness.client.send(new ListExecutionsCommand(input)), { name: 'ValidationException' });
  }
});

test('the history has AWS\'s shape, in pages, backwards, and without data when asked', async () => {
  await using harness = await startHarness({
    definition: { StartAt: 'T', States: { T: { Type: 'Task', Resource: task, Parameters: { 'p.$': '$.a' }, End: true } } },
    work: () => ({ result: 1 }),
  });
  const { executionArn = '' } = await harness.run({ a: 1 });
  const events = await harness.history(executionArn);
  const names = ['ExecutionStarted', 'TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskStateExited', 'ExecutionSucceeded'];
  assert.deepEqual(types(events), names);
  assert.deepEqual(events.map((event) => [event.id, event.previousEventId]), [[1, 0], [2, 0], [3, 2], [4, 3], [5, 4], [6, 5], [7, 6]]);
  assert.deepEqual(events[2]?.taskScheduledEventDetails, { resourceType: 'lambda', resource: 'invoke', region: 'us-east-1', parameters: '{"p":1}' });
  assert.deepEqual(events[5]?.stateExitedEventDetails, { name: 'T', output: '{"result":1}', outputDetails: { truncated: false } });
  assert.ok(events[0]?.timestamp instanceof Date);

  const backwards = await harness.client.send(new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 3 }));
  assert.deepEqual(backwards.events?.map((event) => event.id), [7, 6, 5]);
  const rest = await harness.client.send(new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, nextToken: backwards.nextToken }));
  assert.deepEqual(rest.events?.map((event) => event.id), [4, 3, 2, 1]);
  assert.equal(rest.nextToken, undefined);
  const bare = await harness.client.send(new GetExecutionHistoryCommand({ executionArn, includeExecutionData: false }));
  assert.deepEqual(bare.events?.map((event: HistoryEvent) => event.stateEnteredEventDetails).filter((details) => details !== undefined), [{ name: 'T' }]);
});

test('state machines are described with the definition they were given', async () => {
  await using harness = await startHarness({ definition: pass });
  const described = await harness.client.send(new DescribeStateMachineCommand({ stateMachineArn: machineArn }));
  assert.deepEqual([described.name, described.type, described.status, described.definition], ['machine', 'STANDARD', 'ACTIVE', JSON.stringify(pass)]);
  const listed = await harness.client.send(new ListStateMachinesCommand());
  assert.deepEqual(listed.stateMachines?.map((machine) => machine.stateMachineArn), [machineArn]);
});

test('status changes have EventBridge\'s shape', async () => {
  await using harness = await startHarness({ definition: pass });
  const { executionArn = '', startDate, stopDate } = await harness.run({ a: 1 });
  await until(() => harness.statusEvents.length === 2, 'two events');
  const [running, succeeded] = harness.statusEvents;
  assert.deepEqual([running?.detail.status, running?.detail.stopDate, running?.detail.output], ['RUNNING', null, null]);
  assert.deepEqual(
    { ...succeeded, id: 'id', time: 'time', detail: { ...succeeded?.detail, redriveStatus: undefined, redriveStatusReason: undefined } },
    {
      version: '0', id: 'id', 'detail-type': 'Step Functions Execution Status Change', source: 'aws.states', account: '000000000000', time: 'time',
      region: 'us-east-1', resources: [executionArn],
      detail: {
        executionArn, stateMachineArn: machineArn, name: executionArn.split(':').at(-1), status: 'SUCCEEDED',
        startDate: startDate?.getTime(), stopDate: stopDate?.getTime(), input: '{"a":1}', inputDetails: { included: true },
        output: '{"a":1}', outputDetails: { included: true }, stateMachineVersionArn: null, stateMachineAliasArn: null,
        redriveCount: 0, redriveDate: null, redriveStatus: undefined, redriveStatusReason: undefined,
      },
    },
  );
});

test('a resource without an integration is refused when the service is made, with its state', () => {
  const definition = { StartAt: 'T', States: { T: { Type: 'Task', Resource: 'arn:aws:states:::glue:startJobRun', End: true } } };
  assert.throws(
    () => new StepFunctionsService({
      directory: '/nonexistent', region: 'us-east-1', accountId: '000000000000', integrations: () => undefined, objects: () => memoryObjects().store,
      clock: systemClock, random: Math.random, onStatusChange: () => undefined,
      stateMachines: [{ name: 'machine', arn: machineArn, roleArn: 'role', definition: JSON.stringify(definition) }],
    }),
    { name: 'UnsupportedDefinition', message: /T: arn:aws:states:::glue:startJobRun/ },
  );
});
