/**
 * Defaults of columns of bytes. In MySQL 8 and later, information_schema ends such a default at its first NUL; SHOW CREATE
 * TABLE has all of it, and is asked for those tables alone that have one.
 */
import { quoteIdentifier } from '../names.ts';
import { tokensOf } from '../sql-tokens.ts';
import { holdsBytes, literalValue, paddedHex } from './expressions.ts';
import { partName } from './schema-reader.ts';
import type { SchemaReader, SchemaRow } from './schema-reader.ts';

/** @returns by the name of the column's object, as `readDefault` gives them */
export async function readByteDefaults(reader: SchemaReader, columns: readonly SchemaRow[]): Promise<Map<string, string>> {
  const defaults = new Map<string, string>();
  if (!reader.hasDictionary) return defaults;
  const shown = columns.filter(isCutOff);
  for (const table of new Set(shown.map((column) => column['table_name'] ?? ''))) {
    const lines = (await reader.textOfTable(table)).split('\n');
    for (const column of shown.filter((each) => each['table_name'] === table)) {
      const beginning = `  ${quoteIdentifier(column['column_name'] ?? '')} `;
      const digits = defaultIn(lines.find((line) => line.startsWith(beginning)) ?? '');
      if (digits !== undefined) defaults.set(partName('column', column, column['column_name']), `'${paddedHex(digits, column['column_type'] ?? '')}'`);
    }
  }
  return defaults;
}

/** Or may be. */
function isCutOff(column: SchemaRow): boolean {
  const facts = { type: column['column_type'] ?? '', collation: column['collation_name'] ?? null };
  return /^0x/i.test(column['column_default'] ?? '') && holdsBytes(facts) && !/default_generated/i.test(column['extra'] ?? '');
}

/** As hexadecimal digits; undefined where the line of the column has none. */
function defaultIn(line: string): string | undefined {
  const tokens = Array.from(tokensOf(line));
  const value = tokens[tokens.findIndex(({ upper, kind }) => kind === 'word' && upper === 'DEFAULT') + 1];
  if (value?.kind === 'string') return Buffer.from(literalValue(value.text), 'utf8').toString('hex');
  return value !== undefined && /^0x/i.test(value.text) ? value.text.slice(2).toLowerCase() : undefined;
}
