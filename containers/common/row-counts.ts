/** Rows of many tables with few round trips. */
import { quoteIdentifier } from '../../core/names.ts';

const tablesPerQuery = 500;

/**
 * @param query sends one SELECT and answers its rows
 * @returns rows by table, in the order of `tables`
 */
export async function countRows(
  query: (sql: string) => Promise<{ i: number | string; n: number | string }[]>,
  database: string,
  tables: readonly string[],
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let start = 0; start < tables.length; start += tablesPerQuery) {
    const batch = tables.slice(start, start + tablesPerQuery);
    const selects = batch.map((table, index) => `SELECT ${index} AS i, COUNT(*) AS n FROM ${quoteIdentifier(database)}.${quoteIdentifier(table)}`);
    for (const { i, n } of await query(selects.join(' UNION ALL '))) counts.set(batch[Number(i)] ?? '', Number(n));
  }
  return counts;
}
