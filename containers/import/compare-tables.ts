/** Compares the tables of the target with what the dump's manifest says of the source's. */
import type { DumpedTable, Verification } from '../../core/contracts.ts';
import { databaseDigest } from '../../core/digests/database-digest.ts';
import { addDigests, digestSession, emptyDigest, readColumns, readDigests, sameDigest } from '../../core/digests/table-digests.ts';
import type { Digest, DigestTable, KeyRange } from '../../core/digests/table-digests.ts';
import { FerryError } from '../../core/errors.ts';
import { markerTable } from '../../core/names.ts';
import { textLiteral } from '../../core/sql-text.ts';
import type { MysqlSession } from '../common/mysql-session.ts';

/** Without a digest its rows are counted and no more. */
export type ExpectedTable = Pick<DumpedTable, 'name' | 'rows' | 'digest' | 'ranges'>;

interface ExpectedRange {
  readonly table: ExpectedTable;
  readonly range?: KeyRange;
  readonly digest: Digest;
}

const shownDifferences = 20;
const shownRanges = 3;

export interface ComparedTables {
  /** Of all tables. */
  readonly rows: number;
  readonly comparedBy: Verification['comparedBy'];
  /** `databaseDigest` of what the target holds. */
  readonly digest: string;
}

/** @throws FerryError VerificationMismatch, and what the server answers */
export async function compareTables(session: MysqlSession, database: string, expected: readonly ExpectedTable[]): Promise<ComparedTables> {
  const query = <Row>(sql: string): Promise<Row[]> => session.query<Row>(sql);
  for (const sql of digestSession) await session.execute(sql);
  const present = await query<{ name: string }>(
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${textLiteral(database)} AND TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME <> '${markerTable}'`,
  );
  const names = new Set(present.map(({ name }) => name));
  const columns = new Map((await readColumns(query, database, [...names])).map((table) => [table.name, table]));
  const wanted = expected.filter(({ name }) => names.has(name)).flatMap(rangesOf);
  const digests = await readDigests(query, database, wanted.map(({ table, range }) => digestTable(columns, table.name, range)));
  const found = wanted.map((range, index) => ({ ...range, actual: digests[index] ?? emptyDigest }));
  const unexpected = [...names].filter((name) => !expected.some((table) => table.name === name));
  const differences = [
    ...expected.flatMap((table) => differenceOf(table, found.filter((range) => range.table === table), names.has(table.name))),
    ...unexpected.map((name) => `\`${name}\`: not in the dump`),
  ];
  if (differences.length > 0) throw mismatch(database, differences, expected.length);
  const tables = expected.map(({ name }) => ({ name, ...found.filter(({ table }) => table.name === name).map(({ actual }) => actual).reduce(addDigests, emptyDigest) }));
  return {
    rows: tables.reduce((total, { rows }) => total + rows, 0),
    comparedBy: expected.every((table) => table.digest !== undefined) ? 'digests' : 'counts',
    digest: databaseDigest(tables),
  };
}

function rangesOf(table: ExpectedTable): ExpectedRange[] {
  if (table.ranges !== undefined) return table.ranges.map(({ range, ...digest }) => ({ table, range, digest }));
  return [{ table, digest: table.digest ?? { ...emptyDigest, rows: table.rows } }];
}

function digestTable(columns: ReadonlyMap<string, DigestTable>, name: string, range: KeyRange | undefined): DigestTable {
  return { name, columns: columns.get(name)?.columns ?? [], ...(range === undefined ? {} : { range }) };
}

function differenceOf(table: ExpectedTable, found: readonly (ExpectedRange & { readonly actual: Digest })[], isThere: boolean): string[] {
  if (!isThere) return [`\`${table.name}\`: source ${table.rows}, target has no such table`];
  const actual = found.map((range) => range.actual).reduce(addDigests, emptyDigest);
  if (actual.rows !== table.rows) return [`\`${table.name}\`: source ${table.rows}, target ${actual.rows}`];
  if (table.digest === undefined) return [];
  const differing = found.filter((range) => !sameDigest(range.digest, range.actual));
  if (differing.length === 0) return [];
  const ranges = differing.flatMap(({ range }) => (range === undefined ? [] : [nameOf(range)])).slice(0, shownRanges);
  return [`\`${table.name}\`: ${table.rows} rows on both sides, whose values differ${ranges.length === 0 ? '' : ` where ${ranges.join(', ')}`}`];
}

function nameOf({ column, from, below }: KeyRange): string {
  return [...(from === undefined ? [] : [`\`${column}\` >= ${from}`]), ...(below === undefined ? [] : [`\`${column}\` < ${below}`])].join(' and ');
}

function mismatch(database: string, differences: readonly string[], tables: number): FerryError {
  const shown = differences.slice(0, shownDifferences).join('; ');
  const more = differences.length > shownDifferences ? `; and ${differences.length - shownDifferences} more` : '';
  return new FerryError('VerificationMismatch', `${differences.length} of ${tables} tables of \`${database}\` differ: ${shown}${more}.`);
}
