/** Reads each view of a scratch database once, without rows. */
import { errnoOf, isConnectionLoss } from '../../core/mysql-failures.ts';
import { quoteIdentifier } from '../../core/names.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import type { Findings } from './findings.ts';

/** @param source a view that it cannot read either is no finding of a rehearsal. @throws what breaks a connection */
export async function tryViews({ source, target }: { readonly source: MysqlSession; readonly target: MysqlSession }, views: readonly string[], findings: Findings): Promise<void> {
  for (const view of views) {
    const failure = await failureOf(target, findings.scratch, view);
    if (failure !== undefined && (await failureOf(source, findings.database, view)) === undefined) findings.fails(`view ${view}`, failure);
  }
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
