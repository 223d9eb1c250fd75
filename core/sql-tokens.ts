/**
 * The tokens of one SQL statement whose characters are its bytes (see `bytesAsText`). Plain comments are left out; of
 * versioned comments only their brackets are, because what they hold is run. It knows no grammar.
 */
export interface Token {
  readonly kind: 'word' | 'identifier' | 'string' | 'symbol';
  /** As it stands in the statement, with its quotes. */
  readonly text: string;
  /** Upper case, for words; the text itself for others. */
  readonly upper: string;
  readonly start: number;
  readonly end: number;
}

/** How a server reads a statement: what its sql_mode and its client's character set make of quotes and backslashes. */
export interface Reading {
  readonly backslashEscapes: boolean;
  /** Whether double quotes are those of a name. */
  readonly ansiQuotes: boolean;
  /** Of the client that sent the bytes; '' for text whose characters are no bytes. */
  readonly characterSet: string;
}

export const plainReading: Reading = { backslashEscapes: true, ansiQuotes: false, characterSet: '' };

/** Combinations that ANSI_QUOTES is a part of. A server lists it beside them; a dump made by hand may not. */
const quotingModes = /\b(?:ANSI_QUOTES|ANSI|DB2|MAXDB|MSSQL|ORACLE|POSTGRESQL)\b/i;

export function readingOf(sqlMode: string, characterSet = ''): Reading {
  const backslashEscapes = !/\bNO_BACKSLASH_ESCAPES\b/i.test(sqlMode);
  return { backslashEscapes, ansiQuotes: quotingModes.test(sqlMode), characterSet };
}

/**
 * Characters of two and more bytes, in those character sets where another byte than the first may be ASCII. The others
 * have no such bytes.
 * Source: MySQL Reference Manual, "Supported Character Sets and Collations"; the ranges in MySQL's strings/ctype-*.cc.
 */
const wideCharacters: Readonly<Record<string, RegExp>> = {
  sjis: /[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]/g,
  cp932: /[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]/g,
  big5: /[\xa1-\xf9][\x40-\x7e\xa1-\xfe]/g,
  gbk: /[\x81-\xfe][\x40-\x7e\x80-\xfe]/g,
  gb18030: /[\x81-\xfe](?:[\x40-\x7e\x80-\xfe]|[\x30-\x39][\x81-\xfe][\x30-\x39])/g,
};

/** As long as the statement, each byte of a wide character replaced by one that means nothing but a letter. */
function masked(sql: string, characterSet: string): string {
  const wide = wideCharacters[characterSet.toLowerCase()];
  return wide === undefined ? sql : sql.replace(wide, ({ length }) => '\x80'.repeat(length));
}

/** The groups have no names: the engine would make an object of them for every token. */
const skipped = String.raw`(\s+|/\*M?!\d*|\*/|/\*[\s\S]*?\*/|--(?=[\s]|$)[^\n]*|#[^\n]*)`;
const word = String.raw`([A-Za-z0-9_$@.\x80-\xff]+)`;

function patternFor({ backslashEscapes, ansiQuotes }: Pick<Reading, 'backslashEscapes' | 'ansiQuotes'>): RegExp {
  const inside = (quote: string): string => (backslashEscapes ? String.raw`[^${quote}\\]|\\[\s\S]` : `[^${quote}]`);
  const quoted = (quote: string): string => `${quote}(?:${inside(quote)}|${quote}${quote})*${quote}`;
  const names = ansiQuotes ? '`(?:[^`]|``)*`|"(?:[^"]|"")*"' : '`(?:[^`]|``)*`';
  const strings = ansiQuotes ? quoted("'") : `${quoted("'")}|${quoted('"')}`;
  const kinds = [skipped, `(${names})`, `(${strings})`, word, String.raw`([\s\S])`];
  return new RegExp(kinds.join('|'), 'gy');
}

const patterns = [true, false].map((backslashEscapes) =>
  [true, false].map((ansiQuotes) => patternFor({ backslashEscapes, ansiQuotes })),
);

function knownPattern({ backslashEscapes, ansiQuotes }: Reading): RegExp | undefined {
  return patterns[backslashEscapes ? 0 : 1]?.[ansiQuotes ? 0 : 1];
}

export function* tokensOf(sql: string, reading: Reading = plainReading): Generator<Token> {
  const scanner = new RegExp(knownPattern(reading) ?? patternFor(reading));
  const text = masked(sql, reading.characterSet);
  for (let match = scanner.exec(text); match !== null; match = scanner.exec(text)) {
    const [, skip, identifier, string, bare] = match;
    if (skip !== undefined) continue;
    const quoted = identifier !== undefined ? 'identifier' : string !== undefined ? 'string' : undefined;
    const kind = quoted ?? (bare !== undefined ? 'word' : 'symbol');
    const [start, end] = [match.index, match.index + match[0].length];
    const own = sql.slice(start, end);
    yield { kind, text: own, upper: kind === 'word' ? own.toUpperCase() : own, start, end };
  }
}

/** The first tokens; cheap for a long statement. */
export function firstTokens(sql: string, count: number, reading: Reading = plainReading): Token[] {
  const tokens: Token[] = [];
  for (const token of tokensOf(sql, reading)) {
    tokens.push(token);
    if (tokens.length === count) break;
  }
  return tokens;
}

/** The name in a quoted or bare identifier. */
export function nameIn(token: Token | undefined): string {
  if (token === undefined) return '';
  if (token.kind !== 'identifier') return token.text;
  const quote = token.text.slice(0, 1);
  return token.text.slice(1, -1).replaceAll(quote + quote, quote);
}

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** @param edits in any order, not overlapping */
export function edited(sql: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    result += sql.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + sql.slice(at);
}
