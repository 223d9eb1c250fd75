/** MySQL's `mysqldump` on PATH: which one it is, and the option file that carries its account. */
import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FerryError } from '../../core/errors.ts';
import { loginPassword } from '../../core/mysql/connect.ts';
import { authoritiesOf, checksChain, clientOptionFile, quotedOption } from '../../core/server-access.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import { messageOf } from '../../core/mysql-failures.ts';

const execute = promisify(execFile);

/** By PATH: asking takes ten milliseconds, which a process that makes many dumps spends once. */
const versions = new Map<string, Promise<string>>();

/**
 * What `mysqldump --version` says, once it is known to be Oracle's of 8.0 or later.
 * @throws FerryError DumpClientUnsupported; DumpFailed when it was kept from saying so
 */
export function supportedMysqldump(searchPath: string): Promise<string> {
  const known = versions.get(searchPath);
  if (known !== undefined) return known;
  const version = readVersion(searchPath);
  versions.set(searchPath, version);
  // A program that is installed later is to be found.
  version.catch(() => versions.delete(searchPath));
  return version;
}

async function readVersion(searchPath: string): Promise<string> {
  let said: string;
  try {
    const { stdout } = await execute('mysqldump', ['--version'], { env: clientEnvironment(searchPath), timeout: 10_000 });
    said = stdout.trim();
  } catch (error) {
    throw new FerryError(isUnusable(error) ? 'DumpClientUnsupported' : 'DumpFailed', `mysqldump --version did not run: ${messageOf(error)}`, { cause: error });
  }
  // Oracle's since 8.0: `mysqldump  Ver 8.0.36 for Linux …`; before, and MariaDB's: `mysqldump  Ver 10.19 Distrib 10.11.6-MariaDB, …`.
  const major = /\bVer (\d+)\.\d+\.\d+/.exec(said)?.[1];
  if (/mariadb|\bDistrib\b/i.test(said) || major === undefined || Number(major) < 8) {
    throw new FerryError('DumpClientUnsupported', `mysqldump on PATH is not Oracle's 8.0 or later: ${said}`);
  }
  return said;
}

/**
 * It is not there, or says itself that it cannot run. One that was killed, ran out of time, or found no memory or process to start in may
 * run the next time.
 */
function isUnusable(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return typeof error.code === 'number' || error.code === 'ENOENT' || error.code === 'EACCES' || error.code === 'ENOEXEC';
}

/** Nothing of ours but PATH; MySQL's login path file, which `--defaults-file` does not rule out, is looked for in vain. */
export function clientEnvironment(searchPath: string): NodeJS.ProcessEnv {
  return { PATH: searchPath, LANG: 'C.UTF-8', MYSQL_TEST_LOGIN_FILE: '/nonexistent/mylogin.cnf' };
}

/**
 * Gives `use` the path of an option file that nobody else can open and that is gone afterwards, even if this process is
 * killed: it has no name from before its first byte is written, and is reached through this process's open files. Also
 * the password in it, which with IAM is a token made for this file.
 * @param without tables and views, as `database.name`, that mysqldump is to leave out: arguments have a limit of 2 MB
 */
export async function withOptionFile<Result>(
  access: ServerAccess,
  use: (path: string, password: string) => Promise<Result>,
  without: readonly string[] = [],
): Promise<Result> {
  const password = await loginPassword(access);
  const ignored = without.map((name) => `ignore-table=${quotedOption(name)}\n`);
  const withClient = (caFile: string | undefined): Promise<Result> =>
    withNamelessFile(`${clientOptionFile(access, caFile, password)}[mysqldump]\n${ignored.join('')}`, (path) => use(path, password));
  return checksChain(access) ? withNamelessFile([authoritiesOf(access)].flat().join('\n'), withClient) : withClient(undefined);
}

async function withNamelessFile<Result>(content: string, use: (path: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-dump-'));
  const named = join(folder, 'options');
  const file = await open(named, 'wx', 0o600);
  try {
    await rm(folder, { recursive: true });
    await file.writeFile(content);
    return await use(`/proc/${process.pid}/fd/${file.fd}`);
  } finally {
    await file.close();
  }
}
