import { join } from 'node:path';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { openDatabase } from '../../storage/open-database.ts';
import { schema } from './schema.ts';
import type { EventRow, ExecutionRow, MapRunRow } from './rows.ts';

/**
 * Events and records in one SQLite file. Writes are collected and committed together: whatever is to take effect outside
 * (a Task's call, an answer of the API, a status event) awaits `committed()` first, so a killed process has done nothing
 * that its file does not know.
 */
export class EventStore {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #commit: Promise<void> | undefined;
  #inTransaction = false;

  constructor(directory: string) {
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
    return Number(this.#prepared(sql).run(...values).lastInsertRowid);
  }

  /** Resolves when everything written so far is in the file. All callers of one turn of the event loop share a commit. */
  committed(): Promise<void> {
    if (!this.#inTransaction) return Promise.resolve();
    this.#commit ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#commit = undefined;
        try {
          this.commit();
          resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
    return this.#commit;
  }

  commit(): void {
    if (!this.#inTransaction) return;
    this.#inTransaction = false;
    this.#database.exec('COMMIT');
  }

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  close(): void {
    this.commit();
    this.#database.close();
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

/** A disk that takes no more events must end the process: to go on would lose history. */
function failLoudly(error: unknown): never {
  throw new Error('The executions database could not be written.', { cause: error });
}
