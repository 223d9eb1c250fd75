import type { Rule } from './rule.ts';

/** Leaves out the first line of MariaDB's dumps, in its two forms: `/*!999999\-` and `/*M!999999\-`. */
export const sandboxLine: Rule = {
  name: 'sandbox-line',
  kinds: ['client'],
  concerns: /999999\\-/,
  apply: () => '',
};
