/**
 * Values inside JSON documents whose types no text can carry: MySQL's binary JSON has DATE, TIME, DATETIME, DECIMAL and binary values,
 * which a dump writes as strings and as numbers of floating point. They are found by asking the server for the type of every value.
 * Source: MySQL Reference Manual, "The JSON Data Type", "Functions That Return JSON Value Attributes" (JSON_TYPE).
 */
import type { Query } from '../digests/table-digests.ts';
import { isMySqlAtLeast } from '../mysql-versions.ts';
import { quoteIdentifier } from '../names.ts';

/** As JSON_TYPE names them. */
export const typesThatTextLoses = ['DECIMAL', 'DATE', 'TIME', 'DATETIME', 'TIMESTAMP', 'YEAR', 'BLOB', 'BIT', 'GEOMETRY', 'OPAQUE'] as const;

/** How many values of each such type a column holds. */
export type TypeCounts = Readonly<Record<string, number>>;

export interface JsonColumn {
  readonly database: string;
  readonly table: string;
  readonly column: string;
}

/** Documents of more values than this are not looked through before MySQL 8.0, which has no JSON_TABLE. */
export const mostValues = 65_536;
/** Without JSON_TABLE, documents are joined with a table of numbers, which is to be no longer than they need. */
const bucketEnds = [16, 256, 4_096, mostValues];

/** @throws what the server answers */
export async function countTypedValues(query: Query, column: JsonColumn, version: string): Promise<TypeCounts> {
  const counts: Record<string, number> = {};
  for (const { rows, type } of await typedValues(query, column, version)) {
    const sql = `SELECT ${type} AS type, COUNT(*) AS n ${rows} GROUP BY 1`;
    for (const found of await query<{ type: string; n: number | string }>(sql)) {
      counts[found.type] = (counts[found.type] ?? 0) + Number(found.n);
    }
  }
  return counts;
}

/**
 * The rows whose documents hold such values.
 * @param key expressions over the table's columns, which tell its rows apart
 * @returns for each row the values of `key`, as `k0`, `k1`, …
 */
export async function rowsWithTypedValues(query: Query, column: JsonColumn, version: string, key: readonly string[]): Promise<Record<string, string>[]> {
  const found: Record<string, string>[] = [];
  for (const { rows, keys } of await typedValues(query, column, version, key)) {
    found.push(...(await query<Record<string, string>>(`SELECT DISTINCT ${keys} ${rows}`)));
  }
  return found;
}

interface TypedValues {
  /** FROM and WHERE of a SELECT with one row for each such value. */
  readonly rows: string;
  /** The expression of its type. */
  readonly type: string;
  /** The expressions of the row's key. */
  readonly keys: string;
}

async function typedValues(query: Query, { database, table, column }: JsonColumn, version: string, key: readonly string[] = []): Promise<TypedValues[]> {
  const source = `${quoteIdentifier(database)}.${quoteIdentifier(table)}`;
  const values = allValues(column);
  const named = key.map((expression, index) => `${expression} AS k${index}`);
  if (isMySqlAtLeast(version, 8, 0, 4)) {
    const type = 'JSON_TYPE(v)';
    const rows = `FROM ${source}, JSON_TABLE(${values}, '$[*]' COLUMNS (v JSON PATH '$')) AS json_values WHERE ${isLost(type)}`;
    return [{ type, rows, keys: named.join(', ') }];
  }
  const [row] = await query<{ n: number | string | null }>(`SELECT MAX(JSON_LENGTH(${values})) AS n FROM ${source}`);
  const most = Number(row?.n ?? 0);
  const type = 'JSON_TYPE(JSON_EXTRACT(d.v, n.p))';
  return bucketEnds.flatMap((end, index) => {
    const above = bucketEnds[index - 1] ?? 0;
    if (most <= above) return [];
    const documents = `(SELECT ${[...named, `${values} AS v`, `JSON_LENGTH(${values}) AS l`].join(', ')} FROM ${source})`;
    const rows = `FROM ${documents} d STRAIGHT_JOIN ${numbersBelow(end)} n ON n.i < d.l WHERE d.l > ${above} AND d.l <= ${end} AND ${isLost(type)}`;
    return { type, rows, keys: key.map((_, at) => `k${at}`).join(', ') };
  });
}

/** Every value of a document at any depth, and the document itself where it is a single value, as one array. */
function allValues(column: string): string {
  return `JSON_EXTRACT(JSON_ARRAY(${quoteIdentifier(column)}), '$**.*', '$**[*]')`;
}

function isLost(type: string): string {
  return `${type} IN (${typesThatTextLoses.map((type) => `'${type}'`).join(', ')})`;
}

/** `i` from 0, and `p`, the path of the i-th member of an array. @param end a power of 16 */
function numbersBelow(end: number): string {
  const digit = `(SELECT 0 AS i${Array.from({ length: 15 }, (_, index) => ` UNION ALL SELECT ${index + 1}`).join('')})`;
  const names = ['a', 'b', 'c', 'd'].slice(0, Math.round(Math.log(end) / Math.log(16)));
  const number = names.map((name, index) => `${16 ** index} * ${name}.i`).join(' + ');
  return `(SELECT ${number} AS i, CONCAT('$[', ${number}, ']') AS p FROM ${names.map((name) => `${digit} ${name}`).join(', ')})`;
}
