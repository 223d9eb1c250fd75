import type { DatabaseCheck } from '../check.ts';
import { isEngine, lookAtTables } from '../look.ts';

/** Source: MySQL Reference Manual, "InnoDB Limits". */
const most = 1017;

export const tooManyColumns: DatabaseCheck = {
  id: 'too-many-columns',
  scope: 'table',
  severity: 'blocks',
  catalogue: ['I3'],
  cause: 'The table has more than 1,017 columns.',
  consequence: 'InnoDB takes no more: the target refuses it (error 1117).',
  remedy: 'Split the table on the source.',
  find: (database) => lookAtTables(database, (table) => (table.columns.length > most && !isEngine(table, 'innodb') ? `${table.columns.length} columns` : undefined)),
};
