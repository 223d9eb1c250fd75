/** Compares the tables of the target with what the dump's manifest says of the source's. */
import { compareTables as compare } from '../../core/digests/compare-tables.ts';
import type { ComparedTables, ExpectedTable, TableDifference } from '../../core/digests/compare-tables.ts';
import { digestSession } from '../../core/digests/table-digests.ts';
import type { Query } from '../../core/digests/table-digests.ts';
import { FerryError } from '../../core/errors.ts';
import { markerTable, scratchTable, type Stage } from '../../core/names.ts';
import type { MysqlSession } from '../common/mysql-session.ts';

export type { ExpectedTable } from '../../core/digests/compare-tables.ts';

const shownDifferences = 20;

/** A large table is read by several connections, its ranges dealt out among them. */
const connections = 4;
/** Fewer are read before another connection has been opened. */
const rangesForConnection = 4;

/**
 * @param connect opens another connection; what cannot be opened (the server is full) is done without
 * @param resumeAt where to take up a database with these differences
 * @throws FerryError VerificationMismatch, and what the server answers
 */
export async function compareTables(
  session: MysqlSession,
  database: string,
  expected: readonly ExpectedTable[],
  connect: () => Promise<MysqlSession>,
  resumeAt: (differences: readonly TableDifference[]) => Stage = () => 'import',
): Promise<ComparedTables> {
  const ranges = expected.reduce((total, table) => total + (table.ranges?.length ?? 0), 0);
  const wanted = Math.min(connections - 1, Math.floor(ranges / rangesForConnection));
  const opened = await Promise.allSettled(Array.from({ length: wanted }, connect));
  const others = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  try {
    for (const each of [session, ...others]) for (const sql of digestSession) await each.execute(sql);
    const compared = await compare(dealtOut([session, ...others]), database, expected, [markerTable, scratchTable], 1 + others.length);
    const { differences } = compared;
    if (differences.length > 0) throw mismatch(database, differences, expected.length, resumeAt(differences));
    return compared;
  } finally {
    await Promise.all(others.map((each) => each.close()));
  }
}

/** For as many queries at a time as there are sessions. */
function dealtOut(sessions: readonly MysqlSession[]): Query {
  const idle = [...sessions];
  return async <Row>(sql: string): Promise<Row[]> => {
    const session = idle.pop();
    if (session === undefined) throw new Error('More queries at once than connections.');
    try {
      return await session.query<Row>(sql);
    } finally {
      idle.push(session);
    }
  };
}

function mismatch(database: string, differences: readonly TableDifference[], tables: number, resumeAt: Stage): FerryError {
  const shown = differences.slice(0, shownDifferences).map(({ text }) => text).join('; ');
  const more = differences.length > shownDifferences ? `; and ${differences.length - shownDifferences} more` : '';
  const message = `${differences.length} of ${tables} tables of \`${database}\` differ: ${shown}${more}.`;
  return new FerryError('VerificationMismatch', message, { resumeAt });
}
