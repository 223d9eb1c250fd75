import { removedSqlModes } from '../../sql-modes.ts';
import type { DatabaseCheck } from '../check.ts';

export const sqlMode: DatabaseCheck = {
  id: 'sql-mode',
  scope: 'object',
  severity: 'converted',
  catalogue: ['I9'],
  cause: 'The object was made under a sql_mode with words that MySQL 8.0 does not know: NO_AUTO_CREATE_USER, POSTGRESQL, ORACLE and others.',
  consequence: 'The words are left out (the target would refuse them with error 1231); the others stay.',
  remedy: 'None is needed, unless it was made under a mode of another database (ORACLE, MSSQL, …): then test it.',
  *find({ programs }, { source }) {
    if (/^8\.|^9\./.test(source.version)) return;
    for (const { kind, name, sqlMode: mode } of programs) {
      const removed = mode.split(',').filter((word) => removedSqlModes.has(word.toUpperCase()));
      if (removed.length > 0) yield { object: `${kind} ${name}`, detail: removed.join(', ') };
    }
  },
};
