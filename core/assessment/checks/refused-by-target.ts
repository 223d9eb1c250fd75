import type { DatabaseCheck } from '../check.ts';

export const refusedByTarget: DatabaseCheck = {
  id: 'refused-by-target',
  scope: 'object',
  severity: 'blocks',
  catalogue: [],
  cause: 'In a rehearsal (--try) the target refused the definition of the object.',
  consequence: 'The import would end at it (ImportRejected).',
  remedy: 'Correct on the source what the message of the target names, then assess again with --try.',
  find: ({ rehearsal }) => rehearsal?.refused ?? [],
};
