/** What a command may use of the process around it. Made once in main.ts; tests make their own. */
import type { Readable, Writable } from 'node:stream';
import { steady, steadyJson } from './terminal/text.ts';

/** A stream that people or programs read; `columns` and `rows` are those of a terminal. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
export type InputStream = Readable & { readonly isTTY?: boolean; setRawMode?(mode: boolean): unknown };

export interface Context {
  readonly stdin: InputStream;
  /** Data. */
  readonly stdout: OutputStream;
  /** Everything else: progress, notes, errors. */
  readonly stderr: OutputStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly now: () => Date;
  /**
   * Aborted from the first call on by Ctrl-C or SIGTERM, or by the end of the process that started this one as its own part;
   * before it, these end the process at once. A second signal always does.
   */
  readonly interruption: () => AbortSignal;
}

/** The exit code of a program that was interrupted by Ctrl-C (128 + SIGINT). */
export const interruptedExitCode = 130;

/** Lines for people. Whatever names and messages hold, nothing but this program's own colours steers what shows them. */
export function print(stream: OutputStream, text: string): void {
  stream.write(`${steady(text, stream.isTTY === true)}\n`);
}

/** Lines for another program, which gets names as they are; a terminal is shown what can be shown. */
export function printData({ stdout }: Context, text: string): void {
  if (stdout.isTTY === true) print(stdout, text);
  else stdout.write(`${text}\n`);
}

/** One JSON document on standard output. */
export function printJson({ stdout }: Context, value: unknown): void {
  stdout.write(`${steadyJson(JSON.stringify(value, null, 2))}\n`);
}

/** Resolves after `milliseconds`, or at once when `signal` is aborted. */
export async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done);
  });
}
