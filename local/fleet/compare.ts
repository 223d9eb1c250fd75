/**
 * An independent comparison of source and target, for the demo and the tests. It shares nothing with Ferry's own
 * verification, so that a mistake there does not hide here.
 */
import { quoteIdentifier } from '../../core/names.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import { DatabaseReader, sha256 } from './reader.ts';

export interface CompareOptions {
  readonly source: ServerAccess;
  readonly target: ServerAccess;
  readonly databases: readonly string[];
  /** Also reads every row of both sides; without it tables, columns, counters, objects and row counts are compared. */
  readonly content: boolean;
  readonly onProgress?: (compared: number, total: number) => void;
}

export interface Difference {
  readonly database: string;
  /** `table orders`, `trigger order_audit`; empty where the database itself is meant. */
  readonly object: string;
  readonly source: string;
  readonly target: string;
}

export interface FleetComparison {
  readonly databases: number;
  readonly tables: number;
  readonly rows: number;
  readonly differences: readonly Difference[];
}

const connections = 2;
const counterPrefix = 'AUTO_INCREMENT of ';

/** @throws the server's error when one of the two cannot be read; a missing database is a difference */
export async function compareFleet(options: CompareOptions): Promise<FleetComparison> {
  const waiting = [...options.databases];
  const differences: Difference[] = [];
  const totals = { tables: 0, rows: 0 };
  const compareWaiting = async (): Promise<void> => {
    const source = new DatabaseReader(options.source);
    const target = new DatabaseReader(options.target);
    try {
      await Promise.all([source.prepare(), target.prepare()]);
      for (let database = waiting.shift(); database !== undefined; database = waiting.shift()) {
        const [before, after] = await Promise.all([describe(source, database, options.content), describe(target, database, options.content)]);
        totals.tables += before.tables;
        totals.rows += before.rows;
        differences.push(...differencesBetween(database, before.objects, after.objects));
        options.onProgress?.(options.databases.length - waiting.length, options.databases.length);
      }
    } finally {
      source.close();
      target.close();
    }
  };
  await Promise.all(Array.from({ length: connections }, compareWaiting));
  return { databases: options.databases.length, ...totals, differences };
}

function differencesBetween(database: string, source: ReadonlyMap<string, string>, target: ReadonlyMap<string, string>): Difference[] {
  const objects = new Set([...source.keys(), ...target.keys()]);
  return [...objects]
    .filter((object) => !agree(object, source.get(object), target.get(object)))
    .map((object) => ({ database, object, source: source.get(object) ?? 'absent', target: target.get(object) ?? 'absent' }));
}

/** A counter may have moved on (InnoDB counts over all groups of a MyISAM counter), but never back. */
function agree(object: string, source: string | undefined, target: string | undefined): boolean {
  if (source === undefined || target === undefined) return false;
  return object.startsWith(counterPrefix) ? BigInt(target) >= BigInt(source) : source === target;
}

interface Description {
  readonly tables: number;
  readonly rows: number;
  /** What is compared: a text for each object. */
  readonly objects: ReadonlyMap<string, string>;
}

async function describe(reader: DatabaseReader, database: string, content: boolean): Promise<Description> {
  const objects = new Map<string, string>();
  const [schema] = await reader.rows('SELECT default_character_set_name AS charset, default_collation_name AS collation FROM information_schema.schemata WHERE schema_name = ?', [database]);
  if (schema === undefined) return { tables: 0, rows: 0, objects: new Map([['', 'absent']]) };
  objects.set('', `present, ${modern(schema['collation'])}`);
  const baseTables = await baseTableNames(reader, database);
  const counts = content ? await contents(reader, database, baseTables) : await rowCounts(reader, database, baseTables);
  for (const [table, count] of counts) objects.set(`rows of ${table}`, count.text);
  // After the rows were read: for a table that is not open, MySQL 9.7 gives a counter that is one too low.
  const tables = await reader.rows('SELECT table_name, table_type, auto_increment FROM information_schema.tables WHERE table_schema = ? ORDER BY table_name', [database]);
  const columns = await columnsByTable(reader, database);
  for (const table of tables) {
    const name = table['table_name'] ?? '';
    // A view's columns are known to MySQL 8 only where its definer exists.
    if (table['table_type'] === 'VIEW') objects.set(`view ${name}`, 'present');
    else objects.set(`table ${name}`, columns.get(name) ?? '');
    const counter = table['auto_increment'] ?? null;
    if (counter !== null) objects.set(`${counterPrefix}${name}`, counter);
  }
  for (const name of await otherObjects(reader, database)) objects.set(name, 'present');
  return { tables: baseTables.length, rows: [...counts.values()].reduce((sum, count) => sum + count.rows, 0), objects };
}

async function baseTableNames(reader: DatabaseReader, database: string): Promise<string[]> {
  const tables = await reader.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = ? AND table_type = 'BASE TABLE'", [database]);
  return tables.map((table) => table['table_name'] ?? '');
}

async function columnsByTable(reader: DatabaseReader, database: string): Promise<ReadonlyMap<string, string>> {
  const columns = await reader.rows(
    `SELECT table_name, column_name, data_type, is_nullable, collation_name FROM information_schema.columns
     WHERE table_schema = ? ORDER BY table_name, ordinal_position`,
    [database],
  );
  const byTable = new Map<string, string>();
  for (const column of columns) {
    const table = column['table_name'] ?? '';
    const nullable = column['is_nullable'] === 'YES' ? ' null' : '';
    const text = `${column['column_name'] ?? ''} ${column['data_type'] ?? ''}${nullable} ${modern(column['collation_name'])}`.trim();
    byTable.set(table, byTable.has(table) ? `${byTable.get(table) ?? ''}; ${text}` : text);
  }
  return byTable;
}

/** MySQL 8 calls `utf8` what it is: utf8mb3. */
function modern(collation: string | null | undefined): string {
  return (collation ?? '').replace(/^utf8_/, 'utf8mb3_');
}

async function otherObjects(reader: DatabaseReader, database: string): Promise<string[]> {
  const triggers = await reader.rows(`SHOW TRIGGERS FROM ${quoteIdentifier(database)}`);
  const routines = await reader.rows('SELECT routine_type, routine_name FROM information_schema.routines WHERE BINARY routine_schema = ?', [database]);
  const events = await reader.rows(`SHOW EVENTS FROM ${quoteIdentifier(database)}`);
  return [
    ...triggers.map((trigger) => `trigger ${trigger['trigger'] ?? ''}`),
    ...routines.map((routine) => `${(routine['routine_type'] ?? '').toLowerCase()} ${routine['routine_name'] ?? ''}`),
    ...events.map((event) => `event ${event['name'] ?? ''}`),
  ];
}

type Counts = ReadonlyMap<string, { readonly rows: number; readonly text: string }>;

async function rowCounts(reader: DatabaseReader, database: string, tables: readonly string[]): Promise<Counts> {
  if (tables.length === 0) return new Map();
  const selects = tables.map((table, index) => `SELECT ${index} AS number, COUNT(*) AS count FROM ${quoteIdentifier(database)}.${quoteIdentifier(table)}`);
  const counted = await reader.rows(selects.join(' UNION ALL '));
  return new Map(counted.map((row) => [tables[Number(row['number'])] ?? '', { rows: Number(row['count']), text: row['count'] ?? '' }]));
}

async function contents(reader: DatabaseReader, database: string, tables: readonly string[]): Promise<Counts> {
  const counts = new Map<string, { rows: number; text: string }>();
  for (const table of tables) {
    const { rows, digest } = await reader.content(database, table);
    counts.set(table, { rows, text: `${rows} with digest ${digest}` });
  }
  return counts;
}

/**
 * A digest of everything in one database: definitions, rows, and when each table was made, so that one which was dropped
 * and made again alike shows too. For proving that a database was not touched between two calls.
 */
export async function fingerprintDatabase(access: ServerAccess, database: string): Promise<string> {
  const reader = new DatabaseReader(access);
  try {
    await reader.prepare();
    const parts = await definitions(reader, database);
    const tables = await reader.rows("SELECT table_name, create_time FROM information_schema.tables WHERE table_schema = ? AND table_type = 'BASE TABLE' ORDER BY table_name", [database]);
    for (const table of tables) {
      const content = await reader.content(database, table['table_name'] ?? '');
      parts.push(JSON.stringify([table, content]));
    }
    return sha256(parts.join('\n'));
  } finally {
    reader.close();
  }
}

async function definitions(reader: DatabaseReader, database: string): Promise<string[]> {
  const quoted = quoteIdentifier(database);
  const parts = [JSON.stringify(await reader.rows(`SHOW CREATE DATABASE ${quoted}`))];
  const show = async (kind: string, names: readonly (string | null | undefined)[]): Promise<void> => {
    for (const name of names) parts.push(JSON.stringify(await reader.rows(`SHOW CREATE ${kind} ${quoted}.${quoteIdentifier(name ?? '')}`)));
  };
  const tables = await reader.rows('SELECT table_name FROM information_schema.tables WHERE table_schema = ? ORDER BY table_name', [database]);
  await show('TABLE', tables.map((row) => row['table_name']));
  await show('TRIGGER', (await reader.rows(`SHOW TRIGGERS FROM ${quoted}`)).map((row) => row['trigger']));
  for (const kind of ['PROCEDURE', 'FUNCTION']) {
    const routines = await reader.rows('SELECT routine_name FROM information_schema.routines WHERE BINARY routine_schema = ? AND routine_type = ? ORDER BY routine_name', [database, kind]);
    await show(kind, routines.map((row) => row['routine_name']));
  }
  await show('EVENT', (await reader.rows(`SHOW EVENTS FROM ${quoted}`)).map((row) => row['name']));
  return parts;
}
