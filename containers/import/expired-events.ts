/**
 * Events that the target has dropped as soon as they were made, because their time is over and they are not to be kept
 * then. The target is asked, and not the clock of the dump: an event may come to its end between the two, and its time
 * zone be another here.
 */
import { textLiteral } from '../../core/sql-text.ts';
import { tokensOf } from '../../core/sql-tokens.ts';
import { bytesAsText } from '../common/mysql-session.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import type { ImportPlan } from './import-plan.ts';
import type { Rewriter } from './rewrite/rewriter.ts';

/** Puts them into the audit. @param session has loaded the schema and what comes after the rows. @throws what the server answers */
export async function noteExpiredEvents(
  session: MysqlSession,
  database: string,
  { schema, triggers }: ImportPlan,
  rewriter: Rewriter,
): Promise<void> {
  const ending = [...schema, ...triggers].filter(({ kind, verb, sql }) => kind === 'event' && verb === 'CREATE' && endsForGood(sql));
  if (ending.length === 0) return;
  const rows = await session.query<{ name: string }>(
    `SELECT EVENT_NAME AS name FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ${textLiteral(database)}`,
  );
  const there = new Set(rows.map(({ name }) => bytesAsText(name)));
  for (const event of ending) if (!there.has(event.object)) rewriter.leftOut('expired-event', event);
}

/** Whether it has an end, after which it is dropped. What follows DO is the body; names are quoted. */
function endsForGood(sql: string): boolean {
  let ends = false;
  let before = '';
  for (const { kind, upper } of tokensOf(sql)) {
    if (kind !== 'word') continue;
    if (upper === 'DO') return ends;
    if (upper === 'PRESERVE' && before === 'COMPLETION') return false;
    if (upper === 'AT' || upper === 'ENDS') ends = true;
    before = upper;
  }
  return false;
}
