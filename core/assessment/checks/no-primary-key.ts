import type { DatabaseCheck } from '../check.ts';
import { lookAtTables } from '../look.ts';

export const noPrimaryKey: DatabaseCheck = {
  id: 'no-primary-key',
  scope: 'table',
  severity: 'information',
  catalogue: [],
  cause: 'The table has neither a primary key nor a unique index without NULL.',
  consequence: 'It is migrated and its rows are counted. Rows that differ cannot be named one by one, and replication of its changes is slow.',
  remedy: 'Give it a primary key when you can.',
  find: (database) =>
    lookAtTables(database, ({ engine, indexes, columns }) => {
      const nullable = new Set(columns.filter((column) => column.nullable).map(({ name }) => name));
      const hasKey = indexes.some(({ unique, columns: parts }) => unique && parts.every(({ name, prefix }) => !nullable.has(name) && prefix === null));
      return engine === null || hasKey ? undefined : '';
    }),
};
