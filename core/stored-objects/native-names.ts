/**
 * Calls of a database's own functions by names that MySQL has given to functions of its own since. An unqualified call
 * reaches MySQL's own; one with the name of the database before it always reaches the stored one.
 */
import { quoteIdentifier } from '../names.ts';
import { edited, tokensOf } from '../sql-tokens.ts';
import type { Edit, Token } from '../sql-tokens.ts';
import { unqualifiedCalls } from './calls.ts';
import type { Path } from './calls.ts';
import type { StoredObject } from './stored-object.ts';
import { tokensUnder } from './uses.ts';

/**
 * What a view's text has calls of. Servers print calls of stored functions with quotes and those of their own without,
 * so that a quoted one is of a stored function of the view's own database, whatever its name means elsewhere.
 */
export function storedFunctionCalls(tokens: readonly Token[]): Path[] {
  return unqualifiedCalls(tokens).filter(({ names }) => names[0]?.isQuoted === true);
}

/** Functions of a database, in small letters, that its views call by their names alone. */
export function storedFunctionsCalled(objects: readonly StoredObject[]): string[] {
  const own = new Set(objects.filter(({ kind }) => kind === 'function').map(({ name }) => name.toLowerCase()));
  if (own.size === 0) return [];
  const views = objects.filter(({ kind }) => kind === 'view');
  const called = views.flatMap(({ text }) =>
    storedFunctionCalls(tokensUnder(text, [])).flatMap(({ names }) => names.map(({ name }) => name.toLowerCase())),
  );
  return [...new Set(called)].filter((name) => own.has(name));
}

/**
 * @param sql of a view or a part of one; its characters are bytes
 * @param isNative whether a name, in small letters, is one of the target's own functions
 * @returns undefined where it calls no stored function by such a name
 */
export function withQualifiedCalls(
  sql: string,
  database: string,
  isNative: (name: string) => boolean,
): string | undefined {
  const tokens = [...tokensOf(sql)];
  const calls = storedFunctionCalls(tokens).filter(({ names }) => isNative(names[0]?.name.toLowerCase() ?? ''));
  if (calls.length === 0) return undefined;
  const qualifier = `${Buffer.from(quoteIdentifier(database), 'utf8').toString('latin1')}.`;
  const edits = calls.flatMap(({ first }): Edit[] => {
    const start = tokens[first]?.start;
    return start === undefined ? [] : [{ start, end: start, text: qualifier }];
  });
  return edited(sql, edits);
}

/** The same for a text of the catalogue. */
export function withQualifiedNames(text: string, { database, names }: Qualified): string | undefined {
  const changed = withQualifiedCalls(Buffer.from(text, 'utf8').toString('latin1'), database, (name) => names.has(name));
  return changed === undefined ? undefined : Buffer.from(changed, 'latin1').toString('utf8');
}

export interface Qualified {
  readonly database: string;
  /** In small letters. */
  readonly names: ReadonlySet<string>;
}

/** What a rewriting put before which names. */
export function qualifiedBetween(before: string, after: string): Qualified | undefined {
  const [old, present] = [before, after].map((sql) => [...tokensOf(Buffer.from(sql, 'utf8').toString('latin1'))]);
  const names = new Set<string>();
  let database: string | undefined;
  let shift = 0;
  for (const [place, token] of (old ?? []).entries()) {
    const met = present?.[place + shift];
    if (met === undefined || met.text === token.text) continue;
    database = unquoted(met);
    names.add(unquoted(token).toLowerCase());
    shift += 2;
  }
  return database === undefined ? undefined : { database, names };
}

function unquoted({ text }: Token): string {
  return Buffer.from(text.slice(1, -1).replaceAll('``', '`'), 'latin1').toString('utf8');
}
