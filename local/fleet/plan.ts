/** What a schema is made of, and the SQL that makes it. */
import { escape } from 'mysql2';
import { quoteIdentifier } from '../../core/names.ts';
import type { Random } from './random.ts';

/** A Buffer becomes a hexadecimal literal. */
export type Value = string | number | Buffer | null;

export interface TablePlan {
  readonly name: string;
  /** Columns, keys and constraints: what stands between the parentheses of CREATE TABLE. */
  readonly columns: readonly string[];
  /** What follows the parentheses: ENGINE and the other table options, partitions. */
  readonly options: string;
  readonly rows: readonly (readonly Value[])[];
}

export interface DatabasePlan {
  /** The default character set and collation of CREATE DATABASE. */
  readonly characterSet: string;
  readonly tables: readonly TablePlan[];
  /** Views, triggers, routines and events, in the order of their making; each one statement. */
  readonly objects: readonly string[];
}

export interface SchemaContext {
  readonly random: Random;
  /** Of the tables that name none: `latin1`, `utf8` or `utf8mb4`. */
  readonly characterSet: string;
  /** Rows of a table of ordinary size. */
  readonly scale: number;
  /** MyISAM or InnoDB, as legacy fleets mix them. */
  readonly engine: () => string;
}

/**
 * The queries that make a database in a session whose default database it then is. All tables are one query of several
 * statements; the objects are sent alone, because in such a query the `;` becomes part of a trigger's body.
 */
export function queriesOf(name: string, plan: DatabasePlan): string[] {
  const database = quoteIdentifier(name);
  const tables = [
    `CREATE DATABASE ${database} DEFAULT CHARACTER SET ${plan.characterSet}`,
    `USE ${database}`,
    ...plan.tables.flatMap(tableStatements),
  ];
  return [tables.join(';\n'), ...plan.objects];
}

function tableStatements(table: TablePlan): string[] {
  const name = quoteIdentifier(table.name);
  const create = `CREATE TABLE ${name} (${table.columns.join(', ')}) ${table.options}`;
  if (table.rows.length === 0) return [create];
  const rows = table.rows.map((row) => `(${row.map((value) => escape(value)).join(',')})`);
  return [create, `INSERT INTO ${name} VALUES ${rows.join(',')}`];
}

/** `count` rows, numbered from 1. */
export function rows(count: number, row: (number: number) => readonly Value[]): (readonly Value[])[] {
  return Array.from({ length: count }, (_, index) => row(index + 1));
}
