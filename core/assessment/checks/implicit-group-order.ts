import { isMySqlAtLeast } from '../../mysql-versions.ts';
import type { Token } from '../../sql-tokens.ts';
import type { DatabaseCheck } from '../check.ts';
import { bodiesOf, isWord } from '../sql-scan.ts';

export const implicitGroupOrder: DatabaseCheck = {
  id: 'implicit-group-order',
  scope: 'object',
  severity: 'warning',
  catalogue: ['I12'],
  cause: 'A result comes from a GROUP BY without an ORDER BY, or is cut off by a LIMIT behind one.',
  consequence:
    'Before MySQL 8.0 GROUP BY sorted by its columns; since then it does not. Rows come in another order, and behind a LIMIT other rows come, without an error.',
  remedy: 'Where the order matters, write an ORDER BY of the same columns, on the source: it means the same there.',
  *find(database, { source }) {
    if (isMySqlAtLeast(source.version, 8)) return;
    for (const { object, tokens } of bodiesOf(database))
      if (tokens.some((_token, place) => isSortedByGroups(tokens, place))) yield { object };
  },
};

/** Statements whose rows go into a table, in whatever order. */
const writing = ['INSERT', 'REPLACE', 'CREATE', 'UPDATE', 'DELETE'];
const beginnings = ['BEGIN', 'THEN', 'ELSE', 'DO', 'FOR'];

function isSortedByGroups(tokens: readonly Token[], place: number): boolean {
  if (!isWord(tokens[place], 'GROUP') || !isWord(tokens[place + 1], 'BY')) return false;
  const { isOrdered, isLimited } = restOfQuery(tokens, place + 2);
  if (isOrdered) return false;
  return isLimited || (depthAt(tokens, place) === 0 && !isWord(statementBefore(tokens, place), ...writing));
}

/** To the end of the query that has the GROUP BY. */
function restOfQuery(
  tokens: readonly Token[],
  from: number,
): { readonly isOrdered: boolean; readonly isLimited: boolean } {
  let depth = 0;
  let isLimited = false;
  for (const token of tokens.slice(from)) {
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (depth < 0 || token.text === ';') break;
    if (depth > 0) continue;
    if (isWord(token, 'ORDER')) return { isOrdered: true, isLimited };
    if (isWord(token, 'LIMIT')) isLimited = true;
  }
  return { isOrdered: false, isLimited };
}

/** Of parentheses: within them is a part of another query, which has an order of its own. */
function depthAt(tokens: readonly Token[], place: number): number {
  let depth = 0;
  for (const { text } of tokens.slice(0, place)) {
    if (text === ';') depth = 0;
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
  }
  return depth;
}

function statementBefore(tokens: readonly Token[], place: number): Token | undefined {
  for (let at = place - 1; at >= 0; at -= 1) {
    if (tokens[at]?.text === ';' || isWord(tokens[at], ...beginnings)) return tokens[at + 1];
  }
  return tokens[0];
}
