/** The one polling loop: looks at a run until it ends, shows what it sees, and redraws the clocks in between. */
import { FerryError } from '../core/errors.ts';
import { asFerryError, isTransient } from './aws-errors.ts';
import type { Context } from './context.ts';
import { sleep } from './context.ts';
import type { Deployment } from './deployment.ts';
import type { Progress, RunSnapshot, Snapshot } from './progress.ts';
import { hasEnded } from './estimate.ts';
import { computeProgress } from './progress.ts';
import type { Reporter } from './reporter.ts';
import { takeSnapshot } from './snapshot.ts';

export interface WatchOptions {
  readonly windowSeconds?: number | undefined;
  /** Ends the watching, not the run. */
  readonly signal: AbortSignal;
  readonly reporter: Reporter;
}

export interface Watched {
  /** What was seen last; undefined when the watching was interrupted before the first look. */
  readonly progress: Progress | undefined;
  readonly interrupted: boolean;
}

const redrawMilliseconds = 1000;
/** A large migration takes long to read: at most a fifth of the time is spent on it. */
const restPerWork = 4;
const patienceMilliseconds = 60_000;
/** A local runtime that refuses connections for this long has ended; on AWS the network is the likelier cause. */
const localPatienceMilliseconds = 10_000;

/** @throws FerryError AwsUnavailable, LocalRuntimeNotRunning after a minute (ten seconds) without an answer */
export async function watchRun(
  context: Context,
  deployment: Deployment,
  run: Pick<RunSnapshot, 'arn' | 'migration'>,
  options: WatchOptions,
): Promise<Watched> {
  const { reporter, signal } = options;
  const see = new Looker(context, deployment, run, reporter);
  let progress: Progress | undefined;
  try {
    while (!signal.aborted) {
      const snapshot = await see.look();
      if (snapshot !== undefined) {
        progress = computeProgress(snapshot, context.now(), options.windowSeconds);
        reporter.show(progress);
        if (progress.run !== null && hasEnded(progress.run)) return { progress, interrupted: false };
      }
      await sleep(Math.min(redrawMilliseconds, see.untilNextLook()), signal);
    }
    return { progress, interrupted: true };
  } finally {
    reporter.close();
  }
}

/** Looks when it is time to, and answers the last look in between. */
class Looker {
  readonly #context: Context;
  readonly #deployment: Deployment;
  readonly #run: Pick<RunSnapshot, 'arn' | 'migration'>;
  readonly #reporter: Reporter;
  #latest: Snapshot | undefined;
  #nextLook = 0;
  #answeredAt: number;

  constructor(context: Context, deployment: Deployment, run: Pick<RunSnapshot, 'arn' | 'migration'>, reporter: Reporter) {
    this.#context = context;
    this.#deployment = deployment;
    this.#run = run;
    this.#reporter = reporter;
    this.#answeredAt = this.#now();
  }

  untilNextLook(): number {
    return Math.max(50, this.#nextLook - this.#now());
  }

  async look(): Promise<Snapshot | undefined> {
    if (this.#now() < this.#nextLook) return this.#latest;
    const started = this.#now();
    try {
      this.#latest = await takeSnapshot(this.#deployment, this.#run.migration, this.#run, this.#context.now());
      this.#answeredAt = this.#now();
    } catch (error) {
      this.#tolerate(error);
    }
    const took = this.#now() - started;
    this.#nextLook = this.#now() + Math.max(this.#deployment.pollSeconds * 1000, took * restPerWork);
    return this.#latest;
  }

  #tolerate(error: unknown): void {
    if (!isTransient(error)) throw error;
    const silent = this.#now() - this.#answeredAt;
    const local = this.#deployment.local;
    if (silent > (local ? localPatienceMilliseconds : patienceMilliseconds)) {
      if (!local) throw error;
      throw new FerryError('LocalRuntimeNotRunning', `The local runtime has not answered for ${Math.round(silent / 1000)} s; the run stands still until it is started again.`, { cause: error });
    }
    this.#reporter.note(`No answer for ${Math.round(silent / 1000)} s, trying again: ${asFerryError(error).message}`);
  }

  #now(): number {
    return this.#context.now().getTime();
  }
}
