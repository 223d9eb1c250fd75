/** What Ctrl-C and the signals that ask a process to end come to. */

/**
 * One request may arrive more than once: a terminal sends Ctrl-C to a whole process group, npm and `timeout` pass it on besides, and
 * so does `ferry.js`. What follows so soon is not a second wish.
 */
const sameRequestMilliseconds = 1_000;

export interface InterruptionOptions {
  /** Milliseconds of a clock that is never set back. */
  readonly now: () => number;
  /** Ends the process at once. */
  readonly exit: () => void;
}

export class Interruption {
  readonly #controller = new AbortController();
  readonly #options: InterruptionOptions;
  #requestedAt: number | undefined;

  constructor(options: InterruptionOptions) {
    this.#options = options;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The first request lets the command end in order; a second one does not wait for that. */
  readonly request = (): void => {
    const now = this.#options.now();
    if (this.#requestedAt === undefined) {
      this.#requestedAt = now;
      this.#controller.abort();
    } else if (now - this.#requestedAt >= sameRequestMilliseconds) {
      this.#options.exit();
    }
  };
}
