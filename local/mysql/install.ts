/**
 * Finds or fetches the servers of tests and the demo. The one that stands for Aurora is MySQL 8 or later, with its own
 * `mysqldump` and `mysql`.
 */
import { access } from 'node:fs/promises';
import { constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { debianMysql, fetchFromDebian } from './debian-archive.ts';
import type { DebianServer } from './debian-archive.ts';
import { runProgram } from './programs.ts';
import { cachedServer } from './server-cache.ts';
import type { CacheOptions, InstalledServer } from './server-cache.ts';

/** MySQL 8 or later. */
export interface MySqlServer {
  readonly version: string;
  readonly mysqld: string;
  /** Where an initialised data directory of this version is kept, to be copied. */
  readonly dataTemplate: string;
}

export interface MySqlPrograms extends MySqlServer {
  /** The folder of the programs, to be put on PATH. */
  readonly binDirectory: string;
  readonly mysqldump: string;
  readonly mysql: string;
  readonly mysqladmin: string;
}

export interface InstallOptions extends CacheOptions {
  /** A PATH to look on before the cache; without it, only the cache and Debian's archive are used. */
  readonly searchPath?: string | undefined;
}

const oldestMajor = 8;
const programNames = ['mysqld', 'mysqldump', 'mysql', 'mysqladmin'] as const;

/** The cache folder: `AURORA_FERRY_CACHE`, else `~/.cache/aurora-ferry`. */
export function mysqlCacheDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  return environment['AURORA_FERRY_CACHE'] ?? join(environment['HOME'] ?? homedir(), '.cache', 'aurora-ferry');
}

/**
 * A complete MySQL 8 or later: from `searchPath`, else from the cache, else from Debian's archive into the cache.
 * Takes milliseconds once cached. Two processes may call it at once: the second waits for the first.
 * @throws FerryError ServerUnavailable that says what is missing on this machine and what to do
 */
export async function installTargetServer(options: InstallOptions): Promise<MySqlPrograms> {
  const onPath = await programsOnPath(options);
  if (onPath !== undefined) return onPath;
  const { version, directory } = await installFromDebian(debianMysql, options);
  const binDirectory = join(directory, 'bin');
  return {
    version,
    binDirectory,
    mysqld: join(binDirectory, 'mysqld'),
    mysqldump: join(binDirectory, 'mysqldump'),
    mysql: join(binDirectory, 'mysql'),
    mysqladmin: join(binDirectory, 'mysqladmin'),
    dataTemplate: join(directory, 'data'),
  };
}

/**
 * What the cache has of a server, else what is fetched into it.
 * @throws FerryError ServerUnavailable
 */
export function installFromDebian(wanted: DebianServer, options: CacheOptions): Promise<InstalledServer> {
  return cachedServer(wanted.folder, options, () => fetchFromDebian(wanted, options));
}

/** Oracle's (or Percona's) server and clients on a PATH, all of version 8 or later; MariaDB does not count. */
async function programsOnPath(options: InstallOptions): Promise<MySqlPrograms | undefined> {
  const paths: Partial<Record<(typeof programNames)[number], string>> = {};
  for (const name of programNames) {
    const path = await findProgram(name, options.searchPath ?? '');
    if (path === undefined) return undefined;
    paths[name] = path;
  }
  const { mysqld, mysqldump, mysql, mysqladmin } = paths;
  if (mysqld === undefined || mysqldump === undefined || mysql === undefined || mysqladmin === undefined) return undefined;
  const versions = await Promise.all([mysqld, mysqldump, mysql].map(mysqlVersion));
  const [version] = versions;
  if (version === undefined || versions.some((each) => each === undefined || Number.parseInt(each) < oldestMajor)) return undefined;
  return {
    version,
    binDirectory: join(mysqldump, '..'),
    mysqld,
    mysqldump,
    mysql,
    mysqladmin,
    dataTemplate: join(options.cacheDirectory, `data-${version}`),
  };
}

/** The absolute path of an executable on a PATH; undefined when it is not there. */
export async function findProgram(name: string, searchPath: string): Promise<string | undefined> {
  for (const directory of searchPath.split(delimiter).filter((entry) => entry.startsWith('/'))) {
    const path = join(directory, name);
    const executable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return path;
  }
  return undefined;
}

/** `9.7.4` for a MySQL program; undefined for MariaDB's, for what cannot be run, and for what prints no version. */
export async function mysqlVersion(program: string): Promise<string | undefined> {
  const text = await runProgram(program, ['--version']).catch(() => '');
  if (/mariadb/i.test(text)) return undefined;
  return (/Distrib (\d+\.\d+\.\d+)/.exec(text) ?? /Ver (\d+\.\d+\.\d+)/.exec(text))?.[1];
}
