/**
 * Reads each view of a scratch database once, without rows. A definer that the target lacks hides whatever else is the
 * matter with a view: such views are given to the account of the rehearsal first. Definers have a check of their own.
 */
import { errnoOf, isConnectionLoss } from '../../core/mysql-failures.ts';
import { quoteIdentifier } from '../../core/names.ts';
import { textLiteral } from '../../core/sql-text.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import type { Findings } from './findings.ts';

/** A definer who is not there: said plainly, or as a refused login to an account without SUPER. */
const definerMissing = new Set([1045, 1449]);

interface Sides {
  readonly source: MysqlSession;
  readonly target: MysqlSession;
}

/**
 * @param views that were made. A view that the source cannot read either is no finding of a rehearsal. @throws what
 * breaks a connection
 */
export async function tryViews({ source, target }: Sides, views: readonly string[], findings: Findings): Promise<void> {
  let failed = await failuresOf(target, findings.scratch, views);
  while ([...failed.values()].some((error) => definerMissing.has(errnoOf(error) ?? 0))) {
    const adopted = await adopt(target, findings.scratch, [...failed.keys()]);
    if (adopted.length === 0) break;
    failed = await failuresOf(target, findings.scratch, [...failed.keys()]);
  }
  for (const [view, failure] of failed) {
    if ((await failureOf(source, findings.database, view)) === undefined) findings.fails(`view ${view}`, failure);
  }
}

/**
 * @returns those that were another account's: the lowest first, because nothing is made over a view whose definer is
 * missing
 */
async function adopt(session: MysqlSession, database: string, views: readonly string[]): Promise<string[]> {
  const adopted: string[] = [];
  for (const view of views) {
    const name = `${quoteIdentifier(database)}.${quoteIdentifier(view)}`;
    const [row] = await session.query<{ definition: string; own: number | string }>(
      `SELECT VIEW_DEFINITION AS definition, DEFINER = CURRENT_USER() AS own FROM information_schema.VIEWS
       WHERE TABLE_SCHEMA = '${database}' AND TABLE_NAME = ${textLiteral(view)}`,
    );
    if (row === undefined || Number(row.own) === 1) continue;
    try {
      await session.execute(`ALTER DEFINER = CURRENT_USER VIEW ${name} AS ${row.definition}`);
      adopted.push(view);
    } catch (error) {
      if (errnoOf(error) === undefined || isConnectionLoss(error)) throw error;
    }
  }
  return adopted;
}

async function failuresOf(
  session: MysqlSession,
  database: string,
  views: readonly string[],
): Promise<Map<string, unknown>> {
  const failures = new Map<string, unknown>();
  for (const view of views) {
    const failure = await failureOf(session, database, view);
    if (failure !== undefined) failures.set(view, failure);
  }
  return failures;
}

async function failureOf(session: MysqlSession, database: string, view: string): Promise<unknown> {
  try {
    await session.query(`SELECT * FROM ${quoteIdentifier(database)}.${quoteIdentifier(view)} LIMIT 0`);
    return undefined;
  } catch (error) {
    if (errnoOf(error) === undefined || isConnectionLoss(error)) throw error;
    return error;
  }
}
