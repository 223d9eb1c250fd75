import type { DatabaseCheck } from '../check.ts';
import { lookAtColumns } from '../look.ts';

const ofMariaDb = new Set(['uuid', 'inet4', 'inet6']);

export const mariadbType: DatabaseCheck = {
  id: 'mariadb-type',
  scope: 'table',
  severity: 'blocks',
  catalogue: [],
  cause: 'The column has a type of MariaDB that MySQL does not have: UUID, INET4 or INET6.',
  consequence: 'The import refuses the table.',
  remedy: 'ALTER TABLE … MODIFY … on the source, to CHAR(36) or VARCHAR(45), or to BINARY with a function at each use.',
  find: (database) => lookAtColumns(database, ({ dataType }) => (ofMariaDb.has(dataType) ? dataType : undefined)),
};
