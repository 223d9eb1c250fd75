/**
 * Database names in grants: patterns in which `%` stands for any characters, `_` for one, and a backslash takes the meaning
 * of either. Source: MySQL Reference Manual, "GRANT Statement", "Database Privileges". With `partial_revokes` on, names are
 * literal.
 */
export function hasWildcard(pattern: string): boolean {
  return tokensOf(pattern).some(({ wildcard }) => wildcard);
}

/** The name that a pattern without wildcards stands for. */
export function unescapeName(pattern: string): string {
  return tokensOf(pattern).map(({ character }) => character).join('');
}

/** The pattern that stands for this one name. */
export function escapeName(name: string): string {
  return name.replaceAll(/[_%]/g, '\\$&');
}

/**
 * Of several grants that reach a database, a server applies the one with the longest beginning before its first wildcard.
 * Source: MySQL Reference Manual, "Access Control, Stage 2: Request Verification".
 */
export function specificityOf(pattern: string): number {
  const first = tokensOf(pattern).findIndex(({ wildcard }) => wildcard);
  return first === -1 ? Infinity : first;
}

interface Token {
  readonly character: string;
  readonly wildcard: boolean;
}

/** Names are of the Basic Multilingual Plane: a character is one code unit. */
function tokensOf(pattern: string): Token[] {
  return Array.from(pattern.matchAll(/\\([_%])|([\s\S])/g), ([, escaped, plain = '']) =>
    escaped === undefined ? { character: plain, wildcard: plain === '_' || plain === '%' } : { character: escaped, wildcard: false },
  );
}

interface IndexedName {
  readonly key: string;
  readonly name: string;
}

/**
 * Names sorted, so that a pattern is compared only with those that share its beginning: tens of thousands of grants on
 * `tenant_1`, whose `_` is a wildcard, meet tens of thousands of names.
 */
export class NameIndex {
  readonly #names: readonly IndexedName[];
  readonly #exact: ReadonlyMap<string, string>;
  readonly #keyOf: (name: string) => string;

  /** @param ignoreCase as a server with `lower_case_table_names` other than 0 does */
  constructor(names: readonly string[], ignoreCase = false) {
    this.#keyOf = ignoreCase ? (name) => name.toLowerCase() : (name) => name;
    this.#names = names.map((name) => ({ key: this.#keyOf(name), name })).sort((a, b) => (a.key < b.key ? -1 : 1));
    this.#exact = new Map(this.#names.map(({ key, name }) => [key, name]));
  }

  /** The name as it was given to the index; undefined when it is not there. */
  find(name: string): string | undefined {
    return this.#exact.get(this.#keyOf(name));
  }

  matching(pattern: string): string[] {
    const found: string[] = [];
    this.#match(tokensOf(this.#keyOf(pattern)), 0, 0, this.#names.length, found);
    return found;
  }

  /** Names from `low` to before `high` agree with the first `position` tokens. */
  #match(tokens: readonly Token[], position: number, low: number, high: number, found: string[]): void {
    const token = tokens[position];
    if (low >= high) return;
    if (token?.wildcard === true && token.character === '%') {
      const rest = expressionOf(tokens.slice(position));
      for (const { key, name } of this.#names.slice(low, high)) if (rest.test(key.slice(position))) found.push(name);
      return;
    }
    // Where a name ends, it sorts before those that go on.
    const ended = this.#names[low]?.key.length === position ? low + 1 : low;
    if (token === undefined) {
      found.push(...this.#names.slice(low, ended).map(({ name }) => name));
      return;
    }
    for (let from = ended; from < high; ) {
      const character = token.wildcard ? (this.#names[from]?.key[position] ?? '') : token.character;
      const start = this.#firstFrom(from, high, position, (found) => found >= character);
      const end = this.#firstFrom(start, high, position, (found) => found > character);
      this.#match(tokens, position + 1, start, end, found);
      from = token.wildcard ? end : high;
    }
  }

  /** Binary search: the first name in the range whose character at `position` answers true, as all after it do. */
  #firstFrom(low: number, high: number, position: number, answers: (character: string) => boolean): number {
    let [from, to] = [low, high];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (answers(this.#names[middle]?.key[position] ?? '')) to = middle;
      else from = middle + 1;
    }
    return from;
  }
}

function expressionOf(tokens: readonly Token[]): RegExp {
  const parts = tokens.map(({ character, wildcard }) => (!wildcard ? character.replace(/[\\^$.*+?()[\]{}|]/, '\\$&') : character === '%' ? '[^]*' : '[^]'));
  return new RegExp(`^${parts.join('')}$`);
}
