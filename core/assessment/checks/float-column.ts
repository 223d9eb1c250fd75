import type { DatabaseCheck } from '../check.ts';
import { lookAtColumns } from '../look.ts';

export const floatColumn: DatabaseCheck = {
  id: 'float-column',
  scope: 'table',
  severity: 'warning',
  catalogue: ['I16'],
  cause: 'The column is a FLOAT. MySQL writes its value with six digits, fewer than it stores.',
  consequence: 'Any dump as text rounds: 16777216 arrives as 16777200. What a query shows is the same on both servers; what it calculates may differ in the seventh digit.',
  remedy: 'Make the column DOUBLE or DECIMAL on the source where the seventh digit matters: ALTER TABLE … MODIFY … DOUBLE keeps the stored value.',
  find: (database) => lookAtColumns(database, ({ dataType }) => (dataType === 'float' ? '' : undefined)),
};
