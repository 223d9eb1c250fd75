/** Runs the `ferry` command as an operator does: a process, its output, its exit code. */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { on, once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

const projectDirectory = join(import.meta.dirname, '../../..');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface FerryOptions {
  readonly input?: string | undefined;
  readonly environment?: Readonly<Record<string, string>>;
  /** The working directory: `.ferry` is looked for there. */
  readonly directory?: string;
}

export type FerryProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/** Standard input is what `input` says, else empty; nothing of this process's configuration for AWS reaches the command. */
export async function ferry(words: readonly string[], options: FerryOptions = {}): Promise<Outcome> {
  const child = spawnFerry(words, options);
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}

export function spawnFerry(words: readonly string[], options: FerryOptions = {}): FerryProcess {
  return spawn(process.execPath, [join(projectDirectory, 'cli/ferry.js'), ...words], {
    cwd: options.directory ?? projectDirectory,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], AWS_EC2_METADATA_DISABLED: 'true', ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** Resolves once standard error matches; what was written until then. */
export async function untilStderr(child: FerryProcess, pattern: RegExp): Promise<string> {
  let written = '';
  for await (const chunk of on(child.stderr, 'data', { close: ['end'] })) {
    written += String(chunk);
    if (pattern.test(written)) return written;
  }
  throw new Error(`ferry ended without writing ${String(pattern)}: ${written}`);
}
