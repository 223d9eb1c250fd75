/**
 * What SHOW CREATE TABLE prints where information_schema does not have all of a definition. Bytes that are no text end
 * a default, an expression or a partition's values there (before MySQL 8), and so does a NUL in a default (since).
 * MySQL 8 keeps one text of a generated column and prints another, which a dump has. The prints are read as bytes, as
 * mysqldump reads them, and only of tables where that may be so.
 */
import { isUtf8 } from 'node:buffer';
import { quoteIdentifier } from '../names.ts';
import { tokensOf } from '../sql-tokens.ts';
import type { Token } from '../sql-tokens.ts';
import { holdsBytes, literalValue, paddedHex } from './expressions.ts';
import { partName } from './schema-reader.ts';
import type { SchemaReader, SchemaRow } from './schema-reader.ts';

export interface Printed {
  /** By the name of the column's object: defaults of bytes, as `readDefault` gives them. */
  readonly defaults: ReadonlyMap<string, string>;
  /** By the same: expressions of generated columns, which can be run. */
  readonly generated: ReadonlyMap<string, string>;
  /** By table and position: values of partitions, which can be run. */
  readonly values: ReadonlyMap<string, string>;
}

/** @param partitions one row for each partition or subpartition */
export async function readPrinted(reader: SchemaReader, columns: readonly SchemaRow[], partitions: readonly SchemaRow[]): Promise<Printed> {
  const [defaults, generated, values] = [new Map<string, string>(), new Map<string, string>(), new Map<string, string>()];
  const ofDefaults = columns.filter((column) => mayLackBytes(column, reader));
  const ofGenerated = columns.filter((column) => mayBePrintedOtherwise(column, reader));
  const ofValues = partitions.filter((partition) => isCut(partition['partition_description'] ?? ''));
  const tables = new Set([...ofDefaults, ...ofGenerated, ...ofValues].map((row) => row['table_name'] ?? ''));
  const texts = tables.size === 0 ? new Map<string, string>() : await reader.printedTables([...tables]);
  for (const column of ofDefaults) {
    const digits = defaultIn(lineOf(column, texts));
    if (digits !== undefined) defaults.set(nameOf(column), `'${paddedHex(digits, column['column_type'] ?? '')}'`);
  }
  for (const column of ofGenerated) {
    const expression = expressionIn(lineOf(column, texts));
    if (expression !== undefined) generated.set(nameOf(column), runnable(expression));
  }
  for (const partition of ofValues) {
    const place = Number(partition['partition_ordinal_position']);
    const found = valuesIn(texts.get(partition['table_name'] ?? '') ?? '')[place - 1];
    if (found !== undefined) values.set(placeOf(partition), runnable(found));
  }
  return { defaults, generated, values };
}

/** Of a partition, for `Printed.values`. */
export function placeOf(partition: SchemaRow): string {
  return `${partition['table_name'] ?? ''} ${partition['partition_ordinal_position'] ?? ''}`;
}

function nameOf(column: SchemaRow): string {
  return partName('column', column, column['column_name']);
}

function mayLackBytes(column: SchemaRow, { hasDictionary }: SchemaReader): boolean {
  const value = column['column_default'] ?? null;
  const facts = { type: column['column_type'] ?? '', collation: column['collation_name'] ?? null };
  if (value === null || value === 'NULL' || !holdsBytes(facts) || /default_generated/i.test(column['extra'] ?? '')) return false;
  return hasDictionary ? /^0x/i.test(value) : true;
}

function mayBePrintedOtherwise(column: SchemaRow, { hasDictionary, readsForDump }: SchemaReader): boolean {
  const expression = column['generation_expression'] ?? '';
  return expression !== '' && (hasDictionary ? readsForDump : isCut(expression));
}

/** Whether a literal has no end. */
function isCut(text: string): boolean {
  return text.replace(/`(?:[^`]|``)*`|'(?:[^'\\]|\\[\s\S]|'')*'/g, '').includes("'");
}

/** Each character is a byte, as in all that follows. */
function lineOf(column: SchemaRow, texts: ReadonlyMap<string, string>): string {
  const beginning = `  ${Buffer.from(quoteIdentifier(column['column_name'] ?? ''), 'utf8').toString('latin1')} `;
  const lines = (texts.get(column['table_name'] ?? '') ?? '').split('\n');
  return lines.find((line) => line.startsWith(beginning)) ?? '';
}

/** As hexadecimal digits; undefined where the line of the column has none. Before MySQL 8 the bytes are shown as if they were latin1. */
function defaultIn(line: string): string | undefined {
  const tokens = Array.from(tokensOf(line));
  const value = tokens[tokens.findIndex(({ upper, kind }) => kind === 'word' && upper === 'DEFAULT') + 1];
  if (value?.kind === 'string') return Buffer.from(literalValue(value.text), 'latin1').toString('hex');
  return value !== undefined && /^0x/i.test(value.text) ? value.text.slice(2).toLowerCase() : undefined;
}

/** Between the parentheses of GENERATED ALWAYS AS. */
function expressionIn(line: string): string | undefined {
  const tokens = Array.from(tokensOf(line));
  const first = tokens.findIndex((_token, index) => isAt(tokens, index, ['GENERATED', 'ALWAYS', 'AS', '(']));
  return first < 0 ? undefined : inParentheses(line, tokens, first + 3);
}

/** Of each partition in its turn. */
function valuesIn(text: string): (string | undefined)[] {
  const tokens = Array.from(tokensOf(text));
  return tokens.flatMap((_token, index) => {
    if (isAt(tokens, index, ['VALUES', 'IN', '('])) return [inParentheses(text, tokens, index + 2)];
    if (!isAt(tokens, index, ['VALUES', 'LESS', 'THAN'])) return [];
    return [tokens[index + 3]?.text === '(' ? inParentheses(text, tokens, index + 3) : undefined];
  });
}

function isAt(tokens: readonly Token[], index: number, words: readonly string[]): boolean {
  return words.every((word, step) => tokens[index + step]?.upper === word);
}

function inParentheses(text: string, tokens: readonly Token[], opening: number): string | undefined {
  let depth = 0;
  const closing = tokens.slice(opening).find(({ kind, text: symbol }) => {
    if (kind === 'symbol' && symbol === '(') depth += 1;
    if (kind === 'symbol' && symbol === ')') depth -= 1;
    return depth === 0;
  });
  return closing === undefined ? undefined : text.slice(tokens[opening]?.end, closing.start);
}

/** A literal has the bytes of its own character set: digits are the same bytes whatever the session's is. */
function runnable(bytes: string): string {
  const ascii = bytes.replace(/`(?:[^`]|``)*`|(_\w+)?('(?:[^'\\]|\\[\s\S]|'')*')/g, (whole, introducer?: string, literal?: string) => {
    if (literal === undefined || !/[\u0080-\u00ff]/.test(literal)) return whole;
    const value = Buffer.from(literalValue(literal), 'latin1');
    if (introducer === undefined && isUtf8(value)) return whole;
    return `${introducer ?? '_binary'} 0x${value.toString('hex')}`;
  });
  return Buffer.from(ascii, 'latin1').toString('utf8');
}
