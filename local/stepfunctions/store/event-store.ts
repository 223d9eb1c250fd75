import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { isDiskFull } from '../../storage/disk-full.ts';
import { openDatabase } from '../../storage/open-database.ts';
import { schema } from './schema.ts';
import type { EventRow, ExecutionRow, MapRunRow } from './rows.ts';

/**
 * Events and records in one SQLite file. Writes are collected and committed together: whatever is to take effect outside
 * (a Task's call, an answer of the API, a status event) awaits `committed()` first, so a killed process has done nothing
 * that its file does not know.
 *
 * On a full disk everything that awaits `committed()` waits until there is space: the engine stands still and loses nothing.
 * Until then what was written can be read here, and is written again once a failed COMMIT has rolled it back.
 */
export class EventStore {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #retryMilliseconds: number;
  #commit: Promise<void> | undefined;
  #inTransaction = false;
  /** Of the transaction, to be repeated when it was rolled back. */
  #writes: { readonly sql: string; readonly values: readonly SQLInputValue[] }[] = [];
  #isFull = false;
  readonly #full = new EventTarget();

  /** @param retryMilliseconds between two looks at whether a full disk has space again */
  constructor(directory: string, retryMilliseconds = 500) {
    this.#retryMilliseconds = retryMilliseconds;
    this.#database = openDatabase(join(directory, 'executions.sqlite'), schema);
  }

  appendEvent(event: EventRow): void {
    this.write(
      'INSERT INTO event (execution, id, previous, type, timestamp, details, scope, next) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      event.execution, event.id, event.previous, event.type, event.timestamp, event.details, event.scope, event.next,
    );
  }

  insertExecution(row: Omit<ExecutionRow, 'id'>): number {
    return this.#insert('execution', { ...row });
  }

  updateExecution(id: number, change: Partial<ExecutionRow>): void {
    this.#update('execution', id, change);
  }

  insertMapRun(row: Omit<MapRunRow, 'id'>): number {
    return this.#insert('map_run', { ...row });
  }

  updateMapRun(id: number, change: Partial<MapRunRow>): void {
    this.#update('map_run', id, change);
  }

  /** A row of the given shape, also one that was written but is not committed yet. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- SQL's answers are typed by their caller
  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepared(sql).get(...values) as Row | undefined;
  }

  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepared(sql).all(...values) as Row[];
  }

  execution(id: number): ExecutionRow {
    const row = this.get<ExecutionRow>('SELECT * FROM execution WHERE id = ?', id);
    if (row === undefined) throw new Error(`There is no execution number ${id}.`);
    return row;
  }

  /** One write in the transaction that `committed()` ends. */
  write(sql: string, ...values: SQLInputValue[]): number {
    this.#begin();
    const { lastInsertRowid } = this.#prepared(sql).run(...values);
    this.#writes.push({ sql, values });
    return Number(lastInsertRowid);
  }

  /** Resolves when everything written so far is in the file. All callers of one turn of the event loop share a commit. */
  committed(): Promise<void> {
    if (!this.#inTransaction) return Promise.resolve();
    this.#commit ??= this.#commitOnceThereIsSpace();
    return this.#commit;
  }

  /** Whether the disk is full, so that nothing new should be begun. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Resolves when the disk is, or is found to be, full: whoever is closing waits no longer then. */
  untilFull(): Promise<void> {
    if (this.#isFull) return Promise.resolve();
    return new Promise((resolve) => {
      this.#full.addEventListener('full', () => { resolve(); }, { once: true });
    });
  }

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  /** What a full disk does not take is lost, as when the process is killed. */
  close(): void {
    try {
      this.#commitNow();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
    } finally {
      this.#database.close();
    }
  }

  async #commitOnceThereIsSpace(): Promise<void> {
    await nextTurn();
    for (;;) {
      // Whoever still waits is never told: nothing more happens after the end.
      if (!this.isOpen) return new Promise(() => undefined);
      try {
        this.#commitNow();
        this.#commit = undefined;
        this.#isFull = false;
        return;
      } catch (error) {
        if (!isDiskFull(error)) {
          this.#commit = undefined;
          throw error;
        }
      }
      this.#writeAgain();
      this.#isFull = true;
      this.#full.dispatchEvent(new Event('full'));
      await sleep(this.#retryMilliseconds);
    }
  }

  #commitNow(): void {
    if (!this.#inTransaction) return;
    this.#database.exec('COMMIT');
    this.#inTransaction = false;
    this.#writes = [];
  }

  /** In the order in which they were, so that every row gets the same number. They stay in memory until a COMMIT succeeds. */
  #writeAgain(): void {
    if (this.#database.isTransaction) return;
    this.#database.exec('BEGIN IMMEDIATE');
    for (const { sql, values } of this.#writes) this.#prepared(sql).run(...values);
  }

  #begin(): void {
    if (this.#inTransaction) return;
    this.#database.exec('BEGIN IMMEDIATE');
    this.#inTransaction = true;
    // A write that nobody waits for is committed in the same turn all the same.
    this.committed().catch(failLoudly);
  }

  #insert(table: string, row: Record<string, SQLInputValue>): number {
    const columns = Object.keys(row);
    const marks = columns.map(() => '?').join(', ');
    return this.write(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`, ...Object.values(row));
  }

  #update(table: string, id: number, change: Record<string, SQLInputValue>): void {
    const assignments = Object.keys(change).map((column) => `${column} = ?`).join(', ');
    this.write(`UPDATE ${table} SET ${assignments} WHERE id = ?`, ...Object.values(change), id);
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** A file that takes no more events, with space on its disk, must end the process: to go on would lose history. */
function failLoudly(error: unknown): never {
  throw new Error('The executions database could not be written.', { cause: error });
}
