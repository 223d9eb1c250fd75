/** Compares the objects of the target with those that the dump's manifest describes. */
import { FerryError } from '../../core/errors.ts';
import { errnoOf } from '../../core/mysql-failures.ts';
import { quoteIdentifier } from '../../core/names.ts';
import { canonicalView } from '../../core/objects/canonical.ts';
import { compareWithExpected } from '../../core/objects/compare-objects.ts';
import type { Expected } from '../../core/objects/compare-objects.ts';
import { structureSession } from '../../core/objects/read-structure.ts';
import { differenceText } from '../../core/objects/structure.ts';
import type { ObjectDifference, Structure } from '../../core/objects/structure.ts';
import { textLiteral } from '../../core/sql-text.ts';
import type { MysqlSession } from '../common/mysql-session.ts';

/** Made and dropped where two texts of a view may mean the same. */
const scratchView = '_aurora_ferry_view';
const shownDifferences = 20;

/** @returns what the target holds; @throws FerryError VerificationMismatch, and what the server answers */
export async function compareObjects(session: MysqlSession, database: string, expected: Expected): Promise<Structure> {
  for (const sql of structureSession) await session.execute(sql);
  const { found, differences } = await compareWithExpected(<Row>(sql: string): Promise<Row[]> => session.query<Row>(sql), database, expected, [scratchView]);
  const kept: ObjectDifference[] = [];
  for (const difference of differences) {
    if (!(await meansTheSame(session, database, difference))) kept.push(difference);
  }
  if (kept.length > 0) throw mismatch(database, kept);
  return found;
}

function mismatch(database: string, differences: readonly ObjectDifference[]): FerryError {
  const shown = differences.slice(0, shownDifferences).map((difference) => differenceText(difference)).join('; ');
  const more = differences.length > shownDifferences ? `; and ${differences.length - shownDifferences} more` : '';
  return new FerryError('VerificationMismatch', `The objects of \`${database}\` differ in ${differences.length} places: ${shown}${more}.`);
}

/**
 * Versions write the same view in different ways (`isnull(a)`, `(a is null)`): what decides is what this server writes
 * when it is given the source's text.
 */
async function meansTheSame(session: MysqlSession, database: string, { object, attribute, source, target }: ObjectDifference): Promise<boolean> {
  if (!object.startsWith('view ') || attribute !== 'definition' || source === undefined || target === undefined) return false;
  const scratch = `${quoteIdentifier(database)}.${quoteIdentifier(scratchView)}`;
  try {
    await session.execute(`USE ${quoteIdentifier(database)}`);
    await session.execute(`CREATE OR REPLACE SQL SECURITY INVOKER VIEW ${scratch} AS ${source}`);
    const [row] = await session.query<{ definition: string }>(
      `SELECT VIEW_DEFINITION AS definition FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ${textLiteral(database)} AND TABLE_NAME = '${scratchView}'`,
    );
    return row !== undefined && canonicalView(row.definition, database) === target;
  } catch (error) {
    // A text that this server does not take is not the target's.
    if (errnoOf(error) === undefined) throw error;
    return false;
  } finally {
    await session.execute(`DROP VIEW IF EXISTS ${scratch}`).catch(() => undefined);
  }
}
