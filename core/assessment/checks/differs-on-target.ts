import type { DatabaseCheck } from '../check.ts';

export const differsOnTarget: DatabaseCheck = {
  id: 'differs-on-target',
  scope: 'object',
  severity: 'blocks',
  catalogue: [],
  cause: 'In a rehearsal (--try) the target made something else of a definition than the source has.',
  consequence: 'The verification would call the database different (VerificationMismatch).',
  remedy: 'Correct on the source what the message names, or report it as a defect of Ferry if both mean the same.',
  find: ({ rehearsal }) => rehearsal?.differences ?? [],
};
