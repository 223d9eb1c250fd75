/** The folder that holds everything a local runtime keeps; one runtime at a time. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { FerryError } from '../core/errors.ts';
import { tryLock, type ProcessLock } from './package/process-lock.ts';

/** `runtime.json`, by which commands find the runtime. */
export const runtimeFileSchema = z.object({
  pid: z.number(),
  endpoint: z.string(),
  region: z.string(),
  startedAt: z.string(),
  outputs: z.record(z.string(), z.string()),
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

/** Makes the folder, readable by its owner only, and locks it. @throws FerryError LocalRuntimeRunning */
export function openStateFolder(directory: string): StateFolder {
  const path = resolve(directory);
  const at = (...names: string[]): string => join(path, ...names);
  mkdirSync(path, { recursive: true, mode: 0o700 });
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
