import type { DatabaseCheck } from '../check.ts';
import { lookAtTables } from '../look.ts';

export const generatedColumnsOnly: DatabaseCheck = {
  id: 'generated-columns-only',
  scope: 'table',
  severity: 'blocks',
  catalogue: [],
  cause: 'All columns of the table are generated.',
  consequence:
    'mysqldump writes its rows as SQL that no server takes: INSERT INTO t () VALUES ),)). The import ends at it (error 1064).',
  remedy:
    'Give the table a column of its own (ALTER TABLE … ADD id INT AUTO_INCREMENT PRIMARY KEY), or drop it. One without rows can go: --allow generated-columns-only.',
  find: (database) =>
    lookAtTables(database, ({ columns }) =>
      columns.length > 0 && columns.every(({ expression }) => expression !== null) ? '' : undefined,
    ),
};
