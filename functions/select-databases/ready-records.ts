/** Brings the records of a pass's databases to where a branch can claim them. */
import { mapConcurrently } from '../../core/concurrency.ts';
import {
  isAtRest,
  type RecordsTable,
  type RecordSummary,
  registerDatabase,
  replaceRecord,
  requeueRecord,
  type Writer,
} from '../../core/records.ts';
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

export interface ReadiedRecord {
  readonly database: string;
  readonly verified: boolean;
  /** 0 until a dump has measured it. */
  readonly sqlBytes: number;
}

/**
 * Registers what is new, resets what is to be replaced, and releases what a dead branch left behind. What another live
 * branch owns is left alone.
 */
export async function readyRecords(
  readying: Readying,
  names: readonly string[],
  known: ReadonlyMap<string, RecordSummary>,
  replace: ReadonlySet<string>,
): Promise<ReadiedRecord[]> {
  const { table, run, writer } = readying;
  const unregistered = names.filter((name) => !known.has(name));
  await mapConcurrently(unregistered, writesAtOnce, (name) => registerDatabase(table, name, writer));

  const records = [...known.values()];
  const replaced = records.filter((record) => record.state === 'VERIFIED' && replace.has(record.database) && record.replacedIn !== run);
  await mapConcurrently(replaced, writesAtOnce, (record) => replaceRecord(table, record, run, writer));

  const unfinished = records.filter((record) => record.state !== 'VERIFIED' && !isAtRest(record));
  await requeueUnowned(readying, unfinished);

  const replacedNames = new Set(replaced.map(({ database }) => database));
  return names.map((database) => {
    const record = known.get(database);
    return { database, verified: record?.state === 'VERIFIED' && !replacedNames.has(database), sqlBytes: record?.sqlBytes ?? 0 };
  });
}

async function requeueUnowned(readying: Readying, records: readonly RecordSummary[]): Promise<void> {
  const owned = records.filter(({ owner }) => owner !== undefined);
  const dead = (await mapConcurrently(owned, questionsAtOnce, async (record) => ((await isOwnerAlive(readying, record)) ? [] : [record]))).flat();
  const requeued = [...dead, ...records.filter(({ owner }) => owner === undefined)];
  await mapConcurrently(requeued, writesAtOnce, (record) => requeueRecord(readying.table, record, readying.writer));
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
