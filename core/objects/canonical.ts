/**
 * What MySQL 5.5 to 9 and MariaDB write differently and mean alike, in one way of writing. Nothing else is made alike:
 * a text that is not known to be the same is a difference.
 */
import { quoteIdentifier } from '../names.ts';
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

/** A sql_mode as its elements. Combinations are left out: what they stand for is listed beside them. */
export function canonicalSqlMode(mode: string): string {
  const modes = new Set(mode.toUpperCase().split(',').filter((word) => word !== ''));
  // The combination holds ONLY_FULL_GROUP_BY since MySQL 5.7.5: the server adds it to whatever was made under ANSI.
  if (modes.has('ANSI')) modes.delete('ONLY_FULL_GROUP_BY');
  for (const combination of ['ANSI', 'TRADITIONAL']) modes.delete(combination);
  return [...modes].sort().join(',');
}

/** NO ACTION and RESTRICT are one to InnoDB; versions differ in which they print for a rule that was not given. */
export function canonicalRule(rule: string): string {
  return rule === 'RESTRICT' ? 'NO ACTION' : rule;
}

/**
 * The body of a view names the database it is in before each of its tables, and columns of other databases come with and
 * without theirs. Inside literals those characters are text.
 */
export function canonicalView(definition: string, database: string): string {
  const qualifier = `${quoteIdentifier(database)}.`;
  const parts = definition.match(/'(?:[^'\\]|\\[\s\S]|'')*'|'[\s\S]*|[^']+/g) ?? [];
  return withShortColumns(parts.map((part) => (part.startsWith("'") ? part : part.replaceAll(qualifier, ''))).join('').trim());
}

/** STATUS of an event: MySQL 8.2 calls a slave a replica. */
export function canonicalEventStatus(status: string | null | undefined): string | null | undefined {
  return status === 'SLAVESIDE_DISABLED' ? 'REPLICA_SIDE_DISABLED' : status;
}

/**
 * mysqldump puts a blank behind the body of a trigger and of an event. A server keeps the semicolon behind a body that was
 * one of several statements sent at once; it ends the statement, and is no part of it.
 */
export function canonicalBody(body: string | null | undefined): string | undefined {
  return body?.trim().replace(/\s*;$/, '');
}
