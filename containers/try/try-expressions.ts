/**
 * Asks the target for every regular expression in views and generated columns whether it can use it: it looks at them
 * when there are rows, of which a rehearsal has none.
 */
import type { DatabaseFacts } from '../../core/assessment/facts.ts';
import { scan } from '../../core/assessment/sql-scan.ts';
import { errnoOf, isConnectionLoss } from '../../core/mysql-failures.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import { saidOf } from '../import/rejections.ts';
import type { Findings } from './findings.ts';

/** @throws what breaks a connection */
export async function tryExpressions(session: MysqlSession, facts: DatabaseFacts, findings: Findings): Promise<void> {
  for (const { name, definition } of facts.views) {
    const failure = await failureIn(session, definition);
    if (failure !== undefined) findings.fails(`view ${name}`, failure);
  }
  for (const { name: table, columns } of facts.tables) {
    for (const { name, expression } of columns) {
      const failure = expression === null ? undefined : await failureIn(session, expression);
      if (failure !== undefined) findings.refusedPart(`column ${table}.${name}`, saidOf(failure));
    }
  }
}

/** Of the first regular expression that fails. */
async function failureIn(session: MysqlSession, text: string): Promise<unknown> {
  if (!/regexp|rlike/i.test(text)) return undefined;
  const tokens = scan(text);
  for (const [index, { upper }] of tokens.entries()) {
    if (upper !== 'REGEXP' && upper !== 'RLIKE') continue;
    const pattern = tokens.slice(index + 1, index + 4).find(({ kind }) => kind === 'string')?.text;
    if (pattern === undefined) continue;
    try {
      await session.executeBytes(`SELECT 'a' REGEXP ${pattern}`);
    } catch (error) {
      if (errnoOf(error) === undefined || isConnectionLoss(error)) throw error;
      return error;
    }
  }
  return undefined;
}
