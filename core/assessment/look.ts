/** What many checks do alike: go through tables or columns and name what they find. */
import type { Occurrence } from './check.ts';
import type { ColumnFacts, DatabaseFacts, Servers, TableFacts } from './facts.ts';

/** @param look answers the detail, '' where there is none to add, undefined for a table that is not concerned */
export function lookAtTables(database: DatabaseFacts, look: (table: TableFacts) => string | undefined): Occurrence[] {
  return database.tables.flatMap((table) => {
    const detail = look(table);
    return detail === undefined ? [] : [{ object: `table ${table.name}`, ...(detail === '' ? {} : { detail }) }];
  });
}

/** As `lookAtTables`, for columns. */
export function lookAtColumns(database: DatabaseFacts, look: (column: ColumnFacts, table: TableFacts) => string | undefined): Occurrence[] {
  return database.tables.flatMap((table) =>
    table.columns.flatMap((column) => {
      const detail = look(column, table);
      return detail === undefined ? [] : [{ object: `column ${table.name}.${column.name}`, ...(detail === '' ? {} : { detail }) }];
    }),
  );
}

export function isEngine(table: TableFacts, ...names: readonly string[]): boolean {
  return table.engine !== null && names.some((name) => name.toUpperCase() === table.engine?.toUpperCase());
}

/** A global variable of a server; undefined where it was not read, or the server has no such variable. */
export function variable(server: Servers['source'] | Servers['target'], name: string): string | undefined {
  return server?.variables?.get(name);
}

/** Whether a variable is on, as MySQL writes it in either way. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && /^(?:ON|1|YES|TRUE)$/i.test(value);
}
