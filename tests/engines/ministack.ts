/** The packaged stack on MiniStack, and the workflow with its real functions, task programs and MySQL servers. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seedFleet } from '../../local/fleet/seed.ts';
import { packageService } from '../../local/package/package-service.ts';
import { startServers } from '../support/servers.ts';
import { deploy } from './deploy.ts';
import { installEngine } from './install.ts';
import { runTasks } from './run-tasks.ts';
import { migrate, type Place } from './workflow.ts';

const databaseCount = 3;
const projectDirectory = join(import.meta.dirname, '../..');

/** @throws Unavailable; AssertionError when something is not as the local runtime makes it */
export async function runOnMiniStack(log: (line: string) => void): Promise<string> {
  const python = await installEngine('ministack');
  await using started = new AsyncDisposableStack();
  const packaged = await packageService({ projectDirectory, log });
  const servers = await startServers(started);
  const { databases } = await seedFleet({ source: servers.source.adminAccess, databases: databaseCount, largeMegabytes: 1 });
  const endpoint = await startMiniStack(started, python, logFileOf(servers.directory));
  const place: Place = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, forcePathStyle: true };
  const outputs = await deploy(place, { packaged, source: servers.source.access, target: servers.target.access, log });
  const tasks = runTasks(place, {
    packaged,
    cluster: outputs['ClusterName'] ?? '',
    clientPath: servers.programs.binDirectory,
    directory: join(servers.directory, 'tasks'),
  });
  started.defer(() => tasks.stop());
  try {
    return await Promise.race([migrate(place, { outputs, databases, source: servers.source, target: servers.target, log }), tasks.failed]);
  } catch (error) {
    const lines = (await readFile(logFileOf(servers.directory), 'utf8')).trim().split('\n').slice(-40);
    throw new Error(`${error instanceof Error ? error.message : String(error)}\nThe end of MiniStack's log:\n${lines.join('\n')}`, { cause: error });
  }
}

function logFileOf(directory: string): string {
  return join(directory, 'ministack', 'ministack.log');
}

/** @returns its endpoint, once it answers */
async function startMiniStack(started: AsyncDisposableStack, python: string, logFile: string): Promise<string> {
  const directory = dirname(logFile);
  await mkdir(directory, { recursive: true });
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const output = openSync(logFile, 'a', 0o600);
  const child = spawn(python, ['-m', 'ministack'], {
    cwd: directory,
    stdio: ['ignore', output, output],
    env: {
      // Functions run with the `node` that is found here.
      PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      HOME: directory, TMPDIR: directory, LANG: 'C.UTF-8', LOG_LEVEL: 'INFO',
      GATEWAY_PORT: String(port), BIND_HOST: '127.0.0.1', MINISTACK_HOST: '127.0.0.1', AWS_ENDPOINT_URL: endpoint,
      SFTP_ENABLED: '0', IOT_MTLS_ENABLED: '0', LAMBDA_EXECUTOR: 'local',
    },
  });
  started.defer(() => ended(child));
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`${endpoint}/_ministack/health`).catch(() => undefined);
    if (answer?.ok === true) return endpoint;
    await sleep(100);
  }
  throw new assert.AssertionError({ message: `MiniStack does not answer. Its log: ${await readFile(logFile, 'utf8')}` });
}

/** MiniStack takes a port by its number: one that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  child.kill('SIGTERM');
  await exited;
  clearTimeout(timer);
}
