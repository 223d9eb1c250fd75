/** Privileges as the grant tables store them, by the names that GRANT takes. */
import { type Row, textOf } from './rows.ts';

export interface PrivilegeSet {
  readonly privileges: readonly string[];
  readonly grantOption: boolean;
}

/** Columns whose names are not the privilege's own, without `_priv`. */
const namesOfColumns: Readonly<Record<string, string>> = {
  create_tmp_table: 'CREATE TEMPORARY TABLES',
  show_db: 'SHOW DATABASES',
  repl_slave: 'REPLICATION SLAVE',
  repl_client: 'REPLICATION CLIENT',
};

/** Those that reach data or objects of a database. Source: MySQL Reference Manual, "Privileges Provided by MySQL". */
const dataPrivileges = new Set([
  'SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'REFERENCES', 'INDEX', 'ALTER', 'CREATE TEMPORARY TABLES', 'LOCK TABLES',
  'EXECUTE', 'CREATE VIEW', 'SHOW VIEW', 'CREATE ROUTINE', 'ALTER ROUTINE', 'EVENT', 'TRIGGER',
]);

export function reachesData({ privileges }: PrivilegeSet): boolean {
  return privileges.some((privilege) => dataPrivileges.has(privilege));
}

/** Of a row of `mysql.user` or `mysql.db`: one column `…_priv` for each, `Y` or `N`. */
export function privilegesOfColumns(row: Row): PrivilegeSet {
  const held = Object.keys(row)
    .map((column) => /^(\w+)_priv$/.exec(column.toLowerCase())?.[1])
    .filter((name) => name !== undefined)
    .filter((name) => textOf(row, `${name}_priv`) === 'Y');
  return {
    privileges: held.filter((name) => name !== 'grant').map((name) => namesOfColumns[name] ?? name.replaceAll('_', ' ').toUpperCase()),
    grantOption: held.includes('grant'),
  };
}

/** Of a SET column: `Select,Create View,Grant`. */
export function privilegesOfSet(text: string): PrivilegeSet {
  const held = text.split(',').filter((name) => name !== '').map((name) => name.toUpperCase());
  return { privileges: held.filter((name) => name !== 'GRANT'), grantOption: held.includes('GRANT') };
}
