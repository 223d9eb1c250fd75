/** A run of the workflow through the engine's own API, and what it must have left: the same as on the local runtime. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeExecutionCommand, GetExecutionHistoryCommand, ListExecutionsCommand, ListMapRunsCommand, SFNClient, StartExecutionCommand, type DescribeExecutionCommandOutput,
} from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { RunningServer } from '../../local/mysql/source-server.ts';
import { countsOf } from '../integration/runtime/fleet.ts';

/** Configuration of the SDK's clients. */
export interface Place {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly forcePathStyle: true;
}

export interface Migration {
  readonly outputs: Readonly<Record<string, string>>;
  readonly databases: readonly string[];
  readonly source: RunningServer;
  readonly target: RunningServer;
  readonly log: (line: string) => void;
}

const migration = 'engines';
/** A first pass of three small databases takes seconds; a branch that waits for ever is to be seen. */
const limitMilliseconds = 240_000;
const stages = ['PENDING', 'DUMPING', 'DUMPED', 'IMPORTING', 'IMPORTED', 'VERIFIED'];

/** @returns what it was, in one line @throws AssertionError */
export async function migrate(place: Place, { outputs, databases, source, target, log }: Migration): Promise<string> {
  const stepFunctions = new SFNClient(place);
  const input = JSON.stringify({ migration, databases });
  const { executionArn = '' } = await stepFunctions.send(new StartExecutionCommand({ stateMachineArn: outputs['StateMachineArn'], input }));
  const execution = await untilEnded(stepFunctions, executionArn);
  const records = await recordsOf(place, outputs['TableName'] ?? '');
  assert.equal(execution.status, 'SUCCEEDED', `${execution.error ?? ''} ${execution.cause ?? ''}; ${JSON.stringify(records)}`);
  assert.deepEqual(new Set(records.map(({ database }) => database)), new Set(databases));
  for (const { database, state, transitions } of records) {
    assert.equal(state, 'VERIFIED', database);
    assert.deepEqual(transitions.map((each) => each.state), stages, database);
    const [from, to] = await Promise.all([source, target].map(({ adminAccess }) => countsOf(adminAccess, database)));
    assert.ok(from !== undefined && from.size > 0, database);
    assert.deepEqual(to, from, database);
  }
  const entered = await statesEntered(stepFunctions, executionArn);
  const branches = entered.branches.some((count) => count > 0) ? entered.branches.join(', ') : 'not to be had from this engine';
  log(`states entered by the run: ${entered.run}; by each of its branches: ${branches}`);
  stepFunctions.destroy();
  return `${records.length} databases are VERIFIED by way of ${stages.join(', ')}, with the same rows on both sides`;
}

async function untilEnded(stepFunctions: SFNClient, executionArn: string): Promise<DescribeExecutionCommandOutput> {
  for (let waited = 0; ; waited += 250) {
    const execution = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    if (execution.status !== 'RUNNING') return execution;
    assert.ok(waited < limitMilliseconds, `the run has not ended after ${limitMilliseconds / 1000} s`);
    await sleep(250);
  }
}

interface DatabaseRecord {
  readonly database: string;
  readonly state: string;
  readonly transitions: readonly { readonly state: string }[];
}

async function recordsOf(place: Place, TableName: string): Promise<DatabaseRecord[]> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(place));
  const records: DatabaseRecord[] = [];
  const pages = paginateQuery({ client }, {
    TableName,
    KeyConditionExpression: 'migration = :migration AND begins_with(#item, :prefix)',
    ExpressionAttributeNames: { '#item': 'item' },
    ExpressionAttributeValues: { ':migration': migration, ':prefix': 'database#' },
    ConsistentRead: true,
  });
  for await (const { Items: items = [] } of pages) records.push(...(items as DatabaseRecord[]));
  client.destroy();
  return records;
}

async function statesEntered(stepFunctions: SFNClient, executionArn: string): Promise<{ run: number; branches: number[] }> {
  const { mapRuns = [] } = await stepFunctions.send(new ListMapRunsCommand({ executionArn }));
  const branches: number[] = [];
  for (const { mapRunArn } of mapRuns) {
    const { executions = [] } = await stepFunctions.send(new ListExecutionsCommand({ mapRunArn }));
    for (const child of executions) branches.push(await enteredIn(stepFunctions, child.executionArn ?? ''));
  }
  return { run: await enteredIn(stepFunctions, executionArn), branches };
}

async function enteredIn(stepFunctions: SFNClient, executionArn: string): Promise<number> {
  const { events = [] } = await stepFunctions.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  return events.filter(({ type }) => type?.endsWith('StateEntered') === true).length;
}
