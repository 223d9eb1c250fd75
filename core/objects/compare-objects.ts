/** Compares the objects of a database of the target with what they should be. Nothing is written. */
import type { Audit } from '../contracts.ts';
import type { Query } from '../digests/table-digests.ts';
import { markerTable } from '../names.ts';
import { isLeftToTarget } from './expected-structure.ts';
import { readStructure } from './read-structure.ts';
import { compareStructures, counterAttribute, openCounter } from './structure.ts';
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

/** Of one moment: what source and target hold. */
export interface Sides {
  readonly source: Structure;
  readonly target: Structure;
}

/**
 * What differs now, but for what is on both sides as it was when a verification found that the two mean the same.
 * A counter of the target may be further: rows that are gone again have moved it.
 */
export function differencesSince(verified: Sides, now: Sides): ObjectDifference[] {
  return compareStructures(withOpenCounters(now.source), now.target).filter(({ object, attribute }) => {
    const isAsVerified = (side: keyof Sides): boolean => isSame(object, attribute, verified[side], now[side]);
    return !(isAsVerified('source') && isAsVerified('target'));
  });
}

/** What differs from a verified target, or from what it came from. */
export function differencesFrom(verified: Structure, now: Structure): ObjectDifference[] {
  return compareStructures(withOpenCounters(verified), now);
}

function isSame(object: string, attribute: string | undefined, before: Structure, now: Structure): boolean {
  const differences = compareStructures({ [object]: before[object] ?? {} }, { [object]: now[object] ?? {} });
  return (before[object] === undefined) === (now[object] === undefined) && !differences.some((each) => attribute === undefined || each.attribute === attribute);
}

function withOpenCounters(structure: Structure): Structure {
  return Object.fromEntries(
    Object.entries(structure).map(([name, object]) => {
      const counter = object[counterAttribute];
      return [name, counter === undefined ? object : { ...object, [counterAttribute]: openCounter(counter) }];
    }),
  );
}

export async function readObjects(query: Query, database: string, ignored: readonly string[] = []): Promise<Structure> {
  const [server] = await query<{ version: string }>('SELECT VERSION() AS version');
  return readStructure(query, database, { version: server?.version ?? '', without: [markerTable, ...ignored] });
}
