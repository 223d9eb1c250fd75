/** `ferry local` between the two servers of a test, as an operator starts it. */
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerAccess } from '../../../../core/server-access.ts';
import type { Pair } from '../../../../local/mysql/versions.ts';
import { runtimeFileSchema, type RuntimeFile } from '../../../../local/state-folder.ts';
import { startServers, type Servers } from '../../../support/servers.ts';
import { spawnFerry, untilStderr, type FerryProcess } from '../ferry.ts';

export interface CommandServers extends Servers {
  /** Options of a command that name the server. */
  readonly sourceWords: readonly string[];
  readonly targetWords: readonly string[];
  readonly passwords: Readonly<Record<string, string>>;
}

/** @param sourceOptions options of mysqld */
export async function startCommandServers(started: AsyncDisposableStack, sourceOptions?: readonly string[], pair?: Pair): Promise<CommandServers> {
  const servers = await startServers(started, sourceOptions, pair);
  const { directory, source, target } = servers;
  const authority = join(directory, 'ca.pem');
  const sourceAuthority = join(directory, 'source-ca.pem');
  await writeFile(authority, target.access.ca ?? '');
  await writeFile(sourceAuthority, source.access.ca ?? '');
  return {
    ...servers,
    sourceWords: ['--source', url(source.access), ...(source.access.tls === 'disabled' ? ['--source-tls', 'disabled'] : ['--source-tls', source.access.tls, '--source-ca', sourceAuthority])],
    targetWords: ['--target', url(target.access), '--target-tls', target.access.tls, '--target-ca', authority],
    passwords: { FERRY_SOURCE_PASSWORD: source.access.password, FERRY_TARGET_PASSWORD: target.access.password },
  };
}

/** Resolves with what it says of itself once it listens; its state is in `.ferry` of the servers' folder. */
export async function startLocalRuntime(started: AsyncDisposableStack, servers: CommandServers): Promise<{ readonly process: FerryProcess; readonly runtime: RuntimeFile }> {
  const process = spawnFerry(['local', ...servers.sourceWords, ...servers.targetWords], { directory: servers.directory, environment: servers.passwords });
  started.defer(async () => {
    process.kill('SIGTERM');
    if (process.exitCode === null && process.signalCode === null) await once(process, 'close');
  });
  await untilStderr(process, /The local runtime listens on http:\/\/127\.0\.0\.1:\d+/);
  process.stderr.resume();
  return { process, runtime: runtimeFileSchema.parse(JSON.parse(await readFile(join(servers.directory, '.ferry', 'runtime.json'), 'utf8'))) };
}

function url({ username, host, port }: ServerAccess): string {
  return `mysql://${username}@${host}:${port}`;
}
