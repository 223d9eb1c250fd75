/** Runs `ferry local` as a child process, for the commands that need a runtime only while they last. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FerryError, isErrorName } from '../core/errors.ts';
import type { Context } from './context.ts';
import { sleep } from './context.ts';
import type { Deployment, RuntimeFile } from './deployment.ts';
import { localDeployment, readRunningRuntime } from './deployment.ts';
import { writeOutput } from './files/outputs.ts';
import { passwordEnvironment, serverWords } from './servers.ts';
import type { Servers } from './servers.ts';

export interface LocalProcess {
  readonly deployment: Deployment;
  readonly endpoint: string;
  readonly pid: number;
  /** Ends it in order; one that takes longer than 30 s is killed. */
  stop(): Promise<void>;
}

export interface LocalProcessOptions {
  readonly stateFolder: string;
  readonly servers: Servers;
  /** A folder to put first on PATH: that of `mysqldump`. */
  readonly programs?: string | undefined;
  /** Gives up the start. */
  readonly signal?: AbortSignal | undefined;
  /** For commands shown to the operator: `--state FOLDER`, or ''. */
  readonly selection: string;
}

const startMilliseconds = 180_000;
const stopMilliseconds = 30_000;

/** @throws FerryError what `ferry local` ended with */
export async function startLocalProcess(context: Context, options: LocalProcessOptions): Promise<LocalProcess> {
  const { stateFolder } = options;
  await mkdir(join(stateFolder, 'logs'), { recursive: true, mode: 0o700 });
  if ((await readRunningRuntime(stateFolder)) !== undefined) {
    throw new FerryError('LocalRuntimeRunning', `A local runtime is running on the state folder ${stateFolder} already.`);
  }
  const logFile = join(stateFolder, 'logs', 'ferry-local.log');
  const child = await spawnLocal(context, options, logFile);
  try {
    const runtime = await untilRunning(child, options, logFile);
    return { deployment: localDeployment(runtime, stateFolder, options.selection), endpoint: runtime.endpoint, pid: child.pid ?? 0, stop: () => stopChild(child) };
  } catch (error) {
    await stopChild(child);
    throw error;
  }
}

async function spawnLocal(context: Context, options: LocalProcessOptions, logFile: string): Promise<ChildProcess> {
  const { servers, stateFolder, programs } = options;
  const words = [
    fileURLToPath(new URL('./main.ts', import.meta.url)),
    'local',
    ...['--state', stateFolder],
    ...serverWords('source', servers.source, await writeAuthority(stateFolder, 'source', servers.source.ca)),
    ...serverWords('target', servers.target, await writeAuthority(stateFolder, 'target', servers.target.ca)),
  ];
  const path = context.environment['PATH'] ?? '';
  const log = await open(logFile, 'w', 0o600);
  try {
    const child = spawn(process.execPath, words, {
      // A session of its own: Ctrl-C is for this process, which then ends the child in order. Should this process die,
      // the child sees the closed channel.
      detached: true,
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
      env: {
        ...context.environment,
        ...passwordEnvironment(servers),
        PATH: programs === undefined ? path : `${programs}${delimiter}${path}`,
      },
    });
    await once(child, 'spawn');
    return child;
  } finally {
    await log.close();
  }
}

async function untilRunning(child: ChildProcess, options: LocalProcessOptions, logFile: string): Promise<RuntimeFile> {
  const { stateFolder } = options;
  for (let waited = 0; waited < startMilliseconds; waited += 50) {
    options.signal?.throwIfAborted();
    if (hasExited(child)) throw await errorOfLog(logFile);
    const runtime = await readRunningRuntime(stateFolder);
    if (runtime !== undefined && runtime.pid === child.pid) return runtime;
    await sleep(50);
  }
  throw new FerryError('ServerUnavailable', `The local runtime was not ready after ${startMilliseconds / 1000} s; its log is ${logFile}.`);
}

/** The error that `ferry local` printed before it ended. */
async function errorOfLog(logFile: string): Promise<FerryError> {
  const log = await readFile(logFile, 'utf8').catch(() => '');
  const match = /^ferry: (\w+): ([\s\S]*?)(?:\nRemedy: |$(?![\s\S]))/m.exec(log);
  const name = match?.[1];
  if (name !== undefined && isErrorName(name)) return new FerryError(name, match?.[2] ?? '');
  const tail = log.trim().split('\n').slice(-8).join('\n');
  return new FerryError('ServerUnavailable', `The local runtime ended while it started. The end of ${logFile}:\n${tail}`);
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (hasExited(child)) return;
  const exited = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMilliseconds);
  child.kill('SIGTERM');
  await exited;
  clearTimeout(timer);
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function writeAuthority(folder: string, role: string, ca: string | undefined): Promise<string | undefined> {
  if (ca === undefined) return undefined;
  const file = join(folder, `${role}-ca.pem`);
  await writeOutput({ what: `The file ${file}`, path: file, replaced: true, mode: 0o600 }, [ca]);
  return file;
}
