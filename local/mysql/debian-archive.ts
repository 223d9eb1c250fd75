/** Fetches a server from Debian's archive, and keeps what is needed of it. */
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FerryError } from '../../core/errors.ts';
import { downloadPackages, exists, unpackPackage } from './debian-apt.ts';

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
 * Unpacks `<cacheDirectory>/<folder>-<version>`; it appears under this name only when complete.
 * @throws FerryError ServerUnavailable
 */
export async function fetchFromDebian(wanted: DebianServer, cacheDirectory: string, log: (message: string) => void): Promise<void> {
  const { product, folder, packages, suite } = wanted;
  const remedy = product === debianMysql.product ? 'Put MySQL 8 or later (mysqld, mysqldump, mysql, mysqladmin) on PATH instead.' : '';
  const started = Date.now();
  const work = await mkdtemp(join(cacheDirectory, 'unpacking-'));
  try {
    log(`Fetching ${product} from the Debian archive (once, about ${wanted.megabytes} MB) ...`);
    const archives = await downloadPackages({ work, product, suite, packages, remedy, dependencies: true });
    const server = archives.find((path) => basename(path).startsWith(`${packages[0]}_`));
    // An epoch, as in 1:10.11.19, is `1%3a` in a file's name.
    const version = /_(?:\d+%3a)?(\d+\.\d+\.\d+)/.exec(basename(server ?? ''))?.[1];
    if (version === undefined) throw new FerryError('ServerUnavailable', `apt fetched no package ${packages[0]} from Debian ${suite}.`);
    const tree = join(work, 'tree');
    await unpack(archives, tree);
    await trim(tree, wanted);
    await writeWrappers(tree, wanted);
    await writeFile(join(tree, 'complete.json'), JSON.stringify({ version, packages: archives.map((path) => basename(path)) }, null, 2));
    const directory = join(cacheDirectory, `${folder}-${version}`);
    await rm(directory, { recursive: true, force: true });
    await rename(tree, directory);
    const megabytes = Math.round((await sizeOf(directory)) / 1e6);
    log(`${product} ${version} is in ${directory}: ${megabytes} MB, ${((Date.now() - started) / 1000).toFixed(1)} s.`);
  } catch (error) {
    if (error instanceof FerryError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FerryError('ServerUnavailable', `${product} could not be fetched from the Debian archive. ${reason}`, { cause: error });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function unpack(archives: readonly string[], tree: string): Promise<void> {
  await mkdir(tree, { recursive: true });
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
  const head = [
    '#!/bin/sh',
    'usr=${0%/*}/../usr',
    'libraries=$usr/lib/x86_64-linux-gnu',
  ].join('\n');
  const loader = 'exec "$libraries/ld-linux-x86-64.so.2" --library-path "$libraries"';
  const serverPaths =
    '--basedir="$usr" --plugin-dir="$usr/lib/mysql/plugin" --lc-messages-dir="$usr/share/mysql" --character-sets-dir="$usr/share/mysql/charsets"';
  await mkdir(join(tree, 'bin'));
  await writeProgram(join(tree, 'bin', 'mysqld'), `${head}\n${loader} "$usr/${server}" "$@" ${serverPaths}\n`);
  for (const name of clients) {
    const pluginFolder = 'LIBMYSQL_PLUGIN_DIR=$usr/lib/mysql/plugin\nexport LIBMYSQL_PLUGIN_DIR';
    await writeProgram(join(tree, 'bin', name), `${head}\n${pluginFolder}\n${loader} "$usr/bin/${name}" "$@"\n`);
  }
}

async function writeProgram(path: string, text: string): Promise<void> {
  await writeFile(path, text);
  await chmod(path, 0o755);
}

async function sizeOf(directory: string): Promise<number> {
  const names = await readdir(directory, { recursive: true });
  const sizes = await Promise.all(names.map((name) => lstat(join(directory, name)).then((entry) => (entry.isFile() ? entry.size : 0), () => 0)));
  return sizes.reduce((total, size) => total + size, 0);
}
