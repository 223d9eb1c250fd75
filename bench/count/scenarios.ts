/** Runs on the local runtime, each made to show one kind of request: success, a shut gate, a retry, a dead letter. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeExecutionCommand, type DescribeExecutionCommandOutput, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { createConnection } from 'mysql2/promise';
import { quoteIdentifier } from '../../core/names.ts';
import { connectionOptions, type ServerAccess } from '../../core/server-access.ts';
import { type Counts, noCounts } from './counts.ts';
import { type BranchHistory, countHistory, readBranches, readHistory, visitsOf } from './histories.ts';
import type { Recorder } from './recorder.ts';

export interface Place {
  readonly client: SFNClient;
  readonly stateMachineArn: string;
  readonly recorder: Recorder;
  readonly targetAdmin: ServerAccess;
}

export interface Observed {
  readonly counts: Counts;
  readonly branches: readonly BranchHistory[];
  /** The parent's own events. */
  readonly runEvents: number;
}

/** Every database passes at its first try: no slot is waited for. */
export async function runCleanly(place: Place, migration: string, databases: readonly string[]): Promise<Observed> {
  return observe(place, migration, databases, {}, () => Promise.resolve(), 'SUCCEEDED');
}

/** @returns what was counted, and how often the gate refused */
export async function runAtShutGate(place: Place, migration: string, database: string, polls: number): Promise<{ observed: Observed; polls: number }> {
  const stranger = await createConnection(connectionOptions(place.targetAdmin));
  const open = async (executionArn: string): Promise<void> => {
    await until(async () => (await refusals(place, executionArn)) >= polls);
    await stranger.end();
  };
  const observed = await observe(place, migration, [database], { maxConnections: 1 }, open, 'SUCCEEDED');
  return { observed, polls: sum(observed.branches.map(({ events }) => visitsOf(events, 'WaitForConnections'))) };
}

/** Another connection holds the lock of the database on the target until the import has failed once (10 s, ImportBusy). */
export async function runWithImportRetry(place: Place, migration: string, database: string): Promise<{ observed: Observed; retries: number }> {
  const other = await createConnection(connectionOptions(place.targetAdmin));
  const lock = `aurora-ferry:${createHash('sha256').update(database).digest('hex').slice(0, 40)}`;
  await other.query('SELECT GET_LOCK(?, 0)', [lock]);
  const release = async (executionArn: string): Promise<void> => {
    await until(async () => (await visits(place, executionArn, 'RecordRetry')) > 0);
    await other.end();
  };
  const observed = await observe(place, migration, [database], {}, release, 'SUCCEEDED');
  return { observed, retries: sum(observed.branches.map(({ events }) => visitsOf(events, 'RecordRetry'))) };
}

/** The target has a database of that name already. */
export async function runIntoDeadLetter(place: Place, migration: string, database: string): Promise<Observed> {
  const admin = await createConnection(connectionOptions(place.targetAdmin));
  try {
    await admin.query(`CREATE DATABASE ${quoteIdentifier(database)}`);
    return await observe(place, migration, [database], {}, () => Promise.resolve(), 'FAILED');
  } finally {
    await admin.query(`DROP DATABASE ${quoteIdentifier(database)}`);
    await admin.end();
  }
}

async function observe(
  place: Place,
  migration: string,
  databases: readonly string[],
  options: { readonly maxConnections?: number },
  meanwhile: (executionArn: string) => Promise<void>,
  expected: 'SUCCEEDED' | 'FAILED',
): Promise<Observed> {
  const { client, stateMachineArn, recorder } = place;
  const before = { ...recorder.counts };
  const input = JSON.stringify({ migration, databases, dumpThreads: 1_000, maxConnections: 10_000, ...options });
  const { executionArn = '' } = await client.send(new StartExecutionCommand({ stateMachineArn, input }));
  await meanwhile(executionArn);
  const ended = await untilEnded(place, executionArn);
  if (ended.status !== expected) throw new Error(`${migration} ended ${ended.status ?? ''}: ${ended.error ?? ''} ${ended.cause ?? ''}`);
  return collect(place, executionArn, before);
}

async function collect({ client, recorder }: Place, executionArn: string, before: Counts): Promise<Observed> {
  const branches = await readBranches(client, executionArn);
  const failed = branches.filter(({ status }) => status === 'FAILED').length;
  // The rule on branches that ended badly calls its function after the run has ended.
  if (failed > 0) await untilQuiet(recorder);
  const counts = noCounts();
  for (const [name, value] of Object.entries(recorder.counts) as [keyof Counts, number][]) counts[name] = value - before[name];
  const run = await readHistory(client, executionArn);
  for (const events of [run, ...branches.map((branch) => branch.events)]) countHistory(events, counts);
  counts.lambdaInvocations += failed;
  return { counts, branches, runEvents: run.length };
}

async function refusals(place: Place, executionArn: string): Promise<number> {
  return visits(place, executionArn, 'WaitForConnections');
}

async function visits({ client }: Place, executionArn: string, state: string): Promise<number> {
  return sum((await readBranches(client, executionArn)).map(({ events }) => visitsOf(events, state)));
}

/** This program's own questions are not the workflow's. */
async function untilEnded({ client, recorder }: Place, executionArn: string): Promise<DescribeExecutionCommandOutput> {
  for (;;) {
    const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
    recorder.counts.describeExecutions -= 1;
    if (execution.status !== 'RUNNING') return execution;
    await sleep(100);
  }
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error('The workflow did not come to the expected state within two minutes.');
    await sleep(100);
  }
}

async function untilQuiet(recorder: Recorder): Promise<void> {
  for (let quiet = 0, seen = ''; quiet < 10; quiet += 1) {
    const now = JSON.stringify(recorder.counts);
    if (now !== seen) quiet = 0;
    seen = now;
    await sleep(100);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
