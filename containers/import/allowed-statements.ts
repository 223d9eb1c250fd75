/**
 * What an import runs: statements that a dump has, on names of its own database, each of them one statement to the target
 * as well. A dump made by hand may hold anything, and so may an object of the bucket that was altered.
 */
import { textOfBytes } from '../common/mysql-session.ts';
import { ran, skipped } from './allowed/allowed.ts';
import type { Allowed } from './allowed/allowed.ts';
import { columns, describe, Head } from './allowed/names.ts';
import { plainTable } from './allowed/plain-table.ts';
import { withDefiner } from './allowed/programs.ts';
import { countLiteralRows } from './allowed/row-values.ts';
import { SessionSettings } from './allowed/session-settings.ts';
import { isAmbiguous, Refusal, strictTokens } from './allowed/strict-tokens.ts';
import { checkChanges, index, table } from './allowed/tables.ts';
import type { StatementKind } from './statement-kinds.ts';

export interface AllowedRows {
  readonly table: string;
  readonly rows: number;
}

/** Names of columns stand before VALUES, a few thousand at most. */
const [shortRowsHead, longestRowsHead] = [512, 512 * 1024];
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
    const table = plainTable(sql, reading);
    if (table !== undefined) return table;
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
    if (isAmbiguous(reading.characterSet)) {
      throw new Refusal(`its rows are in the character set ${reading.characterSet}, in which a backslash may be half a letter: dump again with utf8mb4`);
    }
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

function created(head: Head, database: string): Allowed {
  head.take();
  if (head.takeWords('OR', 'REPLACE') || head.isWord('ALGORITHM', 'DEFINER', 'SQL')) return withDefiner(head);
  if (head.takeWords('TABLE')) return table(head);
  if (head.isWord('DATABASE', 'SCHEMA')) return createdDatabase(head, database);
  if (head.isWord('UNIQUE', 'FULLTEXT', 'SPATIAL', 'INDEX')) return index(head);
  return withDefiner(head);
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

/** `ALTER DATABASE x CHARACTER SET y COLLATE z`, as mysqldump writes around what was made under another collation. */
function alteredDatabase(head: Head, database: string): Allowed {
  head.take();
  const object = head.name();
  if (object !== database) throw elsewhere(object);
  for (const { kind, upper, isConditional } of head.rest()) {
    const isKnown = kind !== 'symbol' ? !['READ', 'ENCRYPTION', 'UPGRADE'].includes(upper) : ['=', ';'].includes(upper);
    if (!isKnown || isConditional) {
      throw new Refusal('it changes more of the database than its character set and collation');
    }
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
  if (first === 'START' && !head.takeWords('TRANSACTION')) {
    throw new Refusal('it starts something else than a transaction');
  }
  head.takeWords('WORK');
  head.expectEnd();
  return skipped('other');
}
