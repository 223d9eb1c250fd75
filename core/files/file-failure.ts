/** What Node.js and SQLite say of a file that cannot be used, in words that name it and what is wrong with it. */

export interface FileFailure {
  /**
   * `FileUnusable`: what is there is of the wrong kind, or not permitted. `StorageFailed`: there is no room for it. `StateDamaged`: its
   * content is not what was written.
   */
  readonly name: 'FileUnusable' | 'StorageFailed' | 'StateDamaged';
  readonly message: string;
}

/** Source: errno(3), as far as a call on a file may answer it. Those of connections (EPIPE, ECONNRESET, …) are not among them. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'the account that runs this may not use it, or may not enter a folder above it',
  EBUSY: 'something else uses it',
  EDQUOT: 'the quota of the disk is used up',
  EEXIST: 'something else stands in its place',
  EFBIG: 'it would be larger than a file may be here',
  EIO: 'the disk answered with an input/output error',
  EISDIR: 'it is a folder, and a file is needed',
  ELOOP: 'its symbolic links lead in a circle',
  EMFILE: 'too many files are open (ulimit -n)',
  ENAMETOOLONG: 'its name is too long',
  ENFILE: 'too many files are open on this machine',
  ENODEV: 'it is a device that is not there',
  ENOENT: 'it does not exist, or its symbolic link leads nowhere',
  ENOEXEC: 'it is no program of this machine',
  ENOSPC: 'there is no space left on the disk',
  ENOTDIR: 'it, or what stands above it in its path, is no folder',
  ENOTEMPTY: 'the folder is not empty',
  ENXIO: 'it is a socket, or a pipe without a reader, and a file is needed',
  EPERM: 'the account that runs this may not do that with it',
  EROFS: 'its file system is read-only',
  ESTALE: 'its network file system has lost it',
  ETXTBSY: 'it is a program that is running',
};

/** There may be room another time. */
const ofRoom = new Set(['EDQUOT', 'EFBIG', 'ENOSPC']);

/** Without a path, these are a file's all the same. */
const neverOfConnections = new Set(['EDQUOT', 'EFBIG', 'EISDIR', 'ELOOP', 'EMFILE', 'ENAMETOOLONG', 'ENFILE', 'ENOSPC', 'ENOTDIR', 'EROFS']);

/** Source: SQLite, "Result and Error Codes"; the low byte of an extended code is the primary one. */
const sqliteReasons: ReadonlyMap<number, string> = new Map([
  [3, 'the account that runs this may not use it'],
  [5, 'another process uses it'],
  [6, 'another process uses it'],
  [8, 'it is read-only'],
  [10, 'the disk answered with an input/output error'],
  [13, 'there is no space left on the disk'],
  [14, 'it cannot be opened'],
]);
const sqliteFull = 13;
/** EFBIG, EDQUOT and some ENOSPC come as an input/output error on write. */
const sqliteWriteFailed = 778;
const sqliteDamages: ReadonlyMap<number, string> = new Map([
  [11, 'its content is damaged'],
  [26, 'it is no SQLite file'],
]);

/** Undefined for what is no failure of a file. */
export function describeFileFailure(thrown: unknown): FileFailure | undefined {
  if (!(thrown instanceof Error)) return undefined;
  return describeSqlite(thrown) ?? describeSystem(thrown);
}

/** What is wrong with a file, in words, for messages that name the file themselves. */
export function fileFlaw(thrown: unknown): string {
  const code = textOf(thrown, 'code');
  return reasons[code] ?? (thrown instanceof Error ? thrown.message : String(thrown));
}

function describeSystem(error: Error): FileFailure | undefined {
  const [code, path, destination, syscall] = ['code', 'path', 'dest', 'syscall'].map((member) => textOf(error, member));
  const reason = syscall === 'mkdir' && code === 'EEXIST' ? 'a folder is needed, and something else stands in its place' : reasons[code ?? ''];
  const name = ofRoom.has(code ?? '') ? 'StorageFailed' : 'FileUnusable';
  if (path === '' || syscall === '') {
    if (reason === undefined || !neverOfConnections.has(code ?? '')) return undefined;
    return { name, message: `A file cannot be used: ${reason} (${error.message}).` };
  }
  const said = `${reason ?? error.message} (${code ?? ''})`;
  if (syscall?.startsWith('spawn') === true) return { name: 'FileUnusable', message: `The program ${path ?? ''} cannot be started: ${said}.` };
  const place = destination === '' ? '' : ` in the place of ${destination ?? ''}`;
  return { name, message: `${path ?? ''} cannot be used${place}: ${said}.` };
}

function describeSqlite(error: Error): FileFailure | undefined {
  if (textOf(error, 'code') !== 'ERR_SQLITE_ERROR' || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  const primary = error.errcode % 256;
  const path = textOf(error, 'path');
  const file = path === '' ? 'A SQLite file of the state folder' : path;
  const damage = sqliteDamages.get(primary);
  if (damage !== undefined) return { name: 'StateDamaged', message: `${file} cannot be read: ${damage} (SQLite: ${error.message}).` };
  const reason = sqliteReasons.get(primary);
  const isFull = primary === sqliteFull || error.errcode === sqliteWriteFailed;
  if (reason !== undefined) return { name: isFull ? 'StorageFailed' : 'FileUnusable', message: `${file} cannot be used: ${reason} (SQLite: ${error.message}).` };
  // A statement that SQLite refuses is a defect; one that makes the tables of a file is refused because the file holds others.
  const isOpening = 'opening' in error && error.opening === true;
  return isOpening ? { name: 'StateDamaged', message: `${file} cannot be read: it holds something else than its name says (SQLite: ${error.message}).` } : undefined;
}

function textOf(value: unknown, member: string): string {
  if (typeof value !== 'object' || value === null || !(member in value)) return '';
  const found = (value as Readonly<Record<string, unknown>>)[member];
  return typeof found === 'string' ? found : '';
}
