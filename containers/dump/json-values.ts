/** The stage `dump`: what of JSON documents mysqldump's text cannot carry is kept beside it, as one object of JSON lines. */
import type { Manifest } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import { jsonTypesLost } from '../../core/assessment/checks/json-types-lost.ts';
import { readTypedDocuments, typedLiteral } from '../../core/json-values/documents.ts';
import type { DocumentKey, TypedDocument } from '../../core/json-values/documents.ts';
import { countTypedValues, rowsWithTypedValues } from '../../core/json-values/typed-values.ts';
import type { JsonColumn, TypeCounts } from '../../core/json-values/typed-values.ts';
import { isMySqlAtLeast } from '../../core/mysql-versions.ts';
import { dumpPrefix, quoteIdentifier } from '../../core/names.ts';
import { textLiteral } from '../../core/sql-text.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import type { TaskContext } from '../common/task.ts';
import type { SourceMetadata } from './source-metadata.ts';

export interface DumpedJson {
  /** By table, then by column: how many values of each type the import has to bring back. */
  readonly types: ReadonlyMap<string, Readonly<Record<string, TypeCounts>>>;
  readonly object: Manifest['jsonValues'];
}

const partBytes = 8 * 1024 * 1024;

/**
 * Reads in the snapshot of the digests. A database without JSON columns costs nothing.
 * @throws FerryError AssessmentBlocked for values that cannot be carried over, with their columns and numbers
 */
export async function dumpJsonValues(context: TaskContext, session: MysqlSession, metadata: SourceMetadata): Promise<DumpedJson> {
  const types = new Map<string, Record<string, TypeCounts>>();
  const lines: string[] = [];
  const lost: string[] = [];
  for (const column of jsonColumnsOf(context.task.database, metadata)) {
    const query = <Row>(sql: string): Promise<Row[]> => session.query<Row>(sql);
    const counts = await countTypedValues(query, column, metadata.version);
    const exactNumbers = await rowsWithManyDigits(session, column);
    if (Object.keys(counts).length > 0) types.set(column.table, { ...types.get(column.table), [column.column]: counts });
    if (Object.keys(counts).length === 0 && exactNumbers === 0) continue;
    const key = await keyOf(session, column);
    const documents = key === undefined ? [] : await documentsOf(session, column, metadata.version, key);
    if (Object.keys(counts).length > 0) lost.push(...describeLost(column, counts, documents, key === undefined));
    lines.push(...documents.map((document) => `${JSON.stringify(document)}\n`));
  }
  if (lost.length > 0) throw blocked(context.task.database, lost);
  return { types, object: lines.length === 0 ? undefined : await store(context, lines) };
}

/** MariaDB's JSON is text. A generated column is made again from others. */
function jsonColumnsOf(database: string, { version, facts }: SourceMetadata): JsonColumn[] {
  if (!isMySqlAtLeast(version, 5, 7, 8)) return [];
  return facts.tables.flatMap(({ name, columns }) =>
    columns.filter(({ dataType, extra }) => dataType === 'json' && !/generated/i.test(extra.replace('default_generated', ''))).map((column) => ({ database, table: name, column: column.name })),
  );
}

const manyDigits = "'[0-9][.]?([0-9][.]?){15}'";

/** Numbers of more digits than MySQL 8.0 reads exactly from a document's text. */
async function rowsWithManyDigits(session: MysqlSession, { database, table, column }: JsonColumn): Promise<number> {
  const [row] = await session.query<{ n: string | number }>(
    `SELECT COUNT(*) AS n FROM ${quoteIdentifier(database)}.${quoteIdentifier(table)} WHERE CAST(${quoteIdentifier(column)} AS CHAR) REGEXP ${manyDigits}`,
  );
  return Number(row?.n ?? 0);
}

interface KeyColumn {
  readonly name: string;
  readonly kind: DocumentKey[number]['kind'];
  readonly expression: string;
}

/** The primary key, where each of its values can be written as a literal; else undefined. */
async function keyOf(session: MysqlSession, { database, table }: JsonColumn): Promise<readonly KeyColumn[] | undefined> {
  const rows = await session.query<{ name: string; type: string }>(
    `SELECT s.COLUMN_NAME AS name, c.DATA_TYPE AS type FROM information_schema.STATISTICS s JOIN information_schema.COLUMNS c USING (TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME) WHERE TABLE_SCHEMA = ${textLiteral(database)} AND TABLE_NAME = ${textLiteral(table)} AND s.INDEX_NAME = 'PRIMARY' AND s.SUB_PART IS NULL ORDER BY s.SEQ_IN_INDEX`,
  );
  const columns = rows.map(({ name, type }) => keyColumn(name, type.toLowerCase()));
  return columns.length === 0 || columns.includes(undefined) ? undefined : columns.filter((column) => column !== undefined);
}

function keyColumn(name: string, type: string): KeyColumn | undefined {
  const column = quoteIdentifier(name);
  if (/^(?:tiny|small|medium|big)?int$|^decimal$|^year$/.test(type)) return { name, kind: 'number', expression: `CAST(${column} AS CHAR)` };
  if (/^(?:date|time|datetime|timestamp)$/.test(type)) return { name, kind: 'text', expression: `CAST(${column} AS CHAR)` };
  if (/^(?:var)?char$|^enum$/.test(type)) return { name, kind: 'text', expression: `CONVERT(${column} USING utf8mb4)` };
  return /^(?:var)?binary$/.test(type) ? { name, kind: 'bytes', expression: `HEX(${column})` } : undefined;
}

async function documentsOf(session: MysqlSession, column: JsonColumn, version: string, key: readonly KeyColumn[]): Promise<TypedDocument[]> {
  const query = <Row>(sql: string): Promise<Row[]> => session.query<Row>(sql);
  const expressions = key.map(({ expression }) => expression);
  const typed = await rowsWithTypedValues(query, column, version, expressions);
  const named = expressions.map((expression, index) => `${expression} AS k${index}`).join(', ');
  const exact = await session.query<Record<string, string>>(
    `SELECT ${named} FROM ${quoteIdentifier(column.database)}.${quoteIdentifier(column.table)} WHERE CAST(${quoteIdentifier(column.column)} AS CHAR) REGEXP ${manyDigits}`,
  );
  const keys = new Map([...typed, ...exact].map((row) => [JSON.stringify(Object.values(row).map(String)), row]));
  const asKey = (row: Record<string, string>): DocumentKey => key.map(({ name, kind }, index) => ({ column: name, kind, value: row[`k${index}`] ?? '' }));
  return readTypedDocuments(query, column, [...keys.values()].map(asKey));
}

/** Values that the server counts and that are in no document which an UPDATE can restore. */
function describeLost(column: JsonColumn, counts: TypeCounts, documents: readonly TypedDocument[], hasNoKey: boolean): string[] {
  const carried = new Map<string, number>();
  for (const [, type, text] of documents.flatMap(({ values }) => values)) {
    if (typedLiteral(type, text) !== undefined) carried.set(type, (carried.get(type) ?? 0) + 1);
  }
  const left = Object.entries(counts).flatMap(([type, n]) => (n > (carried.get(type) ?? 0) ? [`${n - (carried.get(type) ?? 0)} ${type}`] : []));
  if (left.length === 0) return [];
  const reason = hasNoKey ? ', in a table without a primary key that tells its rows apart' : '';
  return [`column ${column.table}.${column.column}: ${left.join(', ')}${reason}`];
}

function blocked(database: string, lost: readonly string[]): FerryError {
  return new FerryError('AssessmentBlocked', `\`${database}\` cannot be migrated as it is: ${jsonTypesLost.id} (${lost.join('; ')}). ${jsonTypesLost.id}: ${jsonTypesLost.remedy}`);
}

async function store({ task, storage, signal }: TaskContext, lines: readonly string[]): Promise<Manifest['jsonValues']> {
  const key = `${dumpPrefix(task.migration, task.database, task.attempt)}json-values.jsonl`;
  async function* bytes(): AsyncGenerator<Buffer> {
    for (const line of lines) yield await Promise.resolve(Buffer.from(line));
  }
  return { key, documents: lines.length, ...(await storage.putStream(key, bytes(), partBytes, signal)) };
}
