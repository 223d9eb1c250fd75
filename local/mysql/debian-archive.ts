/** Fetches a server from Debian's archive, and keeps what is needed of it. */
import { chmod, cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FerryError } from '../../core/errors.ts';
import { downloadPackages, exists, unpackPackage } from './debian-apt.ts';
import { fetchServer } from './server-cache.ts';
import type { CacheOptions } from './server-cache.ts';

/** What is taken out of the archive, and what of it is kept. */
export interface DebianServer {
  readonly product: string;
  /** Begins the name of its folder in the cache: `mysql-9.7.4`. */
  readonly folder: string;
  readonly suite: string;
  /** The first is the server's, whose version counts. */
  readonly packages: readonly [string, ...string[]];
  readonly megabytes: number;
  /** Path of the server's program under `usr`. */
  readonly server: string;
  readonly clients: readonly string[];
  readonly plugins: readonly string[];
}

/** Debian's stable suites carry MariaDB only; `sid` is the one with Oracle's MySQL. */
export const debianMysql: DebianServer = {
  product: 'MySQL',
  folder: 'mysql',
  suite: 'sid',
  packages: ['mysql-server-core', 'mysql-client-core'],
  megabytes: 77,
  server: 'sbin/mysqld',
  clients: ['mysql', 'mysqladmin', 'mysqldump'],
  plugins: ['mysql_native_password.so', 'component_reference_cache.so'],
};

/** The MariaDB of Debian 12, a release of the kind that old fleets run. */
export const debianMariaDb: DebianServer = {
  product: 'MariaDB',
  folder: 'mariadb',
  suite: 'bookworm',
  packages: ['mariadb-server-core'],
  megabytes: 22,
  server: 'sbin/mariadbd',
  clients: [],
  plugins: [],
};

/** Dependencies of the packages' scripts, which are not used here: Perl, and tables that only iconv reads. */
const unneeded = /^(perl|libperl|gcc-|libc-gconv-modules|libgdbm|libdb5|openssl-provider-legacy)/;

/**
 * Makes `<cacheDirectory>/<folder>-<version>`.
 * @throws FerryError ServerUnavailable
 */
export async function fetchFromDebian(wanted: DebianServer, { cacheDirectory, log }: CacheOptions): Promise<void> {
  const { product, folder, packages, suite } = wanted;
  const remedy = product === debianMysql.product ? 'Put MySQL 8 or later (mysqld, mysqldump, mysql, mysqladmin) on PATH instead.' : '';
  const build = async (tree: string, work: string): Promise<{ version: string; contents: string[] }> => {
    log(`Fetching ${product} from the Debian archive (once, about ${wanted.megabytes} MB) ...`);
    const archives = await downloadPackages({ work, product, suite, packages, remedy, dependencies: true });
    const server = archives.find((path) => basename(path).startsWith(`${packages[0]}_`));
    // An epoch, as in 1:10.11.19, is `1%3a` in a file's name.
    const version = /_(?:\d+%3a)?(\d+\.\d+\.\d+)/.exec(basename(server ?? ''))?.[1];
    if (version === undefined) throw new FerryError('ServerUnavailable', `apt fetched no package ${packages[0]} from Debian ${suite}.`);
    await unpackPackages(archives, tree);
    await trim(tree, wanted);
    await writeWrappers(tree, wanted);
    return { version, contents: archives.map((path) => basename(path)) };
  };
  await fetchServer({ product, folder, cacheDirectory, log, origin: 'the Debian archive', build });
}

/** Packages with all that they depend on, so that `usr` of the tree has the C library and its loader too. */
export async function unpackPackages(archives: readonly string[], tree: string): Promise<void> {
  for (const archive of archives.filter((path) => !unneeded.test(basename(path)))) await unpackPackage(archive, tree);
  // Suites before Debian 13 have /lib beside /usr/lib.
  if (await exists(join(tree, 'lib'))) await cp(join(tree, 'lib'), join(tree, 'usr', 'lib'), { recursive: true, verbatimSymlinks: true });
}

async function trim(tree: string, { clients, plugins }: DebianServer): Promise<void> {
  await keepOnly(join(tree, 'usr', 'bin'), new Set(clients));
  await keepOnly(join(tree, 'usr', 'lib', 'mysql', 'plugin'), new Set(plugins));
  for (const folder of ['man', 'locale', 'lintian', 'gdb', 'gcc', 'bash-completion']) {
    await rm(join(tree, 'usr', 'share', folder), { recursive: true, force: true });
  }
}

async function keepOnly(folder: string, kept: ReadonlySet<string>): Promise<void> {
  if (!(await exists(folder))) return;
  for (const name of await readdir(folder)) {
    if (!kept.has(name)) await rm(join(folder, name), { recursive: true });
  }
}

/**
 * The packages are built for a newer C library than the machine's, so each program is started by the loader unpacked
 * with it. Since MySQL 9.0 `mysql_native_password`, which old servers ask for, is a plugin that the client must find.
 */
async function writeWrappers(tree: string, { server, clients }: DebianServer): Promise<void> {
  await writeServerWrapper(tree, `usr/${server}`, { base: 'usr', share: 'usr/share/mysql', plugins: 'usr/lib/mysql/plugin', libraries: [] });
  for (const name of clients) {
    const pluginFolder = 'LIBMYSQL_PLUGIN_DIR=$root/usr/lib/mysql/plugin\nexport LIBMYSQL_PLUGIN_DIR';
    await writeProgram(tree, name, `${pluginFolder}\n${loaderCall([])} "$root/usr/bin/${name}" "$@"`);
  }
}

/** Paths in the tree. */
export interface ServerPaths {
  readonly base: string;
  readonly share: string;
  readonly plugins: string;
  /** Folders of libraries beside those of the packages. */
  readonly libraries: readonly string[];
}

/** `bin/mysqld` of the tree, which starts the server with the unpacked libraries. */
export async function writeServerWrapper(tree: string, server: string, { base, share, plugins, libraries }: ServerPaths): Promise<void> {
  const paths = `--basedir="$root/${base}" --plugin-dir="$root/${plugins}" --lc-messages-dir="$root/${share}" --character-sets-dir="$root/${share}/charsets"`;
  await writeProgram(tree, 'mysqld', `${loaderCall(libraries)} "$root/${server}" "$@" ${paths}`);
}

function loaderCall(libraries: readonly string[]): string {
  const folders = ['usr/lib/x86_64-linux-gnu', ...libraries].map((folder) => `$root/${folder}`);
  return `exec "$root/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" --library-path "${folders.join(':')}"`;
}

async function writeProgram(tree: string, name: string, text: string): Promise<void> {
  const path = join(tree, 'bin', name);
  await mkdir(join(tree, 'bin'), { recursive: true });
  await writeFile(path, ['#!/bin/sh', 'root=${0%/*}/..', text, ''].join('\n'));
  await chmod(path, 0o755);
}
