import type { Rule } from './rule.ts';

/** Keeps unique keys checked while rows are loaded. */
export const uniqueChecks: Rule = {
  name: 'unique-checks',
  reason: 'With UNIQUE_CHECKS=0 a unique index may take duplicates unnoticed, as a changed collation can make them.',
  kinds: ['session'],
  concerns: /\bUNIQUE_CHECKS\b/i,
  apply: () => '',
};
