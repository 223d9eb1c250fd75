/** Runs one `ferry` command as an operator does, and watches its memory. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface CommandRun {
  readonly stdout: string;
  /** Of resident memory, at its highest. */
  readonly peakBytes: number;
  readonly milliseconds: number;
}

/** @throws Error when it ends with another exit code than 0 */
export async function runFerryCommand(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<CommandRun> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(import.meta.dirname, '../cli/main.ts'), ...words], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let peakBytes = 0;
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid ?? 0));
  }, 100);
  const [stdout] = await Promise.all([text(child.stdout), once(child, 'close')]);
  clearInterval(timer);
  if (child.exitCode !== 0) throw new Error(`ferry ${words[0] ?? ''} ended with ${child.exitCode ?? 'a signal'}.`);
  return { stdout, peakBytes, milliseconds: performance.now() - started };
}

/** Bytes of resident memory at its highest so far. Source: proc_pid_status(5). */
function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
