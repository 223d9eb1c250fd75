/**
 * Where a database whose tables differ is to be taken up again. What its dump had is known from its import: the SHA-256 of each part
 * was that of the manifest, and the rows that each table was given are counted. Where a dump differs from its own manifest (the
 * source changed while it was made, or one of the two was altered), loading it again can only end the same. It is loaded again only
 * where rows came or went on the target since; a dump that is made again is loaded again as well, so that it mends both.
 */
import type { Audit, Manifest } from '../../core/contracts.ts';
import type { TableDifference } from '../../core/digests/compare-tables.ts';
import { handMadeAttempt, type Stage } from '../../core/names.ts';

/** A dump made by hand is all there is: Ferry cannot make it again. */
export function stageToResume(differences: readonly TableDifference[], { attempt, tables = [] }: Manifest, audit: Audit | undefined): Stage {
  if (attempt === handMadeAttempt || audit === undefined) return 'import';
  const counted = new Map(tables.map(({ name, rows }) => [name, rows]));
  return differences.some((difference) => isOfDump(difference, counted, audit.rows)) ? 'dump' : 'import';
}

function isOfDump({ table, kind }: TableDifference, counted: ReadonlyMap<string, number>, loaded: Audit['rows']): boolean {
  const isInDump = Object.hasOwn(loaded, table);
  switch (kind) {
    case 'absent':
      return !isInDump;
    case 'unexpected':
      return isInDump;
    case 'rows':
      return loaded[table] !== counted.get(table);
    // As many rows are there as were loaded, so that they are the dump's.
    case 'values':
      return true;
  }
}
