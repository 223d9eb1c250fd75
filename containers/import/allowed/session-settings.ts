/**
 * What a dump's SET statements have made of the session: they decide how the bytes that follow are read. Only settings of
 * the session that a dump has are taken, and only with values that are written out.
 */
import { Refusal, strictTokens } from './strict-tokens.ts';
import type { Reading, StrictToken } from './strict-tokens.ts';

/** Of the import's own session before the dump's first statement; see load.ts. */
const initial: Readonly<Record<string, string>> = {
  character_set_client: 'utf8mb4',
  character_set_connection: 'utf8mb4',
  sql_mode: 'NO_AUTO_VALUE_ON_ZERO',
  time_zone: '+00:00',
};

/** Those by which rows, triggers and definitions are read otherwise. */
const decisive = ['character_set_client', 'character_set_connection', 'collation_connection', 'sql_mode', 'time_zone'] as const;

/**
 * Besides these: what changes nothing about how a dump is read. MariaDB's and older servers' are left out by the
 * rules, or refused by the target.
 */
const allowed: ReadonlySet<string> = new Set([
  ...decisive,
  'autocommit', 'character_set_database', 'character_set_results', 'collation_database', 'default_storage_engine', 'explicit_defaults_for_timestamp', 'foreign_key_checks',
  'group_concat_max_len', 'innodb_strict_mode', 'note_verbosity', 'restrict_fk_on_non_standard_key', 'sql_auto_is_null', 'sql_generate_invisible_primary_key',
  'sql_notes', 'sql_quote_show_create', 'sql_warnings', 'storage_engine', 'unique_checks',
]);

interface Assignment {
  /** `@name` for a user's variable. */
  readonly variable: string;
  readonly value: Value;
}

type Value = { readonly literal: string | undefined } | { readonly of: string; readonly otherwise?: string | undefined };

export class SessionSettings {
  readonly #values = new Map<string, string | undefined>(Object.entries(initial));
  /** Asked for with every statement, and seldom another. */
  #reading: Reading | undefined;
  #key: string | undefined;
  /** Dumps say the same few over and over. */
  readonly #parsed = new Map<string, readonly Assignment[]>();

  get reading(): Reading {
    return (this.#reading ??= this.#readingNow());
  }

  #readingNow(): Reading {
    const modes = (this.#values.get('sql_mode') ?? '').toUpperCase().split(',').map((mode) => mode.trim());
    return {
      characterSet: (this.#values.get('character_set_client') ?? 'utf8mb4').toLowerCase(),
      ansiQuotes: modes.some((mode) => mode === 'ANSI' || mode === 'ANSI_QUOTES'),
      backslashEscapes: !modes.includes('NO_BACKSLASH_ESCAPES'),
    };
  }

  /** Tells settings under which the same bytes mean the same. */
  get key(): string {
    return (this.#key ??= decisive.map((name) => this.#values.get(name) ?? '').join('\0'));
  }

  /** Statements that make another session read as this one does. */
  get statement(): string {
    const known = decisive.flatMap((name) => {
      const value = this.#values.get(name);
      return value === undefined || (value === '' && name !== 'sql_mode') ? [] : [`${name} = '${value.replaceAll(/['\\]/g, '')}'`];
    });
    return `SET ${known.join(', ')}`;
  }

  /** @param sql a SET statement, its characters bytes; @returns the variables that it sets; @throws Refusal */
  apply(sql: string): readonly string[] {
    const known = this.#parsed.get(sql);
    const assignments = known ?? parse([...strictTokens(sql, this.reading)]);
    if (known === undefined) this.#parsed.set(sql, assignments);
    // Each value is that before the statement, but for those that it has set itself.
    for (const { variable, value } of assignments) this.#values.set(variable, this.#resolve(value));
    this.#reading = undefined;
    this.#key = undefined;
    return assignments.map(({ variable }) => variable);
  }

  #resolve(value: Value): string | undefined {
    return 'of' in value ? (this.#values.get(value.of) ?? value.otherwise) : value.literal;
  }
}

function parse(tokens: readonly StrictToken[]): Assignment[] {
  const end = tokens.at(-1);
  const words = end?.upper === ';' ? tokens.slice(0, -1) : tokens;
  if (words[0]?.upper !== 'SET') throw new Refusal('it is no SET');
  const assignments = namesClause(words.slice(1)) ?? splitAtCommas(words.slice(1)).flatMap(assignment);
  if (!words.some(({ isConditional }) => isConditional)) return assignments;
  const names: readonly string[] = decisive;
  if (assignments.some(({ variable }) => names.includes(variable))) {
    throw new Refusal('only some servers would run it, and what follows would be read otherwise by others');
  }
  return [];
}

/** `NAMES x [COLLATE y]`, `CHARACTER SET x`. */
function namesClause(tokens: readonly StrictToken[]): Assignment[] | undefined {
  const [first, second, third] = tokens;
  const [characterSet, rest] = first?.upper === 'NAMES' ? [second, tokens.slice(2)] : first?.upper === 'CHARSET' ? [second, tokens.slice(2)] : first?.upper === 'CHARACTER' && second?.upper === 'SET' ? [third, tokens.slice(3)] : [];
  if (characterSet === undefined || rest === undefined) return undefined;
  const collation = rest[0]?.upper === 'COLLATE' ? rest[1] : undefined;
  if (rest.length !== (collation === undefined ? 0 : 2)) throw new Refusal('it sets more than names');
  if (characterSet.kind === 'symbol' || characterSet.upper === 'DEFAULT') {
    throw new Refusal('it sets NAMES to what only the server knows');
  }
  return [
    { variable: 'character_set_client', value: { literal: plain(characterSet) } },
    { variable: 'character_set_connection', value: { literal: plain(characterSet) } },
    { variable: 'collation_connection', value: { literal: collation === undefined ? undefined : plain(collation) } },
  ];
}

function splitAtCommas(tokens: readonly StrictToken[]): StrictToken[][] {
  const parts: StrictToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.upper === '(') depth += 1;
    if (token.upper === ')') depth -= 1;
    if (token.upper === ',' && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function assignment(tokens: readonly StrictToken[]): Assignment[] {
  const [variable, rest] = variableOf(tokens);
  const value = rest[0]?.upper === ':' && rest[1]?.upper === '=' ? rest.slice(2) : rest[0]?.upper === '=' ? rest.slice(1) : [];
  if (value.length === 0) throw new Refusal('it sets something else than a variable of the session');
  if (!variable.startsWith('@') && !allowed.has(variable)) {
    throw new Refusal(`it sets ${variable}, which a dump has no business with`);
  }
  const read = valueOf(value);
  // A connection's character set and its collation follow each other.
  if (variable === 'character_set_connection') {
    return [{ variable, value: read }, { variable: 'collation_connection', value: { literal: undefined } }];
  }
  if (variable === 'collation_connection') {
    return [{ variable, value: read }, { variable: 'character_set_connection', value: { literal: undefined } }];
  }
  return [{ variable, value: read }];
}

/** The variable that these tokens begin with, and the tokens behind it. */
function variableOf(tokens: readonly StrictToken[]): [variable: string, rest: readonly StrictToken[]] {
  const at = tokens.findIndex(({ upper }) => upper !== '@');
  const rest = tokens.slice(at);
  const [first, dot, second] = rest;
  if (at === 1 && first !== undefined) return [`@${first.text.toLowerCase()}`, rest.slice(1)];
  const isScoped = first?.upper === 'SESSION' || first?.upper === 'LOCAL';
  if (at === 2 && isScoped && dot?.upper === '.' && second !== undefined) {
    return [second.text.toLowerCase(), rest.slice(3)];
  }
  if (at === 0 && isScoped && dot !== undefined) return [dot.text.toLowerCase(), rest.slice(2)];
  if ((at === 0 || at === 2) && (first?.kind === 'word' || first?.kind === 'name')) {
    return [first.text.toLowerCase(), rest.slice(1)];
  }
  throw new Refusal('it sets something else than a variable of the session');
}

/** A literal, a variable, or IFNULL of both. */
function valueOf(tokens: readonly StrictToken[]): Value {
  const [first, second] = tokens;
  if (first?.upper === '@') {
    const [of, rest] = variableOf(tokens);
    if (rest.length === 0) return { of };
  }
  if (first?.upper === 'IFNULL' && second?.upper === '(' && tokens.at(-1)?.upper === ')') {
    const [wanted = [], otherwise = [], ...more] = splitAtCommas(tokens.slice(2, -1));
    const [value, fallback] = [valueOf(wanted), valueOf(otherwise)];
    if (more.length === 0 && 'of' in value && 'literal' in fallback) {
      return { of: value.of, otherwise: fallback.literal };
    }
  }
  if (first !== undefined && second === undefined && first.kind !== 'symbol') return { literal: plain(first) };
  if ((first?.upper === '-' || first?.upper === '+') && second?.kind === 'word' && /^\d+$/.test(second.text) && tokens.length === 2) return { literal: `${first.text}${second.text}` };
  throw new Refusal('it sets a variable to something else than a literal or a variable');
}

/** Undefined for what no literal tells: the server's default. */
function plain({ kind, text, upper }: StrictToken): string {
  if (kind === 'string' && text.includes('\\')) throw new Refusal('it sets a variable to a string with a backslash');
  return upper === 'NULL' || upper === 'DEFAULT' ? '' : text;
}
