/** Looks for words in the bodies of views, triggers, routines and events, outside their strings, comments and quoted names. */
import { readingOf, tokensOf } from '../sql-tokens.ts';
import type { Token } from '../sql-tokens.ts';
import type { DatabaseFacts, StoredProgram } from './facts.ts';

/** Words and symbols of a statement; of `t.rank` and `@x` nothing but the whole, because what follows a dot is a name. */
export function scan(sql: string, sqlMode = ''): Token[] {
  return [...tokensOf(Buffer.from(sql, 'utf8').toString('latin1'), readingOf(sqlMode))];
}

export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.upper);
}

export interface Body {
  /** `view v`, `procedure p`. */
  readonly object: string;
  readonly kind: 'view' | StoredProgram['kind'];
  readonly tokens: readonly Token[];
}

/** Cut once for all checks of a database. */
const scanned = new WeakMap<DatabaseFacts, readonly Body[]>();

/** Of views and stored programs; generated columns have no body. */
export function bodiesOf(database: DatabaseFacts): readonly Body[] {
  const known = scanned.get(database);
  if (known !== undefined) return known;
  const views = database.views.map(({ name, definition }): Body => ({ object: `view ${name}`, kind: 'view', tokens: scan(definition) }));
  const programs = database.programs.map(({ kind, name, body, sqlMode }): Body => ({ object: `${kind} ${name}`, kind, tokens: scan(body, sqlMode) }));
  const bodies = [...views, ...programs];
  scanned.set(database, bodies);
  return bodies;
}

/** The names of functions that are called: words before an opening parenthesis. MySQL itself allows a blank in between. */
export function calledFunctions(tokens: readonly Token[]): Set<string> {
  const called = new Set<string>();
  tokens.forEach((token, index) => {
    if (token.kind === 'word' && tokens[index + 1]?.text === '(') called.add(token.upper);
  });
  return called;
}
