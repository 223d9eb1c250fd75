/** Two servers and a local runtime for tests of the freeze, with a gate that the test holds shut. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { DescribeExecutionCommandOutput } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createConnection } from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import type { FreezeMode } from '../../../core/freeze-privileges.ts';
import type { Freeze } from '../../../core/freezes.ts';
import { readFreeze } from '../../../core/freezes.ts';
import type { DatabaseRecord, RecordsTable } from '../../../core/records.ts';
import { readRecord } from '../../../core/records.ts';
import type { ServerAccess } from '../../../core/server-access.ts';
import { connectionOptions } from '../../../core/server-access.ts';
import { installTargetServer, mysqlCacheDirectory } from '../../../local/mysql/install.ts';
import { allowFreeze, startSourceServer } from '../../../local/mysql/source-server.ts';
import type { RunningServer } from '../../../local/mysql/source-server.ts';
import { startTargetServer } from '../../../local/mysql/target-server.ts';
import type { Runtime, RuntimeOptions } from '../../../local/runtime.ts';
import { query } from '../../support/query.ts';

export interface Servers {
  readonly source: RunningServer;
  readonly target: RunningServer;
  readonly directory: string;
  /** Of a runtime with its state in this folder. */
  readonly options: (state: string) => RuntimeOptions;
  stop(): Promise<void>;
}

const log = (): void => undefined;

/** @param mode of the freezes that Ferry's account is to be able to make */
export async function startServers(mode: FreezeMode): Promise<Servers> {
  const directory = await mkdtemp(join(tmpdir(), 'ferry-freeze-'));
  const programs = await installTargetServer({ cacheDirectory: mysqlCacheDirectory(process.env), log });
  const [source, target] = await Promise.all([
    startSourceServer({ directory: join(directory, 'source'), log }),
    startTargetServer({ directory: join(directory, 'target'), log, programs }),
  ]);
  await allowFreeze(source, mode);
  return {
    source,
    target,
    directory,
    options: (state) => ({
      stateDirectory: join(directory, state),
      projectDirectory: join(import.meta.dirname, '../../..'),
      source: source.access,
      target: target.access,
      clientPath: programs.binDirectory,
      log,
      maxTasks: 6,
    }),
    stop: async () => {
      await Promise.all([source.stop(), target.stop()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export class Client {
  readonly stepFunctions: SFNClient;
  readonly #documents: DynamoDBDocumentClient;
  readonly #outputs: Readonly<Record<string, string>>;

  constructor({ endpoint, outputs, credentials }: Pick<Runtime, 'endpoint' | 'outputs' | 'credentials'>) {
    const configuration = { endpoint, region: 'us-east-1', credentials: credentials.root };
    this.stepFunctions = new SFNClient(configuration);
    this.#documents = DynamoDBDocumentClient.from(new DynamoDBClient(configuration));
    this.#outputs = outputs;
  }

  async start(migration: string, databases: readonly string[], input: Readonly<Record<string, unknown>>): Promise<string> {
    const request = { stateMachineArn: this.#outputs['StateMachineArn'], input: JSON.stringify({ migration, databases, ...input }) };
    const { executionArn = '' } = await this.stepFunctions.send(new StartExecutionCommand(request));
    return executionArn;
  }

  async untilEnded(executionArn: string): Promise<DescribeExecutionCommandOutput> {
    for (;;) {
      const execution = await this.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
      if (execution.status !== 'RUNNING') return execution;
      await sleep(100);
    }
  }

  async run(migration: string, databases: readonly string[], input: Readonly<Record<string, unknown>>): Promise<DescribeExecutionCommandOutput> {
    return this.untilEnded(await this.start(migration, databases, input));
  }

  record(migration: string, database: string): Promise<DatabaseRecord | undefined> {
    return readRecord(this.table(migration), database);
  }

  freeze(migration: string, database: string): Promise<Freeze | undefined> {
    return readFreeze(this.table(migration), database);
  }

  async untilState(migration: string, database: string, ...states: readonly string[]): Promise<DatabaseRecord> {
    for (;;) {
      const record = await this.record(migration, database);
      if (record !== undefined && states.includes(record.state)) return record;
      await sleep(50);
    }
  }

  table(migration: string): RecordsTable {
    return { client: this.#documents, tableName: this.#outputs['TableName'] ?? '', migration };
  }
}

/** While it is shut, no import starts: others' connections fill the target. */
export class Gate {
  /** With which a run meets the gate. */
  static readonly limit = { maxConnections: 3 };
  readonly #connections: Connection[] = [];

  async shut({ adminAccess }: RunningServer): Promise<void> {
    for (let count = 0; count < Gate.limit.maxConnections; count += 1) this.#connections.push(await createConnection(connectionOptions(adminAccess)));
  }

  async open(): Promise<void> {
    await Promise.all(this.#connections.splice(0).map((connection) => connection.end()));
  }
}

/** A statement on its way: whether it waits, and when it was done. */
export class Pending {
  doneAt: number | undefined;
  readonly #done: Promise<void>;

  constructor(access: ServerAccess, statement: string) {
    this.#done = query(access, statement).then(() => {
      this.doneAt = Date.now();
    });
    this.#done.catch(() => undefined);
  }

  /** The server shows it as waiting for a lock; a statement that is done is not. */
  async untilWaiting(access: ServerAccess): Promise<void> {
    while (this.doneAt === undefined) {
      const waiting = await query(access, "SELECT 1 FROM information_schema.PROCESSLIST WHERE STATE LIKE '%lock%' AND COMMAND = 'Query'");
      if (waiting.length > 0) return;
      await sleep(20);
    }
    throw new Error('The statement was done without waiting.');
  }

  done(): Promise<void> {
    return this.#done;
  }
}

/** Process groups of the task hosts of a runtime. */
export function taskHosts(pid: number): number[] {
  const lines = execFileSync('ps', ['-eo', 'ppid=,pgid=,args='], { encoding: 'utf8' }).split('\n').map((line) => line.trim().split(/\s+/));
  return lines.filter(([parent, , ...words]) => parent === String(pid) && words.join(' ').includes('task-host')).map(([, group]) => Number(group));
}
