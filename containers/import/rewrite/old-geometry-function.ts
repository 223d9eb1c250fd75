import { oldGeometryFunctions } from '../../../core/geometry-functions.ts';
import { edited, tokensOf } from '../../../core/sql-tokens.ts';
import type { Edit } from '../../../core/sql-tokens.ts';
import type { Rule } from './rule.ts';

/** After one of these a name with parentheses is a table, an index, a procedure; after a dot, a function of the database. */
const otherwise = new Set(
  'INTO,TABLE,CALL,FUNCTION,PROCEDURE,INSERT,REPLACE,IGNORE,DELAYED,LOW_PRIORITY,HIGH_PRIORITY,EXISTS,KEY,INDEX,REFERENCES,WITH,RECURSIVE,.'.split(','),
);

/** Renames calls of spatial functions; what stands in strings, comments and quoted names is none. */
export const oldGeometryFunction: Rule = {
  name: 'old-geometry-function',
  kinds: ['view', 'routine', 'trigger', 'event'],
  concerns: new RegExp(`\\b(?:${[...oldGeometryFunctions.keys()].join('|')})\\s*\\(`, 'i'),
  apply({ sql }) {
    const tokens = Array.from(tokensOf(sql));
    const edits = tokens.flatMap(({ kind, upper, start, end }, index): Edit[] => {
      const name = kind === 'word' && tokens[index + 1]?.text === '(' ? oldGeometryFunctions.get(upper) : undefined;
      if (name === undefined || otherwise.has(tokens[index - 1]?.upper ?? '')) return [];
      return [{ start, end, text: name }];
    });
    return edits.length === 0 ? undefined : edited(sql, edits);
  },
};
