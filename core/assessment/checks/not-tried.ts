import type { DatabaseCheck } from '../check.ts';

export const notTried: DatabaseCheck = {
  id: 'not-tried',
  scope: 'object',
  severity: 'warning',
  catalogue: [],
  cause:
    'Something could not be rehearsed (--try): the definitions could not be dumped, or an object needs one of another database, or one that was refused.',
  consequence: 'Whether the target takes it is not known.',
  remedy:
    'Do what the message says, then assess again with --try. What needs another database can only be tried by its migration.',
  find: ({ rehearsal }) => rehearsal?.untried ?? [],
};
