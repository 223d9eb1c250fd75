/** Counts what a pass came to, from the records. */
import type { S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { passSchema, type Pass, type Tally } from '../../core/contracts.ts';
import { databaseStates, isDone, isWaiting, listByState, readRecords, type RecordsTable, type RecordSummary } from '../../core/records.ts';
import { storeRedriveCount } from '../../core/runs.ts';
import { readOpenList } from '../shared/pass-list.ts';
import { waitingDigest } from '../shared/waiting.ts';

export const tallyInputSchema = z.object({ pass: passSchema, runArn: z.string() });

export interface TallyDependencies {
  readonly table: RecordsTable;
  readonly s3: S3Client;
  readonly stepFunctions: SFNClient;
  readonly now: () => Date;
}

/** How many of the unverified are named, in the execution's error and on its page. */
const sampleSize = 10;

/**
 * Notes the redrives so far as well: only one after this tally lets HoldForRedrive pass, not one that continued the pass
 * itself.
 */
export async function tallyOutcomes(dependencies: TallyDependencies, { pass, runArn }: z.infer<typeof tallyInputSchema>): Promise<Tally> {
  const { redriveCount = 0 } = await dependencies.stepFunctions.send(new DescribeExecutionCommand({ executionArn: runArn }));
  const now = dependencies.now().toISOString();
  await storeRedriveCount(dependencies.table, pass.run, redriveCount, now);
  const count = pass.count + (pass.setAside?.count ?? 0);
  const others = count === 0 ? [] : await readUnverified(dependencies, pass);
  const open = others.filter((record) => !isDone(record));
  const unverified = pass.unverifiedBefore + others.length - open.length;
  const deadLettered = open.filter(({ state }) => state === 'DEAD_LETTERED').length;
  const total = count + pass.verifiedBefore;
  const anotherPass = hasMoved(pass, open.filter(isWaiting));
  if (anotherPass) await storeRedriveCount(dependencies.table, pass.run, redriveCount, now, true);
  return {
    total,
    verified: total - open.length - unverified,
    unverified,
    cannotRun: await countCannotRun(dependencies.table),
    deadLettered,
    unfinished: open.length - deadLettered,
    allVerified: open.length === 0,
    anotherPass,
    sample: open.slice(0, sampleSize).map(({ database, error, state }) => `${database} (${error ?? state})`),
  };
}

/** What a freeze has dumped and loaded anew may lack again what it had, so that passes are no proof there of getting on. */
const frozenPasses = 20;

/**
 * Whether another pass can bring on what waits. One after a pass over all databases always may; one after a pass over what waited only if that
 * has changed: a view was made, or a database is verified or given up.
 */
function hasMoved({ waitedFor, pass, freeze }: Pass, waiting: readonly RecordSummary[]): boolean {
  if (waiting.length === 0 || (freeze.mode !== 'none' && pass >= frozenPasses)) return false;
  return waitedFor === undefined || waitingDigest(waiting) !== waitedFor;
}

/** The index has it beside each database that is verified. */
async function countCannotRun(table: RecordsTable): Promise<number> {
  let objects = 0;
  for await (const page of listByState(table, 'VERIFIED')) objects += page.reduce((total, { cannotRun = 0 }) => total + cannotRun, 0);
  return objects;
}

/** The index says which may be unverified; the records themselves, read consistently, say which are. */
async function readUnverified({ table, s3 }: TallyDependencies, pass: Pass): Promise<RecordSummary[]> {
  const inPass = new Set(await readOpenList(s3, pass));
  const candidates: string[] = [];
  for (const state of databaseStates.filter((name) => name !== 'VERIFIED')) {
    for await (const page of listByState(table, state)) {
      candidates.push(...page.map(({ database }) => database).filter((database) => inPass.has(database)));
    }
  }
  const records = await readRecords(table, [...new Set(candidates)].sort());
  return [...records.values()].filter(({ state }) => state !== 'VERIFIED').sort((a, b) => (a.database < b.database ? -1 : 1));
}
