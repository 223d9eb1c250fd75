import type { DatabaseCheck } from '../check.ts';
import { isEngine, lookAtTables } from '../look.ts';

export const partitionedEngine: DatabaseCheck = {
  id: 'partitioned-engine',
  scope: 'table',
  severity: 'converted',
  catalogue: ['I5'],
  cause: 'A partitioned table is stored by another engine than InnoDB, which each of its partitions names.',
  consequence: 'Every partition becomes InnoDB, which partitions by itself.',
  remedy: 'None is needed.',
  find: (database) =>
    lookAtTables(database, (table) => (table.options.includes('partitioned') && table.engine !== null && !isEngine(table, 'innodb') ? table.engine : undefined)),
};
