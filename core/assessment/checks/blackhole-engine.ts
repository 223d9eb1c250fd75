import type { DatabaseCheck } from '../check.ts';
import { isEngine, lookAtTables } from '../look.ts';

export const blackholeEngine: DatabaseCheck = {
  id: 'blackhole-engine',
  scope: 'table',
  severity: 'warning',
  catalogue: ['I1'],
  cause: 'The table throws away what is written to it (BLACKHOLE).',
  consequence: 'As an InnoDB table it keeps its rows, and grows.',
  remedy: 'Stop writing to it, or empty it from time to time.',
  find: (database) => lookAtTables(database, (table) => (isEngine(table, 'blackhole') ? '' : undefined)),
};
