import { remoteEngines } from '../../storage-engines.ts';
import type { DatabaseCheck } from '../check.ts';
import { isEngine, lookAtTables } from '../look.ts';

export const remoteEngine: DatabaseCheck = {
  id: 'remote-engine',
  scope: 'table',
  severity: 'blocks',
  catalogue: ['I1'],
  cause: 'The table shows rows of another server (FEDERATED and its like).',
  consequence: 'Aurora has no such engine, and mysqldump leaves its rows out: on the target it would be an empty table.',
  remedy: 'Drop it on the source, or replace it by a copy: CREATE TABLE … ENGINE=InnoDB AS SELECT.',
  find: (database) => lookAtTables(database, (table) => (isEngine(table, ...remoteEngines) ? (table.engine ?? '') : undefined)),
};
