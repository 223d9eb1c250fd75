/**
 * What MySQL 5.5 to 9 and MariaDB write differently and mean alike, in one way of writing. Nothing else is made alike:
 * a text that is not known to be the same is a difference.
 */
import { withShortColumns } from './other-databases.ts';

/** MySQL 8.0.28 calls what was `utf8` by its name: utf8mb3. */
export function canonicalCharacterSet(name: string): string {
  return name.toLowerCase().replace(/^utf8(?=_|$)/, 'utf8mb3');
}

/**
 * COLUMN_TYPE. MySQL 8.0.19 stopped printing the width of integers, which is a hint for the display (but of ZEROFILL), 8.0
 * that of YEAR, and 8.0.11 renamed GEOMETRYCOLLECTION. YEAR(2), whose values differ, keeps its width.
 */
export function canonicalType(type: string): string {
  // Only what stands before the members of an ENUM or SET: those are kept as they are.
  if (/^(?:enum|set)\(/i.test(type)) return type;
  const small = type.toLowerCase().replace(/\s*\/\*m?!\d* compressed\s*\*\//, '').replace(/^year\(4\)/, 'year').replace(/^geomcollection/, 'geometrycollection');
  return small.includes('zerofill') ? small : small.replace(/^((?:tiny|small|medium|big)?int)\(\d+\)/, '$1');
}

/** EXTRA of a column. MySQL 8.0 adds DEFAULT_GENERATED, which the default itself shows; MariaDB writes a call. */
export function canonicalExtra(extra: string): string {
  return extra.toLowerCase().replace('default_generated', '').replace(/current_timestamp\(\)/g, 'current_timestamp').replace('persistent', 'stored').trim().replace(/\s+/g, ' ');
}

/**
 * COLUMN_DEFAULT. MariaDB 10.2.7 and later quote a literal, and say NULL for none; MySQL 8.0 writes the default of a
 * BINARY column as hexadecimal digits, earlier versions as the characters themselves.
 */
export function canonicalDefault(value: string | null, { type, extra, isMariadb }: ColumnFacts): string | undefined {
  if (value === null || (isMariadb && value.toUpperCase() === 'NULL')) return undefined;
  if (isMariadb && isLiteral(value)) return literalValue(value);
  if (/^(?:timestamp|datetime)/i.test(type)) return value.toLowerCase().replace('current_timestamp()', 'current_timestamp');
  if (isMariadb || /default_generated/i.test(extra)) return expressionDefault(value);
  if (/^binary\((\d+)\)/i.test(type)) return binaryDefault(value, Number(/\d+/.exec(type)?.[0]));
  return /^varbinary/i.test(type) && !/^0x/i.test(value) ? `0x${Buffer.from(value, 'latin1').toString('hex')}` : /^(?:var)?binary/i.test(type) ? value.toLowerCase() : value;
}

export interface ColumnFacts {
  /** COLUMN_TYPE. */
  readonly type: string;
  /** EXTRA. */
  readonly extra: string;
  readonly isMariadb: boolean;
}

/** A literal in parentheses, which MySQL wants for TEXT and BLOB, is the same default without. */
function expressionDefault(value: string): string {
  const expression = canonicalExpression(value);
  return isLiteral(expression) ? literalValue(expression) : expression;
}

function isLiteral(text: string): boolean {
  return /^'(?:[^'\\]|\\[\s\S]|'')*'$/.test(text);
}

/** Padded with NUL to the length of the column, as its values are. */
function binaryDefault(value: string, length: number): string {
  const digits = /^0x/i.test(value) ? value.slice(2).toLowerCase() : Buffer.from(value, 'latin1').toString('hex');
  return `0x${digits.padEnd(2 * length, '0')}`;
}

/** A sql_mode as its elements. Combinations are left out: what they stand for is listed beside them. */
export function canonicalSqlMode(mode: string): string {
  const modes = new Set(mode.toUpperCase().split(',').filter((word) => word !== ''));
  // The combination holds ONLY_FULL_GROUP_BY since MySQL 5.7.5: the server adds it to whatever was made under ANSI.
  if (modes.has('ANSI')) modes.delete('ONLY_FULL_GROUP_BY');
  for (const combination of ['ANSI', 'TRADITIONAL']) modes.delete(combination);
  return [...modes].sort().join(',');
}

/**
 * The text of a partition's, generated column's or check's expression: versions differ in quoting names, in blanks, in
 * the case of functions, and in how they introduce text.
 */
export function canonicalExpression(expression: string): string {
  // MySQL 8 escapes the whole text where it holds a literal, which it writes as _utf8mb4\'…\'.
  const text = /\b_\w+\\'/.test(expression) ? unescaped(expression) : expression;
  const parts = text.match(/'(?:[^'\\]|\\[\s\S]|'')*'|[^']+/g) ?? [];
  const written = parts.map((part) =>
    part.startsWith("'") ? `'${literalValue(part).replaceAll("'", "''")}'` : part.toLowerCase().replace(/\b_(?:utf8mb[34]|utf8|latin1)\s*$/, '').replace(/[`\s]/g, ''),
  );
  return withoutOuterParentheses(written.join(''));
}

/** Of a literal in quotes. */
function literalValue(quoted: string): string {
  return unescaped(quoted.slice(1, -1).replaceAll("''", "'"));
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', 0: '\0', Z: '\u001a' };

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, (_whole, character: string) => escapes[character] ?? character);
}

function withoutOuterParentheses(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth === 0 && at < text.length - 1) return text;
  }
  return withoutOuterParentheses(text.slice(1, -1));
}

/** NO ACTION and RESTRICT are one to InnoDB; versions differ in which they print for a rule that was not given. */
export function canonicalRule(rule: string): string {
  return rule === 'RESTRICT' ? 'NO ACTION' : rule;
}

/** The body of a view names the database it is in before each of its tables; columns of other databases come with and without theirs. */
export function canonicalView(definition: string, database: string): string {
  return withShortColumns(definition.replaceAll(`\`${database.replaceAll('`', '``')}\`.`, '').trim());
}

/**
 * mysqldump puts a blank behind the body of a trigger and of an event. A server keeps the semicolon behind a body that was
 * one of several statements sent at once; it ends the statement, and is no part of it.
 */
export function canonicalBody(body: string | null | undefined): string | undefined {
  return body?.trim().replace(/\s*;$/, '');
}
