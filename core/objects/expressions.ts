/**
 * Expressions and defaults as information_schema gives them, as text that a server can run again. Nothing is made
 * alike here but what is alike for certain: what else two versions write differently, the target decides.
 */
import { quoteIdentifier } from '../names.ts';

/**
 * The expression of a generated column, a default, a check, an index or a partition.
 * @param isEscaped whether the server has escaped the text once more, as MySQL 8 and later do
 */
export function readExpression(expression: string, isEscaped: boolean): string {
  return withoutOuterParentheses((isEscaped ? withHexLiterals(unescaped(expression)) : expression).trim());
}

export interface ColumnFacts {
  /** COLUMN_TYPE. */
  readonly type: string;
  /** EXTRA. */
  readonly extra: string;
  /** COLLATION_NAME. */
  readonly collation: string | null;
  readonly isMariadb: boolean;
  /** Whether the server keeps definitions in tables, as MySQL does since version 8. */
  readonly hasDictionary: boolean;
}

/**
 * COLUMN_DEFAULT: `'a value'`, `(an expression)`, or undefined where there is none. The value of a column of bytes is its
 * hexadecimal digits. MariaDB 10.2.7 and later quote a value, and say NULL for none.
 */
export function readDefault(value: string | null, column: ColumnFacts): string | undefined {
  const { isMariadb, type } = column;
  if (value === null || (isMariadb && value.toUpperCase() === 'NULL')) return undefined;
  if (/^(?:timestamp|datetime)/i.test(type) && /^current_timestamp(?:\(\d*\))?$/i.test(value)) {
    return `'${value.toLowerCase().replace('()', '')}'`;
  }
  if (isExpression(value, column)) return `(${readExpression(value, !isMariadb)})`;
  const text = isMariadb && isLiteral(value) ? literalValue(value) : value;
  return `'${holdsBytes(column) ? hexValue(text, column) : text}'`;
}

/** BINARY, VARBINARY, and what has the character set `binary`: ENUM and SET (of CHAR and TEXT that makes other types). */
export function holdsBytes({ type, collation }: Pick<ColumnFacts, 'type' | 'collation'>): boolean {
  if (/^(?:enum|set)\(/i.test(type)) return collation === null || collation === 'binary';
  return /^(?:var)?binary\b/i.test(type);
}

function isExpression(value: string, { extra, isMariadb, type }: ColumnFacts): boolean {
  if (!isMariadb) return /default_generated/i.test(extra);
  // A number that is the default of a text is not the text of its digits.
  if (/^-?[\d.]+(?:e[-+]?\d+)?$/i.test(value)) return /(?:text|blob)\b/i.test(type);
  return !isLiteral(value) && !/^b'[01]*'$/i.test(value);
}

/** BINARY is padded with NUL to the length of the column, as its values are. */
function hexValue(text: string, { type, hasDictionary }: ColumnFacts): string {
  const digits = hasDictionary && /^0x/i.test(text) ? text.slice(2).toLowerCase() : Buffer.from(text, 'utf8').toString('hex');
  return paddedHex(digits, type);
}

/** @param digits without `0x` */
export function paddedHex(digits: string, type: string): string {
  const length = Number(/^binary\((\d+)\)/i.exec(type)?.[1] ?? 0);
  return `0x${digits.padEnd(2 * length, '0')}`;
}

function isLiteral(text: string): boolean {
  return /^'(?:[^'\\]|\\[\s\S]|'')*'$/.test(text);
}

/** Of a literal in quotes. */
export function literalValue(quoted: string): string {
  return quoted.slice(1, -1).replace(/''|\\([\s\S])/g, (whole, character?: string) => (character === undefined ? whole.slice(1) : unescapedCharacter(character)));
}

/** Of a text, as a server reads it whose sql_mode is empty. */
export function quotedLiteral(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&').replaceAll('\0', '\\0')}'`;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', 0: '\0', Z: '\u001a' };

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, (_whole, character: string) => unescapedCharacter(character));
}

function unescapedCharacter(character: string): string {
  return escapes[character] ?? character;
}

/**
 * MySQL 8 shows the bytes of a literal as if each were a character of latin1, whatever its character set: `_utf8mb4'Ã¼'`.
 * Written as digits they are what they are.
 */
function withHexLiterals(text: string): string {
  return text.replace(/`(?:[^`]|``)*`|(_\w+)('(?:[^'\\]|\\[\s\S]|'')*')|'(?:[^'\\]|\\[\s\S]|'')*'/g, (whole, introducer?: string, literal?: string) => {
    if (introducer === undefined || literal === undefined || !/[\u0080-\uffff]/.test(literal)) return whole;
    const bytes = latin1Bytes(literalValue(literal));
    return bytes === undefined ? whole : `${introducer} 0x${bytes.toString('hex')}`;
  });
}

/** What MySQL's latin1 has at 0x80 to 0x9f; what is undefined there stands for itself. */
const latin1Characters = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** undefined where a character is none of latin1. */
function latin1Bytes(text: string): Buffer | undefined {
  const bytes = Array.from(text, (character) => {
    const code = latin1Characters.indexOf(character);
    return code < 0 ? (character.codePointAt(0) ?? 0) : 0x80 + code;
  });
  return bytes.every((byte) => byte < 0x100) ? Buffer.from(bytes) : undefined;
}

function withoutOuterParentheses(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let depth = 0;
  let end = 0;
  for (const part of text.match(/'(?:[^'\\]|\\[\s\S]|'')*'|`(?:[^`]|``)*`|[\s\S]/g) ?? []) {
    end += part.length;
    if (part === '(') depth += 1;
    if (part === ')') depth -= 1;
    if (depth === 0 && end < text.length) return text;
  }
  return withoutOuterParentheses(text.slice(1, -1).trim());
}

/** The name of a column as it stands in a list: in quotes where it is no plain word. */
export function nameInList(name: string): string {
  return /^[\w$]+$/.test(name) ? name : quoteIdentifier(name);
}
