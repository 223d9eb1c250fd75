/**
 * Whether the VALUES of an INSERT are literals and nothing else: no function, no variable, no query, no second
 * statement.
 */
import { Refusal } from './strict-tokens.ts';
import type { Reading } from './strict-tokens.ts';

const [backslash, singleQuote, doubleQuote, comma, open, close] = [0x5c, 0x27, 0x22, 0x2c, 0x28, 0x29];
const space = 0x20;

const [plus, minus, point, zero, nine] = [0x2b, 0x2d, 0x2e, 0x30, 0x39];

/** What numbers are made of besides their signs: two of those would begin a comment. */
const ofNumber = new Uint8Array(256);
for (const character of '0123456789abcdefABCDEFxX.') ofNumber[character.charCodeAt(0)] = 1;

const binary = Buffer.from("_binary '");

/** What may stand for a value besides numbers and strings. */
const keyword = /(?:NULL|TRUE|FALSE|DEFAULT)\b/iy;
/** `_binary 'a'`, `X'6A'`, `b'1'`, `N'a'`, DATE'2020-01-01'. */
const introducer = /(?:_[A-Za-z0-9]+|[XxBbNn]|DATE|TIME|TIMESTAMP)[\t\n\r ]*(?=['"]|0[xXbB])/y;
/**
 * Functions of literals, with which some programs write JSON, binary strings and geometries: native ones, which no
 * stored one can stand in for.
 */
const callOfLiteral = /(?:UNHEX|CONVERT|ST_GeomFromText|ST_GeomFromWKB)\((?=['"0_])/iy;
const endOfCall = /(?:[\t ]*,[\t ]*(?:\d{1,10}|'axis-order=(?:long-lat|lat-long|srid-defined)')|[\t ]+USING[\t ]+[A-Za-z0-9]+)*\)/iy;
const longestWord = 64;

/** @returns how many rows they are; @param from where VALUES ends; @throws Refusal */
export function countLiteralRows(bytes: Uint8Array, from: number, reading: Reading): number {
  const scan = new Scan(bytes, from, reading);
  for (let rows = 1; ; rows += 1) {
    scan.row();
    if (scan.isAtEnd()) return rows;
    scan.expect(comma);
  }
}

class Scan {
  readonly #bytes: Uint8Array;
  readonly #escapes: boolean;
  readonly #ansiQuotes: boolean;
  #at: number;

  constructor(bytes: Uint8Array, from: number, { backslashEscapes, ansiQuotes }: Reading) {
    this.#bytes = bytes;
    this.#at = from;
    this.#escapes = backslashEscapes;
    this.#ansiQuotes = ansiQuotes;
  }

  isAtEnd(): boolean {
    this.#skipBlanks();
    return this.#at >= this.#bytes.length;
  }

  expect(wanted: number): void {
    this.#skipBlanks();
    if (this.#bytes[this.#at] !== wanted) throw new Refusal('behind its rows stands something else than rows');
    this.#at += 1;
  }

  row(): void {
    this.expect(open);
    this.#skipBlanks();
    if (this.#bytes[this.#at] === close) {
      this.#at += 1;
      return;
    }
    do {
      this.#value();
    } while (this.#isFollowedByAnother());
  }

  /** Blanks stand before the comma or the bracket in some dumps. */
  #isFollowedByAnother(): boolean {
    let next = this.#bytes[this.#at];
    if (next !== comma && next !== close) {
      this.#skipBlanks();
      next = this.#bytes[this.#at];
    }
    if (next !== comma && next !== close) throw new Refusal('a value is not a literal');
    this.#at += 1;
    return next === comma;
  }

  #value(): void {
    // Mostly there is one blank at most, and more than half of the values are strings and numbers.
    this.#skipBlanks();
    const first = this.#bytes[this.#at] ?? 0;
    if (first === singleQuote || (first === doubleQuote && !this.#ansiQuotes)) this.#string(first);
    else if ((first >= zero && first <= nine) || first === minus || first === point || first === plus) this.#number();
    else if (first === 0x4e && this.#isNull()) this.#at += 4;
    else if (first === binary[0] && this.#isBinary()) this.#string(singleQuote);
    else if (first === comma || first === close) throw new Refusal('a value is missing');
    else this.#other();
  }

  #isNull(): boolean {
    const [bytes, at] = [this.#bytes, this.#at];
    const next = bytes[at + 4];
    return bytes[at + 1] === 0x55 && bytes[at + 2] === 0x4c && bytes[at + 3] === 0x4c && (next === comma || next === close || next === space);
  }

  /** `_binary '`, which mysqldump writes before each binary string. */
  #isBinary(): boolean {
    const [bytes, at] = [this.#bytes, this.#at];
    for (let index = 1; index < binary.length; index += 1) if (bytes[at + index] !== binary[index]) return false;
    this.#at = at + binary.length - 1;
    return true;
  }

  #string(quote: number): void {
    const bytes = this.#bytes;
    const { length } = bytes;
    const escapes = this.#escapes;
    let at = this.#at + 1;
    for (; at < length; at += 1) {
      const byte = bytes[at];
      if (byte === quote) {
        if (bytes[at + 1] !== quote) break;
        at += 1;
      } else if (byte === backslash && escapes) at += 1;
    }
    if (at >= length) throw new Refusal('a string in its rows has no end before the end of its line');
    this.#at = at + 1;
  }

  #number(): void {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    while (ofNumber[bytes[at] ?? 0] === 1) at += 1;
    const isExponent = (bytes[at - 1] ?? 0) === 0x65 || bytes[at - 1] === 0x45;
    if (isExponent && (bytes[at] === minus || bytes[at] === plus)) {
      at += 1;
      while (ofNumber[bytes[at] ?? 0] === 1) at += 1;
    }
    this.#at = at;
  }

  #other(): void {
    const text = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, Math.min(longestWord, this.#bytes.length - this.#at)).toString('latin1');
    if (text.startsWith('/*')) throw new Refusal('a comment stands between its values');
    const known = lengthAt(keyword, text, 0);
    if (known > 0) {
      this.#at += known;
      return;
    }
    const call = lengthAt(callOfLiteral, text, 0);
    if (call > 0) {
      this.#at += call;
      this.#value();
      this.#at += this.#lengthHere(endOfCall, 'a function stands for a value');
      return;
    }
    this.#at += this.#lengthHere(introducer, 'a value is not a literal, but a name, a function or a query');
    this.#value();
  }

  #lengthHere(pattern: RegExp, flaw: string): number {
    const text = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, Math.min(longestWord, this.#bytes.length - this.#at)).toString('latin1');
    const length = lengthAt(pattern, text, 0);
    if (length === 0) throw new Refusal(flaw);
    return length;
  }

  #skipBlanks(): void {
    const bytes = this.#bytes;
    let at = this.#at;
    for (let byte = bytes[at] ?? 0xff; byte === space || (byte >= 0x09 && byte <= 0x0d); byte = bytes[at] ?? 0xff) at += 1;
    this.#at = at;
  }
}

function lengthAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}
