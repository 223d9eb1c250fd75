/** The collation of `utf8mb4` without a COLLATE, which versions differ in, written out. */
import { edited, nameIn, tokensOf } from './sql-tokens.ts';
import type { Edit, Reading, Token } from './sql-tokens.ts';

/** In their parentheses a character set takes no COLLATE. */
const conversionsOfType = new Set(['CAST', 'CONVERT']);

/** @returns the statement or part of one with its collations; undefined when it leaves none unsaid */
export function withExplicitCollations(sql: string, reading?: Reading): string | undefined {
  const edits = editsOf(Array.from(tokensOf(sql, reading)));
  return edits.length === 0 ? undefined : edited(sql, edits);
}

function editsOf(tokens: readonly Token[]): Edit[] {
  const edits: Edit[] = [];
  /** The words before the parentheses that are open. */
  const calls: string[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.text === '(') calls.push(tokens[index - 1]?.upper ?? '');
    else if (token.text === ')') calls.pop();
    else if (isCharacterSet(tokens, index) && !calls.some((call) => conversionsOfType.has(call))) edits.push(...explicit(tokens, index));
  }
  return edits;
}

/** CHARSET or the SET of CHARACTER SET; but SET CHARACTER SET is a statement of its own. */
function isCharacterSet(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  if (token?.kind !== 'word') return false;
  if (token.upper === 'CHARSET') return tokens[index - 1]?.upper !== 'SET';
  return token.upper === 'SET' && tokens[index - 1]?.upper === 'CHARACTER' && tokens[index - 2]?.upper !== 'SET';
}

function explicit(tokens: readonly Token[], index: number): Edit[] {
  const assigned = tokens[index + 1]?.text === '=';
  const value = tokens[assigned ? index + 2 : index + 1];
  const following = tokens[assigned ? index + 3 : index + 2];
  if (value === undefined || !/^'?utf8mb4'?$/i.test(nameIn(value)) || ['COLLATE', 'BINARY'].includes(following?.upper ?? '')) return [];
  return [{ start: value.end, end: value.end, text: ` COLLATE${assigned ? '=' : ' '}utf8mb4_general_ci` }];
}
