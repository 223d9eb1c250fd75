/**
 * Files that commands write. Each is written aside and takes its place when it is whole, so that nobody reads half of one;
 * what a process left that ended meanwhile is removed by the next.
 */
import { randomBytes } from 'node:crypto';
import { access, constants, lstat, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { FerryError } from '../../core/errors.ts';
import { fileFlaw } from '../../core/files/file-failure.ts';
import { codeAnd } from './read-whole.ts';

export type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

export interface OutputPlace {
  /** For messages: `--json certificate.json`. */
  readonly what: string;
  /** Symbolic links followed. */
  readonly path: string;
  /** A file is replaced; a device or a pipe is written to. */
  readonly replaced: boolean;
  /** Of the file that stands there. */
  readonly mode: number | undefined;
}

/**
 * Looked for before the work is done that the output is about.
 * @throws FerryError InvalidInput for a place that no file can have
 */
export async function findOutputPlace(option: string, file: string): Promise<OutputPlace> {
  const what = `${option} ${file}`;
  try {
    const path = await followLinks(file);
    const found = await stat(path).catch(unlessMissing);
    if (found?.isDirectory() === true) throw systemError('EISDIR');
    if (found !== undefined && !found.isFile()) return { what, path, replaced: false, mode: undefined };
    await access(dirname(path), constants.W_OK | constants.X_OK);
    if (!(await stat(dirname(path))).isDirectory()) throw systemError('ENOTDIR');
    return { what, path, replaced: true, mode: found === undefined ? undefined : found.mode & 0o777 };
  } catch (error) {
    throw outputFailure(what, error);
  }
}

/** @throws FerryError InvalidInput, OutputFailed; what stood in the place before is then still there, as it was */
export async function writeOutput({ what, path, replaced, mode }: OutputPlace, pieces: Pieces): Promise<void> {
  try {
    if (!replaced) await writePieces(await open(path, 'w'), pieces);
    else await replaceFile(path, pieces, mode);
  } catch (error) {
    throw outputFailure(what, error);
  }
}

async function replaceFile(path: string, pieces: Pieces, mode: number | undefined): Promise<void> {
  await removeAbandoned(dirname(path));
  const aside = join(dirname(path), asideName());
  try {
    await writePieces(await open(aside, 'wx', mode ?? 0o666), pieces, mode);
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function writePieces(handle: FileHandle, pieces: Pieces, mode?: number): Promise<void> {
  try {
    for await (const piece of pieces) await handle.writeFile(piece);
    if (mode !== undefined) await handle.chmod(mode);
    // Not every device or pipe can be told to.
    await handle.sync().catch((error: unknown) => {
      if (!isError(error, 'EINVAL', 'ENOTSUP', 'EROFS')) throw error;
    });
  } finally {
    await handle.close();
  }
}

/** Machine and process stand in the name, so that what a dead process left can be told from what a living one writes. */
function asideName(): string {
  return `${asidePrefix()}${process.pid}-${randomBytes(4).toString('hex')}.partial`;
}

function asidePrefix(): string {
  return `.ferry-${hostname().replaceAll(/[^A-Za-z0-9.-]/g, '')}-`;
}

async function removeAbandoned(folder: string): Promise<void> {
  const prefix = asidePrefix();
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const process = name.startsWith(prefix) ? /^(\d+)-[0-9a-f]{8}\.partial$/.exec(name.slice(prefix.length))?.[1] : undefined;
    if (process !== undefined && !isAlive(Number(process))) await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isError(error, 'EPERM');
  }
}

/** The file that a link leads to; the folder's links are followed too, so that the rename stays on one file system. */
async function followLinks(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if (!isError(error, 'ENOENT')) throw error;
    // A link that leads nowhere would be replaced by the file, and what it was to lead to would not be there.
    if ((await lstat(file).catch(unlessMissing)) !== undefined) throw error;
    return join(await realpath(dirname(file)), basename(file));
  }
}

function unlessMissing(error: unknown): undefined {
  if (!isError(error, 'ENOENT')) throw error;
  return undefined;
}

/** What another name for the output would mend; the rest is the disk's, or the reader's. */
const faultsOfPlace = ['EACCES', 'EEXIST', 'EISDIR', 'ELOOP', 'ENAMETOOLONG', 'ENODEV', 'ENOENT', 'ENOTDIR', 'ENXIO', 'EPERM', 'EROFS', 'ETXTBSY'];

function outputFailure(what: string, error: unknown): FerryError {
  if (error instanceof FerryError) return error;
  // What fails with another path is not about the output.
  const name = isError(error, ...faultsOfPlace) ? 'InvalidInput' : 'OutputFailed';
  return new FerryError(name, `${what} cannot be written: ${codeAnd(fileFlaw(error), error)}.`, { cause: error });
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function isError(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}
