/** Compares the tables of the target with what the dump's manifest says of the source's. */
import { compareTables as compare } from '../../core/digests/compare-tables.ts';
import type { ComparedTables, ExpectedTable } from '../../core/digests/compare-tables.ts';
import { digestSession } from '../../core/digests/table-digests.ts';
import { FerryError } from '../../core/errors.ts';
import { markerTable } from '../../core/names.ts';
import type { MysqlSession } from '../common/mysql-session.ts';

export type { ExpectedTable } from '../../core/digests/compare-tables.ts';

const shownDifferences = 20;

/** @throws FerryError VerificationMismatch, and what the server answers */
export async function compareTables(session: MysqlSession, database: string, expected: readonly ExpectedTable[]): Promise<ComparedTables> {
  for (const sql of digestSession) await session.execute(sql);
  const compared = await compare(<Row>(sql: string): Promise<Row[]> => session.query<Row>(sql), database, expected, markerTable);
  if (compared.differences.length > 0) throw mismatch(database, compared.differences.map(({ text }) => text), expected.length);
  return compared;
}

function mismatch(database: string, differences: readonly string[], tables: number): FerryError {
  const shown = differences.slice(0, shownDifferences).join('; ');
  const more = differences.length > shownDifferences ? `; and ${differences.length - shownDifferences} more` : '';
  return new FerryError('VerificationMismatch', `${differences.length} of ${tables} tables of \`${database}\` differ: ${shown}${more}.`);
}
