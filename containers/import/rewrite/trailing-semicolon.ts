import type { Rule } from './rule.ts';

/** Drops the semicolon before the end of the versioned comment that holds a body: `… SET NEW.a = 1; *\/`. */
export const trailingSemicolon: Rule = {
  name: 'trailing-semicolon',
  kinds: ['routine', 'trigger', 'event'],
  concerns: /;\s*\*\/\s*$/,
  apply: ({ sql }) => sql.replace(/;\s*\*\/\s*$/, ' */'),
};
