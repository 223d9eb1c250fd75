/**
 * Keeps an assessment from weighing on a server in production: it rests as long as it works, and waits while the server is busy.
 * The clock is passed in. Times are milliseconds.
 */
export interface Clock {
  readonly now: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export interface Load {
  /** As the server last said; its own connection is one of them. */
  readonly threadsRunning: number;
  /** Since when nothing is asked of the server; undefined while it is assessed. */
  readonly waitingSince: number | undefined;
}

export interface ThrottleOptions {
  readonly clock: Clock;
  readonly readThreadsRunning: () => Promise<number>;
  /** Above this the assessment waits. */
  readonly maxThreadsRunning: number;
  /** Of each worker's time that may be spent on queries, from 1 to 100 percent. */
  readonly pace: number;
  readonly signal: AbortSignal;
}

const lookInterval = 1_000;
const longestWait = 30_000;

export class Throttle {
  readonly #options: ThrottleOptions;
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** Of all workers, so that they ask once and not each. */
  #looking: Promise<void> | undefined;
  load: Load = { threadsRunning: 0, waitingSince: undefined };

  constructor(options: ThrottleOptions) {
    this.#options = options;
  }

  /** Resolves when the server is at ease; looks once a second at most. */
  async beforeWork(): Promise<void> {
    if (this.#options.clock.now() - this.#lookedAt < lookInterval && this.load.waitingSince === undefined) return;
    this.#looking ??= this.#untilAtEase().finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }

  /** Rests after `worked` milliseconds of queries, so that they are `pace` percent of the time. */
  async afterWork(worked: number): Promise<void> {
    const { clock, pace, signal } = this.#options;
    const rest = (worked * (100 - pace)) / pace;
    if (rest >= 1) await clock.sleep(rest, signal);
  }

  async #untilAtEase(): Promise<void> {
    const { clock, maxThreadsRunning, readThreadsRunning, signal } = this.#options;
    for (let wait = lookInterval; !signal.aborted; wait = Math.min(longestWait, wait * 2)) {
      const threadsRunning = await readThreadsRunning();
      this.#lookedAt = clock.now();
      const isBusy = threadsRunning > maxThreadsRunning;
      this.load = { threadsRunning, waitingSince: isBusy ? (this.load.waitingSince ?? this.#lookedAt) : undefined };
      if (!isBusy) return;
      await clock.sleep(wait, signal);
    }
  }
}
