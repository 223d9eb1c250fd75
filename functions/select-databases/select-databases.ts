/** Begins a pass: checks the input, readies the records, and writes the list of what is not VERIFIED. */
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { checkAllowed } from '../../core/assessment/blocked-branch.ts';
import { type Pass, type passItemSchema, type WorkflowInput, workflowInputSchema } from '../../core/contracts.ts';
import { databaseKey, passPrefix } from '../../core/names.ts';
import { isWaiting, readRecords, type RecordsTable, type RecordSummary } from '../../core/records.ts';
import { beginPass, readRun } from '../../core/runs.ts';
import { endOutage } from '../../core/recovery/outages.ts';
import { createSlots, readHolders } from '../../core/slots.ts';
import { type IsAlive, remembering } from '../shared/executions.ts';
import { sweepSlots } from '../shared/sweep-slots.ts';
import { waitingDigest } from '../shared/waiting.ts';
import { checkSource, checkTarget, type Servers } from './check-servers.ts';
import { readNames } from './read-names.ts';
import { asItIs, type ReadiedRecord, readyRecords } from './ready-records.ts';

export const selectInputSchema = z.object({ input: workflowInputSchema, runArn: z.string(), run: z.string() });

export interface SelectDependencies {
  readonly records: (migration: string) => RecordsTable;
  readonly s3: S3Client;
  readonly bucket: string;
  readonly servers: Servers;
  readonly isAlive: IsAlive;
  readonly now: () => Date;
}

/**
 * Nothing is written before every check has passed, and every write can be made again: the state machine may call this
 * a second time for the same pass.
 * @throws FerryError InvalidInput, EmptyDatabaseList, InvalidDatabaseName, SystemDatabase, UnknownDatabase,
 * SourceUnreachable, SourceAccessDenied, TargetUnreachable, TargetAccessDenied
 */
export async function selectDatabases(dependencies: SelectDependencies, { input, runArn, run }: z.infer<typeof selectInputSchema>): Promise<Pass> {
  checkAllowed(input.allow);
  const table = dependencies.records(input.migration);
  const isAlive = remembering(dependencies.isAlive);
  const now = dependencies.now().toISOString();
  const names = await readNames(dependencies.s3, input);
  const [known, begun] = await Promise.all([readRecords(table, names), readRun(table, run)]);
  await Promise.all([
    checkSource(dependencies.servers, names.filter((name) => mustBeOnSource(known.get(name), begun === undefined))),
    checkTarget(dependencies.servers),
  ]);
  // Both answer, whatever an earlier run of the migration has met.
  await Promise.all([endOutage(table, 'source', now), endOutage(table, 'target', now)]);

  const readying = { table, isAlive, run, runArn, writer: { by: runArn, now } };
  const waiting = begun?.waitingPass === true ? [...known.values()].filter(isWaiting) : undefined;
  const taken = waiting === undefined ? known : new Map(waiting.map((record) => [record.database, record]));
  const again = { replace: new Set(input.replace), secondWave: input.secondWave, freeze: input.freeze !== 'none' };
  const readied = await readyRecords(readying, names.filter((name) => waiting === undefined || taken.has(name)), taken, again);
  const left = waiting === undefined ? [] : [...known.values()].filter(({ database }) => !taken.has(database)).map(asItIs);
  await readySlots(table, isAlive);
  const pass = await beginPass(table, run, runArn, now);
  const begins = await writePass(dependencies, input, run, pass, [...readied, ...left.filter(({ done }) => done)]);
  if (waiting === undefined) return begins;
  const setAside = await writeSetAside(dependencies, begins, left.filter(({ done }) => !done));
  return { ...begins, setAside, waitedFor: waitingDigest(waiting) };
}

/** What has no dump yet has to be there at the run's start; later, its branch tells. */
function mustBeOnSource(record: RecordSummary | undefined, firstPass: boolean): boolean {
  return record === undefined || (firstPass && record.checkpoint === 'NONE');
}

async function readySlots(table: RecordsTable, isAlive: IsAlive): Promise<void> {
  for (const server of ['source', 'target'] as const) {
    await createSlots(table, server);
    await sweepSlots(table, server, Object.keys(await readHolders(table, server)), isAlive);
  }
}

async function writePass(
  { s3, bucket }: SelectDependencies,
  input: WorkflowInput,
  run: string,
  pass: number,
  readied: readonly ReadiedRecord[],
): Promise<Pass> {
  const open = readied.filter(({ done }) => !done).sort((a, b) => b.sqlBytes - a.sqlBytes);
  const prefix = passPrefix(input.migration, run, pass);
  const listKey = `${prefix}databases.jsonl`;
  await writeList(s3, bucket, listKey, open);
  return {
    migration: input.migration,
    run,
    pass,
    bucket,
    listKey,
    resultsPrefix: `${prefix}results`,
    count: open.length,
    verifiedBefore: readied.length - open.length,
    unverifiedBefore: readied.filter(({ unverified }) => unverified).length,
    maxConcurrency: input.maxConcurrency,
    dumpThreads: input.dumpThreads,
    maxConnections: input.maxConnections,
    maxAttempts: input.maxAttempts,
    holdMinutes: input.holdMinutes,
    timeoutSeconds: {
      dump: input.dumpTimeoutMinutes * 60,
      import: input.importTimeoutMinutes * 60,
      verify: input.verifyTimeoutMinutes * 60,
    },
    conversion: { off: input.noConvert, ...(input.definer === undefined ? {} : { definer: input.definer }) },
    accounts: input.accounts,
    accountFilter: { include: input.accountsInclude, exclude: input.accountsExclude },
    allow: input.allow,
    verification: input.verification,
    outcome: input.verification === 'none' ? { state: 'IMPORTED', checkpoint: 'UNVERIFIED' } : { state: 'VERIFIED', checkpoint: 'VERIFIED' },
    freeze: { mode: input.freeze, minutes: input.freezeMinutes },
  };
}

/** What is not done and waits for nothing, a dead letter for example, is the operator's: a pass that nobody asked for does not try it again. */
async function writeSetAside({ s3, bucket }: SelectDependencies, { migration, run, pass }: Pass, left: readonly ReadiedRecord[]): Promise<Pass['setAside']> {
  const listKey = `${passPrefix(migration, run, pass)}set-aside.jsonl`;
  await writeList(s3, bucket, listKey, left);
  return { count: left.length, listKey };
}

async function writeList(s3: S3Client, bucket: string, key: string, records: readonly ReadiedRecord[]): Promise<void> {
  const lines = records.map(({ database }) => JSON.stringify({ database, key: databaseKey(database) } satisfies z.infer<typeof passItemSchema>));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: Buffer.from(lines.map((line) => `${line}\n`).join('')), ContentType: 'application/jsonl' }));
}
