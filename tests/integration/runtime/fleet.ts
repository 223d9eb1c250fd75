/** Two servers with a fleet, runtimes between them, and what the tests of the runtime ask of both. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { quoteIdentifier } from '../../../core/names.ts';
import { seedFleet } from '../../../local/fleet/seed.ts';
import { type DatabaseRecord, listRecords } from '../../../core/records.ts';
import type { ServerAccess } from '../../../core/server-access.ts';
import type { RunningServer } from '../../../local/mysql/source-server.ts';
import { startTargetServer } from '../../../local/mysql/target-server.ts';
import { startRuntime, type Runtime, type RuntimeOptions } from '../../../local/runtime.ts';
import { systemClock, type Clock } from '../../../local/stepfunctions/clock.ts';
import { killed, lean, log, startServers, type Servers } from '../../support/servers.ts';
import { query } from '../../support/query.ts';

/** Waits of less than a minute, which are those before retries and at the gate, take a tenth. Timeouts are a minute and more. */
export const hurriedClock: Clock = {
  now: () => systemClock.now(),
  schedule: (milliseconds, callback) => systemClock.schedule(milliseconds < 60_000 ? milliseconds / 10 : milliseconds, callback),
};

export class Fleet {
  readonly #started: AsyncDisposableStack;
  readonly #servers: Servers;
  readonly directory: string;
  readonly source: RunningServer;
  target: RunningServer;
  readonly databases: readonly string[];

  private constructor(started: AsyncDisposableStack, servers: Servers, databases: readonly string[]) {
    this.#started = started;
    this.#servers = servers;
    this.directory = servers.directory;
    this.source = servers.source;
    this.target = servers.target;
    this.databases = databases;
  }

  /** What it starts is stopped with `started`. */
  static async open(started: AsyncDisposableStack): Promise<Fleet> {
    const servers = await startServers(started);
    const { databases } = await seedFleet({ source: servers.source.adminAccess, databases: 5, largeMegabytes: 4 });
    return new Fleet(started, servers, databases);
  }

  options(state: string): RuntimeOptions {
    return {
      stateDirectory: join(this.directory, state),
      projectDirectory: join(import.meta.dirname, '../../..'),
      source: this.source.access,
      target: this.target.access,
      clientPath: this.#servers.programs.binDirectory,
      log,
      clock: hurriedClock,
      maxTasks: 4,
    };
  }

  /** For whoever asks to stop it; it is stopped with the fleet at the latest. */
  async startRuntime(state: string): Promise<Runtime> {
    return this.#started.adopt(await startRuntime(this.options(state)), (runtime) => runtime.stop());
  }

  /** After `target.kill()`: the same data, accounts and port. */
  async restartTarget(): Promise<void> {
    const { directory, port } = this.target;
    this.target = killed(this.#started, await startTargetServer({ directory, port, log, programs: this.#servers.programs, serverOptions: lean }));
  }

  async dropTargets(): Promise<void> {
    for (const name of this.databases) await query(this.target.adminAccess, `DROP DATABASE IF EXISTS ${quoteIdentifier(name)}`);
  }

  async assertMigrated(client: Client, migration: string): Promise<void> {
    assert.deepEqual([...(await statesOf(client, migration))].filter(([, state]) => state !== 'VERIFIED'), []);
    for (const name of this.databases) {
      const [from, to] = await Promise.all([this.source, this.target].map(({ adminAccess }) => countsOf(adminAccess, name)));
      assert.ok(from!.size > 0);
      assert.deepEqual(to, from, name);
    }
  }
}

export async function startExecution(client: Client, migration: string, databases: readonly string[]): Promise<string> {
  const input = JSON.stringify({ migration, databases });
  const { executionArn } = await client.stepFunctions.send(new StartExecutionCommand({ stateMachineArn: client.outputs['StateMachineArn'], input }));
  return executionArn!;
}

export interface Client {
  readonly stepFunctions: SFNClient;
  readonly documents: DynamoDBDocumentClient;
  readonly s3: S3Client;
  readonly outputs: Readonly<Record<string, string>>;
}

export function clientOf({ endpoint, outputs, credentials }: Pick<Runtime, 'endpoint' | 'outputs' | 'credentials'>): Client {
  const configuration = { endpoint, region: 'us-east-1', credentials: credentials.root };
  return {
    stepFunctions: new SFNClient(configuration),
    documents: DynamoDBDocumentClient.from(new DynamoDBClient(configuration)),
    s3: new S3Client({ ...configuration, forcePathStyle: true }),
    outputs,
  };
}

export function describeExecution(client: Client, executionArn: string) {
  return client.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
}

export async function untilEnded(client: Client, executionArn: string) {
  for (;;) {
    const execution = await describeExecution(client, executionArn);
    if (execution.status !== 'RUNNING') return execution;
    await sleep(100);
  }
}

/** State of each database of the migration, by name. */
export async function statesOf({ documents, outputs }: Client, migration: string): Promise<Map<string, string>> {
  const states = new Map<string, string>();
  const pages = paginateQuery(
    { client: documents },
    {
      TableName: outputs['TableName'],
      KeyConditionExpression: 'migration = :migration AND begins_with(#item, :prefix)',
      ExpressionAttributeNames: { '#item': 'item' },
      ExpressionAttributeValues: { ':migration': migration, ':prefix': 'database#' },
      ConsistentRead: true,
    },
  );
  for await (const { Items = [] } of pages) for (const item of Items) states.set(item['database'] as string, item['state'] as string);
  return states;
}

export async function untilAnyState(client: Client, migration: string, wanted: (state: string) => boolean): Promise<void> {
  while (![...(await statesOf(client, migration)).values()].some(wanted)) await sleep(20);
}

/** The record of the first database that is held. */
export async function untilHeld({ documents, outputs }: Client, migration: string): Promise<Partial<DatabaseRecord>> {
  const table = { client: documents, tableName: outputs['TableName'] ?? '', migration };
  for (;;) {
    for await (const records of listRecords(table)) {
      const held = records.find(({ heldFor }) => heldFor !== undefined);
      if (held !== undefined) return held;
    }
    await sleep(20);
  }
}

/** Rows of each base table. */
export async function countsOf(access: ServerAccess, database: string): Promise<Map<string, number>> {
  const tables = await query(access, `SHOW FULL TABLES FROM ${quoteIdentifier(database)} WHERE Table_type = 'BASE TABLE'`);
  const counts = new Map<string, number>();
  for (const row of tables) {
    const name = String(Object.values(row)[0]);
    const [count] = await query(access, `SELECT COUNT(*) AS n FROM ${quoteIdentifier(database)}.${quoteIdentifier(name)}`);
    counts.set(name, Number(count!['n']));
  }
  return counts;
}
