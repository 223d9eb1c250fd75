import type { ServerCheck } from '../check.ts';

export const loadableFunctions: ServerCheck = {
  id: 'loadable-functions',
  scope: 'server',
  severity: 'warning',
  catalogue: ['I12'],
  cause: 'The source has loadable functions (CREATE FUNCTION … SONAME).',
  consequence: 'Aurora loads none. Views that call them are refused (error 1305); routines and triggers fail when they run.',
  remedy: 'Write stored functions of the same names in each database that uses them, or take the calls out.',
  *find({ source }) {
    for (const name of source.loadableFunctions ?? []) yield { object: `function ${name}` };
  },
};
