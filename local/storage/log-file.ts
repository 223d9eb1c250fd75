/** Logs never end what they tell of: on a full disk their lines are dropped. */
import { openSync, writeSync } from 'node:fs';
import { isDiskFull } from './disk-full.ts';

export class LogFile {
  readonly #file: string;
  #descriptor: number | undefined;

  /** The file is made with its first line. */
  constructor(file: string) {
    this.#file = file;
  }

  /** Undefined until there was a line. */
  get descriptor(): number | undefined {
    return this.#descriptor;
  }

  write(chunk: string | Uint8Array): void {
    withoutSpace(() => {
      this.#descriptor ??= openSync(this.#file, 'a', 0o600);
      if (typeof chunk === 'string') writeSync(this.#descriptor, chunk);
      else writeSync(this.#descriptor, chunk);
    });
  }
}

/** Does what only tells of something, unless there is no space for it. */
export function withoutSpace(tell: () => void): void {
  try {
    tell();
  } catch (error) {
    if (!isDiskFull(error)) throw error;
  }
}
