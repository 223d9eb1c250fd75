/** Databases that refer to each other, between two servers and a runtime. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { RedriveExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { quoteIdentifier } from '../../../core/names.ts';
import { type DatabaseRecord, readRecord } from '../../../core/records.ts';
import { startRuntime } from '../../../local/runtime.ts';
import type { Pair } from '../../../local/mysql/versions.ts';
import { query } from '../../support/query.ts';
import { log, startServers, type Servers } from '../../support/servers.ts';
import { type Client, clientOf, hurriedClock, untilEnded } from './fleet.ts';

export type RunEnd = Awaited<ReturnType<typeof untilEnded>>;

export class LinkedFleet {
  readonly servers: Servers;
  readonly client: Client;

  private constructor(servers: Servers, client: Client) {
    this.servers = servers;
    this.client = client;
  }

  /** What it starts is stopped with `started`. */
  static async open(started: AsyncDisposableStack, pair?: Pair): Promise<LinkedFleet> {
    const servers = await startServers(started, [], pair);
    const options = {
      stateDirectory: join(servers.directory, 'state'),
      projectDirectory: join(import.meta.dirname, '../../..'),
      source: servers.source.access,
      target: servers.target.access,
      clientPath: servers.programs.binDirectory,
      log,
      clock: hurriedClock,
      maxTasks: 4,
    };
    const runtime = started.adopt(await startRuntime(options), (open) => open.stop());
    return new LinkedFleet(servers, clientOf(runtime));
  }

  /** Makes the databases on the source, and runs the statements as root. */
  async make(databases: readonly string[], ...statements: readonly string[]): Promise<void> {
    await query(this.servers.source.adminAccess, ...databases.map((name) => `CREATE DATABASE ${quoteIdentifier(name)}`), ...statements);
  }

  async onTarget(...statements: readonly string[]): Promise<Readonly<Record<string, unknown>>[]> {
    return query(this.servers.target.adminAccess, ...statements);
  }

  async start(migration: string, databases: readonly string[], options: Readonly<Record<string, unknown>> = {}): Promise<RunEnd> {
    const input = JSON.stringify({ migration, databases, ...options });
    const { executionArn = '' } = await this.client.stepFunctions.send(new StartExecutionCommand({ stateMachineArn: this.client.outputs['StateMachineArn'], input }));
    return untilEnded(this.client, executionArn);
  }

  async redrive({ executionArn = '' }: RunEnd): Promise<RunEnd> {
    await this.client.stepFunctions.send(new RedriveExecutionCommand({ executionArn }));
    return untilEnded(this.client, executionArn);
  }

  record(migration: string, database: string): Promise<DatabaseRecord | undefined> {
    return readRecord({ client: this.client.documents, tableName: this.client.outputs['TableName'] ?? '', migration }, database);
  }

  /** In one run, however many passes it took. */
  async assertVerified(ended: RunEnd, migration: string, databases: readonly string[]): Promise<void> {
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
    for (const name of databases) assert.equal((await this.record(migration, name))?.state, 'VERIFIED', name);
  }
}
