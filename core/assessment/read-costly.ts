/** What `ferry assess --also` reads besides: it looks at rows or files, so it takes as long as they are large. */
import { countTypedValues } from '../json-values/typed-values.ts';
import { isMySqlAtLeast } from '../mysql-versions.ts';
import { quoteIdentifier } from '../names.ts';
import type { CostlyFacts, DatabaseFacts, ForeignKeyFacts, Query, TableFacts } from './facts.ts';
import { countFloatKeys, countGeometries } from './read-values.ts';

export const costlyReadings = ['definitions', 'orphan-rows', 'crashed-tables', 'row-sizes', 'json-types', 'float-keys', 'geometries'] as const;
export type CostlyReading = (typeof costlyReadings)[number];

/** @throws what the server answers, but not for a table that cannot be opened: that is a finding of its own */
export async function readCostlyFacts(query: Query, database: DatabaseFacts, wanted: ReadonlySet<CostlyReading>, version: string): Promise<CostlyFacts> {
  const readable = database.tables.filter(({ engine }) => engine !== null);
  return {
    damages: wanted.has('crashed-tables') ? await readDamages(query, database.name, readable) : new Map(),
    definitions: wanted.has('definitions') ? await readDefinitions(query, database.name, readable) : new Map(),
    orphans: wanted.has('orphan-rows') ? await countOrphans(query, database) : new Map(),
    longestRows: wanted.has('row-sizes') ? await measureRows(query, database.name, readable) : new Map(),
    jsonTypes: wanted.has('json-types') && isMySqlAtLeast(version, 5, 7, 8) ? await readJsonTypes(query, version, database.name, readable) : [],
    floatKeys: wanted.has('float-keys') ? await countFloatKeys(query, database.name, readable) : new Map(),
    geometries: wanted.has('geometries') ? await countGeometries(query, database.name, readable) : new Map(),
  };
}

async function readJsonTypes(query: Query, version: string, database: string, tables: readonly TableFacts[]): Promise<CostlyFacts['jsonTypes']> {
  const found: { table: string; column: string; counts: Readonly<Record<string, number>> }[] = [];
  for (const { name: table, columns } of tables) {
    for (const { name: column } of columns.filter(({ dataType }) => dataType === 'json')) {
      found.push({ table, column, counts: await countTypedValues(query, { database, table, column }, version) });
    }
  }
  return found;
}

async function readDefinitions(query: Query, database: string, tables: readonly TableFacts[]): Promise<Map<string, string>> {
  const definitions = new Map<string, string>();
  for (const { name } of tables) {
    const [row] = await query<{ 'Create Table': string }>(`SHOW CREATE TABLE ${qualified(database, name)}`);
    definitions.set(name, row?.['Create Table'] ?? '');
  }
  return definitions;
}

/** QUICK compares files with their headers and reads no row. */
async function readDamages(query: Query, database: string, tables: readonly TableFacts[]): Promise<Map<string, string>> {
  const damages = new Map<string, string>();
  for (const { name } of tables.filter(({ engine }) => /^(?:myisam|aria|archive|csv)$/i.test(engine ?? ''))) {
    const rows = await query<{ Msg_type: string; Msg_text: string }>(`CHECK TABLE ${qualified(database, name)} QUICK`);
    const said = rows.filter(({ Msg_type }) => Msg_type.toLowerCase() === 'error').map(({ Msg_text }) => Msg_text);
    if (said.length > 0) damages.set(name, said.join('; '));
  }
  return damages;
}

async function countOrphans(query: Query, { name, foreignKeys, tables }: DatabaseFacts): Promise<Map<string, number>> {
  const orphans = new Map<string, number>();
  const here = new Set(tables.map((table) => table.name));
  for (const key of foreignKeys) {
    // A parent that is missing is a finding of its own.
    if (key.parentDatabase === name && !here.has(key.parentTable)) continue;
    const [row] = await query<{ n: string | number }>(orphanQuery(name, key));
    orphans.set(`${key.table}\0${key.name}`, Number(row?.n ?? 0));
  }
  return orphans;
}

function orphanQuery(database: string, { table, columns, parentDatabase, parentTable, parentColumns }: ForeignKeyFacts): string {
  const pairs = columns.map((column, index) => [quoteIdentifier(column), quoteIdentifier(parentColumns[index] ?? '')] as const);
  const matches = pairs.map(([column, parent]) => `child.${column} = parent.${parent}`).join(' AND ');
  // MATCH SIMPLE: a row with a NULL among the columns has no parent to have.
  const present = pairs.map(([column]) => `child.${column} IS NOT NULL`).join(' AND ');
  return `SELECT COUNT(*) AS n FROM ${qualified(database, table)} child WHERE ${present} AND NOT EXISTS (SELECT 1 FROM ${qualified(parentDatabase, parentTable)} parent WHERE ${matches})`;
}

async function measureRows(query: Query, database: string, tables: readonly TableFacts[]): Promise<Map<string, number>> {
  const longest = new Map<string, number>();
  for (const { name, columns } of tables) {
    const lengths = columns.flatMap(({ name: column, dataType }) => {
      if (/text$|char$/.test(dataType)) return [`COALESCE(LENGTH(${quoteIdentifier(column)}), 0)`];
      return /blob$|binary$|geometry|point|polygon|linestring/.test(dataType) ? [`2 * COALESCE(LENGTH(${quoteIdentifier(column)}), 0)`] : [];
    });
    if (lengths.length === 0) continue;
    const [row] = await query<{ bytes: string | number | null }>(`SELECT MAX(${lengths.join(' + ')}) AS bytes FROM ${qualified(database, name)}`);
    longest.set(name, Number(row?.bytes ?? 0));
  }
  return longest;
}

function qualified(database: string, table: string): string {
  return `${quoteIdentifier(database)}.${quoteIdentifier(table)}`;
}
