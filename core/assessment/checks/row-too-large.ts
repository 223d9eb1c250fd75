import type { DatabaseCheck } from '../check.ts';
import { isEngine, lookAtTables } from '../look.ts';
import { innodbRowBytes, innodbRowLimit } from '../row-size.ts';

export const rowTooLarge: DatabaseCheck = {
  id: 'row-too-large',
  scope: 'table',
  severity: 'blocks',
  catalogue: ['I3'],
  cause: 'A row of the table may be longer than what InnoDB keeps of a row on its page: 8,125 bytes, with at most 40 of each long value.',
  consequence: 'The target refuses the table (error 1118) while its innodb_strict_mode is on, and refuses rows that are too long in any case.',
  remedy: 'Make long CHAR columns VARCHAR or TEXT, or split the table. Where no row comes near the limit, set innodb_strict_mode=0 in the target\'s parameter group and pass --allow row-too-large.',
  find: (database) =>
    lookAtTables(database, (table) => {
      // What InnoDB has taken already, it takes again with DYNAMIC rows, which keep less on the page.
      if (table.engine === null || isEngine(table, 'innodb')) return undefined;
      const bytes = innodbRowBytes(table.columns);
      return bytes > innodbRowLimit ? `up to ${bytes} bytes` : undefined;
    }),
};
