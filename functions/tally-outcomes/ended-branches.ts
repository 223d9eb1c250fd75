/**
 * Puts right what branches have left that ended without a word: no state could catch their end, and the event of it may never
 * come. All branches of a pass have ended when it is tallied.
 */
import type { SFNClient } from '@aws-sdk/client-sfn';
import { mapConcurrently } from '../../core/concurrency.ts';
import { type KnownRecord, readRecords, type RecordsTable, type RecordSummary, type Writer } from '../../core/records.ts';
import { readHolders } from '../../core/slots.ts';
import { type BranchEnd, type BranchFailure, looksAtWork, readBranchEnd, recordBranchEnd } from '../shared/ended-branch.ts';
import { executionLiveness, remembering, runArnOfBranch } from '../shared/executions.ts';
import { sweepSlots } from '../shared/sweep-slots.ts';

/** DescribeExecution refills 10 to 15 a second for the whole account. */
const questionsAtOnce = 5;
/** Of branches of this run, which have ended for certain: more do not learn how. */
const mostQuestions = 500;

export interface EndedBranch extends BranchFailure {
  readonly database: string;
  readonly branch: string;
  readonly status: string | undefined;
}

export interface Putting {
  readonly table: RecordsTable;
  readonly stepFunctions: SFNClient;
  readonly runArn: string;
  readonly writer: Writer;
  readonly onEnded?: ((branch: EndedBranch) => void) | undefined;
}

/** @returns the records, those that were put right as they are now */
export async function putRecordsRight(putting: Putting, records: ReadonlyMap<string, KnownRecord>): Promise<Map<string, RecordSummary>> {
  const left = [...records.values()].filter(looksAtWork);
  const changed = await mapConcurrently([...left.entries()], questionsAtOnce, async ([index, record]) => {
    const end = await endOf(putting, record, index < mostQuestions);
    if (end === undefined) return [];
    const failure = await recordBranchEnd(putting.table, record, end, putting.writer);
    if (failure !== undefined) putting.onEnded?.({ ...failure, database: record.database, branch: record.owner ?? '', status: end.status });
    return [record.database];
  });
  return new Map([...records, ...(await readRecords(putting.table, changed.flat()))]);
}

/** Undefined while the branch, one of another run, is at work. */
async function endOf({ stepFunctions, runArn }: Putting, { owner = '', run = '' }: RecordSummary, mayAsk: boolean): Promise<BranchEnd | undefined> {
  const isOfThisRun = runArnOfBranch(owner, run) === runArn;
  if (isOfThisRun && !mayAsk) return {};
  const end = await readBranchEnd(stepFunctions, owner);
  // Step Functions answers late: a pass is over only when each of its branches is.
  return isOfThisRun ? (end ?? {}) : end;
}

/** Takes slots from holders that have ended, which the event of their end would have freed. */
export async function sweepBothServers(table: RecordsTable, stepFunctions: SFNClient): Promise<void> {
  const isAlive = remembering(executionLiveness(stepFunctions));
  for (const server of ['source', 'target'] as const) await sweepSlots(table, server, Object.keys(await readHolders(table, server)), isAlive);
}
