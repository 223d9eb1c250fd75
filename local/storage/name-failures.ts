/** SQLite does not say which file it speaks of: its errors are given the path here, and nowhere else. */
import { closeSync, openSync } from 'node:fs';

const cannotOpen = 14;

/**
 * @param opening whether `work` opens the file: what SQLite refuses then, it refuses because of the file
 * @throws what `work` throws, with the file's path; the system's own error where SQLite says only that it cannot open the file
 */
export function namingFile<Result>(file: string, work: () => Result, opening = false): Result {
  try {
    return work();
  } catch (error) {
    if (!isSqliteError(error)) throw error;
    if (opening && error.errcode % 256 === cannotOpen) throwSystemError(file);
    throw Object.assign(error, { path: file, opening });
  }
}

interface SqliteError extends Error {
  readonly errcode: number;
}

function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR' && 'errcode' in error;
}

/** The system knows why. @throws what it says, if it says anything */
function throwSystemError(file: string): void {
  closeSync(openSync(file, 'a+', 0o600));
}
