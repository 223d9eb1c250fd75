import type { DatabaseCheck, Occurrence } from '../check.ts';
import { floatKeysOf } from '../float-keys.ts';

export const floatKey: DatabaseCheck = {
  id: 'float-key',
  scope: 'table',
  severity: 'warning',
  catalogue: ['I16'],
  cause: 'A primary key or unique index has a FLOAT column, of which a dump writes six digits.',
  consequence:
    'Keys that differ in the seventh digit are one in the dump, and the target refuses the second (error 1062, "Duplicate entry").',
  remedy:
    'Make the column DOUBLE or DECIMAL on the source. --also float-keys counts the keys that would meet; where none does, nothing is to be done.',
  find: ({ tables, costly }) =>
    tables.flatMap((table) =>
      floatKeysOf(table).flatMap(({ name }): Occurrence[] =>
        costly.floatKeys.has(`${table.name}\0${name}`) ? [] : [{ object: `index ${table.name}.${name}` }],
      ),
    ),
};
