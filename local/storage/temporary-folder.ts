/**
 * A folder for as long as this process lives. What a process left that was killed (servers' data, and the accounts to log in to
 * them) is removed by the next one.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryLock } from '../package/process-lock.ts';

export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** In the folder; its lock is the kernel's, and ends with its holder. */
const lockName = 'owner.lock';

/** @param prefix of the folder's name in the system's folder for temporary files */
export async function makeTemporaryFolder(prefix: string): Promise<TemporaryFolder> {
  await removeAbandoned(prefix);
  const path = await mkdtemp(join(tmpdir(), prefix));
  const lock = tryLock(join(path, lockName));
  return {
    path,
    remove: async () => {
      lock?.release();
      await rm(path, { recursive: true, force: true });
    },
  };
}

async function removeAbandoned(prefix: string): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const path = join(tmpdir(), name);
    if (name.startsWith(prefix) && existsSync(join(path, lockName))) await removeUnlessOwned(path);
  }
}

/** Another user's is none of ours, and its owner's next start removes it. */
async function removeUnlessOwned(path: string): Promise<void> {
  try {
    const lock = tryLock(join(path, lockName));
    if (lock === undefined) return;
    await rm(path, { recursive: true, force: true });
    lock.release();
  } catch {
    // It cannot be locked or removed: this process has its own.
  }
}
