import { mergeEngines } from '../../storage-engines.ts';
import type { DatabaseCheck } from '../check.ts';
import { isEngine, lookAtTables } from '../look.ts';

export const mergeEngine: DatabaseCheck = {
  id: 'merge-engine',
  scope: 'table',
  severity: 'blocks',
  catalogue: ['I4'],
  cause: 'The table is a MERGE table: several MyISAM tables seen as one, without rows of its own.',
  consequence: 'InnoDB has no such tables, and mysqldump leaves its rows out. The import refuses it.',
  remedy: 'Replace it on the source by a view: DROP TABLE t; CREATE VIEW t AS SELECT * FROM t1 UNION ALL SELECT * FROM t2. Send INSERTs to one of the tables below it.',
  find: (database) => lookAtTables(database, (table) => (isEngine(table, ...mergeEngines) ? '' : undefined)),
};
