import type { DatabaseCheck } from '../check.ts';
import { viewReferences } from '../other-databases.ts';

export const viewOtherDatabase: DatabaseCheck = {
  id: 'view-other-database',
  scope: 'object',
  severity: 'warning',
  catalogue: ['I13'],
  cause: 'A view reads from another database.',
  consequence: 'It is made when that one is on the target; until then its own database waits, and is not VERIFIED.',
  remedy: 'Migrate the databases together, in one list.',
  *find(database) {
    for (const { object, detail } of viewReferences(database)) yield { object, detail };
  },
};
