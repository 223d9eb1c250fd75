/** The MySQL servers of a test. What is started is stopped with the stack that it is given to, however far a set-up came. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installTargetServer, mysqlCacheDirectory, type MySqlPrograms } from '../../local/mysql/install.ts';
import type { RunningServer } from '../../local/mysql/source-server.ts';
import { startTargetServer } from '../../local/mysql/target-server.ts';
import { everyDay, startVersion, targetPrograms, type Pair } from '../../local/mysql/versions.ts';

export interface Servers {
  /** A temporary folder, for the test's own files too. */
  readonly directory: string;
  readonly programs: MySqlPrograms;
  readonly source: RunningServer;
  readonly target: RunningServer;
}

/** Without the statistics on which a server spends most of its start. */
export const lean = ['--performance-schema=OFF'];

export const log = (): void => undefined;

export const cache = { cacheDirectory: mysqlCacheDirectory(process.env), log };

/** A source and a target, started side by side. @param sourceOptions options of mysqld */
export async function startServers(started: AsyncDisposableStack, sourceOptions: readonly string[] = [], pair: Pair = everyDay): Promise<Servers> {
  const directory = await temporaryFolder(started);
  const clients = await installPrograms();
  const programs = pair.target === everyDay.target ? clients : { ...clients, ...(await targetPrograms(pair.target, cache)) };
  const [source, target] = await Promise.all([
    startVersion(pair.source, { directory: join(directory, 'source'), serverOptions: [...lean, ...sourceOptions], ...cache }).then((server) => killed(started, server)),
    startTargetServer({ directory: join(directory, 'target'), log, serverOptions: lean, programs }).then((server) => killed(started, server)),
  ]);
  return { directory, programs, source, target };
}

/** MySQL 8 or later: of this machine, else of the cache. */
export function installPrograms(): Promise<MySqlPrograms> {
  return installTargetServer({ ...cache, searchPath: process.env['PATH'] });
}

export async function temporaryFolder(started: AsyncDisposableStack): Promise<string> {
  return started.adopt(await mkdtemp(join(tmpdir(), 'ferry-test-')), (folder) => rm(folder, { recursive: true, force: true }));
}

/** Ended without order: nothing of it is kept, and a shutdown takes seconds. */
export function killed(started: AsyncDisposableStack, server: RunningServer): RunningServer {
  return started.adopt(server, () => server.kill());
}
