/** Whole executions: the history of the local engine against the one that AWS recorded. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadableStream } from 'node:stream/web';
import type { TaskIntegrations } from '../../local/stepfunctions/integrations/types.ts';
import { isJsonObject, type Json, type JsonObject } from '../../local/stepfunctions/language/json.ts';
import type { ListedObject, ObjectStore } from '../../local/stepfunctions/objects.ts';
import { StepFunctionsService } from '../../local/stepfunctions/service.ts';
import { passed, type Outcome, type Suite } from './cases.ts';
import { isMaskedTime, matches } from './masks.ts';
import { replayed, type RecordedEvent } from './replay.ts';
import { virtualClock } from './virtual-clock.ts';

interface RecordedCase {
  readonly id: string;
  readonly definition: string;
  readonly input: string;
  readonly aws: readonly { readonly svc: string; readonly op: string; readonly args: Record<string, Json> }[];
  readonly history: readonly RecordedEvent[];
}

/** Resources that the local runtime has integrations for. */
const supported = [
  /^arn:aws:lambda:[^:]+:\d+:function:/,
  /^arn:aws:states:::lambda:invoke$/,
  /^arn:aws:states:::ecs:runTask(\.sync)?$/,
  /^arn:aws:states:::dynamodb:(get|put|update|delete)Item$/,
  /^arn:aws:states:::aws-sdk:dynamodb:((get|put|update|delete)Item|query)$/,
  /^arn:aws:states:::aws-sdk:s3:(get|put)Object$/,
  /^arn:aws:states:::sqs:sendMessage(\.waitForTaskToken)?$/,
  /^arn:aws:states:::sns:publish$/,
];

export const executions: Suite = { file: 'executions.jsonl', judge: (recorded) => judge(recorded as RecordedCase) };

async function judge(recorded: RecordedCase): Promise<Outcome> {
  if (!isOfDefinition(recorded)) return unsupported('the recorded history is that of another definition, one that started this one');
  const directory = mkdtempSync(join(tmpdir(), 'executions-'));
  try {
    const events = await execute(recorded, directory);
    return typeof events === 'string' ? unsupported(events) : compare(recorded, events);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function unsupported(reason: string): Outcome {
  return { kind: 'unsupported', reason };
}

function isOfDefinition(recorded: RecordedCase): boolean {
  return recorded.history.every((event) => {
    const entered = event['stateEnteredEventDetails'] as { name: string } | undefined;
    return entered === undefined || recorded.definition.includes(`${JSON.stringify(entered.name)}:`);
  });
}

async function execute(recorded: RecordedCase, directory: string): Promise<JsonObject[] | string> {
  const clock = virtualClock(Date.parse('2026-01-01T00:00:00Z'));
  const objects = recordedObjects(recorded);
  const ended = Promise.withResolvers<null>();
  const integration = replayed(recorded.history, {
    succeed: async (taskToken, output) => service?.handle('SendTaskSuccess', { taskToken, output: JSON.stringify(output) }),
    fail: async (taskToken, error, cause) => service?.handle('SendTaskFailure', { taskToken, error, cause }),
    hold: () => clock.hold(),
  });
  const integrations: TaskIntegrations = (resource) => (supported.some((pattern) => pattern.test(resource)) ? integration : undefined);
  let service: StepFunctionsService | undefined;
  const stateMachineArn = 'arn:aws:states:us-east-1:111111111111:stateMachine:machine';
  try {
    service = new StepFunctionsService({
      directory, region: 'us-east-1', accountId: '111111111111', integrations, clock,
      objects: () => objects,
      random: () => 0.5,
      stateMachines: [{ name: 'machine', arn: stateMachineArn, roleArn: 'arn:aws:iam::111111111111:role/role', definition: recorded.definition }],
      onStatusChange: ({ detail }) => {
        if (detail.status !== 'RUNNING' && detail.stateMachineArn === stateMachineArn) ended.resolve(null);
      },
    });
  } catch (refusal) {
    clock.stop();
    return (refusal as Error).message;
  }
  const { executionArn } = (await service.handle('StartExecution', { stateMachineArn, input: inputOf(recorded) })) as { executionArn: string };
  await ended.promise;
  const { events } = (await service.handle('GetExecutionHistory', { executionArn, maxResults: 1000 })) as { events: JsonObject[] };
  await service.close();
  clock.stop();
  return events;
}

/** The input as it stands in the history, so that its masks stand wherever the input went, unless a time was masked. */
function inputOf(recorded: RecordedCase): string {
  const started = recorded.history.find((event) => event.type === 'ExecutionStarted');
  const input = (started?.['executionStartedEventDetails'] as JsonObject | undefined)?.['input'];
  if (!isJsonObject(input) || Object.values(input).some(isMaskedTime)) return recorded.input;
  return JSON.stringify(input);
}

function recordedObjects(recorded: RecordedCase): ObjectStore {
  const objects = new Map<string, string>();
  for (const { svc, op, args } of recorded.aws) {
    if (svc === 's3' && op === 'put_object') objects.set(textOf(args['Key']), textOf(args['Body']));
  }
  return {
    getObject: (_bucket, key) => Promise.resolve(ReadableStream.from([new TextEncoder().encode(objects.get(key) ?? '')])),
    putObject: () => Promise.resolve(),
    listObjects: () => ReadableStream.from(listed(objects)),
  };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function* listed(objects: ReadonlyMap<string, string>): Generator<ListedObject> {
  for (const [key, body] of objects) {
    yield { key, etag: '"etag"', lastModified: new Date(0), size: Buffer.byteLength(body), storageClass: 'STANDARD' };
  }
}

/** Order and ids are compared unless branches ran at once: AWS's order is then one of many. */
function compare(recorded: RecordedCase, actual: readonly JsonObject[]): Outcome {
  const concurrent = recorded.history.some((event) => event.type === 'ParallelStateEntered' || event.type === 'MapIterationStarted');
  const expected = recorded.history.map((event) => comparable(event, concurrent));
  const shown = actual.map((event) => comparable(event as unknown as RecordedEvent, concurrent));
  for (const event of expected) {
    const index = concurrent ? shown.findIndex((candidate) => matches(event, candidate)) : 0;
    const candidate = shown[index];
    if (!matches(event, candidate)) return { kind: 'miss', expected: JSON.stringify(event), actual: JSON.stringify(concurrent ? shown : candidate) };
    shown.splice(index, 1);
  }
  // What was recorded before the execution had ended is a beginning, and no more.
  if (!/^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(recorded.history.at(-1)?.type ?? '')) return passed;
  // The recorder dropped ends of Parallel states; the last id still tells how many events there were.
  const dropped = shown.every((event) => event['type'] === 'ParallelStateSucceeded' || event['type'] === 'ParallelStateExited');
  return dropped && actual.length === recorded.history.at(-1)?.id ? passed : { kind: 'miss', expected: 'no more events', actual: JSON.stringify(shown) };
}

function comparable(event: RecordedEvent, concurrent: boolean): JsonObject {
  const copy = structuredClone(event) as unknown as JsonObject;
  delete copy['timestamp'];
  if (concurrent) {
    delete copy['id'];
    delete copy['previousEventId'];
  }
  // AWS recorded both MapRunStarted and MapRunSucceeded as what the exit of a Distributed Map follows.
  if (event.type === 'MapStateExited') delete copy['previousEventId'];
  for (const details of Object.values(copy)) {
    // The text of these causes is not to be compared (it names AWS's own parser).
    if (isJsonObject(details) && details['error'] === 'States.Runtime') delete details['cause'];
  }
  return copy;
}
