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

/**
 * @param withoutChecks of a server that takes a check and forgets it
 * @returns what the source took, each under a name of its own
 */
export async function makeCorpus(source: Connection, database: string, withoutChecks: boolean): Promise<MadeForm[]> {
  await source.query(`CREATE DATABASE ${database} CHARACTER SET latin1; USE ${database}`);
  await source.query(session);
  await source.query('CREATE TABLE base (id INT, s VARCHAR(20) CHARACTER SET latin1, m VARCHAR(20) CHARACTER SET utf8mb4, b DATETIME) ENGINE=InnoDB');
  return taken(source, allForms().filter(({ kind }) => kind !== 'check' || !withoutChecks), ({ sql }) => sql);
}

/** Makes the changes on the target. @returns those that the target took */
export async function makeNearMisses(target: Connection, database: string, made: readonly MadeForm[]): Promise<MadeForm[]> {
  await target.query(`USE ${database}`);
  await target.query(session);
  return taken(target, made, ({ near }) => near);
}

/** Those whose statement the server took. */
async function taken(server: Connection, forms: readonly MadeForm[], statement: (form: MadeForm) => string): Promise<MadeForm[]> {
  const took: MadeForm[] = [];
  for (const form of forms) {
    try {
      await server.query(statement(form));
      took.push(form);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
  return took;
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
