/** Where this machine's `mysqldump` is. */
import { FerryError } from '../core/errors.ts';
import { findProgram, installTargetServer, mysqlCacheDirectory, mysqlVersion } from '../local/mysql/install.ts';
import type { Context } from './context.ts';
import { print } from './context.ts';

const oldestMajor = 8;

/**
 * The folder to put first on PATH for Oracle's `mysqldump` 8 or later; undefined when PATH has it. Fetched once where the
 * machine allows it.
 * @throws FerryError DumpClientUnsupported
 */
export async function findDumpProgram(context: Context): Promise<string | undefined> {
  const onPath = await findProgram('mysqldump', context.environment['PATH'] ?? '');
  const version = onPath === undefined ? undefined : await mysqlVersion(onPath);
  if (version !== undefined && Number.parseInt(version) >= oldestMajor) return undefined;
  const log = (message: string): void => {
    print(context.stderr, message);
  };
  try {
    const { binDirectory } = await installTargetServer({ cacheDirectory: mysqlCacheDirectory(context.environment), log });
    return binDirectory;
  } catch (error) {
    const found = onPath === undefined ? 'There is no mysqldump on PATH' : `${onPath} is not Oracle's mysqldump 8.0 or later`;
    throw new FerryError('DumpClientUnsupported', `${found}. ${FerryError.from(error).message}`, { cause: error });
  }
}
