import type { DatabaseCheck } from '../check.ts';
import { lookAtTables } from '../look.ts';

export const mariadbTable: DatabaseCheck = {
  id: 'mariadb-table',
  scope: 'table',
  severity: 'blocks',
  catalogue: [],
  cause: 'The object is a sequence, or a table with system versioning, which only MariaDB has.',
  consequence: 'The import refuses it.',
  remedy: 'Replace a sequence by an AUTO_INCREMENT column. ALTER TABLE … DROP SYSTEM VERSIONING, after a copy of the old versions if they matter.',
  find: (database) => lookAtTables(database, ({ type }) => (type === 'BASE TABLE' ? undefined : type.toLowerCase())),
};
