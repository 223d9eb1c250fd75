import type { DatabaseCheck } from '../check.ts';
import { lookAtColumns } from '../look.ts';

export const autoIncrementKey: DatabaseCheck = {
  id: 'auto-increment-key',
  scope: 'table',
  severity: 'converted',
  catalogue: ['I4', 'I22'],
  cause: 'No index of the table begins with its AUTO_INCREMENT column. MyISAM then numbers the rows within each group of the columns before it.',
  consequence: 'InnoDB needs such an index (error 1075): Ferry adds one. Rows that are there keep their numbers; new ones, also those that an UPDATE moves to another group, are numbered through the whole table.',
  remedy: 'If the application shows these numbers (invoice 1, 2, 3 of each year), let it take MAX(number) + 1 of the group itself, within a transaction.',
  find: (database) =>
    lookAtColumns(database, ({ name, extra }, { indexes }) => {
      const leads = indexes.some(({ columns, type }) => columns[0]?.name === name && type !== 'FULLTEXT' && type !== 'SPATIAL');
      return extra.includes('auto_increment') && indexes.length > 0 && !leads ? '' : undefined;
    }),
};
