/** Watches a run to its end and says how it ended: the common end of `start`, `redrive`, `migrate` and `status --watch`. */
import { z } from 'zod';
import type { OptionSpec } from './command-line.ts';
import type { Context } from './context.ts';
import { interruptedExitCode, print, printJson } from './context.ts';
import type { Deployment } from './deployment.ts';
import { errorOfRun } from './outcome.ts';
import type { Progress, RunSnapshot } from './progress.ts';
import { renderProgress } from './render/progress.ts';
import { makeReporter } from './reporter.ts';
import { parseDuration } from './terminal/format.ts';
import { styleFor } from './terminal/style.ts';
import { watchRun } from './watching/watch.ts';

export const windowOption: Readonly<Record<string, OptionSpec>> = {
  window: { value: 'DURATION', help: 'The downtime window (60m, 1h30m): shows what is left of it since the start, and whether the estimate fits.' },
};

export const windowSchema = z
  .string()
  .transform((text, context) => {
    const seconds = parseDuration(text);
    if (seconds === undefined) context.addIssue('must be a length of time such as 45m or 1h30m');
    return seconds ?? 0;
  })
  .optional();

export interface FollowOptions {
  readonly windowSeconds: number | undefined;
  readonly json: boolean;
  /** Whether the run ends with this command, so that an interruption does not leave it going. */
  readonly endsWithCommand?: boolean;
}

/**
 * @returns 0 for a run that succeeded, 130 when the watching was interrupted (the run goes on)
 * @throws FerryError the error of a run that did not succeed
 */
export async function followRun(context: Context, deployment: Deployment, run: RunSnapshot, options: FollowOptions): Promise<number> {
  const signal = context.interruption();
  const { progress, interrupted } = await watchRun(context, deployment, run, {
    windowSeconds: options.windowSeconds,
    signal,
    reporter: makeReporter(context),
  });
  if (interrupted && options.endsWithCommand === true) return interruptedExitCode;
  if (interrupted) {
    const words = ['ferry', 'status', '--watch', '--run', run.name, deployment.selection].filter((word) => word !== '').join(' ');
    print(context.stderr, `Watching ended; the run goes on. Watch it again with: ${words}`);
    return interruptedExitCode;
  }
  if (progress === undefined) return 0;
  reportEnd(context, progress, options.json);
  return 0;
}

/** @throws FerryError the error of a run that did not succeed */
export function reportEnd(context: Context, progress: Progress, json: boolean): void {
  const error = progress.run === null ? undefined : errorOfRun(progress.run);
  if (json) printJson(context, progress);
  // A run that failed before its first pass did nothing that a summary could show.
  else if (error === undefined || error.name === 'DatabasesDeadLettered' || (progress.run?.passes ?? 0) > 0) printProgress(context, progress);
  if (error !== undefined) throw error;
}

/** The state of a migration on standard output. */
export function printProgress(context: Context, progress: Progress): void {
  const width = Math.min(context.stdout.columns ?? 100, 120);
  const style = styleFor(context.stdout, context.environment);
  const lines = renderProgress(progress, { width, style, inProgress: 10, failuresShown: 10 });
  print(context.stdout, lines.join('\n'));
}
