/** Compares the objects of the target with those that the dump's manifest describes. */
import { FerryError } from '../../core/errors.ts';
import { scratchTable, scratchView } from '../../core/names.ts';
import { compareWithExpected } from '../../core/objects/compare-objects.ts';
import type { ComparedObjects, Expected } from '../../core/objects/compare-objects.ts';
import { structureSession } from '../../core/objects/read-structure.ts';
import { differenceText } from '../../core/objects/structure.ts';
import type { ObjectDifference, Structure } from '../../core/objects/structure.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import { differencesInMeaning } from './same-meaning.ts';

const shownDifferences = 20;

/** @returns what the target holds; @throws FerryError VerificationMismatch, and what the server answers */
export async function compareObjects(session: MysqlSession, database: string, expected: Expected): Promise<Structure> {
  const { found, differences } = await differencesOfObjects(session, database, expected);
  if (differences.length > 0) throw mismatch(database, differences);
  return found;
}

/** Those that do not mean the same. @throws what the server answers */
export async function differencesOfObjects(session: MysqlSession, database: string, expected: Expected): Promise<ComparedObjects> {
  for (const sql of structureSession) await session.execute(sql);
  const query = <Row>(sql: string): Promise<Row[]> => session.query<Row>(sql);
  const { found, differences } = await compareWithExpected(query, database, expected, [scratchTable, scratchView]);
  return { found, differences: await differencesInMeaning(session, database, { expected: expected.structure, found }, differences) };
}

function mismatch(database: string, differences: readonly ObjectDifference[]): FerryError {
  const shown = differences.slice(0, shownDifferences).map((difference) => differenceText(difference)).join('; ');
  const more = differences.length > shownDifferences ? `; and ${differences.length - shownDifferences} more` : '';
  return new FerryError('VerificationMismatch', `The objects of \`${database}\` differ in ${differences.length} places: ${shown}${more}.`);
}
