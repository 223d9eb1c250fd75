/** The folder that holds everything a local runtime keeps; one runtime at a time. */
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { FerryError } from '../core/errors.ts';
import { tryLock, type ProcessLock } from './package/process-lock.ts';

const credentialsSchema = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });

/** `runtime.json`, by which commands find the runtime. */
export const runtimeFileSchema = z.object({
  pid: z.number(),
  endpoint: z.string(),
  region: z.string(),
  startedAt: z.string(),
  outputs: z.record(z.string(), z.string()),
  /** With which requests are signed. Whoever can read this file can do with the migration what its owner can. */
  credentials: z.object({ operator: credentialsSchema, root: credentialsSchema }),
});
export type RuntimeFile = z.infer<typeof runtimeFileSchema>;

export interface StateFolder {
  readonly path: string;
  /** A file or folder in it. */
  at(...names: string[]): string;
  writeRuntimeFile(content: RuntimeFile): void;
  /** Removes `runtime.json` and lets the next runtime in. */
  release(): void;
}

/**
 * Makes the folder, or takes the one that is there, for its owner only, and locks it.
 * @throws FerryError LocalRuntimeRunning; InvalidInput where others could still read what is in it
 */
export function openStateFolder(directory: string): StateFolder {
  const isPublicAgain = keepFilesPrivate();
  try {
    return openPrivately(resolve(directory));
  } finally {
    isPublicAgain();
  }
}

/**
 * From here on whatever this process makes, and the processes that it starts, is readable by its owner only.
 * @returns ends that
 */
export function keepFilesPrivate(): () => void {
  const before = process.umask(0o077);
  return () => {
    process.umask(before);
  };
}

function openPrivately(path: string): StateFolder {
  const at = (...names: string[]): string => join(path, ...names);
  mkdirSync(path, { recursive: true });
  shutOthersOut(path);
  const lock = tryLock(at('lock'));
  if (lock === undefined) throw new FerryError('LocalRuntimeRunning', `A local runtime is running on the state folder ${path}${ownerOf(at('runtime.json'))}.`);
  mkdirSync(at('logs'), { recursive: true });
  return {
    path,
    at,
    writeRuntimeFile: (content) => {
      writeFileSync(at('runtime.json.new'), `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
      renameSync(at('runtime.json.new'), at('runtime.json'));
    },
    release: () => {
      release(at('runtime.json'), lock);
    },
  };
}

const ofOthers = 0o077;
/** What a state folder holds. */
const ownEntries = new Set([
  ...['lock', 'runtime.json', 'runtime.json.new', 'source-ca.pem', 'target-ca.pem'],
  ...['logs', 's3', 'dynamodb', 'executions', 'queues', 'tokens'],
  // Of `ferry assess`, which keeps its results in the same folder.
  ...['', '-wal', '-shm', '-journal'].map((ending) => `assessment.sqlite${ending}`),
]);

/** A folder that others could enter was perhaps made by hand, or by an older version: what is in it holds data of the databases. */
function shutOthersOut(path: string): void {
  const { mode, uid } = statSync(path);
  if ((mode & ofOthers) === 0) return;
  if (uid !== process.getuid?.()) {
    const why = 'belongs to another user, who could read what is kept in it';
    throw new FerryError('InvalidInput', `The state folder ${path} ${why}. Name one of your own.`);
  }
  // A home folder or the system's temporary one must not be shut because it was named by mistake.
  const foreign = readdirSync(path).filter((entry) => !ownEntries.has(entry));
  if (foreign.length > 0) {
    const why = `can be entered by other users, and holds more than a runtime's state (${foreign[0] ?? ''})`;
    throw new FerryError('InvalidInput', `The folder ${path} ${why}. Name one that is new or empty, or take it for yourself with chmod 700.`);
  }
  chmodSync(path, 0o700);
  for (const entry of readdirSync(path, { recursive: true, encoding: 'utf8' })) {
    const file = lstatSync(join(path, entry));
    const isOwn = file.uid === uid && (file.isFile() || file.isDirectory());
    if (isOwn && (file.mode & ofOthers) !== 0) chmodSync(join(path, entry), file.mode & 0o700);
  }
}

function release(runtimeFile: string, lock: ProcessLock): void {
  try {
    rmSync(runtimeFile, { force: true });
  } finally {
    lock.release();
  }
}

function ownerOf(runtimeFile: string): string {
  try {
    const { pid } = runtimeFileSchema.parse(JSON.parse(readFileSync(runtimeFile, 'utf8')));
    return ` (process ${pid})`;
  } catch {
    return '';
  }
}
