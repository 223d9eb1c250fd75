/** A lock between processes that the kernel takes back when its holder dies, however it dies. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { namingFile } from '../storage/name-failures.ts';

export interface ProcessLock {
  release(): void;
}

/**
 * Undefined when another process (or another part of this one) holds it.
 * Node.js has no flock(); SQLite's exclusive transaction is the same lock of the kernel.
 */
export function tryLock(file: string): ProcessLock | undefined {
  mkdirSync(dirname(file), { recursive: true });
  return namingFile(file, () => tryLockFile(file), true);
}

function tryLockFile(file: string): ProcessLock | undefined {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    const sqliteBusy = 5;
    if (error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy) return undefined;
    throw error;
  }
  return {
    release: () => {
      database.close();
    },
  };
}

/** Waits for the lock. `onWait` is called once when it is not free at first. */
export async function takeLock(file: string, onWait: () => void): Promise<ProcessLock> {
  let waited = false;
  for (;;) {
    const lock = tryLock(file);
    if (lock !== undefined) return lock;
    if (!waited) onWait();
    waited = true;
    await sleep(100);
  }
}
