/**
 * Starts a source and a target server for development, prints how to reach them, and runs until Ctrl-C.
 * `node local/mysql/main.ts [FOLDER]`; the folder (default: a new one in the system's temporary folder, removed at the
 * end) keeps the data between starts.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FerryError } from '../../core/errors.ts';
import { installTargetServer, mysqlCacheDirectory } from './install.ts';
import { startSourceServer } from './source-server.ts';
import { startTargetServer } from './target-server.ts';

try {
  await runServers(process.argv[2]);
} catch (error) {
  const failure = FerryError.from(error);
  console.error(`${failure.name}: ${failure.message}\n${failure.remedy}`);
  process.exitCode = failure.exitCode;
}

async function runServers(folder: string | undefined): Promise<void> {
  const log = (message: string): void => {
    console.error(message);
  };
  const stopped = new Promise((stop) => {
    process.once('SIGINT', stop).once('SIGTERM', stop);
  });
  const programs = await installTargetServer({ cacheDirectory: mysqlCacheDirectory(process.env), log, searchPath: process.env['PATH'] });
  const directory = folder === undefined ? await mkdtemp(join(tmpdir(), 'ferry-mysql-')) : resolve(folder);
  const servers = await Promise.all([
    startSourceServer({ directory: join(directory, 'source'), log }),
    startTargetServer({ directory: join(directory, 'target'), log, programs }),
  ]);
  const [source, target] = servers;
  console.log(
    JSON.stringify(
      {
        binDirectory: programs.binDirectory,
        source: { version: source.version, access: source.access, adminAccess: source.adminAccess },
        target: { version: target.version, access: target.access, adminAccess: target.adminAccess },
      },
      null,
      2,
    ),
  );
  // Child processes are not waited for: this keeps the program alive.
  const alive = setInterval(() => undefined, 60_000);
  await stopped;
  clearInterval(alive);
  await Promise.all(servers.map((server) => server.stop()));
  if (folder === undefined) await rm(directory, { recursive: true, force: true });
}
