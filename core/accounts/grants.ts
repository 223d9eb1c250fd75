/** Grants below the global level, from the rows of the tables that hold them; these are alike from MySQL 5.5 to 8.x and MariaDB. */
import { privilegesOfColumns, privilegesOfSet, type PrivilegeSet } from './privileges.ts';
import { type Row, textOf } from './rows.ts';
import type { AccountName } from './source-account.ts';

/** A privilege, on all columns unless some are named. */
export interface Privilege {
  readonly name: string;
  readonly columns?: readonly string[];
}

export interface DatabaseGrant extends PrivilegeSet {
  /** As stored: a pattern, or where the server takes names literally, a name. */
  readonly database: string;
}

/** On a table or a routine of a database, whose name is literal everywhere. */
export interface ObjectGrant {
  readonly database: string;
  readonly kind: 'TABLE' | 'PROCEDURE' | 'FUNCTION';
  readonly object: string;
  readonly privileges: readonly Privilege[];
  readonly grantOption: boolean;
}

/** What identifies an account in maps; user names hold no NUL. */
export function accountKey({ user, host }: AccountName): string {
  return `${user}\0${host}`;
}

/** For people: `shop@10.%`. */
export function describeAccount({ user, host }: AccountName): string {
  return `${user === '' ? "''" : user}@${host}`;
}

/** The account that a row of any grant table is about. */
export function accountOfRow(row: Row): AccountName {
  return { user: textOf(row, 'User'), host: textOf(row, 'Host') };
}

/** Of `mysql.db`. */
export function readDatabaseGrants(rows: readonly Row[]): Map<string, DatabaseGrant[]> {
  return grouped(rows, (row) => ({ database: textOf(row, 'Db'), ...privilegesOfColumns(row) }));
}

/**
 * Of `mysql.tables_priv`, `mysql.columns_priv` and `mysql.procs_priv`. A table's columns have rows of their own, and its own
 * row repeats which privileges they have.
 */
export function readObjectGrants(tables: readonly Row[], columns: readonly Row[], routines: readonly Row[]): Map<string, ObjectGrant[]> {
  const columnsOfTables = grouped(columns, (row) => row, tableKey);
  const ofTables = grouped(tables, (row) => readTableGrant(row, columnsOfTables.get(tableKey(row)) ?? []));
  for (const [account, grants] of grouped(routines, readRoutineGrant)) ofTables.set(account, [...(ofTables.get(account) ?? []), ...grants]);
  return ofTables;
}

function readTableGrant(row: Row, columns: readonly Row[]): ObjectGrant {
  const { privileges, grantOption } = privilegesOfSet(textOf(row, 'Table_priv'));
  const byPrivilege = new Map<string, string[]>();
  for (const column of columns) {
    for (const name of privilegesOfSet(textOf(column, 'Column_priv')).privileges) {
      byPrivilege.set(name, [...(byPrivilege.get(name) ?? []), textOf(column, 'Column_name')]);
    }
  }
  return {
    database: textOf(row, 'Db'),
    kind: 'TABLE',
    object: textOf(row, 'Table_name'),
    privileges: [...privileges.map((name) => ({ name })), ...Array.from(byPrivilege, ([name, names]) => ({ name, columns: names }))],
    grantOption,
  };
}

function readRoutineGrant(row: Row): ObjectGrant {
  const { privileges, grantOption } = privilegesOfSet(textOf(row, 'Proc_priv'));
  return {
    database: textOf(row, 'Db'),
    kind: textOf(row, 'Routine_type') === 'FUNCTION' ? 'FUNCTION' : 'PROCEDURE',
    object: textOf(row, 'Routine_name'),
    privileges: privileges.map((name) => ({ name })),
    grantOption,
  };
}

function tableKey(row: Row): string {
  return [accountKey(accountOfRow(row)), textOf(row, 'Db'), textOf(row, 'Table_name')].join('\0');
}

/** Rows read one by one, in lists by account, or by another key. */
export function grouped<Item>(rows: readonly Row[], read: (row: Row) => Item, keyOf = (row: Row): string => accountKey(accountOfRow(row))): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [read(row)]);
    else group.push(read(row));
  }
  return groups;
}
