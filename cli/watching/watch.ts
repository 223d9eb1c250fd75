/** The one polling loop: looks at a run until it ends, shows what it sees, and redraws the clocks in between. */
import type { Context } from '../context.ts';
import { sleep } from '../context.ts';
import type { Deployment } from '../deployment.ts';
import { hasEnded } from '../estimate.ts';
import type { Progress, RunSnapshot } from '../progress.ts';
import { computeProgress } from '../progress.ts';
import type { Reporter } from '../reporter.ts';
import { describeRun } from '../runs.ts';
import { takeSnapshot } from '../snapshot.ts';
import { Looker } from './looker.ts';

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

/** @throws FerryError AwsUnavailable, LocalRuntimeNotRunning after a minute (ten seconds) without an answer */
export async function watchRun(
  context: Context,
  deployment: Deployment,
  run: Pick<RunSnapshot, 'arn' | 'migration'>,
  options: WatchOptions,
): Promise<Watched> {
  const { reporter, signal } = options;
  const see = new Looker({
    now: () => performance.now(),
    pollMilliseconds: deployment.pollSeconds * 1000,
    local: deployment.local,
    readRun: () => describeRun(deployment, run.arn),
    readAll: () => takeSnapshot(deployment, run.migration, run, context.now()),
    note: (text) => {
      reporter.note(text);
    },
  });
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
