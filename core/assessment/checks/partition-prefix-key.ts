import type { DatabaseCheck } from '../check.ts';
import { lookAtTables } from '../look.ts';

export const partitionPrefixKey: DatabaseCheck = {
  id: 'partition-prefix-key',
  scope: 'table',
  severity: 'warning',
  catalogue: ['I5'],
  cause: 'The table is partitioned BY KEY of a column that its index holds only a prefix of.',
  consequence: 'MySQL 8.0 takes it and leaves the column out of the partitioning. Later versions refuse the table (error 6123).',
  remedy: 'Index the whole column, or partition by another one.',
  find: (database) =>
    lookAtTables(database, ({ partitions, indexes }) => {
      const byKey = partitions.find(({ method }) => /\bKEY\b/i.test(method));
      if (byKey === undefined) return undefined;
      const columns = byKey.expression.split(',').map((name) => name.replace(/^\s*`?|`?\s*$/g, ''));
      const prefixed = columns.filter((name) => indexes.some((index) => index.columns.some((part) => part.name === name && part.prefix !== null)));
      return prefixed.length === 0 ? undefined : prefixed.join(', ');
    }),
};
