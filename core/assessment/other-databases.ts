/** What a database has that refers to others, as the facts of it tell. */
import { isSystemDatabase } from '../names.ts';
import { otherObjectsIn } from '../objects/other-databases.ts';
import { nameIn } from '../sql-tokens.ts';
import type { Token } from '../sql-tokens.ts';
import type { DatabaseFacts } from './facts.ts';
import { bodiesOf } from './sql-scan.ts';

export interface Reference {
  /** `view v`, `table t`, `procedure p`. */
  readonly object: string;
  readonly detail: string;
  /** The other database. */
  readonly other: string;
}

/** Without which an import cannot be whole: what foreign keys and views refer to. */
export function referencesToOthers(database: DatabaseFacts): Reference[] {
  return [...keyReferences(database), ...viewReferences(database)];
}

export function keyReferences({ name, foreignKeys }: DatabaseFacts): Reference[] {
  return foreignKeys
    .filter(({ parentDatabase }) => parentDatabase !== name)
    .map(({ name: key, table, parentDatabase, parentTable }) => ({ object: `table ${table}`, detail: `${key} refers to ${parentDatabase}.${parentTable}`, other: parentDatabase }));
}

export function viewReferences({ name, views }: DatabaseFacts): Reference[] {
  return views.flatMap((view) =>
    otherObjectsIn(view.definition, name).map(({ database, object }) => ({ object: `view ${view.name}`, detail: `reads ${database}.${object}`, other: database })),
  );
}

/**
 * A body is kept as it was typed, so that only what is a database's name before a dot is taken for one.
 * @param known databases of the source
 */
export function programReferences(database: DatabaseFacts, known: ReadonlySet<string>): Reference[] {
  return bodiesOf(database)
    .filter(({ kind }) => kind !== 'view')
    .flatMap(({ object, tokens }) => {
      const others = new Set(tokens.flatMap((token, index) => qualifierIn(token, tokens[index + 1])));
      return [...others]
        .filter((other) => other !== database.name && known.has(other) && !isSystemDatabase(other))
        .map((other) => ({ object, detail: `names ${other}`, other }));
    });
}

/** What stands before the first dot: `crm.t`, `` `crm`.t `` and `` crm.`t` `` are cut in different places. */
function qualifierIn(token: Token, next: Token | undefined): string[] {
  const text = (name: string): string => Buffer.from(name, 'latin1').toString('utf8');
  if (token.kind === 'identifier') return next?.text.startsWith('.') === true ? [text(nameIn(token))] : [];
  const dot = token.text.indexOf('.');
  if (token.kind !== 'word' || dot === 0) return [];
  return dot > 0 ? [text(token.text.slice(0, dot))] : next?.text.startsWith('.') === true ? [text(token.text)] : [];
}
