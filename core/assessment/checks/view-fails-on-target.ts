import type { DatabaseCheck } from '../check.ts';

export const viewFailsOnTarget: DatabaseCheck = {
  id: 'view-fails-on-target',
  scope: 'object',
  severity: 'warning',
  catalogue: [],
  cause: 'In a rehearsal (--try) the target made the view and could not read it, although the source can.',
  consequence:
    'Every query of it fails on the target; the migration verifies the database and says that the view cannot run.',
  remedy: 'Correct the view on the source, or make on the target what the message names (an account, a privilege).',
  find: ({ rehearsal }) => rehearsal?.views ?? [],
};
