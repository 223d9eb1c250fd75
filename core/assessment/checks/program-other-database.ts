import type { DatabaseCheck } from '../check.ts';
import { programReferences } from '../other-databases.ts';

export const programOtherDatabase: DatabaseCheck = {
  id: 'program-other-database',
  scope: 'object',
  severity: 'warning',
  catalogue: ['I13'],
  cause: 'A trigger, routine or event names another database of the source.',
  consequence: 'MySQL looks at a body only when it is run: it arrives in any case, and fails on a target that does not have the other database.',
  remedy: 'Migrate the databases together, in one list.',
  *find(database, { source }) {
    for (const { object, detail } of programReferences(database, source.databases ?? new Set())) yield { object, detail };
  },
};
