import type { Rule } from './rule.ts';

/** Source: MySQL Reference Manual 5.7 and 8.0, "Server SQL Modes": those of the first that the second lacks. */
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
]);

/** Takes words that MySQL 8.0 dropped out of the sql_mode under which a routine, trigger or event is made. */
export const sqlMode: Rule = {
  name: 'sql-mode',
  reason: 'MySQL 8.0 does not know this sql_mode any more and refuses it with error 1231.',
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
