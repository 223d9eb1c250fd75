/** Servers that were fetched once: each is a folder of the cache, complete when it holds `complete.json`. */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FerryError } from '../../core/errors.ts';
import { takeLock } from '../package/process-lock.ts';

export interface InstalledServer {
  readonly version: string;
  readonly directory: string;
}

export interface CacheOptions {
  readonly cacheDirectory: string;
  readonly log: (message: string) => void;
}

const completeSchema = z.object({ version: z.string() });

/**
 * The newest `<folder>-<version>` of the cache, else what `fetch` puts there. Two processes may call it at once: the
 * second waits for the first.
 * @throws FerryError ServerUnavailable
 */
export async function cachedServer(folder: string, { cacheDirectory, log }: CacheOptions, fetch: () => Promise<void>): Promise<InstalledServer> {
  const found = await newestInCache(cacheDirectory, folder);
  if (found !== undefined) return found;
  await mkdir(cacheDirectory, { recursive: true });
  const lock = await takeLock(join(cacheDirectory, 'install.lock'), () => {
    log('Waiting for another process, which is fetching a server ...');
  });
  try {
    // Whoever held the lock before us may have fetched it.
    const meanwhile = await newestInCache(cacheDirectory, folder);
    if (meanwhile !== undefined) return meanwhile;
    await fetch();
    const fetched = await newestInCache(cacheDirectory, folder);
    if (fetched === undefined) throw new FerryError('ServerUnavailable', `Nothing usable was unpacked into ${cacheDirectory}.`);
    return fetched;
  } finally {
    lock.release();
  }
}

export interface ServerTree {
  readonly product: string;
  readonly folder: string;
  readonly cacheDirectory: string;
  readonly log: (message: string) => void;
  /** Where it is fetched from, for messages: `the Debian archive`. */
  readonly origin: string;
  /** Builds `tree`, with `work` for what is not kept, and tells the version and what else `complete.json` is to say. */
  readonly build: (tree: string, work: string) => Promise<{ readonly version: string; readonly contents: readonly string[] }>;
}

/**
 * Makes `<cacheDirectory>/<folder>-<version>`; it appears under this name only when complete.
 * @throws FerryError ServerUnavailable
 */
export async function fetchServer({ product, folder, cacheDirectory, log, origin, build }: ServerTree): Promise<void> {
  const started = Date.now();
  const work = await mkdtemp(join(cacheDirectory, 'unpacking-'));
  try {
    const tree = join(work, 'tree');
    await mkdir(tree);
    const { version, contents } = await build(tree, work);
    await writeFile(join(tree, 'complete.json'), JSON.stringify({ version, contents }, null, 2));
    const directory = join(cacheDirectory, `${folder}-${version}`);
    await rm(directory, { recursive: true, force: true });
    await rename(tree, directory);
    log(`${product} ${version} is in ${directory}: ${((Date.now() - started) / 1000).toFixed(1)} s.`);
  } catch (error) {
    if (error instanceof FerryError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FerryError('ServerUnavailable', `${product} could not be fetched from ${origin}. ${reason}`, { cause: error });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function newestInCache(cacheDirectory: string, folder: string): Promise<InstalledServer | undefined> {
  const entries = await readdir(cacheDirectory).catch(() => []);
  const candidates = entries.filter((name) => name.startsWith(`${folder}-`)).sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  for (const name of candidates) {
    const directory = join(cacheDirectory, name);
    const complete = await readFile(join(directory, 'complete.json'), 'utf8').catch(() => undefined);
    if (complete !== undefined) return { version: completeSchema.parse(JSON.parse(complete)).version, directory };
  }
  return undefined;
}
