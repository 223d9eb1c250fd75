/** A Step Functions service behind the runtime's own endpoint, with the SDK's client, for one test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadableStream } from 'node:stream/web';
import {
  DescribeExecutionCommand, GetExecutionHistoryCommand, ListExecutionsCommand, ListMapRunsCommand, SFNClient, StartExecutionCommand,
  type DescribeExecutionCommandOutput, type ExecutionListItem, type HistoryEvent,
} from '@aws-sdk/client-sfn';
import { startEndpoint } from '../../../local/endpoint/server.ts';
import { systemClock, type Clock } from '../../../local/stepfunctions/clock.ts';
import type { TaskContext } from '../../../local/stepfunctions/integrations/types.ts';
import type { Json } from '../../../local/stepfunctions/language/json.ts';
import type { ListedObject, ObjectStore } from '../../../local/stepfunctions/objects.ts';
import { StepFunctionsService } from '../../../local/stepfunctions/service.ts';
import type { StatusChangeEvent } from '../../../local/stepfunctions/status-events.ts';
import { credentials, secretOf } from '../../support/keys.ts';

export const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:machine';
export const task = 'arn:aws:states:::lambda:invoke';

/** What a Task of the test does; `task.stateName` says which. */
export type Work = (parameters: Json, task: TaskContext) => Promise<Json> | Json;

export interface Options {
  readonly definition: object;
  readonly work?: Work;
  readonly clock?: Clock;
  readonly directory?: string;
  readonly objects?: ObjectStore;
  readonly onStatusChange?: (event: StatusChangeEvent) => void | Promise<void>;
  readonly childStatusEvents?: boolean;
}

export interface Harness extends AsyncDisposable {
  readonly client: SFNClient;
  readonly service: StepFunctionsService;
  readonly directory: string;
  readonly statusEvents: StatusChangeEvent[];
  start(input?: Json, name?: string): Promise<string>;
  describe(executionArn: string): Promise<DescribeExecutionCommandOutput>;
  /** Resolves when the execution has ended. */
  ended(executionArn: string): Promise<DescribeExecutionCommandOutput>;
  /** Starts an execution and waits for its end. */
  run(input?: Json): Promise<DescribeExecutionCommandOutput>;
  history(executionArn: string): Promise<HistoryEvent[]>;
  /** The newest Map Run of an execution, and its children from the first to the last. */
  children(executionArn: string): Promise<{ mapRunArn: string; children: ExecutionListItem[] }>;
}

export async function startHarness(options: Options): Promise<Harness> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'stepfunctions-')));
  const statusEvents: StatusChangeEvent[] = [];
  const objects = options.objects ?? memoryObjects().store;
  const service = new StepFunctionsService({
    directory,
    region: 'us-east-1',
    accountId: '000000000000',
    stateMachines: [{ name: 'machine', arn: machineArn, roleArn: 'arn:aws:iam::000000000000:role/machine', definition: JSON.stringify(options.definition) }],
    integrations: () => async (parameters, context) => (options.work ?? ((given) => given))(parameters, context),
    objects: () => objects,
    clock: options.clock ?? systemClock,
    random: () => 0.5,
    ...(options.childStatusEvents === undefined ? {} : { childStatusEvents: options.childStatusEvents }),
    onStatusChange: (event) => {
      statusEvents.push(event);
      return options.onStatusChange?.(event);
    },
  });
  await service.start();
  const endpoint = await startEndpoint({ secretOf, handlers: { stepFunctions: (operation, body) => service.handle(operation, body) } });
  const client = new SFNClient({
    endpoint: endpoint.url, region: 'us-east-1', maxAttempts: 1, credentials,
  });

  const harness: Harness = {
    client, service, directory, statusEvents,
    async start(input = {}, name) {
      const command = new StartExecutionCommand({ stateMachineArn: machineArn, input: JSON.stringify(input), ...(name === undefined ? {} : { name }) });
      return (await client.send(command)).executionArn ?? '';
    },
    describe: (executionArn) => client.send(new DescribeExecutionCommand({ executionArn })),
    async ended(executionArn) {
      for (let tries = 0; tries < 2_000; tries += 1) {
        const description = await harness.describe(executionArn);
        if (description.status !== 'RUNNING' && description.status !== 'PENDING_REDRIVE') return description;
        await pause();
      }
      throw new Error(`${executionArn} did not end.`);
    },
    run: async (input = {}) => harness.ended(await harness.start(input)),
    async history(executionArn) {
      const answer = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
      return answer.events ?? [];
    },
    async children(executionArn) {
      const { mapRuns } = await client.send(new ListMapRunsCommand({ executionArn }));
      const mapRunArn = mapRuns?.[0]?.mapRunArn ?? '';
      const listed = await client.send(new ListExecutionsCommand({ mapRunArn, maxResults: 1000 }));
      return { mapRunArn, children: (listed.executions ?? []).reverse() };
    },
    async [Symbol.asyncDispose]() {
      client.destroy();
      await endpoint.close();
      await service.close();
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
  return harness;
}

/** A few milliseconds in which other work of the process goes on. */
export function pause(milliseconds = 5): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Resolves when the condition holds. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    if (await condition()) return;
    await pause();
  }
  throw new Error(`Waited in vain for: ${what}.`);
}

/** A clock that moves only when told to. */
export function manualClock(start = Date.parse('2026-03-01T12:00:00Z')): Clock & { advance(milliseconds: number): void } {
  let now = start;
  const timers = new Set<{ due: number; callback: () => void }>();
  return {
    now: () => now,
    schedule(milliseconds, callback) {
      const timer = { due: now + milliseconds, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(milliseconds) {
      now += milliseconds;
      for (const timer of [...timers].filter((candidate) => candidate.due <= now)) {
        timers.delete(timer);
        timer.callback();
      }
    },
  };
}

export function memoryObjects(content: Readonly<Record<string, string>> = {}): { store: ObjectStore; objects: Map<string, string> } {
  const objects = new Map(Object.entries(content));
  const store: ObjectStore = {
    getObject(bucket, key) {
      const body = objects.get(`${bucket}/${key}`);
      if (body !== undefined) return Promise.resolve(ReadableStream.from(chunks(body)));
      return Promise.reject(Object.assign(new Error('The specified key does not exist.'), { name: 'NoSuchKey' }));
    },
    putObject(bucket, key, body) {
      objects.set(`${bucket}/${key}`, body);
      return Promise.resolve();
    },
    listObjects: (bucket, prefix) => ReadableStream.from(listed(objects, bucket, prefix ?? '')),
  };
  return { store, objects };
}

/** Cuts within characters and lines, as a network does. */
function* chunks(body: string): Generator<Uint8Array> {
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
}

function* listed(objects: ReadonlyMap<string, string>, bucket: string, prefix: string): Generator<ListedObject> {
  for (const [name, body] of objects) {
    if (!name.startsWith(`${bucket}/${prefix}`)) continue;
    const lastModified = new Date(1_700_000_000_000);
    yield { key: name.slice(bucket.length + 1), etag: '"e"', lastModified, size: Buffer.byteLength(body), storageClass: 'STANDARD' };
  }
}

export function types(events: readonly HistoryEvent[]): string[] {
  return events.map((event) => event.type ?? '');
}
