/**
 * What a database of the target is known by once its marker is gone: when each of its tables and programs was made, by the target's
 * own clock. Whoever drops a database and makes another of the same name, or loads tables anew, makes them at another time. Views
 * count by their names alone: Ferry itself makes them anew for views of other databases.
 */
import { createHash } from 'node:crypto';
import { markerTable, scratchTable, scratchView } from '../../core/names.ts';
import { textLiteral } from '../../core/sql-text.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import type { TaskContext } from '../common/task.ts';
import { readSuccess } from './target.ts';

interface Made {
  readonly kind: string;
  readonly name: string;
  readonly at: string | null;
}

/** @param session has SET NAMES utf8mb4 */
export async function readIdentity(session: MysqlSession, database: string): Promise<string> {
  const schema = textLiteral(database);
  const own = [markerTable, scratchTable, scratchView].map(textLiteral).join(', ');
  const made = await session.query<Made>(
    `SELECT TABLE_TYPE AS kind, TABLE_NAME AS name, IF(TABLE_TYPE = 'VIEW', '', CAST(UNIX_TIMESTAMP(CREATE_TIME) AS CHAR)) AS at
      FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${schema} AND TABLE_NAME NOT IN (${own})
    UNION ALL SELECT ROUTINE_TYPE, ROUTINE_NAME, CAST(UNIX_TIMESTAMP(CREATED) AS CHAR)
      FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ${schema}
    UNION ALL SELECT 'EVENT', EVENT_NAME, CAST(UNIX_TIMESTAMP(CREATED) AS CHAR)
      FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ${schema}`,
  );
  const lines = made.map(({ kind, name, at }) => JSON.stringify([kind, name, at])).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/**
 * Whether the database, which has no marker, is the very one that this migration verified last, or released without verifying it:
 * its newest successful report says by what it is known.
 */
export async function isAsReleased(context: TaskContext, session: MysqlSession): Promise<boolean> {
  for (let attempt = context.task.attempt - 1; attempt > 0; attempt -= 1) {
    const result = await readSuccess(context, 'verify', attempt);
    if (result !== undefined) return result.identity === (await readIdentity(session, context.task.database));
  }
  return false;
}
