import type { Rule } from './rule.ts';

/**
 * Sources: MySQL Reference Manual 5.7 and 8.0, "Server SQL Modes": those of the first that the second lacks; MariaDB
 * Knowledge Base, "SQL_MODE": those that MySQL never had.
 */
const removed = new Set([
  'NO_AUTO_CREATE_USER',
  'DB2',
  'MAXDB',
  'MSSQL',
  'MYSQL323',
  'MYSQL40',
  'ORACLE',
  'POSTGRESQL',
  'NO_FIELD_OPTIONS',
  'NO_KEY_OPTIONS',
  'NO_TABLE_OPTIONS',
  'EMPTY_STRING_IS_NULL',
  'SIMULTANEOUS_ASSIGNMENT',
  'TIME_ROUND_FRACTIONAL',
]);

/** Takes words that MySQL 8.0 dropped out of the sql_mode under which a routine, trigger or event is made. */
export const sqlMode: Rule = {
  name: 'sql-mode',
  kinds: ['session'],
  concerns: /\bsql_mode\b/i,
  apply({ sql }) {
    const changed = sql.replace(/(\bsql_mode\s*=\s*)'([^']*)'/gi, (_whole, assignment: string, modes: string) => {
      const left = modes.split(',').filter((mode) => !removed.has(mode.trim().toUpperCase()));
      return `${assignment}'${left.join(',')}'`;
    });
    return changed === sql ? undefined : changed;
  },
};
