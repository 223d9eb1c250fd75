import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Opens (or creates) a SQLite file for one process.
 *
 * Write-ahead log with `synchronous = NORMAL`: what was committed survives the death of the process at any moment; a
 * power cut can take the last commits but never the file's consistency. An fsync for each commit would hold up every
 * request of the runtime, and the runtime's work can be done again from its own records.
 *
 * A transaction stays in memory until it is committed, so that a full disk is met by its COMMIT and nowhere else.
 * Source: SQLite, "PRAGMA synchronous", "PRAGMA cache_spill".
 */
export function openDatabase(file: string, schema: string): DatabaseSync {
  mkdirSync(path.dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
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
