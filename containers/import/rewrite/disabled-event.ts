import { edited, tokensOf } from '../../../core/sql-tokens.ts';
import type { Rule } from './rule.ts';

/** Creates events disabled. */
export const disabledEvent: Rule = {
  name: 'disabled-event',
  kinds: ['event'],
  concerns: /\bEVENT\b/i,
  apply({ sql, reading }) {
    // What follows DO is the event's own body. A name that is a keyword is quoted.
    for (const { kind, upper, start, end } of tokensOf(sql, reading)) {
      if (kind !== 'word') continue;
      if (upper === 'DISABLE') return undefined;
      if (upper === 'ENABLE') return edited(sql, [{ start, end, text: 'DISABLE' }]);
      if (upper === 'DO') return edited(sql, [{ start, end: start, text: 'DISABLE ' }]);
    }
    return undefined;
  },
};
