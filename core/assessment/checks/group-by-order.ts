import type { Token } from '../../sql-tokens.ts';
import type { DatabaseCheck } from '../check.ts';
import { bodiesOf, isWord } from '../sql-scan.ts';

export const groupByOrder: DatabaseCheck = {
  id: 'group-by-order',
  scope: 'object',
  severity: 'blocks',
  catalogue: ['I12'],
  cause: 'A GROUP BY has ASC or DESC.',
  consequence: 'MySQL 8.0 refuses it as a syntax error (1064). It also sorts by GROUP BY no more.',
  remedy: 'Write the order into an ORDER BY of the same columns, on the source.',
  *find(database) {
    for (const { object, tokens } of bodiesOf(database)) if (ordersGroups(tokens)) yield { object };
  },
};

/** Words that end a GROUP BY on its own level of parentheses. */
const ends = ['HAVING', 'ORDER', 'LIMIT', 'PROCEDURE', 'INTO', 'FOR', 'LOCK', 'UNION', 'WITH', 'SEPARATOR', 'DO', 'END', 'THEN'];

function ordersGroups(tokens: readonly Token[]): boolean {
  return tokens.some((token, index) => isWord(token, 'GROUP') && isWord(tokens[index + 1], 'BY') && hasOrder(tokens, index + 2));
}

function hasOrder(tokens: readonly Token[], from: number): boolean {
  let depth = 0;
  for (const token of tokens.slice(from)) {
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (depth < 0 || token.text === ';') return false;
    if (depth > 0) continue;
    if (isWord(token, 'ASC', 'DESC')) return true;
    if (isWord(token, ...ends)) return false;
  }
  return false;
}
