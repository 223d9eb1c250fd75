/** Compares the tables of a database with what is expected of them, by digests of the tables or of their ranges. */
import type { DumpedTable, Verification } from '../contracts.ts';
import { countTypedValues } from '../json-values/typed-values.ts';
import { textLiteral } from '../sql-text.ts';
import { databaseDigest } from './database-digest.ts';
import { addDigests, emptyDigest, readAs, readColumns, readCounts, readDigests, sameDigest } from './table-digests.ts';
import type { Digest, DigestTable, KeyRange, Query } from './table-digests.ts';

/** Without a digest its rows are counted and no more. */
export type ExpectedTable = Pick<DumpedTable, 'name' | 'rows' | 'digest' | 'hashed' | 'ranges' | 'jsonTypes'>;

export interface TableDifference {
  readonly table: string;
  readonly kind: 'absent' | 'unexpected' | 'rows' | 'values';
  /** For people. */
  readonly text: string;
  /** Ranges of the table that differ, where it was read by ranges. */
  readonly ranges: readonly KeyRange[];
}

export interface ComparedTables {
  /** Of the tables that are expected and there. */
  readonly rows: number;
  readonly comparedBy: Verification['comparedBy'];
  /** `databaseDigest` of what was found; undefined where rows were counted and no more. */
  readonly digest: string | undefined;
  readonly differences: readonly TableDifference[];
}

interface ExpectedRange {
  readonly table: ExpectedTable;
  readonly range?: KeyRange;
  readonly digest: Digest;
}

type FoundRange = ExpectedRange & { readonly actual: Digest };

const shownRanges = 3;

/**
 * @param query of a session that `digestSession` has prepared
 * @param ignored tables that may be there as well
 * @param atOnce statements that `query` may be given at the same time
 * @throws what the server answers
 */
export async function compareTables(query: Query, database: string, expected: readonly ExpectedTable[], ignored: readonly string[], atOnce = 1): Promise<ComparedTables> {
  const present = await query<{ name: string }>(
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${textLiteral(database)} AND TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME NOT IN (${ignored.map(textLiteral).join(', ')})`,
  );
  const names = new Set(present.map(({ name }) => name));
  const wanted = expected.filter(({ name }) => names.has(name)).flatMap(rangesOf);
  const hasDigests = expected.length === 0 || expected.some(({ digest }) => digest !== undefined);
  const digests = hasDigests ? await digestsOf(query, database, wanted, atOnce) : await countsOf(query, database, wanted);
  const found = new Map<ExpectedTable, FoundRange[]>(expected.map((table) => [table, []]));
  for (const [index, range] of wanted.entries()) found.get(range.table)?.push({ ...range, actual: digests[index] ?? emptyDigest });
  const tables = expected.map((table) => ({ name: table.name, ...totalOf(found.get(table) ?? []) }));
  const listed = new Set(expected.map(({ name }) => name));
  return {
    rows: tables.reduce((total, { rows }) => total + rows, 0),
    comparedBy: expected.every((table) => table.digest !== undefined) ? 'digests' : 'counts',
    digest: hasDigests ? databaseDigest(tables) : undefined,
    differences: [
      ...expected.flatMap((table) => differenceOf(table, found.get(table) ?? [], names.has(table.name)) ?? []),
      ...(await compareJsonTypes(query, database, hasDigests ? expected.filter(({ name }) => names.has(name)) : [])),
      ...[...names].filter((name) => !listed.has(name)).map((name) => ({ table: name, kind: 'unexpected' as const, text: `\`${name}\`: not in the dump`, ranges: [] })),
    ],
  };
}

async function digestsOf(query: Query, database: string, wanted: readonly ExpectedRange[], atOnce: number): Promise<Digest[]> {
  const columns = new Map((await readColumns(query, database, wanted.map(({ table }) => table.name))).map((table) => [table.name, table]));
  return readDigests(query, database, wanted.map(({ table, range }) => digestTable(columns, table, range)), atOnce);
}

async function countsOf(query: Query, database: string, wanted: readonly ExpectedRange[]): Promise<Digest[]> {
  const counts = await readCounts(query, database, wanted.map(({ table }) => table.name));
  return counts.map((rows) => ({ ...emptyDigest, rows }));
}

function rangesOf(table: ExpectedTable): ExpectedRange[] {
  if (table.ranges !== undefined) return table.ranges.map(({ range, ...digest }) => ({ table, range, digest }));
  return [{ table, digest: table.digest ?? { ...emptyDigest, rows: table.rows } }];
}

function digestTable(columns: ReadonlyMap<string, DigestTable>, { name, hashed }: ExpectedTable, range: KeyRange | undefined): DigestTable {
  return { ...readAs(columns.get(name) ?? { name, columns: [] }, hashed), ...(range === undefined ? {} : { range }) };
}

function totalOf(found: readonly FoundRange[]): Digest {
  return found.map(({ actual }) => actual).reduce(addDigests, emptyDigest);
}

function differenceOf(table: ExpectedTable, found: readonly FoundRange[], isThere: boolean): TableDifference | undefined {
  const difference = (kind: TableDifference['kind'], text: string, ranges: readonly KeyRange[] = []): TableDifference => ({ table: table.name, kind, text: `\`${table.name}\`: ${text}`, ranges });
  if (!isThere) return difference('absent', `source ${table.rows}, target has no such table`);
  const actual = totalOf(found);
  const ranges = found.filter((range) => !sameDigest(range.digest, range.actual)).flatMap(({ range }) => range ?? []);
  if (actual.rows !== table.rows) return difference('rows', `source ${table.rows}, target ${actual.rows}`, ranges);
  if (table.digest === undefined || found.every((range) => sameDigest(range.digest, range.actual))) return undefined;
  const named = ranges.slice(0, shownRanges).map(nameOf);
  return difference('values', `${table.rows} rows on both sides, whose values differ${named.length === 0 ? '' : ` where ${named.join(', ')}`}`, ranges);
}

/** The text of a document is the same whatever the types of its values; where the source has such values, they are counted on both sides. */
async function compareJsonTypes(query: Query, database: string, expected: readonly ExpectedTable[]): Promise<TableDifference[]> {
  const columns = expected.flatMap(({ name, jsonTypes = {} }) => Object.entries(jsonTypes).map(([column, counts]) => ({ table: name, column, counts })));
  if (columns.length === 0) return [];
  const [server] = await query<{ version: string }>('SELECT VERSION() AS version');
  const differences: TableDifference[] = [];
  for (const { table, column, counts } of columns) {
    const actual = await countTypedValues(query, { database, table, column }, server?.version ?? '');
    const types = [...new Set([...Object.keys(counts), ...Object.keys(actual)])].filter((type) => counts[type] !== actual[type]);
    if (types.length === 0) continue;
    const named = types.map((type) => `${counts[type] ?? 0} ${type} on the source, ${actual[type] ?? 0} on the target`).join('; ');
    differences.push({ table, kind: 'values', text: `\`${table}\`: values inside the JSON documents of \`${column}\` have other types: ${named}`, ranges: [] });
  }
  return differences;
}

function nameOf({ column, from, below }: KeyRange): string {
  return [...(from === undefined ? [] : [`\`${column}\` >= ${from}`]), ...(below === undefined ? [] : [`\`${column}\` < ${below}`])].join(' and ');
}
