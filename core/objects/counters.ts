/** AUTO_INCREMENT counters of a database that may be written to while it is dumped. */
import type { SchemaRow } from './schema-reader.ts';
import type { Structure } from './structure.ts';

/**
 * mysqldump reads a counter at a time of its own: where one has moved, any value of the way will do.
 * @param structure as it was before the dump
 * @param listed what TABLES says after it
 * @returns the same, its counters that have moved since as ranges
 */
export function followCounters(structure: Structure, listed: readonly SchemaRow[]): Structure {
  const counting = Object.entries(structure).filter(([, object]) => object['auto-increment'] !== undefined);
  if (counting.length === 0) return structure;
  const now = new Map(listed.map((row) => [`table ${row['table_name'] ?? ''}`, row['auto_increment'] ?? '1']));
  const moved = counting.flatMap(([name, object]) => {
    const [before, after] = [object['auto-increment'] ?? '1', now.get(name)];
    return after === undefined || after === before ? [] : [[name, { ...object, 'auto-increment': `${before}..${after}` }] as const];
  });
  return { ...structure, ...Object.fromEntries(moved) };
}
