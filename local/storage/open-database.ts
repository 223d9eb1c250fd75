import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { namingFile } from './name-failures.ts';

/**
 * Opens (or creates) a SQLite file for one process.
 *
 * Write-ahead log with `synchronous = NORMAL`: what was committed survives the death of the process at any moment; a
 * power cut can take the last commits but never the file's consistency. An fsync for each commit would hold up every
 * request of the runtime, and the runtime's work can be done again from its own records.
 *
 * A transaction stays in memory until it is committed, so that a full disk is met by its COMMIT and nowhere else.
 * Source: SQLite, "PRAGMA synchronous", "PRAGMA cache_spill".
 *
 * Whatever SQLite refuses, then or later, names the file.
 */
export function openDatabase(file: string, schema: string): DatabaseSync {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  return namingFile(file, () => openNamed(file, schema), true);
}

function openNamed(file: string, schema: string): DatabaseSync {
  const database = new NamedDatabase(file);
  try {
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA wal_autocheckpoint = 4000;
      PRAGMA cache_size = -32000;
      PRAGMA cache_spill = OFF;
      PRAGMA temp_store = MEMORY;
      ${schema}
    `);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

class NamedDatabase extends DatabaseSync {
  readonly #file: string;

  constructor(file: string) {
    super(file);
    this.#file = file;
  }

  override exec(sql: string): void {
    namingFile(this.#file, () => {
      super.exec(sql);
    });
  }

  override prepare(sql: string): StatementSync {
    // A statement that does not fit the tables was made for others: the file is not what its name says.
    const statement = namingFile(this.#file, () => super.prepare(sql), true);
    for (const method of ['run', 'get', 'all'] as const) {
      const call = statement[method].bind(statement) as (...values: SQLInputValue[]) => unknown;
      const value = (...values: SQLInputValue[]): unknown => namingFile(this.#file, () => call(...values));
      Object.defineProperty(statement, method, { value });
    }
    return statement;
  }
}

/** A function that runs `work` in one transaction: all of its writes, or none when it throws. */
export function transactions(database: DatabaseSync): <Result>(work: () => Result) => Result {
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const rollback = database.prepare('ROLLBACK');
  return (work) => {
    begin.run();
    try {
      const result = work();
      commit.run();
      return result;
    } catch (thrown) {
      // SQLite itself has rolled back after some errors, a full disk for one.
      if (database.isTransaction) rollback.run();
      throw thrown;
    }
  };
}
