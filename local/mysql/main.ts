/**
 * Starts a source and a target server to try Ferry on, prints how to reach them, and runs until Ctrl-C.
 * `npm run servers [FOLDER]`; the folder (default: a new one in the system's temporary folder, removed at the
 * end) keeps the data between starts, and may be the one that `ferry demo --keep` kept.
 */
import { join, resolve } from 'node:path';
import { FerryError } from '../../core/errors.ts';
import { installTargetServer, mysqlCacheDirectory } from './install.ts';
import type { MySqlPrograms } from './install.ts';
import { allowFreeze, startSourceServer } from './source-server.ts';
import type { RunningServer } from './source-server.ts';
import { startTargetServer } from './target-server.ts';
import { makeTemporaryFolder } from '../storage/temporary-folder.ts';

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
    // One Ctrl-C arrives twice where npm passes it on: only the first asks for something.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  });
  const programs = await installTargetServer({ cacheDirectory: mysqlCacheDirectory(process.env), log, searchPath: process.env['PATH'] });
  const temporary = folder === undefined ? await makeTemporaryFolder('ferry-mysql-') : undefined;
  const directory = temporary?.path ?? resolve(folder ?? '');
  const servers = await Promise.all([
    startSourceServer({ directory: join(directory, 'source'), log }),
    startTargetServer({ directory: join(directory, 'target'), log, programs }),
  ]);
  const [source, target] = servers;
  // Both kinds: here they may be tried without an administrator.
  await allowFreeze(source, 'revoke');
  const described = { binDirectory: programs.binDirectory, source: describe(source), target: describe(target) };
  // For a program that reads it; a person at a terminal reads what follows.
  if (!process.stdout.isTTY) console.log(JSON.stringify(described, null, 2));
  console.error(instructions(programs, source, target));
  // Child processes are not waited for: this keeps the program alive.
  const alive = setInterval(() => undefined, 60_000);
  await stopped;
  clearInterval(alive);
  await Promise.all(servers.map((server) => server.stop()));
  await temporary?.remove();
}

function describe({ version, access, adminAccess }: RunningServer): Pick<RunningServer, 'version' | 'access' | 'adminAccess'> {
  return { version, access, adminAccess };
}

/** For a shell of their own: passwords as environment variables, because arguments can be read by others. */
function instructions({ binDirectory }: MySqlPrograms, source: RunningServer, target: RunningServer): string {
  const client = ({ host, port, adminAccess }: RunningServer): string =>
    `MYSQL_PWD=${adminAccess.password} mysql --protocol=tcp -h ${host} -P ${port} -u ${adminAccess.username}`;
  const url = ({ host, port, access }: RunningServer): string => `mysql://${access.username}@${host}:${port}`;
  return [
    '',
    'In another terminal, Ferry between the two:',
    `  export PATH="${binDirectory}:$PATH" FERRY_SOURCE_PASSWORD=${source.access.password} FERRY_TARGET_PASSWORD=${target.access.password}`,
    `  npm run --silent ferry -- migrate --source ${url(source)} --source-tls disabled --target ${url(target)} --target-tls verify-ca --target-ca ${join(target.directory, 'data', 'ca.pem')} --all`,
    "And each server's administrator:",
    `  ${client(source)}`,
    `  ${client(target)}`,
    'Ctrl-C ends both servers.',
  ].join('\n');
}
