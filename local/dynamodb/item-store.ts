/**
 * Where dynalite keeps its tables: one SQLite file. dynalite's own LevelDB store writes an item and its index entries
 * one after the other, so that a killed process leaves indexes that disagree with their items for ever; here they are
 * one transaction. Every call settles before it returns, so no two requests interleave and locks are not needed.
 */
import { Readable } from 'node:stream';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { openDatabase, transactions } from '../storage/open-database.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS entries (
    number INTEGER PRIMARY KEY, space TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (space, key));
`;

interface Write {
  readonly space: string;
  readonly key: string;
  /** Undefined removes the entry. */
  readonly value?: unknown;
}

interface Range {
  readonly gte?: string;
  readonly gt?: string;
  readonly lte?: string;
  readonly lt?: string;
  readonly reverse?: boolean;
  /** -1 or left out: all. */
  readonly limit?: number;
}

interface Entry {
  readonly key: string;
  readonly value: string;
}

const pageRows = 200;

export class ItemStore {
  readonly #database: DatabaseSync;
  readonly #transaction: <Result>(work: () => Result) => Result;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #clear: StatementSync;
  readonly #pages = new Map<string, StatementSync>();

  constructor(file: string) {
    this.#database = openDatabase(file, schema);
    this.#transaction = transactions(this.#database);
    this.#get = this.#database.prepare('SELECT value FROM entries WHERE space = ? AND key = ?');
    this.#put = this.#database.prepare(
      'INSERT INTO entries (space, key, value) VALUES (?, ?, ?) ON CONFLICT (space, key) DO UPDATE SET value = excluded.value',
    );
    this.#delete = this.#database.prepare('DELETE FROM entries WHERE space = ? AND key = ?');
    this.#clear = this.#database.prepare('DELETE FROM entries WHERE space = ?');
  }

  close(): void {
    this.#database.close();
  }

  get(space: string, key: string): unknown {
    const row = this.#get.get(space, key) as { value: string } | undefined;
    return row === undefined ? undefined : JSON.parse(row.value);
  }

  /** All of them or none. */
  write(writes: readonly Write[]): void {
    this.#transaction(() => {
      for (const { space, key, value } of writes) {
        if (value === undefined) this.#delete.run(space, key);
        else this.#put.run(space, key, JSON.stringify(value));
      }
    });
  }

  clear(space: string): void {
    this.#clear.run(space);
  }

  /** Entries in the order of their keys, page by page, so that a reader that stops early costs little. */
  *entries(space: string, range: Range = {}): Generator<Entry> {
    let { gte, gt, lte, lt } = range;
    let left = range.limit === undefined || range.limit < 0 ? Infinity : range.limit;
    while (left > 0) {
      const rows = this.#page(space, { gte, gt, lte, lt }, range.reverse === true, Math.min(left, pageRows));
      yield* rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < pageRows) return;
      left -= rows.length;
      if (range.reverse === true) {
        lt = last.key;
        lte = undefined;
      } else {
        gt = last.key;
        gte = undefined;
      }
    }
  }

  #page(space: string, bounds: Readonly<Record<'gte' | 'gt' | 'lte' | 'lt', string | undefined>>, reverse: boolean, limit: number): Entry[] {
    const given = Object.entries(bounds).filter((bound): bound is [string, string] => bound[1] !== undefined);
    const operators: Readonly<Record<string, string>> = { gte: '>=', gt: '>', lte: '<=', lt: '<' };
    const conditions = given.map(([name]) => `AND key ${operators[name] ?? ''} ?`).join(' ');
    const sql = `SELECT key, value FROM entries WHERE space = ? ${conditions} ORDER BY key ${reverse ? 'DESC' : 'ASC'} LIMIT ?`;
    let statement = this.#pages.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#pages.set(sql, statement);
    }
    return statement.all(space, ...given.map(([, value]) => value), limit) as unknown as Entry[];
  }
}

/**
 * The store as one request of dynalite sees it: what it writes to indexes is held back until it writes the item
 * itself (which dynalite does last), and then all is committed together.
 */
export function storeForRequest(items: ItemStore, region: string, account: string): DynaliteStore {
  const held: Write[] = [];
  const space = (name: string, holds: boolean): DynaliteItemStore => spaceOf(items, name, held, holds);
  const tableDb = Object.assign(space(tableSpace, false), { awsAccountId: account, awsRegion: region });
  const clear = (name: string, callback: DynaliteCallback<void>): void => {
    items.clear(name);
    callback(null);
  };
  return {
    options: { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0, maxItemSizeKb: 400, maxItemSize: 400 * 1024 },
    tableDb,
    getItemDb: (table) => space(`item-${table}`, false),
    deleteItemDb: (table, callback) => {
      clear(`item-${table}`, callback);
    },
    getIndexDb: (type, table, index) => space(indexSpace(type, table, index), true),
    deleteIndexDb: (type, table, index, callback) => {
      clear(indexSpace(type, table, index), callback);
    },
    getTagDb: (name) => space(`tag-${name}`, false),
    deleteTagDb: (name, callback) => {
      clear(`tag-${name}`, callback);
    },
    getTable: (name, checkStatus, callback) => {
      const answer = typeof checkStatus === 'function' ? checkStatus : callback;
      const table = items.get(tableSpace, name);
      if (table === undefined) answer?.(tableNotFound(name));
      else answer?.(null, table);
    },
  };
}

export const tableSpace = 'table';

function indexSpace(type: string, table: string, index: string): string {
  return `index-${type.toLowerCase()}~${table}~${index}`;
}

function spaceOf(items: ItemStore, space: string, held: Write[], holds: boolean): DynaliteItemStore {
  const write = (writes: readonly Write[], callback: DynaliteCallback<void>): void => {
    held.push(...writes);
    if (!holds) items.write(held.splice(0));
    callback(null);
  };
  return {
    get: (key, callback) => {
      callback(null, items.get(space, key));
    },
    put: (key, value, callback) => {
      write([{ space, key, value }], callback);
    },
    del: (key, callback) => {
      write([{ space, key }], callback);
    },
    batch: (operations, callback) => {
      write(
        operations.map(({ type, key, value }) => (type === 'put' ? { space, key, value } : { space, key })),
        callback,
      );
    },
    createKeyStream: (range) => Readable.from(mapped(items.entries(space, range as Range), ({ key }) => key)),
    createValueStream: (range) =>
      Readable.from(mapped(items.entries(space, range as Range), ({ value }) => JSON.parse(value) as unknown)),
    lock: (_key: string, work: (release: <Callback>(callback: Callback) => Callback) => void) => {
      work((callback) => callback);
    },
  };
}

function* mapped<In, Out>(items: Iterable<In>, map: (item: In) => Out): Generator<Out> {
  for (const item of items) yield map(item);
}

function tableNotFound(name: string): Error {
  return Object.assign(new Error(`Table ${name} not found`), {
    name: 'NotFoundError',
    statusCode: 400,
    body: {
      __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
      message: `Requested resource not found: Table: ${name} not found`,
    },
  });
}
