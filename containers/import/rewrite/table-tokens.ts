/** The parts of a CREATE TABLE statement, as SHOW CREATE TABLE writes it. */
import { nameIn, tokensOf } from '../../../core/sql-tokens.ts';
import type { Edit, Token } from '../../../core/sql-tokens.ts';

export interface TableToken extends Token {
  /** Of parentheses. Columns and indexes stand at 1 before the options begin. */
  readonly depth: number;
  /** After the list of columns: options of the table and of its partitions. */
  readonly isOption: boolean;
}

export function tableTokens(sql: string): TableToken[] {
  const tokens: TableToken[] = [];
  let depth = 0;
  let isOption = false;
  for (const token of tokensOf(sql)) {
    const { kind, text, upper, start, end } = token;
    if (text === ')') depth -= 1;
    tokens.push({ kind, text, upper, start, end, depth, isOption });
    if (token.text === ')' && depth === 0) isOption = true;
    if (token.text === '(') depth += 1;
  }
  return tokens;
}

export interface Option {
  readonly keyword: TableToken;
  readonly value: TableToken;
}

/** `NAME = value` or `NAME value`, where the name may be of two words. */
export function findOptions(tokens: readonly TableToken[], name: string): Option[] {
  const words = name.split(' ');
  return tokens.flatMap((keyword, index) => {
    if (keyword.kind !== 'word' || !words.every((word, offset) => tokens[index + offset]?.upper === word)) return [];
    const next = index + words.length;
    const value = tokens[next]?.text === '=' ? tokens[next + 1] : tokens[next];
    return value === undefined ? [] : [{ keyword, value }];
  });
}

/** Takes the option out, with the blanks before it. */
export function withoutOption(sql: string, { keyword, value }: Option): Edit {
  let start = keyword.start;
  while (/\s/.test(sql[start - 1] ?? '')) start -= 1;
  return { start, end: value.end, text: '' };
}

/** The definitions of columns, indexes and constraints between the first parentheses, each as its tokens. */
export function definitionsOf(tokens: readonly TableToken[]): TableToken[][] {
  const definitions: TableToken[][] = [[]];
  for (const token of tokens) {
    if (token.isOption || token.depth === 0) continue;
    if (token.text === ',' && token.depth === 1) definitions.push([]);
    else definitions.at(-1)?.push(token);
  }
  return definitions;
}

export interface ColumnDefinition {
  /** Its characters are bytes. */
  readonly name: string;
  /** Upper case, without parentheses: `VARCHAR`. */
  readonly type: string;
  readonly tokens: readonly TableToken[];
}

export function columnsOf(tokens: readonly TableToken[]): ColumnDefinition[] {
  return definitionsOf(tokens).flatMap((definition) => {
    const [name, type] = definition;
    return name?.kind === 'identifier' && type !== undefined ? [{ name: nameIn(name), type: type.upper, tokens: definition }] : [];
  });
}

/** In upper case; '' when the table has no option ENGINE. */
export function engineOf(sql: string): string {
  const engine = findOptions(tableTokens(sql), 'ENGINE').find(({ keyword }) => keyword.isOption);
  return nameIn(engine?.value).toUpperCase();
}
