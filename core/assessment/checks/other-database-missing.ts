import type { DatabaseCheck } from '../check.ts';
import { referencesToOthers } from '../other-databases.ts';

export const otherDatabaseMissing: DatabaseCheck = {
  id: 'other-database-missing',
  scope: 'object',
  severity: 'blocks',
  catalogue: ['I13'],
  cause: 'A view or a foreign key refers to a database that is not in the migration. Each branch looks for it before its dump.',
  consequence: 'The view cannot be made without it (error 1146), and the foreign key lets no row in (1452).',
  remedy: 'Migrate both databases in one list. If the other one is on the target by other means, allow this check.',
  *find(database, { missing }) {
    if (missing === undefined) return;
    for (const { object, detail, other } of referencesToOthers(database)) if (missing.has(other)) yield { object, detail };
  },
};
