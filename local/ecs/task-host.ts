/**
 * A process in which containers run, one task at a time: it imports a container's bundle once and calls its `run` for
 * each task, because starting Node.js and the SDK costs more than dumping a small database. SIGTERM aborts the task, as
 * on Fargate. The host never outlives the runtime: when the channel closes it aborts its task and ends.
 */
import { closeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { pathToFileURL } from 'node:url';
import { LogFile } from '../storage/log-file.ts';
import type { HostMessage, RunMessage } from './messages.ts';

type Run = (environment: Readonly<Record<string, string | undefined>>, signal: AbortSignal) => Promise<number>;

/** How long a task may clean up after the runtime died. */
const lastSeconds = 5;

let current: { readonly controller: AbortController; readonly ended: Promise<void> } | undefined;
let log: LogFile | undefined;

writeOutputToLog();
process.on('message', (message: RunMessage) => {
  const controller = new AbortController();
  current = { controller, ended: runTask(message, controller.signal) };
});
process.on('SIGTERM', () => {
  if (current === undefined) process.exit(143);
  current.controller.abort();
});
// Ctrl-C in a terminal is meant for the runtime, which stops its tasks in order.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => {
  void endWithRuntime();
});
send({ kind: 'ready' });

async function runTask(message: RunMessage, signal: AbortSignal): Promise<void> {
  log = new LogFile(message.logFile);
  let exitCode = 1;
  try {
    const run = await loadProgram(message.modulePath);
    exitCode = await run(message.environment, signal);
  } catch (error) {
    // Node.js ends a program with 1 when nothing catches.
    console.error(error);
  }
  if (log.descriptor !== undefined) closeSync(log.descriptor);
  log = undefined;
  current = undefined;
  if (process.connected) send({ kind: 'ended', exitCode, rssBytes: process.memoryUsage.rss() });
}

const programs = new Map<string, Run>();

async function loadProgram(path: string): Promise<Run> {
  const known = programs.get(path);
  if (known !== undefined) return known;
  const { run } = (await import(pathToFileURL(path).href)) as { readonly run: Run };
  programs.set(path, run);
  // Node.js writes its compile cache at exit, and a host is killed: the next one would compile everything again.
  setTimeout(flushCompileCache, 1_000).unref();
  return run;
}

async function endWithRuntime(): Promise<void> {
  current?.controller.abort();
  const timer = setTimeout(killGroup, lastSeconds * 1_000);
  await current?.ended;
  clearTimeout(timer);
  killGroup();
}

/** The host leads a process group of its own, so that no mysqldump outlives it either. */
function killGroup(): void {
  process.kill(-process.pid, 'SIGKILL');
}

function send(message: HostMessage): void {
  process.send?.(message);
}

/** What the task prints goes to the task's own log file, which is made with its first line. */
function writeOutputToLog(): void {
  const write = ((chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
    log?.write(chunk);
    const done = typeof encoding === 'function' ? encoding : callback;
    if (typeof done === 'function') process.nextTick(done);
    return true;
  }) as typeof process.stdout.write;
  process.stdout.write = write;
  process.stderr.write = write;
}
