/**
 * What an account may do in one database, from its grants. Where servers do not agree which of several grants they
 * apply, only
 * what all of them give is taken for sure.
 */
import { hasWildcard, NameIndex } from '../accounts/name-patterns.ts';
import { isMySqlAtLeast } from '../mysql-versions.ts';
import type { GrantLine, ParsedGrants } from './parse-grants.ts';

export interface GrantRules {
  /** lower_case_table_names other than 0. */
  readonly ignoreCase: boolean;
  /** partial_revokes: names of databases in grants are literal. */
  readonly literal: boolean;
  /** Whether a grant on a database's name always comes before those on patterns. */
  readonly ordered: boolean;
}

/** Those of a server of which nothing is known yet: enough for grants on everything. */
export const unknownRules: GrantRules = { ignoreCase: false, literal: false, ordered: false };

/** @param variables global ones, names in lower case */
export function rulesOf(version: string, variables: ReadonlyMap<string, string>, { roles }: ParsedGrants): GrantRules {
  return {
    ignoreCase: (variables.get('lower_case_table_names') ?? '0') !== '0',
    literal: variables.get('partial_revokes') === 'ON',
    // MySQL 8.0.33 does not sort grants, and 9.7 does so only for accounts without roles.
    ordered: !isMySqlAtLeast(version, 8) || (isMySqlAtLeast(version, 9, 7) && roles.length === 0),
  };
}

export class HeldPrivileges {
  readonly parsed: ParsedGrants;
  readonly rules: GrantRules;
  readonly #global: readonly GrantLine[];
  readonly #ofDatabases: readonly GrantLine[];
  /** On single tables and routines, by their database. */
  readonly #ofParts = new Map<string, GrantLine[]>();
  /** Lines that reach a database, by its name; filled as it is asked for. */
  readonly #reaching = new Map<string, readonly GrantLine[]>();

  /**
   * @param names of all databases that will be asked for: an account may have tens of thousands of grants, each a
   * pattern
   */
  constructor(parsed: ParsedGrants, rules: GrantRules, names: Iterable<string> = []) {
    this.parsed = parsed;
    this.rules = rules;
    this.#global = parsed.grants.filter(({ scope }) => scope.level === 'global');
    this.#ofDatabases = parsed.grants.filter(({ scope }) => scope.level === 'database');
    for (const line of parsed.grants) {
      if (line.scope.level !== 'table' && line.scope.level !== 'routine') continue;
      const key = this.#keyOf(line.scope.database);
      this.#ofParts.set(key, [...(this.#ofParts.get(key) ?? []), line]);
    }
    this.#prepare([...names]);
  }

  #prepare(names: readonly string[]): void {
    if (names.length === 0) return;
    const reaching = new Map(names.map((name) => [name, [] as GrantLine[]]));
    const index = new NameIndex(names, this.rules.ignoreCase);
    for (const line of this.#ofDatabases) {
      for (const name of this.#namesReached(line, index)) reaching.get(name)?.push(line);
    }
    for (const [name, lines] of reaching) this.#reaching.set(name, lines);
  }

  #namesReached({ scope }: GrantLine, index: NameIndex): readonly string[] {
    if (scope.level !== 'database') return [];
    if (!this.rules.literal) return index.matching(scope.database);
    const name = index.find(scope.database);
    return name === undefined ? [] : [name];
  }

  /** Granted on everything, and withdrawn for no database. */
  everywhere(privilege: string): boolean {
    const { revokes, unread } = this.parsed;
    return this.onServer(privilege) && unread.length === 0 && !revokes.some((line) => gives(line, privilege));
  }

  /** On everything, whatever was withdrawn for single databases: what a server asks for beside any database. */
  onServer(privilege: string): boolean {
    return this.#global.some((line) => gives(line, privilege));
  }

  onDatabase(privilege: string, database: string): boolean {
    const { revokes, unread } = this.parsed;
    const withdrawn = revokes.some((line) => line.scope.level === 'database' && this.#isSame(line.scope.database, database) && gives(line, privilege));
    if (this.onServer(privilege) && unread.length === 0 && !withdrawn) return true;
    return [false, true].some((byRole) => {
      const applied = this.#applied(database, byRole);
      return applied.length > 0 && applied.every((line) => gives(line, privilege));
    });
  }

  /** Granted on the database by some line, which may not be the one that the server applies. */
  maybeOnDatabase(privilege: string, database: string): boolean {
    return this.onServer(privilege) || this.#matching(database).some((line) => gives(line, privilege));
  }

  /** All its columns. */
  onTable(privilege: string, database: string, table: string): boolean {
    return this.onDatabase(privilege, database) || this.#onObject('table', privilege, database, table);
  }

  onRoutine(privilege: string, database: string, routine: string): boolean {
    return this.onDatabase(privilege, database) || this.#onObject('routine', privilege, database, routine);
  }

  /**
   * What the account's own grants on the database lack: one more on it could take their place instead of adding to
   * them.
   */
  lackingOn(database: string, privileges: readonly string[]): { readonly on: string; readonly privileges: readonly string[] }[] {
    return this.#applied(database, false).map((line) => ({ on: line.on, privileges: privileges.filter((privilege) => !gives(line, privilege)) }));
  }

  /** On single tables, columns or routines of it. */
  onPartsOf(privilege: string, database: string): boolean {
    return this.#partsOf(database).some(({ privileges }) => privileges.some(({ name }) => name === privilege || isAll(name)));
  }

  #onObject(level: 'table' | 'routine', privilege: string, database: string, object: string): boolean {
    return this.#partsOf(database).some((line) => line.scope.level === level && this.#isSame(line.scope.object, object) && gives(line, privilege));
  }

  #partsOf(database: string): readonly GrantLine[] {
    return this.#ofParts.get(this.#keyOf(database)) ?? [];
  }

  /**
   * Of the lines on this database those of which the server applies one: it does not add them up. A name comes before
   * patterns;
   * which of several patterns comes first depends on the version, and on 8.0 on which was granted first.
   * Source: MySQL Reference Manual, "Access Control, Stage 2", and trials on 5.5 to 9.7 (tests/long/privileges).
   */
  #applied(database: string, byRole: boolean): GrantLine[] {
    const matching = this.#matching(database).filter((line) => line.byRole === byRole);
    const named = this.rules.ordered ? matching.filter(({ scope }) => scope.level === 'database' && !hasWildcard(scope.database)) : [];
    return named.length > 0 ? named : matching;
  }

  #matching(database: string): readonly GrantLine[] {
    const known = this.#reaching.get(database);
    if (known !== undefined) return known;
    const index = new NameIndex([database], this.rules.ignoreCase);
    const found = this.#ofDatabases.filter((line) => this.#namesReached(line, index).length > 0);
    this.#reaching.set(database, found);
    return found;
  }

  #isSame(one: string, other: string): boolean {
    return this.#keyOf(one) === this.#keyOf(other);
  }

  #keyOf(name: string): string {
    return this.rules.ignoreCase ? name.toLowerCase() : name;
  }
}

function gives({ privileges }: GrantLine, privilege: string): boolean {
  return privileges.some(({ name, columns }) => columns === undefined && (name === privilege || isAll(name)));
}

function isAll(name: string): boolean {
  return name === 'ALL PRIVILEGES' || name === 'ALL';
}
