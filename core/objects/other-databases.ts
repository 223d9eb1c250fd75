/** What a view's text, as a server prints it, names of other databases: tables, views and functions. */
import { isSystemDatabase } from '../names.ts';
import { edited, nameIn, tokensOf } from '../sql-tokens.ts';
import type { Token } from '../sql-tokens.ts';

export interface OtherObject {
  readonly database: string;
  readonly object: string;
}

/**
 * A server prints what is not of the view's own database as `database`.`object`, and a column of it as
 * `database`.`object`.`column`; two names may also be a table and its column, which the place of the names tells.
 * The server's own databases are nobody's to migrate, and left out.
 * @param own the view's database
 */
export function otherObjectsIn(text: string, own: string): OtherObject[] {
  const tokens = [...tokensOf(text)];
  const aliases = aliasesIn(tokens);
  const found = new Map<string, OtherObject>();
  for (const { names, next, isTable } of dottedNames(tokens)) {
    const [database = '', object = ''] = names;
    // EXTRACT and TRIM have the word FROM before a column, too.
    const isObject = names.length > 2 || next?.text === '(' || (isTable && (next?.kind === 'identifier' || !aliases.has(database)));
    if (!isObject || database === own || isSystemDatabase(database)) continue;
    found.set(`${database}\0${object}`, { database, object });
  }
  return [...found.values()];
}

/**
 * MySQL 5.6 prints a column of another database's view without the database, later versions with it. Written without it wherever the
 * object's name alone tells which is meant.
 * @param text without the name of the view's own database
 */
export function withShortColumns(text: string): string {
  const tokens = [...tokensOf(text)];
  const dotted = [...dottedNames(tokens)];
  const taken = aliasesIn(tokens);
  const databases = new Map<string, Set<string>>();
  const columns = dotted.filter(({ names }) => names.length === 3);
  for (const { names: [database = '', object = ''] } of columns) {
    databases.set(object, (databases.get(object) ?? new Set()).add(database));
  }
  const isClear = (object = ''): boolean => !taken.has(object) && databases.get(object)?.size === 1;
  const clear = columns.filter(({ names }) => isClear(names[1]));
  return edited(text, clear.map(({ starts: [start = 0, end = 0] }) => ({ start, end, text: '' })));
}

interface DottedName {
  readonly names: readonly string[];
  /** Where each of them begins. */
  readonly starts: readonly number[];
  /** What stands behind it. */
  readonly next: Token | undefined;
  /** Whether it stands where a table is named. */
  readonly isTable: boolean;
}

function* dottedNames(tokens: readonly Token[]): Generator<DottedName> {
  for (let at = 0; at < tokens.length; at += 1) {
    const names: string[] = [];
    const starts: number[] = [];
    const isTable = isTablePlace(tokens, at);
    for (let token = tokens[at]; token?.kind === 'identifier'; token = tokens[at]) {
      names.push(nameIn(token));
      starts.push(token.start);
      if (tokens[at + 1]?.text !== '.' || tokens[at + 2]?.kind !== 'identifier') break;
      at += 2;
    }
    if (names.length > 1) yield { names, starts, next: tokens[at + 1], isTable };
  }
}

/** Behind FROM or JOIN, with parentheses in between. */
function isTablePlace(tokens: readonly Token[], index: number): boolean {
  let before = index - 1;
  while (tokens[before]?.text === '(') before -= 1;
  return ['FROM', 'JOIN', 'STRAIGHT_JOIN'].includes(tokens[before]?.upper ?? '');
}

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
    if (isAlias || isTablePlace(tokens, index)) aliases.add(nameIn(token));
  });
  return aliases;
}
