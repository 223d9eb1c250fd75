/** What a view's text, as a server prints it, names of other databases: tables, views and functions. */
import { isSystemDatabase } from '../names.ts';
import { nameIn, tokensOf } from '../sql-tokens.ts';
import type { Token } from '../sql-tokens.ts';

export interface OtherObject {
  readonly database: string;
  readonly object: string;
}

/**
 * A server prints what is not of the view's own database as `database`.`object`, and a column of it as
 * `database`.`object`.`column`; two names may also be an alias and its column, which a look at the rest of the text tells.
 * The server's own databases are nobody's to migrate, and left out.
 * @param own the view's database
 */
export function otherObjectsIn(text: string, own: string): OtherObject[] {
  const tokens = [...tokensOf(text)];
  const aliases = aliasesIn(tokens);
  const found = new Map<string, OtherObject>();
  for (const { names, next } of dottedNames(tokens)) {
    const [database = '', object = ''] = names;
    const isColumnOfAlias = names.length === 2 && aliases.has(database) && next?.kind !== 'identifier' && next?.text !== '(';
    if (database === own || isColumnOfAlias || isSystemDatabase(database)) continue;
    found.set(`${database}\0${object}`, { database, object });
  }
  return [...found.values()];
}

interface DottedName {
  readonly names: readonly string[];
  /** What stands behind it. */
  readonly next: Token | undefined;
}

function* dottedNames(tokens: readonly Token[]): Generator<DottedName> {
  for (let at = 0; at < tokens.length; at += 1) {
    const names: string[] = [];
    while (tokens[at]?.kind === 'identifier') {
      names.push(nameIn(tokens[at]));
      if (tokens[at + 1]?.text !== '.' || tokens[at + 2]?.kind !== 'identifier') break;
      at += 2;
    }
    if (names.length > 1) yield { names, next: tokens[at + 1] };
  }
}

const tablePlaces: ReadonlySet<string> = new Set(['FROM', 'JOIN', 'STRAIGHT_JOIN', 'WITH', 'RECURSIVE', ',', '(']);

/**
 * Names that tables go by within the text: aliases stand right behind a name or a parenthesis, without AS. Tables of the own
 * database, and common table expressions, are named without a database.
 */
function aliasesIn(tokens: readonly Token[]): ReadonlySet<string> {
  const aliases = new Set<string>();
  tokens.forEach((token, index) => {
    if (token.kind !== 'identifier' || tokens[index + 1]?.text === '.') return;
    const before = tokens[index - 1];
    const isAlias = before?.kind === 'identifier' || before?.text === ')';
    if (isAlias || tablePlaces.has(before?.upper ?? '')) aliases.add(nameIn(token));
  });
  return aliases;
}
