/**
 * How long InnoDB takes a row to be at most, when it decides whether it will have a table. Source: MySQL Reference Manual,
 * "Limits on Table Column Count and Row Size", "DYNAMIC Row Format"; tried on MySQL 9.7 with pages of 16 KiB.
 */
import type { ColumnFacts } from './facts.ts';

/** A record must be shorter than half a page less what the page itself needs. */
export const innodbRowLimit = 8_125;

/** Header of a record, its transaction and its undo pointer. A table without a key has a row number of 6 bytes besides. */
const recordBytes = 5 + 6 + 7;
/** A longer value may be kept elsewhere, and then leaves 20 bytes; InnoDB reckons with 40, and one for their length. */
const keptOfLongValue = 40;

/** For DYNAMIC rows of a table with a primary key. */
export function innodbRowBytes(columns: readonly ColumnFacts[]): number {
  const nullBytes = Math.ceil(columns.filter(({ nullable }) => nullable).length / 8);
  return columns.reduce((sum, column) => sum + columnBytes(column), recordBytes + nullBytes);
}

function columnBytes(column: ColumnFacts): number {
  const fixed = fixedBytes(column);
  if (fixed !== undefined) return fixed;
  const most = column.maximumBytes ?? Number.POSITIVE_INFINITY;
  return Math.min(most, keptOfLongValue) + 1;
}

const numberBytes: Readonly<Record<string, number>> = {
  tinyint: 1, smallint: 2, mediumint: 3, int: 4, bigint: 8, float: 4, double: 8, year: 1, date: 3,
};
const temporalBytes: Readonly<Record<string, number>> = { time: 3, datetime: 5, timestamp: 4 };

/** Undefined for what varies in length. */
function fixedBytes({ dataType, type, maximumLength, maximumBytes }: ColumnFacts): number | undefined {
  const plain = numberBytes[dataType];
  if (plain !== undefined) return plain;
  const temporal = temporalBytes[dataType];
  if (temporal !== undefined) return temporal + Math.ceil(Number(/\((\d)\)/.exec(type)?.[1] ?? 0) / 2);
  switch (dataType) {
    case 'decimal':
      return decimalBytes(type);
    case 'bit':
      return Math.ceil(Number(/\((\d+)\)/.exec(type)?.[1] ?? 1) / 8);
    case 'enum':
      return elementsOf(type).length < 256 ? 1 : 2;
    case 'set':
      return setBytes(elementsOf(type).length);
    case 'binary':
      return maximumBytes ?? 0;
    case 'char':
      // Of more than one byte to a character it is kept like a VARCHAR.
      return maximumBytes === maximumLength ? (maximumBytes ?? 0) : undefined;
    default:
      return undefined;
  }
}

/** Source: MySQL Reference Manual, "DECIMAL Data Type Characteristics": nine digits to four bytes, fewer for what is left. */
function decimalBytes(type: string): number {
  const [, digits = '10', scale = '0'] = /\((\d+),?(\d*)\)/.exec(type) ?? [];
  const bytesOf = (count: number): number => Math.floor(count / 9) * 4 + Math.ceil((count % 9) / 2);
  return bytesOf(Number(digits) - Number(scale)) + bytesOf(Number(scale));
}

function setBytes(elements: number): number {
  const bytes = Math.ceil(elements / 8);
  return bytes > 4 ? 8 : bytes;
}

/** The elements of `enum('a','b''c')`, as they are. */
export function elementsOf(type: string): string[] {
  return Array.from(type.matchAll(/'((?:[^']|'')*)'/g), (match) => (match[1] ?? '').replaceAll("''", "'"));
}
