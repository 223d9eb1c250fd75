/** Every version that this machine can run, as a source and as the target: one table for the tests and for development. */
import { join } from 'node:path';
import { installTargetServer } from './install.ts';
import type { MySqlServer } from './install.ts';
import { installMariaDb, startMariaDbServer } from './mariadb-server.ts';
import { installFromMaven, mysql55, mysql57, mysql80 } from './maven-archive.ts';
import type { MavenServer } from './maven-archive.ts';
import type { CacheOptions } from './server-cache.ts';
import { startModernSource, startMySql55, startMySql57, startSourceServer } from './source-server.ts';
import type { RunningServer, StartOptions } from './source-server.ts';

export const versionNames = ['mysql-5.5', 'mysql-5.6', 'mysql-5.7', 'mariadb-10.11', 'mysql-8.0', 'mysql-9.7'] as const;
export type VersionName = (typeof versionNames)[number];
export const targetNames = ['mysql-8.0', 'mysql-9.7'] as const;
export type TargetName = (typeof targetNames)[number];

/** Which servers a migration is between. */
export interface Pair {
  readonly source: VersionName;
  readonly target: TargetName;
}

/** What the tests of every day run on: neither has to be fetched from Maven Central. */
export const everyDay: Pair = { source: 'mysql-5.6', target: 'mysql-9.7' };

/** As people call them. */
export const versionTitles: Readonly<Record<VersionName, string>> = {
  'mysql-5.5': `MySQL ${mysql55.version}`,
  'mysql-5.6': 'MySQL 5.6.24',
  'mysql-5.7': `MySQL ${mysql57.version}`,
  'mariadb-10.11': 'MariaDB 10.11',
  'mysql-8.0': `MySQL ${mysql80.version}`,
  'mysql-9.7': 'MySQL 9.7',
};

/** Those that are fetched from Maven Central. */
export const mavenServers: ReadonlyMap<VersionName, MavenServer> = new Map([
  ['mysql-5.5', mysql55],
  ['mysql-5.7', mysql57],
  ['mysql-8.0', mysql80],
]);

/**
 * Fetches what is not in the cache, and starts it as an old server with every engine.
 * @throws FerryError ServerUnavailable
 */
export async function startVersion(version: VersionName, options: StartOptions & CacheOptions): Promise<RunningServer> {
  switch (version) {
    case 'mysql-5.5':
      return startMySql55({ ...options, installed: await installFromMaven(mysql55, options) });
    case 'mysql-5.6':
      return startSourceServer(options);
    case 'mysql-5.7':
      return startMySql57({ ...options, installed: await installFromMaven(mysql57, options) });
    case 'mariadb-10.11':
      return startMariaDbServer({ ...options, installed: await installMariaDb(options) });
    case 'mysql-8.0':
    case 'mysql-9.7':
      return startModernSource({ ...options, programs: await targetPrograms(version, options) });
  }
}

/** What `startTargetServer` takes: the server that is like Aurora. */
export async function targetPrograms(version: TargetName, options: CacheOptions): Promise<MySqlServer> {
  if (version === 'mysql-9.7') return installTargetServer(options);
  const { version: installed, directory } = await installFromMaven(mysql80, options);
  return { version: installed, mysqld: join(directory, 'bin', 'mysqld'), dataTemplate: join(directory, 'data') };
}
