/**
 * Counts what a pass came to, from the records: each is read consistently. The index by state, which follows the records within
 * moments, decides nothing.
 */
import type { S3Client } from '@aws-sdk/client-s3';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { passSchema, type Pass, type Tally } from '../../core/contracts.ts';
import { isDone, isWaiting, listByState, readRecords, type RecordsTable, type RecordSummary } from '../../core/records.ts';
import { storeRedriveCount } from '../../core/runs.ts';
import { countRedrives } from '../shared/executions.ts';
import { readOpenList } from '../shared/pass-list.ts';
import { waitingDigest } from '../shared/waiting.ts';
import { type EndedBranch, putRecordsRight, sweepBothServers } from './ended-branches.ts';

export const tallyInputSchema = z.object({ pass: passSchema, runArn: z.string() });

export interface TallyDependencies {
  readonly table: RecordsTable;
  readonly s3: S3Client;
  readonly stepFunctions: SFNClient;
  readonly now: () => Date;
  /** Between two questions. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
  /** Is told of each database whose branch ended without recording it. */
  readonly onEnded?: (branch: EndedBranch) => void;
}

interface Standing {
  readonly database: string;
  /** Undefined when somebody has removed it. */
  readonly record: RecordSummary | undefined;
}

/** How many of the unverified are named, in the execution's error and on its page. */
const sampleSize = 10;

/**
 * Notes the redrives so far as well: only one after this tally lets HoldForRedrive pass, not one that continued the pass
 * itself.
 */
export async function tallyOutcomes(dependencies: TallyDependencies, { pass, runArn }: z.infer<typeof tallyInputSchema>): Promise<Tally> {
  const { table, stepFunctions, pause } = dependencies;
  const redriveCount = await countRedrives(stepFunctions, runArn, pause);
  const now = dependencies.now().toISOString();
  await storeRedriveCount(table, pass.run, redriveCount, now);
  const standings = await readStandings(dependencies, pass, runArn, now);
  await sweepBothServers(table, stepFunctions);
  const verified = standings.filter(({ record }) => isVerified(record)).length;
  const unverified = standings.filter(({ record }) => record?.checkpoint === 'UNVERIFIED').length;
  const open = standings.filter(({ record }) => !isVerified(record) && record?.checkpoint !== 'UNVERIFIED');
  const deadLettered = open.filter(({ record }) => record?.state === 'DEAD_LETTERED').length;
  const anotherPass = hasMoved(pass, open.flatMap(({ record }) => (record !== undefined && isWaiting(record) ? [record] : [])));
  if (anotherPass) await storeRedriveCount(table, pass.run, redriveCount, now, true);
  return {
    total: standings.length + pass.verifiedBefore,
    verified: verified + pass.verifiedBefore - pass.unverifiedBefore,
    unverified: unverified + pass.unverifiedBefore,
    cannotRun: await countCannotRun(table, standings),
    deadLettered,
    unfinished: open.length - deadLettered,
    allVerified: open.length === 0,
    anotherPass,
    sample: open.slice(0, sampleSize).map(({ database, record }) => `${database} (${record?.error ?? record?.state ?? 'no record'})`),
  };
}

/** Of the databases of the pass, and of those that it left alone, in the order of their names. */
async function readStandings({ table, s3, stepFunctions, onEnded }: TallyDependencies, pass: Pass, runArn: string, now: string): Promise<Standing[]> {
  const listed = pass.count + (pass.setAside?.count ?? 0) === 0 ? [] : await readOpenList(s3, pass);
  const names = [...new Set(listed)].sort();
  const putting = { table, stepFunctions, runArn, writer: { by: 'tallyOutcomes', now }, onEnded };
  const records = await putRecordsRight(putting, await readRecords(table, names));
  return names.map((database) => ({ database, record: records.get(database) }));
}

function isVerified(record: RecordSummary | undefined): boolean {
  return record?.state === 'VERIFIED' && isDone(record);
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

/** Of all the migration's verified databases: those of the pass by their records, the others, which are done longer, by the index. */
async function countCannotRun(table: RecordsTable, standings: readonly Standing[]): Promise<number> {
  const inPass = new Set(standings.map(({ database }) => database));
  let objects = standings.reduce((total, { record }) => total + (isVerified(record) ? (record?.cannotRun ?? 0) : 0), 0);
  for await (const page of listByState(table, 'VERIFIED')) {
    objects += page.reduce((total, { database, cannotRun = 0 }) => total + (inPass.has(database) ? 0 : cannotRun), 0);
  }
  return objects;
}
