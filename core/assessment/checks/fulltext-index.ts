import type { DatabaseCheck } from '../check.ts';
import { isEngine, lookAtTables } from '../look.ts';

export const fulltextIndex: DatabaseCheck = {
  id: 'fulltext-index',
  scope: 'table',
  severity: 'warning',
  catalogue: ['I4'],
  cause: 'The table has a FULLTEXT index of MyISAM.',
  consequence: "InnoDB's finds other rows: words from 3 letters on (innodb_ft_min_token_size) where MyISAM began at 4, 36 stopwords in place of 543, no limit of half the rows, and other scores.",
  remedy: 'Try the searches that matter. innodb_ft_min_token_size and a stopword table of your own bring the results closer; set them before the import.',
  find: (database) =>
    lookAtTables(database, (table) => {
      const names = table.indexes.filter(({ type }) => type === 'FULLTEXT').map(({ name }) => name);
      return names.length > 0 && table.engine !== null && !isEngine(table, 'innodb') ? names.join(', ') : undefined;
    }),
};
