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

const pattern = new RegExp(
  [
    String.raw`(?<skip>\s+|/\*M?!\d*|\*/|/\*[\s\S]*?\*/|--(?=[\s]|$)[^\n]*|#[^\n]*)`,
    '(?<identifier>`(?:[^`]|``)*`)',
    String.raw`(?<string>'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*")`,
    String.raw`(?<word>[A-Za-z0-9_$@.\x80-\xff]+)`,
    String.raw`(?<symbol>[\s\S])`,
  ].join('|'),
  'gy',
);

export function* tokensOf(sql: string): Generator<Token> {
  const scanner = new RegExp(pattern);
  for (let match = scanner.exec(sql); match !== null; match = scanner.exec(sql)) {
    const { skip, identifier, string, word } = match.groups ?? {};
    if (skip !== undefined) continue;
    const kind = identifier !== undefined ? 'identifier' : string !== undefined ? 'string' : word !== undefined ? 'word' : 'symbol';
    const [text] = match;
    yield { kind, text, upper: kind === 'word' ? text.toUpperCase() : text, start: match.index, end: match.index + text.length };
  }
}

/** The first tokens; cheap for a long statement. */
export function firstTokens(sql: string, count: number): Token[] {
  const tokens: Token[] = [];
  for (const token of tokensOf(sql)) {
    tokens.push(token);
    if (tokens.length === count) break;
  }
  return tokens;
}

/** The name in a quoted or bare identifier. */
export function nameIn(token: Token | undefined): string {
  if (token === undefined) return '';
  return token.kind === 'identifier' ? token.text.slice(1, -1).replaceAll('``', '`') : token.text;
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
