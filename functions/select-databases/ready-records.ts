/** Brings the records of a pass's databases to where a branch can claim them. */
import { mapConcurrently } from '../../core/concurrency.ts';
import {
  isAtRest,
  isDone,
  type KnownRecord,
  type RecordsTable,
  type RecordSummary,
  redumpRecord,
  registerDatabase,
  replaceRecord,
  requeueRecord,
  shortenHistory,
  type Writer,
} from '../../core/records.ts';
import { type BranchFailure, failureOfEnd, looksAtWork } from '../shared/ended-branch.ts';
import { type IsAlive, runArnOfBranch } from '../shared/executions.ts';

export interface Readying {
  readonly table: RecordsTable;
  readonly isAlive: IsAlive;
  readonly run: string;
  readonly runArn: string;
  readonly writer: Writer;
}

const writesAtOnce = 64;
const questionsAtOnce = 8;

export interface Again {
  /** VERIFIED databases that are to be replaced. */
  readonly replace: ReadonlySet<string>;
  /** All of them are, and what is unfinished is dumped again. */
  readonly secondWave: boolean;
  /** What is unfinished is dumped again: its freeze ended with its branch. */
  readonly freeze: boolean;
}

export interface ReadiedRecord {
  readonly database: string;
  readonly done: boolean;
  readonly unverified: boolean;
  /** 0 until a dump has measured it. */
  readonly sqlBytes: number;
}

/**
 * Registers what is new, shortens long histories, resets what is to be replaced, and releases what a dead branch left behind.
 * What another live branch owns is left alone, but for its history.
 */
export async function readyRecords(
  readying: Readying,
  names: readonly string[],
  known: ReadonlyMap<string, KnownRecord>,
  again: Again,
): Promise<ReadiedRecord[]> {
  const { table, run, writer } = readying;
  const unregistered = names.filter((name) => !known.has(name));
  await mapConcurrently(unregistered, writesAtOnce, (name) => registerDatabase(table, name, writer));

  const records = [...known.values()];
  const long = records.filter(({ hasLongHistory }) => hasLongHistory);
  await mapConcurrently(long, writesAtOnce, ({ database }) => shortenHistory(table, database));

  const isDue = (record: RecordSummary): boolean => record.replacedIn !== run;
  const replaced = records.filter((record) => isDone(record) && (again.secondWave || again.replace.has(record.database)) && isDue(record));
  await mapConcurrently(replaced, writesAtOnce, (record) => replaceRecord(table, record, run, writer));

  const stale = (record: RecordSummary): boolean => ((again.secondWave && isDue(record)) || again.freeze) && record.checkpoint !== 'NONE';
  const unfinished = records.filter((record) => !isDone(record) && (!isAtRest(record) || stale(record)));
  const requeued = await unowned(readying, unfinished);
  await mapConcurrently(requeued, writesAtOnce, (record) =>
    stale(record) ? redumpRecord(table, record, run, writer, unrecordedEnd(record)) : requeueRecord(table, record, writer, unrecordedEnd(record)),
  );

  const replacedNames = new Set(replaced.map(({ database }) => database));
  return names.map((database) => {
    const record = known.get(database);
    if (record === undefined) return { database, done: false, unverified: false, sqlBytes: 0 };
    return replacedNames.has(database) ? { ...asItIs(record), done: false, unverified: false } : asItIs(record);
  });
}

/** A record that the pass does not change. */
export function asItIs(record: RecordSummary): ReadiedRecord {
  const done = isDone(record);
  return { database: record.database, done, unverified: done && record.checkpoint === 'UNVERIFIED', sqlBytes: record.sqlBytes ?? 0 };
}

/** The history says what happened, where neither the branch nor the event of its end, nor its run's tally, has. */
function unrecordedEnd(record: RecordSummary): BranchFailure | undefined {
  return looksAtWork(record) ? failureOfEnd(record.database, {}) : undefined;
}

async function unowned(readying: Readying, records: readonly RecordSummary[]): Promise<RecordSummary[]> {
  const owned = records.filter(({ owner }) => owner !== undefined);
  const dead = (await mapConcurrently(owned, questionsAtOnce, async (record) => ((await isOwnerAlive(readying, record)) ? [] : [record]))).flat();
  return [...dead, ...records.filter(({ owner }) => owner === undefined)];
}

/**
 * A branch lives no longer than its run, and this run's earlier passes are over: so thousands of dead owners take one
 * question, not one each (DescribeExecution refills 10 to 15 a second).
 */
async function isOwnerAlive({ isAlive, runArn }: Readying, { owner, run }: RecordSummary): Promise<boolean> {
  if (owner === undefined) return false;
  const ownersRun = run === undefined ? undefined : runArnOfBranch(owner, run);
  if (ownersRun === runArn) return false;
  if (ownersRun !== undefined && !(await isAlive(ownersRun))) return false;
  return isAlive(owner);
}
