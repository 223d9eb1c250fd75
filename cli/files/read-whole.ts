/** Reads a file that an operator names, or that a command expects, and says of a failure which file it was. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { constants } from 'node:fs';
import { FerryError } from '../../core/errors.ts';
import { fileFlaw } from '../../core/files/file-failure.ts';

/** What is read through a handle fails without the path: it is added. A file is text in UTF-8 here. @throws the system's error */
export async function readWholeFile(file: string): Promise<string> {
  return withFile(file, async (handle) => {
    // A pipe in a file's place would be waited for.
    if (!(await handle.stat()).isFile()) throw Object.assign(new Error('It is no regular file'), { code: 'EISDIR', syscall: 'read', path: file });
    return handle.readFile('utf8');
  });
}

/** @throws FerryError InvalidInput for a file that an operator has named and that cannot be read */
export async function readNamedFile(file: string, what = `The file ${file}`): Promise<Buffer> {
  try {
    // What a shell gives for <(…) is a pipe: it is read like a file, and its end is awaited.
    const handle = await open(file);
    try {
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(what, error);
  }
}

/** @param what with the path: `The file /tmp/list` */
export function unreadable(what: string, error: unknown): FerryError {
  return new FerryError('InvalidInput', `${what} cannot be read: ${codeAnd(fileFlaw(error), error)}.`, { cause: error });
}

/** `ENOENT, it does not exist`: the code is what a search engine knows. */
export function codeAnd(flaw: string, error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? `${error.code}, ${flaw.replace(/\.$/, '')}` : flaw;
}

async function withFile<Result>(file: string, use: (handle: FileHandle) => Promise<Result>): Promise<Result> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return await use(handle);
  } catch (error) {
    throw error instanceof Error ? Object.assign(error, { path: file }) : error;
  } finally {
    await handle.close();
  }
}
