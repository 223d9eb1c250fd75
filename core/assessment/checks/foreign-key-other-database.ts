import type { DatabaseCheck } from '../check.ts';
import { keyReferences } from '../other-databases.ts';

export const foreignKeyOtherDatabase: DatabaseCheck = {
  id: 'foreign-key-other-database',
  scope: 'table',
  severity: 'warning',
  catalogue: ['I13'],
  cause: 'A foreign key refers to a table of another database.',
  consequence: 'Both databases must be on the same cluster: until the other one is there, every INSERT into this table fails (1452), and its database waits and is not VERIFIED.',
  remedy: 'Migrate the databases together, in one list.',
  *find(database) {
    for (const { object, detail } of keyReferences(database)) yield { object, detail };
  },
};
