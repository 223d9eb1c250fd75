/** Tables, their columns and keys, as dumps write them. */
import { ran } from './allowed.ts';
import type { Allowed } from './allowed.ts';
import { describe } from './names.ts';
import type { Head } from './names.ts';
import { Refusal } from './strict-tokens.ts';
import type { StrictToken } from './strict-tokens.ts';

const addedToTable = new Set(['PRIMARY', 'UNIQUE', 'FULLTEXT', 'SPATIAL', 'KEY', 'INDEX', 'CONSTRAINT', 'FOREIGN', 'CHECK']);

/**
 * Its columns are written out: it is not made of another table, or of a query.
 * @param head behind CREATE TABLE; @throws Refusal
 */
export function table(head: Head): Allowed {
  head.takeWords('IF', 'NOT', 'EXISTS');
  const object = head.ownName();
  head.expectSymbol('(');
  if (head.isWord('LIKE', '(')) throw new Refusal('its columns are those of another table');
  let depth = 1;
  let before: StrictToken | undefined;
  for (const token of head.rest()) {
    if (token.upper === '(') depth += 1;
    if (token.upper === ')') depth -= 1;
    checkInTable(token, before, depth);
    before = token;
  }
  if (depth !== 0) throw new Refusal('its brackets do not match');
  return ran('table', object);
}

function checkInTable({ kind, upper }: StrictToken, before: StrictToken | undefined, depth: number): void {
  if (upper === ';') throw new Refusal('another statement follows in it');
  if (kind !== 'word') return;
  if (upper === 'SELECT' || upper === 'TABLE') throw new Refusal(`it has rows of a query (${upper})`);
  if (depth === 0 && ['AS', 'IGNORE', 'REPLACE', 'VALUES', 'LIKE'].includes(upper)) {
    throw new Refusal(`it has rows of a query (${upper})`);
  }
  if (upper === 'DIRECTORY' && (before?.upper === 'DATA' || before?.upper === 'INDEX')) {
    throw new Refusal('it places its files itself');
  }
}

/** @param head behind CREATE; @throws Refusal */
export function index(head: Head): Allowed {
  if (!head.isWord('INDEX')) head.take();
  if (!head.takeWords('INDEX')) throw new Refusal(`where INDEX belongs stands ${describe(head.next)}`);
  head.name();
  if (head.takeWords('USING')) head.name();
  if (!head.takeWords('ON')) throw new Refusal(`where ON belongs stands ${describe(head.next)}`);
  const object = head.ownName();
  head.expectSymbol('(');
  if (head.rest().some(({ upper }) => upper === ';')) throw new Refusal('another statement follows in it');
  return ran('other', object);
}

/** What phpMyAdmin writes behind the rows: keys, and columns that count up. */
export function checkChanges(tokens: readonly StrictToken[]): void {
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.upper === ';' || token.isConditional) throw new Refusal('it holds more than changes of the table');
    const isFirst = index === 0 || (depth === 0 && tokens[index - 1]?.upper === ',');
    if (isFirst && !isChange(token, tokens[index + 1])) {
      throw new Refusal(`a dump does not alter a table to ${describe(token)} ${describe(tokens[index + 1])}`);
    }
    if (token.upper === '(') depth += 1;
    if (token.upper === ')') depth -= 1;
  }
}

function isChange(first: StrictToken, second: StrictToken | undefined): boolean {
  if (first.upper === 'ADD') return addedToTable.has(second?.upper ?? '');
  return first.upper === 'MODIFY' || first.upper === 'AUTO_INCREMENT';
}
