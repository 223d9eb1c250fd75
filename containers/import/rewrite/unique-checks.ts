import type { Rule } from './rule.ts';

/** Keeps unique keys checked while rows are loaded. */
export const uniqueChecks: Rule = {
  name: 'unique-checks',
  kinds: ['session'],
  concerns: /\bUNIQUE_CHECKS\b/i,
  apply: () => '',
};
