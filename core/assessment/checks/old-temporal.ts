import type { DatabaseCheck } from '../check.ts';
import { lookAtTables } from '../look.ts';

export const oldTemporal: DatabaseCheck = {
  id: 'old-temporal',
  scope: 'table',
  severity: 'information',
  catalogue: ['I17'],
  cause: 'TIME, DATETIME or TIMESTAMP columns are stored in the format of MySQL before 5.6.4.',
  consequence: 'None: a dump holds text. Only an upgrade in place would refuse them.',
  remedy: 'None is needed.',
  find: (database) =>
    lookAtTables(database, ({ columns }) => {
      const old = columns.filter(({ type }) => type.includes('5.5 binary format')).map(({ name }) => name);
      return old.length === 0 ? undefined : old.join(', ');
    }),
};
