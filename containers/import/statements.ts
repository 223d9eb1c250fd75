/**
 * Cuts a dump into statements, from chunks of any size.
 *
 * A line that starts with INSERT INTO is a statement that ends at the first semicolon before a line break: mysqldump
 * escapes line breaks in data, so its bytes are never looked into. Everything else goes through a lexer that knows
 * quotes, comments and the client's DELIMITER command, as the `mysql` program does. In Ferry's own dumps a line before
 * each stored program says how many bytes it has: it is taken as it is.
 * Source: MySQL Reference Manual, "mysql Client Commands", "Comments", "String Literals".
 */
import { measureStart, parseMeasure } from '../common/measured-statements.ts';
import type { Measure } from '../common/measured-statements.ts';
import { bytesOf, stopsOf, withoutEnd } from './statement-bytes.ts';

export interface Statement {
  /** As in the dump, without the delimiter. Empty for rows when rows are skipped. */
  readonly bytes: Buffer;
  readonly isRows: boolean;
  /** What the line before it says. */
  readonly measure?: Measure;
}

const { newline, carriageReturn, semicolon, space, backslash, singleQuote, doubleQuote, backtick } = bytesOf;
const { hash, hyphen, slash, asterisk, exclamation, plus } = bytesOf;

const insert = Buffer.from('INSERT INTO ');
const delimiterCommand = /^DELIMITER[ \t]/i;
/** The client directive in the first line of MariaDB's dumps: `\-` is a command of its client and no SQL. */
const sandboxLine = /^\/\*M?!999999\\-/;
const setsSqlMode = /^(?:\/\*!\d* *)?SET\s+(?:@@)?(?:SESSION[\s.]+)?sql_mode\s*=\s*(.*)/is;
/** What is needed to tell what a statement starts with. */
const startBytes = 16;
/** Statements that may change how backslashes are read are short. */
const longestSetBytes = 4_096;

type Position =
  | 'start' | 'rows' | 'sql' | 'sandbox line' | 'line comment' | 'block comment' | 'client command'
  | 'measure' | 'measured';

export class StatementSplitter {
  readonly #skipRows: boolean;
  readonly #heedsMeasures: boolean;
  readonly #readRows: boolean;
  #consumed = 0;
  /** Where the statement begins that was returned last: bytes from the beginning of the text. */
  startedAt = 0;
  #position: Position = 'start';
  /** Of the statement that comes next, and how many of its bytes are still to come. */
  #measure: Measure | undefined;
  #missing = 0;
  /** Within a statement: the quote that is open, the comment that is open. */
  #quote = 0;
  #comment: 'line' | 'block' | undefined;
  #delimiter = Buffer.from(';');
  #stops = stopsOf(this.#delimiter);
  #backslashEscapes = true;
  #collected: Buffer[] = [];
  /** The two bytes before the current chunk. */
  #lastBytes: readonly [number, number] = [0, 0];
  /** Bytes whose meaning the next chunk decides; a few. */
  #carried: Buffer = Buffer.alloc(0);

  /**
   * @param skipRows do not keep the bytes of INSERT statements: only that there was one is told
   * @param measured the dump is Ferry's own, and says where its programs end
   * @param readRows look for the ends of strings in INSERT statements too: not every program escapes line breaks in data
   */
  constructor(options: { readonly skipRows?: boolean; readonly measured?: boolean | undefined; readonly readRows?: boolean } = {}) {
    this.#skipRows = options.skipRows ?? false;
    this.#heedsMeasures = options.measured ?? false;
    this.#readRows = options.readRows ?? false;
  }

  /** The statements that end in these chunks. */
  *split(chunk: Buffer, isLast: boolean): Generator<Statement> {
    let rest = this.#carried.length === 0 ? chunk : Buffer.concat([this.#carried, chunk]);
    this.#carried = Buffer.alloc(0);
    for (;;) {
      const before = rest.length;
      const position = this.#position;
      const { used, statement } = this.#step(rest, isLast);
      rest = rest.subarray(used);
      this.#consumed += used;
      if (statement !== undefined) yield statement;
      if (statement === undefined && rest.length === before && this.#position === position) break;
    }
    if (!isLast) {
      this.#carried = rest;
      return;
    }
    const unfinished = this.#finish(rest);
    if (unfinished !== undefined) yield unfinished;
  }

  #step(rest: Buffer, isLast: boolean): { used: number; statement?: Statement | undefined } {
    switch (this.#position) {
      case 'start':
        return { used: this.#start(rest, isLast) };
      case 'line comment':
        return { used: this.#skipPast(rest, '\n') };
      case 'block comment':
        return { used: this.#skipPast(rest, '*/') };
      case 'client command':
        return { used: this.#clientCommand(rest, isLast) };
      case 'sandbox line':
        return this.#sandboxLine(rest, isLast);
      case 'rows':
        return this.#rows(rest);
      case 'sql':
        return this.#sql(rest, isLast);
      case 'measure':
        return { used: this.#measureLine(rest, isLast) };
      case 'measured':
        return this.#measured(rest);
    }
  }

  /** Decides what begins here, once enough of it is known. */
  #start(rest: Buffer, isLast: boolean): number {
    let blank = 0;
    while (blank < rest.length && (rest[blank] ?? 0) <= space) blank += 1;
    if (blank > 0 || rest.length === 0) return blank;
    if (rest.length < startBytes && !isLast) return 0;
    const text = rest.toString('latin1', 0, startBytes);
    this.startedAt = this.#consumed;
    const isInsert = rest.subarray(0, insert.length).equals(insert);
    if (!this.#readRows && this.#isSemicolon() && isInsert) this.#position = 'rows';
    else if (this.#heedsMeasures && measureStart.startsWith(text)) this.#position = 'measure';
    else if (/^(?:#|--(?=$|[\0- ]))/.test(text)) this.#position = 'line comment';
    else if (sandboxLine.test(text)) this.#position = 'sandbox line';
    else if (/^\/\*(?!!|M!|\+)/.test(text)) this.#position = 'block comment';
    else if (delimiterCommand.test(text)) this.#position = 'client command';
    else this.#position = 'sql';
    return 0;
  }

  #skipPast(rest: Buffer, end: '\n' | '*/'): number {
    const at = rest.indexOf(end, 0, 'latin1');
    if (at >= 0) {
      this.#position = 'start';
      return at + end.length;
    }
    // The first half of `*/` may stand here.
    return Math.max(0, rest.length - end.length + 1);
  }

  #clientCommand(rest: Buffer, isLast: boolean): number {
    const end = rest.indexOf(newline);
    if (end < 0 && !isLast) return 0;
    const line = rest.toString('latin1', 0, end < 0 ? rest.length : end);
    const delimiter = line.replace(delimiterCommand, '').trim().split(/\s/)[0] ?? '';
    if (delimiter !== '') this.#delimiter = Buffer.from(delimiter, 'latin1');
    this.#stops = stopsOf(this.#delimiter);
    this.#position = 'start';
    return end < 0 ? rest.length : end + 1;
  }

  #measureLine(rest: Buffer, isLast: boolean): number {
    const end = rest.indexOf(newline);
    if (end < 0 && !isLast) return 0;
    const measure = parseMeasure(rest.toString('utf8', 0, end < 0 ? rest.length : end));
    this.#measure = measure;
    this.#missing = measure?.bytes ?? 0;
    this.#position = measure === undefined ? 'start' : 'measured';
    return end < 0 ? rest.length : end + 1;
  }

  /** The delimiter behind it ends an empty statement. */
  #measured(rest: Buffer): { used: number; statement?: Statement | undefined } {
    const own = rest.subarray(0, this.#missing);
    this.#collected.push(own);
    this.#missing -= own.length;
    if (this.#missing > 0) return { used: own.length };
    const [bytes, measure] = [Buffer.concat(this.#collected), this.#measure];
    this.#collected = [];
    this.#position = 'start';
    return { used: own.length, statement: { bytes, isRows: false, ...(measure && { measure }) } };
  }

  /** A statement by itself, though no delimiter ends it, so that a rule tells of it. */
  #sandboxLine(rest: Buffer, isLast: boolean): { used: number; statement?: Statement | undefined } {
    const end = rest.indexOf(newline);
    if (end < 0 && !isLast) return { used: 0 };
    const length = end < 0 ? rest.length : end;
    this.#collect(rest.subarray(0, length), false);
    return { used: length, statement: this.#take(false) };
  }

  #rows(rest: Buffer): { used: number; statement?: Statement | undefined } {
    for (let from = 0; ; ) {
      const end = rest.indexOf(newline, from);
      if (end < 0) {
        this.#collect(rest, this.#skipRows);
        return { used: rest.length };
      }
      if (this.#endsStatement(rest, end)) {
        this.#collect(rest.subarray(0, end), this.#skipRows);
        return { used: end + 1, statement: this.#take(true) };
      }
      from = end + 1;
    }
  }

  /** Whether the line break at `end` follows a semicolon, which may have come in an earlier chunk. */
  #endsStatement(rest: Buffer, end: number): boolean {
    const [secondLast, last] = this.#twoBytesBefore(rest, end);
    return last === semicolon || (last === carriageReturn && secondLast === semicolon);
  }

  #twoBytesBefore(rest: Buffer, end: number): readonly [number, number] {
    const [earlier, latest] = this.#lastBytes;
    if (end >= 2) return [rest[end - 2] ?? 0, rest[end - 1] ?? 0];
    return end === 1 ? [latest, rest[0] ?? 0] : [earlier, latest];
  }

  #sql(rest: Buffer, isLast: boolean): { used: number; statement?: Statement | undefined } {
    const delimiter = this.#delimiter;
    const safe = isLast ? rest.length : rest.length - Math.max(3, delimiter.length);
    let at = this.#pastPlain(rest, 0, safe);
    while (at < safe) {
      const byte = rest[at] ?? 0;
      if (this.#quote !== 0) at += this.#inQuote(byte);
      else if (this.#comment !== undefined) at += this.#inComment(rest, at, byte);
      else if (byte === delimiter[0] && rest.subarray(at, at + delimiter.length).equals(delimiter)) {
        this.#collect(rest.subarray(0, at), false);
        return { used: at + delimiter.length, statement: this.#take(false) };
      } else at += this.#inCode(rest, at, byte);
      at = this.#pastPlain(rest, at, safe);
    }
    if (at === 0) return { used: 0 };
    this.#collect(rest.subarray(0, at), false);
    return { used: at };
  }

  /** Past bytes that mean nothing where they stand: most of them. */
  #pastPlain(rest: Buffer, from: number, safe: number): number {
    const [quote, stops] = [this.#quote, this.#stops];
    let at = from;
    if (quote !== 0) while (at < safe && rest[at] !== quote && rest[at] !== backslash) at += 1;
    else if (this.#comment === undefined) while (at < safe && stops[rest[at] ?? 0] !== 1) at += 1;
    return at;
  }

  #inQuote(byte: number): number {
    if (byte === backslash && this.#quote !== backtick && this.#backslashEscapes) return 2;
    // A doubled quote closes and opens again, which comes to the same.
    if (byte === this.#quote) this.#quote = 0;
    return 1;
  }

  #inComment(rest: Buffer, at: number, byte: number): number {
    if (this.#comment === 'line') {
      if (byte === newline) this.#comment = undefined;
      return 1;
    }
    if (byte !== asterisk || rest[at + 1] !== slash) return 1;
    this.#comment = undefined;
    return 2;
  }

  #inCode(rest: Buffer, at: number, byte: number): number {
    const next = rest[at + 1] ?? newline;
    if (byte === singleQuote || byte === doubleQuote || byte === backtick) this.#quote = byte;
    else if (byte === hash) this.#comment = 'line';
    else if (byte === hyphen && next === hyphen && (rest[at + 2] ?? newline) <= space) this.#comment = 'line';
    else if (byte === slash && next === asterisk) {
      // What stands in a versioned comment or a hint is code.
      const third = rest[at + 2];
      if (third !== exclamation && third !== plus) this.#comment = 'block';
      return 2;
    }
    return 1;
  }

  #collect(bytes: Buffer, skip: boolean): void {
    this.#lastBytes = this.#twoBytesBefore(bytes, bytes.length);
    if (!skip) this.#collected.push(bytes);
  }

  /** @returns undefined for an empty statement, which is nobody's */
  #take(isRows: boolean): Statement | undefined {
    const [only, ...others] = this.#collected;
    const joined = only === undefined ? Buffer.alloc(0) : others.length === 0 ? only : Buffer.concat(this.#collected);
    this.#collected = [];
    this.#position = 'start';
    this.#quote = 0;
    this.#comment = undefined;
    this.#lastBytes = [0, 0];
    const bytes = withoutEnd(joined, isRows);
    if (isRows) return { bytes, isRows };
    if (bytes.length === 0) return undefined;
    this.#followSqlMode(bytes);
    return { bytes, isRows };
  }

  /** The dump ends without a delimiter. */
  #finish(rest: Buffer): Statement | undefined {
    if (this.#position !== 'rows' && this.#position !== 'sql') return undefined;
    const isRows = this.#position === 'rows';
    this.#collect(rest, isRows && this.#skipRows);
    return this.#take(isRows);
  }

  /** In dumps of mysqldump a routine made under NO_BACKSLASH_ESCAPES follows a SET of that mode. */
  #followSqlMode(bytes: Buffer): void {
    if (bytes.length > longestSetBytes) return;
    const mode = setsSqlMode.exec(bytes.toString('latin1'))?.[1];
    if (mode !== undefined) this.#backslashEscapes = !/NO_BACKSLASH_ESCAPES/i.test(mode);
  }

  #isSemicolon(): boolean {
    return this.#delimiter.length === 1 && this.#delimiter[0] === semicolon;
  }
}
