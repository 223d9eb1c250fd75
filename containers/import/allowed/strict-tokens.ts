/**
 * The tokens of a statement as the target will see them, or a refusal where that cannot be known for sure: what is read
 * here decides whether a statement is run at all.
 * Sources: MySQL Reference Manual, "Comments", "String Literals", "Schema Object Names"; the server's sql_lex.cc.
 */
export interface Reading {
  /** character_set_client, in lower case. */
  readonly characterSet: string;
  /** Of sql_mode. */
  readonly ansiQuotes: boolean;
  readonly backslashEscapes: boolean;
}

export interface StrictToken {
  readonly kind: 'word' | 'name' | 'string' | 'symbol';
  /** Without quotes, and with doubled quotes made single; the escapes of a string stay. */
  readonly text: string;
  /** Upper case, for words; '' for what is quoted; a symbol itself. */
  readonly upper: string;
  /** Within a comment that some targets run and others do not. */
  readonly isConditional: boolean;
  readonly start: number;
  readonly end: number;
}

/** Why a statement is refused; whoever knows the dump says where. */
export class Refusal extends Error {}

/** Targets are MySQL 8.0 or later: what an older server would run, they all run. */
const runByAll = 80_000;
const versionedComment = /\/\*(M?)!(?:(\d{5,6})(?=\s)|(?=\s))/y;
const plainComment = /\/\*(?![!+]|M!)[\s\S]*?\*\//y;
// A line break ends such a comment, and nothing else does.
const lineComment = /(?:#|--(?![^\0- \x7f]))[^\n]*/y;
const blank = /[\t\n\v\f\r ]+/y;
const word = /[A-Za-z0-9_$\x80-\xff]+/y;
const utf8 = new Set(['utf8', 'utf8mb3', 'utf8mb4']);
const [space, hash, hyphen, slash, asterisk, backslash] = [0x20, 0x23, 0x2d, 0x2f, 0x2a, 0x5c];

/** @param sql its characters are bytes; @throws Refusal */
export function* strictTokens(sql: string, reading: Reading): Generator<StrictToken> {
  let comment: 'run' | 'conditional' | undefined;
  for (let at = 0; at < sql.length; ) {
    const skipped = skippedAt(sql, at);
    if (skipped > 0) at += skipped;
    else if (comment !== undefined && sql.startsWith('*/', at)) {
      comment = undefined;
      at += 2;
    } else if (sql.charCodeAt(at) === slash && sql.charCodeAt(at + 1) === asterisk) {
      if (comment !== undefined) throw new Refusal('a comment that some servers run stands within another');
      const opened = openedComment(sql, at);
      ({ comment } = opened);
      at += opened.length;
    } else {
      const token = tokenAt(sql, at, reading, comment === 'conditional');
      // A server that does not run the comment would see its end in the string.
      if (comment !== undefined && token.kind !== 'word' && sql.slice(at, token.end).includes('*/')) {
        throw new Refusal('a versioned comment holds the end of a comment in a string');
      }
      yield token;
      at = token.end;
    }
  }
  if (comment !== undefined) throw new Refusal('a versioned comment has no end');
}

/** Of blanks or of a comment that nobody runs; most tokens begin with neither, and are spared the patterns. */
function skippedAt(sql: string, at: number): number {
  const first = sql.charCodeAt(at);
  if (first <= space) return lengthOf(blank, sql, at);
  if (first === hash || first === hyphen) return lengthOf(lineComment, sql, at);
  return first === slash ? lengthOf(plainComment, sql, at) : 0;
}

function openedComment(sql: string, at: number): { readonly comment: 'run' | 'conditional'; readonly length: number } {
  versionedComment.lastIndex = at;
  const match = versionedComment.exec(sql);
  if (match === null) throw new Refusal('it holds a comment that is read in more than one way');
  const isForAll = match[1] === '' && (match[2] === undefined || Number(match[2]) <= runByAll);
  return { comment: isForAll ? 'run' : 'conditional', length: match[0].length };
}

function tokenAt(sql: string, start: number, reading: Reading, isConditional: boolean): StrictToken {
  const first = sql.charAt(start);
  if (first === "'" || first === '"' || first === '`') return quoted(sql, start, reading, isConditional);
  const length = lengthOf(word, sql, start);
  if (length === 0) return { kind: 'symbol', text: first, upper: first, isConditional, start, end: start + 1 };
  const text = sql.slice(start, start + length);
  // Of a blank that only some character sets have (0xA0) a name could be cut in two.
  if (!utf8.has(reading.characterSet) && /[\x80-\xff]/.test(text)) {
    throw new Refusal(`a name that is not quoted has letters of the character set ${reading.characterSet}`);
  }
  return { kind: 'word', text, upper: text.toUpperCase(), isConditional, start, end: start + length };
}

function quoted(sql: string, start: number, reading: Reading, isConditional: boolean): StrictToken {
  const quote = sql.charAt(start);
  const isName = quote === '`' || (quote === '"' && reading.ansiQuotes);
  const escapes = !isName && reading.backslashEscapes;
  const end = sql.charCodeAt(start);
  const lead = isAmbiguous(reading.characterSet) ? leadBytes[reading.characterSet] : undefined;
  let isDoubled = false;
  for (let at = start + 1; at < sql.length; ) {
    const code = sql.charCodeAt(at);
    if (code === end) {
      if (sql.charCodeAt(at + 1) !== end) {
        const inside = sql.slice(start + 1, at);
        const text = isDoubled ? inside.replaceAll(quote + quote, quote) : inside;
        return { kind: isName ? 'name' : 'string', text, upper: '', isConditional, start, end: at + 1 };
      }
      isDoubled = true;
      at += 2;
    } else if (escapes && code === backslash) at += 2;
    else at += lead === undefined ? 1 : characterLength(sql, at, lead);
  }
  throw new Refusal('a quote has no end');
}

/** Character sets of clients whose letters may end in a byte that is a backslash or a backtick by itself. */
const leadBytes: Readonly<Record<string, RegExp>> = {
  sjis: /[\x81-\x9f\xe0-\xfc]/,
  cp932: /[\x81-\x9f\xe0-\xfc]/,
  big5: /[\xa1-\xf9]/,
  gbk: /[\x81-\xfe]/,
  gb18030: /[\x81-\xfe]/,
};

/** Whether a backslash or a quote may be half a letter. */
export function isAmbiguous(characterSet: string): boolean {
  return Object.hasOwn(leadBytes, characterSet);
}

function characterLength(sql: string, at: number, lead: RegExp): 1 | 2 {
  return lead.test(sql.charAt(at)) && /[\x40-\x7e\x80-\xfe]/.test(sql.charAt(at + 1)) ? 2 : 1;
}

function lengthOf(pattern: RegExp, sql: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0].length ?? 0;
}
