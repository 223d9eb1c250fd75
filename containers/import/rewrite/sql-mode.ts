import { removedSqlModes } from '../../../core/sql-modes.ts';
import type { Rule } from './rule.ts';

/** Takes words that MySQL 8.0 dropped out of the sql_mode under which a routine, trigger or event is made. */
export const sqlMode: Rule = {
  name: 'sql-mode',
  kinds: ['session'],
  concerns: /\bsql_mode\b/i,
  apply({ sql }) {
    const changed = sql.replace(/(\bsql_mode\s*=\s*)'([^']*)'/gi, (_whole, assignment: string, modes: string) => {
      const left = modes.split(',').filter((mode) => !removedSqlModes.has(mode.trim().toUpperCase()));
      return `${assignment}'${left.join(',')}'`;
    });
    return changed === sql ? undefined : changed;
  },
};
