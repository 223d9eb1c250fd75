import type { Rule } from './rule.ts';

const serverStatement = /\bGTID_PURGED\b|\bSQL_LOG_BIN\b|@MYSQLDUMP_TEMP_LOG_BIN\b|\bSET\s+(?:@@)?GLOBAL\b/i;
const replication = /^\W*(?:!\d*\s*)?CHANGE\s+(?:MASTER|REPLICATION)\b/i;

/** Leaves out what sets the server and not the session. */
export const serverState: Rule = {
  name: 'server-state',
  kinds: ['session', 'other'],
  concerns: /GTID_PURGED|SQL_LOG_BIN|\bGLOBAL\b|\bCHANGE\b/i,
  apply({ sql }) {
    return serverStatement.test(sql) || replication.test(sql) ? '' : undefined;
  },
};
