/** Finds the first keys whose rows differ between two servers, by halving ranges of the key: each halving reads half as many rows. */
import { quoteIdentifier } from '../names.ts';
import { readDigests, sameDigest } from './table-digests.ts';
import type { DigestTable, KeyRange, Query } from './table-digests.ts';

/** One table, as each of two servers has it. */
export interface Side {
  readonly query: Query;
  readonly table: DigestTable;
}

interface Bounds {
  readonly from: bigint;
  /** Exclusive. */
  readonly below: bigint;
}

/**
 * @param column an integer, the first of the primary key
 * @returns at most `limit` keys, as decimal text, in their order
 * @throws what the servers answer
 */
export async function firstDifferingKeys(sides: readonly [Side, Side], database: string, column: string, range: KeyRange | undefined, limit: number): Promise<string[]> {
  const keys: string[] = [];
  let rest = await boundsOf(sides, database, column, range);
  while (rest !== undefined && rest.from < rest.below && keys.length < limit) {
    const key = await firstDifference(sides, database, column, rest);
    if (key === undefined) break;
    keys.push(String(key));
    rest = { from: key + 1n, below: rest.below };
  }
  return keys;
}

/** Open ends are closed by the lowest and highest keys that either side has. */
async function boundsOf(sides: readonly [Side, Side], database: string, column: string, range: KeyRange | undefined): Promise<Bounds | undefined> {
  const key = quoteIdentifier(column);
  const ends = await Promise.all(
    sides.map(({ query, table }) =>
      query<{ low: string | null; high: string | null }>(
        `SELECT CAST(MIN(${key}) AS CHAR) AS low, CAST(MAX(${key}) AS CHAR) AS high FROM ${quoteIdentifier(database)}.${quoteIdentifier(table.name)}`,
      ),
    ),
  );
  const lows = ends.flatMap(([row]) => (row?.low === null || row?.low === undefined ? [] : [BigInt(row.low)]));
  const highs = ends.flatMap(([row]) => (row?.high === null || row?.high === undefined ? [] : [BigInt(row.high)]));
  if (lows.length === 0) return undefined;
  return {
    from: range?.from === undefined ? lows.reduce((least, each) => (each < least ? each : least)) : BigInt(range.from),
    below: range?.below === undefined ? highs.reduce((most, each) => (each > most ? each : most)) + 1n : BigInt(range.below),
  };
}

async function firstDifference(sides: readonly [Side, Side], database: string, column: string, bounds: Bounds): Promise<bigint | undefined> {
  if (await isSame(sides, database, column, bounds)) return undefined;
  let { from, below } = bounds;
  while (below - from > 1n) {
    const middle = from + (below - from) / 2n;
    // What differs is in the second half when the first is the same.
    if (await isSame(sides, database, column, { from, below: middle })) from = middle;
    else below = middle;
  }
  return from;
}

async function isSame(sides: readonly [Side, Side], database: string, column: string, { from, below }: Bounds): Promise<boolean> {
  const range = { column, from: String(from), below: String(below) };
  const [one, other] = await Promise.all(sides.map(async ({ query, table }) => (await readDigests(query, database, [{ ...table, range }]))[0]));
  return one !== undefined && other !== undefined && sameDigest(one, other);
}
