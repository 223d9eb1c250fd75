/** What a command may use of the process around it. Made once in main.ts; tests make their own. */
import type { Readable, Writable } from 'node:stream';

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
   * Aborted by Ctrl-C or SIGTERM from the first call on; before it, these end the process at once. A second signal
   * always does.
   */
  readonly interruption: () => AbortSignal;
}

/** The exit code of a program that was interrupted by Ctrl-C (128 + SIGINT). */
export const interruptedExitCode = 130;

export function print(stream: OutputStream, text: string): void {
  stream.write(`${text}\n`);
}

/** One JSON document on standard output. */
export function printJson(context: Context, value: unknown): void {
  print(context.stdout, JSON.stringify(value, null, 2));
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
