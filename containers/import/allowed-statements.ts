/**
 * What an import runs: statements that a dump has, on names of its own database, each of them one statement to the target
 * as well. A dump made by hand may hold anything, and so may an object of the bucket that was altered.
 */
import { textOfBytes } from '../common/mysql-session.ts';
import { describe, Head } from './allowed/names.ts';
import { countLiteralRows } from './allowed/row-values.ts';
import { SessionSettings } from './allowed/session-settings.ts';
import { isAmbiguous, Refusal, strictTokens } from './allowed/strict-tokens.ts';
import type { StrictToken } from './allowed/strict-tokens.ts';
import type { StatementKind } from './statement-kinds.ts';

export interface Allowed {
  readonly kind: StatementKind;
  /** Its characters are bytes; '' where there is none. */
  readonly object: string;
  /** Further objects that a DROP names. */
  readonly others: readonly string[];
  /** Whether it is harmless and of no use: the import makes the database, locks and commits by itself. */
  readonly isSkipped: boolean;
}

export interface AllowedRows {
  readonly table: string;
  readonly rows: number;
}

const ran = (kind: StatementKind, object = ''): Allowed => ({ kind, object, others: [], isSkipped: false });
const skipped = (kind: StatementKind, object = ''): Allowed => ({ kind, object, others: [], isSkipped: true });

/** Names of columns stand before VALUES, a few thousand at most. */
const [shortRowsHead, longestRowsHead] = [512, 512 * 1024];
const addedToTable = new Set(['PRIMARY', 'UNIQUE', 'FULLTEXT', 'SPATIAL', 'KEY', 'INDEX', 'CONSTRAINT', 'FOREIGN', 'CHECK']);
const clientLine = /^\/\*M?!999999\\-[^\n]*$/;

export class AllowedStatements {
  readonly #database: string;
  readonly settings = new SessionSettings();
  #rowsHead: { readonly bytes: Buffer; readonly table: string } | undefined;

  /** @param database its characters are bytes */
  constructor(database: string) {
    this.#database = database;
  }

  /** @param sql as it is to be run, its characters bytes; not of rows. @throws Refusal */
  check(sql: string): Allowed {
    if (clientLine.test(sql)) return skipped('client');
    const { reading } = this.settings;
    const head = new Head(strictTokens(sql, reading), this.#database, reading);
    switch (head.next?.upper) {
      case 'SET':
        return this.#set(sql);
      case 'CREATE':
        return created(head, this.#database);
      case 'DROP':
        return dropped(head, this.#database);
      case 'ALTER':
        return altered(head, this.#database);
      case 'USE':
        head.take();
        return ofDatabase(head, 'use', this.#database);
      case 'LOCK':
      case 'UNLOCK':
      case 'START':
      case 'BEGIN':
      case 'COMMIT':
        return aroundRows(head);
      case undefined:
        return skipped('other');
      default:
        throw new Refusal(`a dump has no statement that begins with ${describe(head.next)}`);
    }
  }

  /** @returns the table of an INSERT or REPLACE, its characters bytes; its values are not looked at. @throws Refusal */
  tableOfRows(bytes: Buffer): string {
    return this.#headOfRows(bytes).table;
  }

  /** @param bytes an INSERT or REPLACE; @throws Refusal */
  checkRows(bytes: Buffer): AllowedRows {
    const { reading } = this.settings;
    if (isAmbiguous(reading.characterSet)) throw new Refusal(`its rows are in the character set ${reading.characterSet}, in which a backslash may be half a letter: dump again with utf8mb4`);
    const head = this.#headOfRows(bytes);
    return { table: head.table, rows: countLiteralRows(bytes, head.bytes.length, reading) };
  }

  #headOfRows(bytes: Buffer): { readonly bytes: Buffer; readonly table: string } {
    const known = this.#rowsHead;
    if (known !== undefined && bytes.subarray(0, known.bytes.length).equals(known.bytes)) return known;
    const isShort = bytes.subarray(0, shortRowsHead).includes('VALUES');
    const [length, table] = this.#readRowsHead(bytes.toString('latin1', 0, isShort ? shortRowsHead : longestRowsHead));
    this.#rowsHead = { bytes: Buffer.from(bytes.subarray(0, length)), table };
    return this.#rowsHead;
  }

  #readRowsHead(sql: string): [length: number, table: string] {
    const { reading } = this.settings;
    const head = new Head(strictTokens(sql, reading), this.#database, reading);
    if (!head.takeWords('INSERT') && !head.takeWords('REPLACE')) throw new Refusal('it is no INSERT');
    while (head.isWord('LOW_PRIORITY', 'DELAYED', 'HIGH_PRIORITY', 'IGNORE')) head.take();
    head.takeWords('INTO');
    const table = head.ownName();
    if (head.isWord('(')) columns(head);
    const values = head.next;
    if (values?.kind !== 'word' || values.isConditional || !['VALUES', 'VALUE'].includes(values.upper)) {
      throw new Refusal(`where VALUES belongs stands ${describe(values)}`);
    }
    return [values.end, table];
  }

  #set(sql: string): Allowed {
    const set = this.settings.apply(sql);
    // The import commits by itself.
    if (set.includes('autocommit')) {
      if (set.length > 1) throw new Refusal('it sets autocommit and more');
      return skipped('session');
    }
    return ran('session');
  }
}

function columns(head: Head): void {
  head.take();
  while (!head.isWord(')')) {
    head.name();
    if (head.isWord(',')) head.take();
    else if (!head.isWord(')')) throw new Refusal(`between its columns stands ${describe(head.next)}`);
  }
  head.take();
}

function created(head: Head, database: string): Allowed {
  head.take();
  if (head.takeWords('OR', 'REPLACE') || head.isWord('ALGORITHM', 'DEFINER', 'SQL')) return withDefiner(head);
  if (head.takeWords('TABLE')) return table(head);
  if (head.isWord('DATABASE', 'SCHEMA')) return createdDatabase(head, database);
  if (head.isWord('UNIQUE', 'FULLTEXT', 'SPATIAL', 'INDEX')) return index(head);
  return withDefiner(head);
}

/** What may have a definer: views and stored programs. Their bodies are of no concern here: they are one statement. */
function withDefiner(head: Head): Allowed {
  if (head.takeWords('ALGORITHM')) {
    head.expectSymbol('=');
    head.name();
  }
  if (head.takeWords('DEFINER')) account(head);
  if (head.takeWords('SQL', 'SECURITY')) head.name();
  const kind = head.take();
  if (kind?.kind !== 'word' || kind.isConditional) throw new Refusal(`what it creates is not to be seen: there stands ${describe(kind)}`);
  head.takeWords('IF', 'NOT', 'EXISTS');
  switch (kind.upper) {
    case 'VIEW':
      return view(head);
    case 'PROCEDURE':
    case 'FUNCTION':
      return routine(head);
    case 'TRIGGER':
      return trigger(head);
    case 'EVENT':
      return event(head);
    case 'LIBRARY':
      return ran('other', head.ownName());
    default:
      throw new Refusal(`a dump does not create ${describe(kind)}`);
  }
}

/** `user`@`host`, CURRENT_USER, each part quoted in any way or not. */
function account(head: Head): void {
  head.expectSymbol('=');
  head.take();
  if (head.isWord('(')) {
    head.take();
    head.expectSymbol(')');
  }
  if (!head.isWord('@')) return;
  head.take();
  head.take();
  // A bare host: 10.0.0.1, db-1.example, %.
  while (head.next?.kind === 'symbol' ? ['.', '-', '%'].includes(head.next.upper) : /^\d/.test(head.next?.text ?? '') && head.next?.kind === 'word') {
    head.take();
    if (head.next?.kind === 'word' && !head.isWord('VIEW', 'PROCEDURE', 'FUNCTION', 'TRIGGER', 'EVENT', 'SQL')) head.take();
  }
}

function view(head: Head): Allowed {
  const object = head.ownName();
  if (head.isWord('(')) columns(head);
  if (!head.takeWords('AS')) throw new Refusal(`where AS belongs stands ${describe(head.next)}`);
  return ran('view', object);
}

/** `CREATE FUNCTION … SONAME` has no parameters. */
function routine(head: Head): Allowed {
  const object = head.ownName();
  head.expectSymbol('(');
  return ran('routine', object);
}

function trigger(head: Head): Allowed {
  const object = head.ownName();
  if (!head.isWord('BEFORE', 'AFTER')) throw new Refusal(`where BEFORE or AFTER belongs stands ${describe(head.next)}`);
  head.take();
  head.take();
  if (!head.takeWords('ON')) throw new Refusal(`where ON belongs stands ${describe(head.next)}`);
  head.ownName();
  return ran('trigger', object);
}

function event(head: Head): Allowed {
  const object = head.ownName();
  if (!head.takeWords('ON', 'SCHEDULE')) throw new Refusal(`where ON SCHEDULE belongs stands ${describe(head.next)}`);
  return ran('event', object);
}

/** Its columns are written out: it is not made of another table, or of a query. */
function table(head: Head): Allowed {
  head.takeWords('IF', 'NOT', 'EXISTS');
  const object = head.ownName();
  head.expectSymbol('(');
  if (head.isWord('LIKE', '(')) throw new Refusal('its columns are those of another table');
  let depth = 1;
  let before: StrictToken | undefined;
  for (const token of head.rest()) {
    if (token.upper === '(') depth += 1;
    if (token.upper === ')') depth -= 1;
    checkInTable(token, before, depth);
    before = token;
  }
  if (depth !== 0) throw new Refusal('its brackets do not match');
  return ran('table', object);
}

function checkInTable({ kind, upper }: StrictToken, before: StrictToken | undefined, depth: number): void {
  if (upper === ';') throw new Refusal('another statement follows in it');
  if (kind !== 'word') return;
  if (upper === 'SELECT' || upper === 'TABLE') throw new Refusal(`it has rows of a query (${upper})`);
  if (depth === 0 && ['AS', 'IGNORE', 'REPLACE', 'VALUES', 'LIKE'].includes(upper)) throw new Refusal(`it has rows of a query (${upper})`);
  if (upper === 'DIRECTORY' && (before?.upper === 'DATA' || before?.upper === 'INDEX')) throw new Refusal('it places its files itself');
}

function index(head: Head): Allowed {
  if (!head.isWord('INDEX')) head.take();
  if (!head.takeWords('INDEX')) throw new Refusal(`where INDEX belongs stands ${describe(head.next)}`);
  head.name();
  if (head.takeWords('USING')) head.name();
  if (!head.takeWords('ON')) throw new Refusal(`where ON belongs stands ${describe(head.next)}`);
  const object = head.ownName();
  head.expectSymbol('(');
  if (head.rest().some(({ upper }) => upper === ';')) throw new Refusal('another statement follows in it');
  return ran('other', object);
}

function dropped(head: Head, database: string): Allowed {
  head.take();
  if (head.isWord('DATABASE', 'SCHEMA')) {
    head.take();
    head.takeWords('IF', 'EXISTS');
    return ofDatabase(head, 'database', database);
  }
  const kind = head.take();
  if (kind?.kind !== 'word' || kind.isConditional || !['TABLE', 'VIEW', 'PROCEDURE', 'FUNCTION', 'TRIGGER', 'EVENT', 'LIBRARY'].includes(kind.upper)) {
    throw new Refusal(`a dump does not drop ${describe(kind)}`);
  }
  head.takeWords('IF', 'EXISTS');
  const object = head.ownName();
  const others: string[] = [];
  while (head.isWord(',')) {
    head.take();
    others.push(head.ownName());
  }
  if (head.isWord('RESTRICT', 'CASCADE')) head.take();
  head.expectEnd();
  return { ...ran(kind.upper === 'LIBRARY' ? 'other' : 'drop', object), others };
}

function altered(head: Head, database: string): Allowed {
  head.take();
  if (head.isWord('DATABASE', 'SCHEMA')) return alteredDatabase(head, database);
  if (!head.takeWords('TABLE')) throw new Refusal(`a dump does not alter ${describe(head.next)}`);
  const object = head.ownName();
  if (head.isWord('DISABLE', 'ENABLE')) {
    head.take();
    head.takeWords('KEYS');
    head.expectEnd();
    return skipped('keys', object);
  }
  checkChanges(head.rest());
  return ran('other', object);
}

/** What phpMyAdmin writes behind the rows: keys, and columns that count up. */
function checkChanges(tokens: readonly StrictToken[]): void {
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.upper === ';' || token.isConditional) throw new Refusal('it holds more than changes of the table');
    const isFirst = index === 0 || (depth === 0 && tokens[index - 1]?.upper === ',');
    if (isFirst && !isChange(token, tokens[index + 1])) throw new Refusal(`a dump does not alter a table to ${describe(token)} ${describe(tokens[index + 1])}`);
    if (token.upper === '(') depth += 1;
    if (token.upper === ')') depth -= 1;
  }
}

function isChange(first: StrictToken, second: StrictToken | undefined): boolean {
  if (first.upper === 'ADD') return addedToTable.has(second?.upper ?? '');
  return first.upper === 'MODIFY' || first.upper === 'AUTO_INCREMENT';
}

/** `ALTER DATABASE x CHARACTER SET y COLLATE z`, as mysqldump writes around what was made under another collation. */
function alteredDatabase(head: Head, database: string): Allowed {
  head.take();
  const object = head.name();
  if (object !== database) throw elsewhere(object);
  for (const { kind, upper, isConditional } of head.rest()) {
    const isKnown = kind !== 'symbol' ? !['READ', 'ENCRYPTION', 'UPGRADE'].includes(upper) : ['=', ';'].includes(upper);
    if (!isKnown || isConditional) throw new Refusal('it changes more of the database than its character set and collation');
  }
  return ran('database', object);
}

/** The import makes the database itself. */
function createdDatabase(head: Head, database: string): Allowed {
  head.take();
  head.takeWords('IF', 'NOT', 'EXISTS');
  const object = head.name();
  if (object !== database) throw elsewhere(object);
  return skipped('database', object);
}

function ofDatabase(head: Head, kind: StatementKind, database: string): Allowed {
  const object = head.name();
  if (object !== database) throw elsewhere(object);
  head.expectEnd();
  return skipped(kind, object);
}

function elsewhere(database: string): Refusal {
  return new Refusal(`it leads to another database, \`${textOfBytes(database)}\``);
}

function aroundRows(head: Head): Allowed {
  const first = head.take()?.upper;
  if (first === 'LOCK' || first === 'UNLOCK') {
    if (!head.isWord('TABLES', 'TABLE')) throw new Refusal('it locks something else than tables');
    return skipped('lock');
  }
  if (first === 'START' && !head.takeWords('TRANSACTION')) throw new Refusal('it starts something else than a transaction');
  head.takeWords('WORK');
  head.expectEnd();
  return skipped('other');
}
