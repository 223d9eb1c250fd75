import type { DatabaseCheck } from '../check.ts';
import { lookAtTables } from '../look.ts';

export const ftsTableName: DatabaseCheck = {
  id: 'fts-table-name',
  scope: 'table',
  severity: 'blocks',
  catalogue: ['I15'],
  cause: "The table's name is one of those under which InnoDB keeps the words of a FULLTEXT index: FTS_ and 16 hexadecimal digits.",
  consequence: 'MySQL 8.0 refuses it (error 1103).',
  remedy: 'RENAME TABLE on the source.',
  find: (database) => lookAtTables(database, ({ name }) => (/^FTS_[0-9a-f]{16}_/i.test(name) ? '' : undefined)),
};
