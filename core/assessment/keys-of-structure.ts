/**
 * Adds to the facts of a branch the indexes and foreign keys that its dump has read for the verification: what they are
 * refused for is then known before the dump, and costs no question.
 */
import { ownerAttribute } from '../objects/structure.ts';
import type { Structure, StructureObject } from '../objects/structure.ts';
import type { DatabaseFacts, ForeignKeyFacts, IndexFacts, TableFacts } from './facts.ts';

export function withKeys(facts: DatabaseFacts, structure: Structure): DatabaseFacts {
  const tables = new Map(facts.tables.map((table) => [table.name, table]));
  const indexes = new Map<string, IndexFacts[]>();
  const foreignKeys: ForeignKeyFacts[] = [];
  for (const [object, attributes] of Object.entries(structure)) {
    const table = tables.get((attributes[ownerAttribute] ?? '').slice('table '.length));
    if (table === undefined) continue;
    const nameIn = (kind: string): string => object.slice(`${kind} ${table.name}.`.length);
    if (object.startsWith('index ')) {
      indexes.set(table.name, [...(indexes.get(table.name) ?? []), indexOf(nameIn('index'), attributes, table)]);
    } else if (object.startsWith('foreign key ')) {
      foreignKeys.push(...foreignKeyOf(nameIn('foreign key'), attributes, table, { name: facts.name, tables }));
    }
  }
  const isKnown = (table: TableFacts): TableFacts => ({ ...table, indexes: indexes.get(table.name) ?? [] });
  return { ...facts, tables: facts.tables.map(isKnown), foreignKeys, isBranch: false };
}

/** `UNIQUE` of `a, b(10) DESC`. */
function indexOf(name: string, { kind = '', columns = '' }: StructureObject, table: TableFacts): IndexFacts {
  const names = new Set(table.columns.map((column) => column.name));
  const parts = columns.split(', ').map((part) => {
    const [, column = part, prefix] = /^(.*?)(?:\((\d+)\))?(?: DESC)?$/.exec(part) ?? [];
    return names.has(part) || prefix === undefined
      ? { name: names.has(part) ? part : column, prefix: null }
      : { name: column, prefix: Number(prefix) };
  });
  const type = kind === 'FULLTEXT' || kind === 'SPATIAL' ? kind : 'BTREE';
  return { name, unique: kind === 'UNIQUE', type, columns: parts };
}

/** None where a name with a comma leaves open which columns are meant, and for a parent in another database. */
function foreignKeyOf(
  name: string,
  { columns = '', references = '' }: StructureObject,
  table: TableFacts,
  database: { readonly name: string; readonly tables: ReadonlyMap<string, TableFacts> },
): ForeignKeyFacts[] {
  const [, parentTable = '', parentColumns = ''] = /^(.*) \((.*)\)$/s.exec(references) ?? [];
  const parent = database.tables.get(parentTable);
  const [own, others] = [columns.split(', '), parentColumns.split(', ')];
  const knows = ({ columns: known }: TableFacts, names: readonly string[]): boolean =>
    names.every((each) => known.some((column) => column.name.toLowerCase() === each.toLowerCase()));
  if (parent !== undefined && !(knows(table, own) && knows(parent, others))) return [];
  const parentDatabase = parent === undefined ? '' : database.name;
  return [{ name, table: table.name, columns: own, parentDatabase, parentTable, parentColumns: others }];
}
