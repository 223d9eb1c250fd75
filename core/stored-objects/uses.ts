/**
 * What the text of a view or stored program needs of its server: functions, regular expressions, the server's own
 * tables.
 */
import { tokensOf } from '../sql-tokens.ts';
import type { Token } from '../sql-tokens.ts';
import { pathsOf, unqualifiedCalls } from './calls.ts';
import { argumentsAt, literalAt } from './literals.ts';
import type { StoredObject } from './stored-object.ts';

export interface Pattern {
  readonly value: string;
  /** `REGEXP BINARY …`. */
  readonly isBinary: boolean;
  /** Parts of it are only known when it runs, and stand here as `1`. */
  readonly isPartial: boolean;
}

export interface Uses {
  /** Called without the name of a database: as written, with quotes where it has some. */
  readonly functions: readonly string[];
  readonly patterns: readonly Pattern[];
  /** Tables of MySQL's own databases: `` `mysql`.`proc` ``. */
  readonly systemTables: readonly string[];
  /** Texts that PREPARE is given. */
  readonly statements: readonly string[];
}

export function usesOf({ text, sqlMode }: Pick<StoredObject, 'text' | 'sqlMode'>): Uses {
  const tokens = tokensUnder(text, sqlMode.toUpperCase().split(','));
  return {
    functions: unique(
      unqualifiedCalls(tokens).flatMap(({ names }) =>
        names.map(({ name, isQuoted }) => (isQuoted ? quoted(name) : name)),
      ),
    ),
    patterns: patternsOf(tokens),
    systemTables: systemTablesOf(tokens),
    statements: unique(preparedTexts(tokens)),
  };
}

/** As the sql_mode has them: what is in double quotes may be a name, and a backslash may stand for itself. */
export function tokensUnder(text: string, modes: readonly string[]): Token[] {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  const tokens = [...tokensOf(modes.includes('NO_BACKSLASH_ESCAPES') ? bytes.replaceAll('\\', '\\\\') : bytes)];
  if (!modes.includes('ANSI_QUOTES')) return tokens;
  return tokens.map((token) => {
    if (!token.text.startsWith('"')) return token;
    return { ...token, kind: 'identifier', text: quoted(token.text.slice(1, -1).replaceAll('""', '"')) };
  });
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

const functionsOfPatterns = new Set(['REGEXP_LIKE', 'REGEXP_INSTR', 'REGEXP_SUBSTR', 'REGEXP_REPLACE']);

function patternsOf(tokens: readonly Token[]): Pattern[] {
  return tokens.flatMap((token, place) => {
    if (token.kind !== 'word') return [];
    if (token.upper === 'REGEXP' || token.upper === 'RLIKE') return patternAt(tokens, place + 1) ?? [];
    if (!functionsOfPatterns.has(token.upper) || tokens[place + 1]?.text !== '(') return [];
    const [, pattern = []] = argumentsAt(tokens, place + 1);
    return patternAt(pattern, 0) ?? [];
  });
}

/** Undefined where the pattern is known only when it runs. */
function patternAt(tokens: readonly Token[], from: number): Pattern | undefined {
  let place = from;
  while (tokens[place]?.text === '(') place += 1;
  const isBinary = tokens[place]?.upper === 'BINARY';
  if (isBinary) place += 1;
  const literal = literalAt(tokens, place);
  if (literal !== undefined) return { value: literal.value, isBinary, isPartial: false };
  if (tokens[place]?.upper !== 'CONCAT' || tokens[place + 1]?.text !== '(') return undefined;
  const parts = argumentsAt(tokens, place + 1).map((part) => {
    const text = literalAt(part, 0);
    return text?.next === part.length ? text.value : undefined;
  });
  return { value: parts.map((part) => part ?? '1').join(''), isBinary: false, isPartial: parts.includes(undefined) };
}

const systemDatabases = new Set(['MYSQL', 'INFORMATION_SCHEMA', 'PERFORMANCE_SCHEMA', 'SYS']);
/** After a comma `sys.name` may be a column of a table that a query calls so. */
const beforeTables = new Set(['FROM', 'JOIN', 'STRAIGHT_JOIN', 'INTO', 'UPDATE', 'TABLE']);

function systemTablesOf(tokens: readonly Token[]): string[] {
  const tables = [...pathsOf(tokens)].flatMap(({ names, first, next }) => {
    const [database, table] = names;
    if (
      database === undefined ||
      table === undefined ||
      names.length !== 2 ||
      !systemDatabases.has(database.name.toUpperCase())
    )
      return [];
    const isTable = beforeTables.has(tokens[first - 1]?.upper ?? '') && tokens[next]?.text !== '(';
    return isTable ? [`${quoted(database.name)}.${quoted(table.name)}`] : [];
  });
  return unique(tables);
}

/** `PREPARE s FROM '…'`. */
function preparedTexts(tokens: readonly Token[]): string[] {
  return tokens.flatMap(({ upper }, place) => {
    if (upper !== 'PREPARE' || tokens[place + 2]?.upper !== 'FROM') return [];
    const text = literalAt(tokens, place + 3);
    return text === undefined ? [] : [text.value];
  });
}
