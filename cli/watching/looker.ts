/**
 * When to look at a run, and at what: its state often, because that is one small request, and its records, which are as many as its
 * databases, as seldom as their number asks for. So the end of a run is seen soon, however long the records take to read.
 */
import { FerryError } from '../../core/errors.ts';
import { asFerryError, isTransient } from '../aws-errors.ts';
import { hasEnded } from '../estimate.ts';
import type { RunSnapshot, Snapshot } from '../progress.ts';

export interface LookerOptions {
  /** Milliseconds of a clock that is never set back or forward. */
  readonly now: () => number;
  readonly pollMilliseconds: number;
  /** On one machine a refused connection says more than on AWS, where the network is the likelier cause. */
  readonly local: boolean;
  readonly readRun: () => Promise<RunSnapshot>;
  readonly readAll: () => Promise<Snapshot>;
  /** Told that there was no answer, and that it is tried again. */
  readonly note: (text: string) => void;
}

/** A large migration takes long to read: at most a fifth of the time is spent on it. */
const restPerWork = 4;
const longestRestMilliseconds = 60_000;
const patienceMilliseconds = 60_000;
/** A local runtime that refuses connections for this long has ended. */
const localPatienceMilliseconds = 10_000;

export class Looker {
  readonly #options: LookerOptions;
  #latest: Snapshot | undefined;
  #nextLook = Number.NEGATIVE_INFINITY;
  #nextReading = Number.NEGATIVE_INFINITY;
  #lastReadingTook = Number.POSITIVE_INFINITY;
  #answeredAt: number;
  #firstFailureAt: number | undefined;

  constructor(options: LookerOptions) {
    this.#options = options;
    this.#answeredAt = options.now();
  }

  untilNextLook(): number {
    return Math.max(50, this.#nextLook - this.#options.now());
  }

  /**
   * What was seen last: seen now, if it is time to look.
   * @throws FerryError AwsUnavailable, LocalRuntimeNotRunning after a minute (ten seconds) of failures
   */
  async look(): Promise<Snapshot | undefined> {
    const { now, pollMilliseconds } = this.#options;
    if (now() < this.#nextLook) return this.#latest;
    try {
      this.#latest = await this.#see();
      this.#answeredAt = now();
      this.#firstFailureAt = undefined;
    } catch (error) {
      this.#tolerate(error);
    }
    this.#nextLook = now() + pollMilliseconds;
    return this.#latest;
  }

  async #see(): Promise<Snapshot> {
    const { now, readRun, readAll } = this.#options;
    if (this.#latest !== undefined && now() < this.#nextReading) {
      const run = await readRun();
      if (!hasEnded(run)) return { ...this.#latest, run };
    }
    const started = now();
    const snapshot = await readAll();
    const took = now() - started;
    // One reading that took long may have met a pause (of the runtime, of the whole machine): two are the migration's size.
    this.#nextReading = now() + Math.min(longestRestMilliseconds, Math.min(took, this.#lastReadingTook) * restPerWork);
    this.#lastReadingTook = took;
    return snapshot;
  }

  /** Silence counts from the first failure on: a machine that slept did not ask in the meantime. */
  #tolerate(error: unknown): void {
    if (!isTransient(error)) throw error;
    const { now, local, note } = this.#options;
    this.#firstFailureAt ??= now();
    const seconds = Math.round((now() - this.#answeredAt) / 1000);
    if (now() - this.#firstFailureAt > (local ? localPatienceMilliseconds : patienceMilliseconds)) {
      if (!local) throw error;
      throw new FerryError('LocalRuntimeNotRunning', `The local runtime has not answered for ${seconds} s; the run stands still until it is started again.`, { cause: error });
    }
    note(`No answer for ${seconds} s, trying again: ${asFerryError(error).message}`);
  }
}
