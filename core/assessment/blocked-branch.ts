/** The checks before a dump: a database that cannot arrive is refused in a second, with the reason, and not after an hour. */
import { FerryError } from '../errors.ts';
import { assessDatabase } from './assess.ts';
import type { Finding } from './check.ts';
import type { Structure } from '../objects/structure.ts';
import type { DatabaseFacts } from './facts.ts';
import { withKeys } from './keys-of-structure.ts';
import { databaseChecks, findCheck } from './registry.ts';

/** Checks that an operator may set aside. */
export const blockingChecks: readonly string[] = databaseChecks.filter(({ severity }) => severity === 'blocks').map(({ id }) => id);

const objectsNamed = 3;
/** A record keeps 600 characters of a message. */
const detailCharacters = 60;

/**
 * @param allowed ids of checks in spite of which the database is dumped
 * @param missing databases that this one refers to and that are not in the migration
 * @throws FerryError AssessmentBlocked that names every check, its first objects, and the remedies
 */
export function refuseBlocked(database: DatabaseFacts, version: string, allowed: readonly string[], missing?: ReadonlySet<string>): void {
  refuseFindings(database, assessDatabase(database, { source: { version }, target: undefined, missing }), allowed);
}

/** @throws FerryError AssessmentBlocked */
function refuseFindings(database: DatabaseFacts, all: readonly Finding[], allowed: readonly string[]): void {
  const findings = all.filter(({ severity, check }) => severity === 'blocks' && !allowed.includes(check));
  if (findings.length === 0) return;
  const found = findings.map(describeFinding).join('; ');
  const remedies = findings.map(({ check }) => `${check}: ${findCheck(check)?.remedy ?? ''}`).join(' ');
  throw new FerryError('AssessmentBlocked', `\`${database.name}\` cannot be migrated as it is: ${found}. ${remedies}`);
}

const checksOfKeys = databaseChecks.filter(({ id }) => ['foreign-key-parent-index', 'innodb-name', 'names-alike'].includes(id));

/**
 * The checks of indexes and foreign keys, which a branch learns of when it reads what its dump is to be compared with.
 * @throws as `refuseBlocked`
 */
export function refuseBlockedKeys(database: DatabaseFacts, structure: Structure, version: string, allowed: readonly string[]): void {
  const known = withKeys(database, structure);
  refuseFindings(known, assessDatabase(known, { source: { version }, target: undefined }, checksOfKeys), allowed);
}

/** `merge-engine (table a, table b and 3 more)`. */
export function describeFinding({ check, occurrences }: Finding): string {
  const named = occurrences.slice(0, objectsNamed).map(({ object, detail = '' }) => {
    const shown = detail.length > detailCharacters ? `${detail.slice(0, detailCharacters - 1)}…` : detail;
    return [object, shown].filter((part) => part !== '').join(': ');
  });
  const more = occurrences.length > objectsNamed ? ` and ${occurrences.length - objectsNamed} more` : '';
  const objects = named.filter((name) => name !== '').join(', ');
  return objects === '' ? check : `${check} (${objects}${more})`;
}

/** @throws FerryError InvalidInput for what is no check that blocks */
export function checkAllowed(ids: readonly string[]): void {
  const strange = ids.filter((id) => !blockingChecks.includes(id));
  if (strange.length === 0) return;
  throw new FerryError('InvalidInput', `No check that blocks a database is named ${strange.map((id) => JSON.stringify(id)).join(', ')}. There are: ${blockingChecks.join(', ')}.`);
}
