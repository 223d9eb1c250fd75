/** Looks into rows for values that the target refuses, and counts them: on request only, as it reads whole tables. */
import { quoteIdentifier } from '../names.ts';
import type { Query, TableFacts } from './facts.ts';
import { isGeometry } from './geometry-values.ts';
import { floatKeysOf } from './float-keys.ts';

const rowsOfPage = 2_000;
/** SRID, byte order, type and two coordinates: nothing can be wrong with a point of this length. */
const pointLength = 25;

/** By table and index: keys that are one in a dump, which writes FLOAT with six digits. */
export async function countFloatKeys(
  query: Query,
  database: string,
  tables: readonly TableFacts[],
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const table of tables) {
    for (const { name, columns } of floatKeysOf(table)) {
      const parts = columns.map((column) => written(table, column));
      const present = columns.map((column) => `${quoteIdentifier(column.name)} IS NOT NULL`).join(' AND ');
      const [row] = await query<{ n: string | number }>(
        `SELECT COUNT(*) AS n FROM (SELECT 1 FROM ${qualified(database, table)}
         WHERE ${present} GROUP BY ${parts.join(', ')} HAVING COUNT(*) > 1) AS alike`,
      );
      counts.set(`${table.name}\0${name}`, Number(row?.n ?? 0));
    }
  }
  return counts;
}

/** As a dump has it. */
function written(
  { columns }: TableFacts,
  { name, prefix }: { readonly name: string; readonly prefix: number | null },
): string {
  const column = quoteIdentifier(name);
  if (columns.find((each) => each.name === name)?.dataType === 'float') return `CONCAT(${column})`;
  return prefix === null ? column : `LEFT(${column}, ${prefix})`;
}

/** By table and column: geometries that the target does not take. */
export async function countGeometries(
  query: Query,
  database: string,
  tables: readonly TableFacts[],
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const table of tables) {
    for (const { name } of table.columns.filter(({ dataType }) =>
      /^(?:geometry|(?:multi)?(?:point|linestring|polygon)|geom(?:etry)?collection)$/.test(dataType),
    )) {
      counts.set(`${table.name}\0${name}`, await countIn(query, qualified(database, table), quoteIdentifier(name)));
    }
  }
  return counts;
}

async function countIn(query: Query, table: string, column: string): Promise<number> {
  let refused = 0;
  for (let offset = 0; ; offset += rowsOfPage) {
    const rows = await query<{ digits: string }>(
      `SELECT HEX(${column}) AS digits FROM ${table}
       WHERE LENGTH(${column}) <> ${pointLength} LIMIT ${rowsOfPage} OFFSET ${offset}`,
    );
    refused += rows.filter(({ digits }) => !isGeometry(Buffer.from(digits, 'hex'))).length;
    if (rows.length < rowsOfPage) return refused;
  }
}

function qualified(database: string, { name }: TableFacts): string {
  return `${quoteIdentifier(database)}.${quoteIdentifier(name)}`;
}
