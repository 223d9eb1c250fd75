/**
 * Digests of tables that do not depend on the order of rows: their number, and sum and xor of their hashes. Equal rows
 * cancel in an xor and not in a sum. Digests of the ranges of a table add up to that of the table.
 */
import { mapConcurrently } from '../concurrency.ts';
import { quoteIdentifier } from '../names.ts';
import { textLiteral } from '../sql-text.ts';
import { isHashed, rowHash } from './row-hash.ts';
import type { DigestColumn } from './row-hash.ts';

export interface Digest {
  readonly rows: number;
  /** Decimal. */
  readonly sum: string;
  /** Decimal, of 64 bits. */
  readonly xor: string;
}

/** The rows whose `column` is at least `from` and less than `below`; either may be open. Integers as text. */
export interface KeyRange {
  readonly column: string;
  readonly from?: string | undefined;
  readonly below?: string | undefined;
}

export interface DigestTable {
  readonly name: string;
  readonly columns: readonly DigestColumn[];
  readonly range?: KeyRange;
}

interface DigestColumnFacts {
  readonly name: string;
  readonly dataType: string;
  readonly characterSet: string | null;
  readonly maximumLength: number | null;
}

/** Sends one SELECT and answers its rows. Numbers may come as text. */
export type Query = <Row>(sql: string) => Promise<Row[]>;

/** Statements for a session that takes digests: what TIMESTAMP, CHAR and numbers look like as text depends on them. */
export const digestSession = [
  // MySQL 5.7 and MariaDB have no hint against merging (`digestSelect`). On MySQL 8 the setting would also keep the views of
  // information_schema from being merged, and each query of them would then read the whole dictionary: there it stays on.
  [
    "SET NAMES utf8mb4, SESSION time_zone = '+00:00', sql_mode = ''",
    "/*!50706 , optimizer_switch = 'derived_merge=off' */ /*!80000 , optimizer_switch = 'derived_merge=on' */",
    "/*M!100101 , optimizer_switch = 'derived_merge=off' */",
  ].join(' '),
] as const;

/** No rows: adding it changes nothing. */
export const emptyDigest: Digest = { rows: 0, sum: '0', xor: '0' };

const batchedTables = 100;
const batchedCharacters = 128 * 1024;

export function sameDigest(one: Digest, other: Digest): boolean {
  return one.rows === other.rows && one.sum === other.sum && one.xor === other.xor;
}

export function addDigests(one: Digest, other: Digest): Digest {
  return {
    rows: one.rows + other.rows,
    sum: String(BigInt(one.sum) + BigInt(other.sum)),
    xor: String(BigInt(one.xor) ^ BigInt(other.xor)),
  };
}

/**
 * Digests of tables, or of ranges of them, in the order given. Tables share statements, so that there are few round trips; a
 * range of a large table has one of its own, so that none lasts long.
 * @param atOnce statements that `query` may be given at the same time
 */
export async function readDigests(query: Query, database: string, tables: readonly DigestTable[], atOnce = 1): Promise<Digest[]> {
  const read = await mapConcurrently(batchesOf(database, tables), atOnce, async (selects) => {
    const rows = await query<{ i: number | string; n: number | string; s: string; x: string }>(selects.join(' UNION ALL '));
    const answered = new Map(rows.map(({ i, n, s, x }) => [Number(i), { rows: Number(n), sum: s, xor: x }]));
    return selects.map((_, index) => answered.get(index) ?? emptyDigest);
  });
  return read.flat();
}

/** The SELECTs of each statement. */
function batchesOf(database: string, tables: readonly DigestTable[]): string[][] {
  const batches: string[][] = [];
  let characters = Infinity;
  for (const table of tables) {
    const last = batches.at(-1);
    const isFull = last === undefined || table.range !== undefined || last.length >= batchedTables || characters > batchedCharacters;
    const batch = isFull ? [] : last;
    if (isFull) batches.push(batch);
    const select = digestSelect(database, table, batch.length);
    batch.push(select);
    // A range keeps its statement to itself.
    characters = table.range === undefined ? (isFull ? 0 : characters) + select.length : Infinity;
  }
  return batches;
}

/** Numbers of rows alone, in the order given. */
export async function readCounts(query: Query, database: string, tables: readonly string[]): Promise<number[]> {
  const counts: number[] = [];
  for (let start = 0; start < tables.length; start += batchedTables) {
    const batch = tables.slice(start, start + batchedTables);
    const selects = batch.map((name, index) => `SELECT ${index} AS i, COUNT(*) AS n FROM ${quoteIdentifier(database)}.${quoteIdentifier(name)}`);
    const rows = await query<{ i: number | string; n: number | string }>(selects.join(' UNION ALL '));
    const answered = new Map(rows.map(({ i, n }) => [Number(i), Number(n)]));
    for (const index of batch.keys()) counts.push(answered.get(index) ?? 0);
  }
  return counts;
}

/** NO_MERGE: merged, the hash would stand in both aggregates and be computed twice. Before MySQL 8 the session sees to it. */
function digestSelect(database: string, { name, columns, range }: DigestTable, index: number): string {
  const table = `${quoteIdentifier(database)}.${quoteIdentifier(name)}`;
  const rows = `SELECT ${rowHash(columns)} AS h FROM ${table}${range === undefined ? '' : conditionOf(range)}`;
  return `SELECT /*+ NO_MERGE(hashed) */ ${index} AS i, COUNT(*) AS n, CAST(COALESCE(SUM(h), 0) AS CHAR) AS s, CAST(BIT_XOR(h) AS CHAR) AS x FROM (${rows}) AS hashed`;
}

function conditionOf({ column, from, below }: KeyRange): string {
  const bounds = [...(from === undefined ? [] : [`>= ${from}`]), ...(below === undefined ? [] : [`< ${below}`])];
  return bounds.length === 0 ? '' : ` WHERE ${bounds.map((bound) => `${quoteIdentifier(column)} ${bound}`).join(' AND ')}`;
}

/** The columns of the named tables, in the order of their definitions, hashed as a dump of today does. */
export async function readColumns(query: Query, database: string, tables: readonly string[]): Promise<DigestTable[]> {
  const rows = await query<{ t: string; c: string; d: string; s: string | null; l: string | number | null }>(
    `SELECT TABLE_NAME AS t, COLUMN_NAME AS c, DATA_TYPE AS d, CHARACTER_SET_NAME AS s, CHARACTER_MAXIMUM_LENGTH AS l FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ${textLiteral(database)} ORDER BY TABLE_NAME, ORDINAL_POSITION`,
  );
  const columns = new Map<string, DigestColumn[]>(tables.map((name) => [name, []]));
  for (const { t, c, d, s, l } of rows) columns.get(t)?.push(digestColumn({ name: c, dataType: d.toLowerCase(), characterSet: s, maximumLength: l === null ? null : Number(l) }));
  return [...columns].map(([name, found]) => ({ name, columns: found }));
}

export function digestColumn({ name, dataType, characterSet, maximumLength }: DigestColumnFacts): DigestColumn {
  return { name, dataType, ...(characterSet === null ? {} : { characterSet }), ...(isHashed(dataType, maximumLength) ? { hashed: true } : {}) };
}

/** Columns that are hashed, by name: what a digest has to say of itself, so that another can be taken in the same way. */
export function hashedColumns({ columns }: DigestTable): string[] {
  return columns.filter(({ hashed }) => hashed === true).map(({ name }) => name);
}

/** The same table, to be read as a digest was taken whose `hashedColumns` are given; none for those of earlier versions. */
export function readAs(table: DigestTable, hashed: readonly string[] = []): DigestTable {
  return { ...table, columns: table.columns.map((column) => ({ ...column, hashed: hashed.includes(column.name) })) };
}

const integerTypes = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint'];

/**
 * Ranges of a table of about so many rows each, by the first column of its primary key, where that is an integer;
 * else the table whole. Only the key is read.
 */
export async function splitByKey(query: Query, database: string, table: DigestTable, rowsOfRange: number): Promise<DigestTable[]> {
  const column = await integerKey(query, database, table);
  if (column === undefined) return [table];
  const source = `${quoteIdentifier(database)}.${quoteIdentifier(table.name)}`;
  const ranges: DigestTable[] = [];
  let from: string | undefined;
  for (;;) {
    const where = from === undefined ? '' : ` WHERE ${quoteIdentifier(column)} >= ${from}`;
    const [next] = await query<{ k: string }>(
      `SELECT CAST(${quoteIdentifier(column)} AS CHAR) AS k FROM ${source}${where} ORDER BY ${quoteIdentifier(column)} LIMIT 1 OFFSET ${rowsOfRange}`,
    );
    // More rows of one key than a range should have: the range ends before the next key.
    const below: string | undefined = next !== undefined && next.k === from ? await keyAfter(query, source, column, next.k) : next?.k;
    ranges.push({ ...table, range: { column, ...(from === undefined ? {} : { from }), ...(below === undefined ? {} : { below }) } });
    if (below === undefined) return ranges;
    from = below;
  }
}

/** The first column of the primary key, where that is an integer. */
export async function integerKey(query: Query, database: string, table: DigestTable): Promise<string | undefined> {
  const [key] = await query<{ c: string }>(
    `SELECT COLUMN_NAME AS c FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ${textLiteral(database)} AND TABLE_NAME = ${textLiteral(table.name)} AND INDEX_NAME = 'PRIMARY' AND SEQ_IN_INDEX = 1`,
  );
  const type = table.columns.find(({ name }) => name === key?.c)?.dataType ?? '';
  return integerTypes.includes(type) ? key?.c : undefined;
}

async function keyAfter(query: Query, source: string, column: string, key: string): Promise<string | undefined> {
  const [row] = await query<{ k: string | null }>(`SELECT CAST(MIN(${quoteIdentifier(column)}) AS CHAR) AS k FROM ${source} WHERE ${quoteIdentifier(column)} > ${key}`);
  return row?.k ?? undefined;
}
