/** A database of many definitions, and the change of each that has to be noticed. */
import type { Connection } from 'mysql2/promise';
import { errnoOf } from '../../../core/mysql-failures.ts';
import { generatedBase, generatedForms, jsonForms } from './generated-forms.ts';
import type { GeneratedForm } from './generated-forms.ts';
import { checkForms, columnForms, defaultForms, eventForms, indexForms, partitionForms, viewForms } from './object-forms.ts';
import type { ObjectForm } from './object-forms.ts';

export interface MadeForm {
  readonly kind: string;
  /** As it was made on the source. */
  readonly sql: string;
  /** Changes the copy. */
  readonly near: string;
  readonly object: string;
  readonly attribute: string;
}

const session = "SET NAMES utf8mb4, SESSION sql_mode = '', SESSION time_zone = '+00:00'";

/** @returns what the source took, each under a name of its own */
export async function makeCorpus(source: Connection, database: string): Promise<MadeForm[]> {
  await source.query(`CREATE DATABASE ${database} CHARACTER SET latin1`);
  await source.query(`USE ${database}`);
  await source.query(session);
  await source.query("CREATE TABLE base (id INT, s VARCHAR(20) CHARACTER SET latin1, m VARCHAR(20) CHARACTER SET utf8mb4, b DATETIME) ENGINE=InnoDB");
  const made: MadeForm[] = [];
  for (const form of allForms()) {
    try {
      for (const sql of form.sql.split(';;')) await source.query(sql);
      made.push(form);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
  return made.filter(isKept);
}

/** Makes the changes on the target. @returns those that the target took */
export async function makeNearMisses(target: Connection, database: string, made: readonly MadeForm[]): Promise<MadeForm[]> {
  await target.query(`USE ${database}`);
  await target.query(session);
  const changed: MadeForm[] = [];
  for (const form of made) {
    try {
      await target.query(form.near);
      changed.push(form);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
  return changed;
}

function allForms(): MadeForm[] {
  const kinds: Readonly<Record<string, readonly ObjectForm[]>> = {
    generated: generatedForms.map((form) => generatedForm(generatedBase, form)),
    json: jsonForms.map((form) => generatedForm(`${generatedBase}, doc JSON, p POINT`, form)),
    partition: partitionForms,
    default: defaultForms,
    check: checkForms,
    index: indexForms,
    column: columnForms,
    view: viewForms,
    event: eventForms,
  };
  return Object.entries(kinds).flatMap(([kind, forms]) => forms.map((form, index) => named(kind, `${kind}_${index + 1}`, form)));
}

function generatedForm(base: string, [type, expression, near]: GeneratedForm): ObjectForm {
  return {
    make: `CREATE TABLE $ (${base}, g ${type} AS (${expression}) VIRTUAL) ENGINE=InnoDB`,
    near: `ALTER TABLE $ MODIFY g ${type} AS (${near}) VIRTUAL`,
    object: 'column $.g',
    attribute: 'generated',
  };
}

/** JSON paths have dollars too, before a dot, a bracket or a quote. */
function named(kind: string, name: string, { make, near, object, attribute }: ObjectForm): MadeForm {
  const replaced = (text: string): string => text.replace(/\$(?=[\s_]|$)/g, name).replace(/(?<=^\w+(?: \w+)? )\$/, name);
  return { kind, sql: replaced(make), near: replaced(near), object: object.replaceAll('$', name), attribute };
}

/** Servers before MySQL 8 and MariaDB 10.2 take a check and forget it. */
function isKept(): boolean {
  return true;
}
