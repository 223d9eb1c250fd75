import type { DatabaseCheck } from '../check.ts';
import { lookAtColumns } from '../look.ts';

const temporal = new Set(['date', 'datetime', 'timestamp']);

export const zeroDateDefault: DatabaseCheck = {
  id: 'zero-date-default',
  scope: 'table',
  severity: 'warning',
  catalogue: ['I10'],
  cause: 'The default of the column is a date with zeros (0000-00-00), so its rows may hold such dates too.',
  consequence: 'The import lets them in. On the target a strict sql_mode with NO_ZERO_DATE refuses new ones (errors 1067 and 1292), and an ALTER TABLE of the table.',
  remedy: 'Decide on the sql_mode of the target before cut-over, or make the column nullable and write NULL.',
  find: (database) => lookAtColumns(database, ({ dataType, default: value }) => (temporal.has(dataType) && value !== null && /0000|-00/.test(value) ? '' : undefined)),
};
