import type { DatabaseCheck } from '../check.ts';

export const targetDatabaseExists: DatabaseCheck = {
  id: 'target-database-exists',
  scope: 'database',
  severity: 'warning',
  catalogue: ['I25'],
  cause: 'The target has a database of that name.',
  consequence: 'If this migration put it there, all is well. Otherwise the import ends in TargetDatabaseExists, and touches nothing.',
  remedy: "Move or drop the target's database yourself, unless `ferry show` says that it is verified.",
  *find({ name }, { target }) {
    if (target?.databases.has(name) === true) yield { object: '' };
  },
};
