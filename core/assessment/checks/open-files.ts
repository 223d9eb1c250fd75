import type { DatabaseCheck } from '../check.ts';
import { isEngine, variable } from '../look.ts';

export const openFiles: DatabaseCheck = {
  id: 'open-files',
  scope: 'database',
  severity: 'warning',
  catalogue: ['E6'],
  cause: 'The database has tables that are not InnoDB, and nearly as many tables as the source may open files.',
  consequence: 'A dump locks all tables of such a database at once, and the server may run out of file handles (errno 24).',
  remedy: 'Raise open_files_limit on the source, or make its tables InnoDB first: then nothing is locked.',
  *find({ tables }, { source }) {
    const limit = Number(variable(source, 'open_files_limit') ?? Number.NaN);
    // A MyISAM table takes two files, and the server needs some for itself.
    const needed = tables.reduce((sum, table) => sum + (isEngine(table, 'innodb') ? 1 : 2), 100);
    if (tables.some((table) => !isEngine(table, 'innodb')) && needed > limit) yield { object: '', detail: `${needed} files, and a limit of ${limit}` };
  },
};
