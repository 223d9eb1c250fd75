/** Compares the tables of the target with what the dump's manifest says of the source's. */
import { compareTables as compare } from '../../core/digests/compare-tables.ts';
import type { ComparedTables, ExpectedTable } from '../../core/digests/compare-tables.ts';
import { digestSession } from '../../core/digests/table-digests.ts';
import type { Query } from '../../core/digests/table-digests.ts';
import { FerryError } from '../../core/errors.ts';
import { markerTable, scratchTable } from '../../core/names.ts';
import type { MysqlSession } from '../common/mysql-session.ts';

export type { ExpectedTable } from '../../core/digests/compare-tables.ts';

const shownDifferences = 20;

/** A large table is read by several connections, its ranges dealt out among them. */
const connections = 4;
/** Fewer are read before another connection has been opened. */
const rangesForConnection = 4;

/**
 * @param connect opens another connection; what cannot be opened (the server is full) is done without
 * @throws FerryError VerificationMismatch, and what the server answers
 */
export async function compareTables(
  session: MysqlSession,
  database: string,
  expected: readonly ExpectedTable[],
  connect: () => Promise<MysqlSession>,
): Promise<ComparedTables> {
  const ranges = expected.reduce((total, table) => total + (table.ranges?.length ?? 0), 0);
  const wanted = Math.min(connections - 1, Math.floor(ranges / rangesForConnection));
  const opened = await Promise.allSettled(Array.from({ length: wanted }, connect));
  const others = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  try {
    for (const each of [session, ...others]) for (const sql of digestSession) await each.execute(sql);
    const compared = await compare(dealtOut([session, ...others]), database, expected, [markerTable, scratchTable], 1 + others.length);
    if (compared.differences.length > 0) throw mismatch(database, compared.differences.map(({ text }) => text), expected.length);
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

function mismatch(database: string, differences: readonly string[], tables: number): FerryError {
  const shown = differences.slice(0, shownDifferences).join('; ');
  const more = differences.length > shownDifferences ? `; and ${differences.length - shownDifferences} more` : '';
  return new FerryError('VerificationMismatch', `${differences.length} of ${tables} tables of \`${database}\` differ: ${shown}${more}.`);
}
