/** AUTO_INCREMENT counters of a database that may be written to while it is dumped. */
import type { Query } from '../digests/table-digests.ts';
import { textLiteral } from '../sql-text.ts';
import type { Structure } from './structure.ts';

/**
 * mysqldump reads a counter at a time of its own: where one has moved, any value of the way will do.
 * @param structure as it was before the dump
 * @returns the same, its counters that have moved since as ranges
 */
export async function followCounters(query: Query, database: string, structure: Structure): Promise<Structure> {
  const counting = Object.entries(structure).filter(([, object]) => object['auto-increment'] !== undefined);
  if (counting.length === 0) return structure;
  const rows = await query<{ name: string; n: string | number | null }>(
    `SELECT TABLE_NAME AS name, AUTO_INCREMENT AS n FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${textLiteral(database)}`,
  );
  const now = new Map(rows.map(({ name, n }) => [`table ${name}`, String(n ?? 1)]));
  const moved = counting.flatMap(([name, object]) => {
    const [before, after] = [object['auto-increment'] ?? '1', now.get(name)];
    return after === undefined || after === before ? [] : [[name, { ...object, 'auto-increment': `${before}..${after}` }] as const];
  });
  return { ...structure, ...Object.fromEntries(moved) };
}
