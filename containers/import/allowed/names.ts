/** Reads the names in a statement's head, and refuses those of other databases. */
import { markerTable } from '../../../core/names.ts';
import { textOfBytes } from '../../common/mysql-session.ts';
import { Refusal } from './strict-tokens.ts';
import type { Reading, StrictToken } from './strict-tokens.ts';

const utf8 = new Set(['utf8', 'utf8mb3', 'utf8mb4']);

/** Steps through a statement's tokens; they are read no further than is asked for. */
export class Head {
  readonly #tokens: Iterator<StrictToken>;
  readonly #database: string;
  readonly #reading: Reading;
  #next: StrictToken | undefined;

  /** @param database its characters are bytes */
  constructor(tokens: Iterable<StrictToken>, database: string, reading: Reading) {
    this.#tokens = tokens[Symbol.iterator]();
    this.#database = database;
    this.#reading = reading;
    this.#next = this.#read();
  }

  get next(): StrictToken | undefined {
    return this.#next;
  }

  take(): StrictToken | undefined {
    const token = this.#next;
    this.#next = token === undefined ? undefined : this.#read();
    return token;
  }

  /**
   * @returns whether these words came, all of them unconditionally; else nothing is taken of a first word that differs
   */
  takeWords(...words: readonly string[]): boolean {
    for (const [index, word] of words.entries()) {
      if (!this.isWord(word)) {
        if (index > 0) throw new Refusal(`${words.slice(0, index).join(' ')} is not followed by ${word}`);
        return false;
      }
      this.take();
    }
    return true;
  }

  isWord(...words: readonly string[]): boolean {
    const token = this.#next;
    return token?.kind !== 'string' && token?.kind !== 'name' && token !== undefined && words.includes(token.upper) && !token.isConditional;
  }

  expectSymbol(symbol: string): void {
    if (!this.isWord(symbol)) throw new Refusal(`where "${symbol}" belongs stands ${describe(this.#next)}`);
    this.take();
  }

  expectEnd(): void {
    while (this.isWord(';')) this.take();
    if (this.#next !== undefined) throw new Refusal(`behind its end stands ${describe(this.#next)}`);
  }

  rest(): StrictToken[] {
    const tokens: StrictToken[] = [];
    for (let token = this.take(); token !== undefined; token = this.take()) tokens.push(token);
    return tokens;
  }

  /** `name`, or `database.name` of this database. @returns the name, its characters bytes */
  ownName(): string {
    const first = this.name();
    const name = this.#next?.upper === '.' ? this.#qualified(first) : first;
    if (name.toLowerCase() === markerTable) throw new Refusal(`\`${markerTable}\` is Ferry's own`);
    return name;
  }

  name(): string {
    const token = this.take();
    const isName = token?.kind === 'name' || token?.kind === 'word';
    if (!isName || token.isConditional) throw new Refusal(`where a name belongs stands ${describe(token)}`);
    return token.text;
  }

  #qualified(database: string): string {
    this.take();
    if (database !== this.#database) throw new Refusal(`it is of another database, \`${textOfBytes(database)}\``);
    if (/[\x80-\xff]/.test(database) && !utf8.has(this.#reading.characterSet)) {
      throw new Refusal(`it names its database in the character set ${this.#reading.characterSet}`);
    }
    return this.name();
  }

  #read(): StrictToken | undefined {
    const read = this.#tokens.next();
    return read.done === true ? undefined : read.value;
  }
}

/** Names of columns in brackets. @throws Refusal */
export function columns(head: Head): void {
  head.take();
  while (!head.isWord(')')) {
    head.name();
    if (head.isWord(',')) head.take();
    else if (!head.isWord(')')) throw new Refusal(`between its columns stands ${describe(head.next)}`);
  }
  head.take();
}

/** Never a value. */
export function describe(token: StrictToken | undefined): string {
  if (token === undefined) return 'nothing';
  if (token.kind === 'string') return 'a string';
  return token.kind === 'name' ? 'a name' : textOfBytes(token.text).slice(0, 40);
}
