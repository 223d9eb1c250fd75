import type { DatabaseCheck } from '../check.ts';
import { lookAtColumns } from '../look.ts';

export const yearTwoDigits: DatabaseCheck = {
  id: 'year-two-digits',
  scope: 'table',
  severity: 'blocks',
  catalogue: ['I14'],
  cause: 'The column is a YEAR(2), which shows two digits only.',
  consequence: 'MySQL has no such type since 5.7.5 (error 1818), and a dump holds two digits, which are read as 1970 to 2069.',
  remedy: 'ALTER TABLE … MODIFY … YEAR on the source: it keeps the century.',
  find: (database) => lookAtColumns(database, ({ type }) => (/^year\(2\)/i.test(type) ? '' : undefined)),
};
