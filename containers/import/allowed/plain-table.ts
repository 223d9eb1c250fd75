/**
 * The CREATE TABLE that most dumps consist of, told by a few patterns: names in backticks, strings without a backslash,
 * and between them nothing that could begin a comment, another string or another statement. Every reading of a server
 * sees the same in such a text. Whatever is not so plain is read token by token.
 */
import { markerTable } from '../../../core/names.ts';
import { ran } from './allowed.ts';
import type { Allowed } from './allowed.ts';
import { isAmbiguous } from './strict-tokens.ts';
import type { Reading } from './strict-tokens.ts';

const head = /^CREATE TABLE `([^`]+)` \(/;
const quoted = /`[^`]*`|'[^'\\]*'/g;
/** Stands for what is quoted. */
const placeholder = '\0';
const plain = /^(?!\s*\()[A-Za-z0-9_,.=()\n \0]*$/;
/** With these a table is made of rows or of another table, or places its files itself: perhaps, and perhaps not. */
const telling = /\b(?:SELECT|TABLE|AS|IGNORE|REPLACE|VALUES|LIKE|DIRECTORY)\b/i;

/** @param sql its characters are bytes; @returns undefined for what has to be read token by token */
export function plainTable(sql: string, { characterSet }: Reading): Allowed | undefined {
  const found = head.exec(sql);
  const name = found?.[1];
  if (found === null || name === undefined || name.toLowerCase() === markerTable) return undefined;
  if (isAmbiguous(characterSet) || sql.includes(placeholder)) return undefined;
  const rest = sql.slice(found[0].length).replace(quoted, placeholder);
  return plain.test(rest) && !telling.test(rest) && closesOnce(rest) ? ran('table', name) : undefined;
}

/** Whether every bracket is closed, the one before the text too. */
function closesOnce(text: string): boolean {
  let depth = 1;
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
  }
  return depth === 0;
}
