import { edited } from '../../../core/sql-tokens.ts';
import type { Edit } from '../../../core/sql-tokens.ts';
import type { Rule } from './rule.ts';
import { columnsOf, tableTokens } from './table-tokens.ts';
import type { ColumnDefinition, TableToken } from './table-tokens.ts';

const withoutParentheses = new Set(['CURRENT_TIMESTAMP', 'NOW', 'LOCALTIME', 'LOCALTIMESTAMP']);
const withoutLiteral = /^(?:TINY|MEDIUM|LONG)?(?:TEXT|BLOB)$|^JSON$/;

/**
 * `DEFAULT uuid()` to `DEFAULT (uuid())`. Sources: MySQL Reference Manual, "Data Type Default Values"; MariaDB Knowledge
 * Base, "CREATE TABLE", DEFAULT.
 */
export const defaultExpression: Rule = {
  name: 'default-expression',
  kinds: ['table'],
  concerns: /\bDEFAULT\s+(?:\w+\(|'[^\n]*)/i,
  apply({ sql }, { sourceVersion }) {
    if (!/mariadb/i.test(sourceVersion)) return undefined;
    const edits = columnsOf(tableTokens(sql)).flatMap((column) => parenthesized(column));
    return edits.length === 0 ? undefined : edited(sql, edits);
  },
};

function parenthesized({ type, tokens }: ColumnDefinition): Edit[] {
  const at = tokens.findIndex(({ kind, upper, depth }) => kind === 'word' && upper === 'DEFAULT' && depth === 1);
  const [first, second] = [tokens[at + 1], tokens[at + 2]];
  if (at < 0 || first === undefined) return [];
  const last = second?.text === '(' && first.kind === 'word' ? callEnd(tokens, second) : first;
  const isCall = last !== first;
  const isNeeded = isCall ? !withoutParentheses.has(first.upper) : withoutLiteral.test(type) && isLiteral(first);
  if (!isNeeded || last === undefined) return [];
  return [
    { start: first.start, end: first.start, text: '(' },
    { start: last.end, end: last.end, text: ')' },
  ];
}

function callEnd(tokens: readonly TableToken[], opening: TableToken): TableToken | undefined {
  return tokens.find(({ text, depth, start }) => text === ')' && depth === opening.depth && start > opening.start);
}

function isLiteral(token: TableToken): boolean {
  return token.kind === 'string' || /^\d/.test(token.text);
}
