/** Names in a statement, and which of them call functions: what stands in strings and comments is none. */
import type { Token } from '../sql-tokens.ts';

interface Name {
  readonly name: string;
  readonly isQuoted: boolean;
}

export interface Path {
  /** `a`.`b` is of two names. */
  readonly names: readonly Name[];
  /** Places in the statement's tokens: of its first, and of the one behind it. */
  readonly first: number;
  readonly next: number;
}

/** Of `a.b`, and of `` `a`.b ``, which are cut into tokens in different ways. */
export function* pathsOf(tokens: readonly Token[]): Generator<Path> {
  for (let first = 0; first < tokens.length;) {
    const path = pathAt(tokens, first);
    if (path !== undefined) yield path;
    first = path?.next ?? first + 1;
  }
}

function pathAt(tokens: readonly Token[], first: number): Path | undefined {
  const names: Name[] = [];
  let next = first;
  for (;;) {
    const token = tokens[next];
    if (token === undefined || !isNamePart(token)) break;
    names.push(...namesIn(token));
    next += 1;
    const follower = tokens[next];
    const goesOn =
      follower !== undefined &&
      isNamePart(follower) &&
      (isOpen(token) || (follower.kind === 'word' && follower.text.startsWith('.')));
    if (!goesOn) break;
  }
  return next === first ? undefined : { names, first, next };
}

function isNamePart({ kind, text }: Token): boolean {
  return kind === 'identifier' || (kind === 'word' && !text.startsWith('@'));
}

function isOpen({ kind, text }: Token): boolean {
  return kind === 'word' && text.endsWith('.');
}

function namesIn({ kind, text }: Token): Name[] {
  if (kind === 'identifier') return [{ name: textOf(text.slice(1, -1).replaceAll('``', '`')), isQuoted: true }];
  return text
    .split('.')
    .filter((part) => part !== '')
    .map((name) => ({ name: textOf(name), isQuoted: false }));
}

function textOf(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** After one of these a name with parentheses is a table with its columns, an index, a view, or a procedure. */
const otherwise = new Set([
  ...[
    'INTO',
    'TABLE',
    'CALL',
    'FUNCTION',
    'PROCEDURE',
    'INSERT',
    'REPLACE',
    'IGNORE',
    'DELAYED',
    'LOW_PRIORITY',
    'HIGH_PRIORITY',
    'EXISTS',
    'KEY',
    'INDEX',
  ],
  ...[
    'REFERENCES',
    'WITH',
    'RECURSIVE',
    'AS',
    'UNIQUE',
    'FULLTEXT',
    'SPATIAL',
    'CONSTRAINT',
    'VIEW',
    'USING',
    'PARTITION',
    'SUBPARTITION',
    'PARSER',
  ],
]);

/** Calls of functions that name no database. Also words of MySQL's own before a parenthesis, such as IN or VALUES. */
export function unqualifiedCalls(tokens: readonly Token[]): Path[] {
  return [...pathsOf(tokens)].filter(({ names, first, next }) => {
    if (names.length !== 1 || tokens[next]?.text !== '(') return false;
    const [before, earlier] = [tokens[first - 1]?.upper ?? '', tokens[first - 3]?.upper];
    // CREATE INDEX i ON t (…), and no condition of a join.
    return !otherwise.has(before) && !(before === 'ON' && earlier === 'INDEX');
  });
}
