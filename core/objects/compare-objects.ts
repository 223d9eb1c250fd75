/** Compares the objects of a database of the target with what they should be. Nothing is written. */
import type { Audit } from '../contracts.ts';
import type { Query } from '../digests/table-digests.ts';
import { markerTable } from '../names.ts';
import { isLeftToTarget } from './expected-structure.ts';
import { readStructure } from './read-structure.ts';
import { compareStructures } from './structure.ts';
import type { ObjectDifference, Structure } from './structure.ts';

export interface Expected {
  /** The source's, as converted. */
  readonly structure: Structure;
  /** Conversions that were switched off. */
  readonly off: Audit['off'];
}

export interface ComparedObjects {
  /** What the target holds. */
  readonly found: Structure;
  readonly differences: readonly ObjectDifference[];
}

/**
 * After the tables were read: for one that is not open, MySQL 9.7 gives a counter that is one too low.
 * @param query of a session that `structureSession` has prepared
 * @param ignored tables and views that may be there as well
 * @throws what the server answers
 */
export async function compareWithExpected(query: Query, database: string, { structure, off }: Expected, ignored: readonly string[]): Promise<ComparedObjects> {
  const found = await readObjects(query, database, ignored);
  return { found, differences: compareStructures(structure, found).filter((difference) => !isLeftToTarget(difference, off)) };
}

export async function readObjects(query: Query, database: string, ignored: readonly string[] = []): Promise<Structure> {
  const [server] = await query<{ version: string }>('SELECT VERSION() AS version');
  return readStructure(query, database, { version: server?.version ?? '', without: [markerTable, ...ignored] });
}
