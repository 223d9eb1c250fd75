import type { DatabaseCheck } from '../check.ts';
import { isEngine, lookAtTables } from '../look.ts';
import { mergeEngines, remoteEngines } from '../../storage-engines.ts';

export const storageEngine: DatabaseCheck = {
  id: 'storage-engine',
  scope: 'table',
  severity: 'converted',
  catalogue: ['I1'],
  cause: 'The table is stored by another engine than InnoDB, the only one that Aurora has.',
  consequence: 'It becomes InnoDB: rows are locked one by one and changes can be rolled back. COUNT(*) without WHERE reads the table, rows without ORDER BY come in key order, and the rows of a MEMORY table outlive a restart.',
  remedy: 'None is needed. Test applications that relied on table locks or on the order of rows.',
  find: (database) =>
    lookAtTables(database, (table) => {
      if (table.engine === null || isEngine(table, 'innodb', ...mergeEngines, ...remoteEngines)) return undefined;
      return table.engine;
    }),
};
