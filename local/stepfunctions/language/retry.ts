/**
 * Which Retry or Catch a failure meets. Source: Amazon States Language specification, "Errors", and the AWS Step
 * Functions Developer Guide, "Handling errors in Step Functions workflows".
 */
import type { Catcher, Retrier } from './definition.ts';

export interface Retry {
  /** The index of the retrier in the state's Retry. */
  readonly retrier: number;
  readonly delaySeconds: number;
}

const defaultIntervalSeconds = 1;
const defaultMaxAttempts = 3;
const defaultBackoffRate = 2;

/**
 * The retrier that a failure meets, and how long to wait before the next attempt; undefined when it meets none, or one
 * whose attempts are used up (a later retrier is not asked then).
 * @param counters retries made so far by each retrier in this visit of the state; not changed here, the caller adds one
 * @param random a number in [0, 1); asked only where JitterStrategy is FULL
 */
export function matchRetrier(
  retriers: readonly Retrier[] | undefined,
  errorName: string,
  counters: readonly number[],
  random: () => number = Math.random,
): Retry | undefined {
  const index = (retriers ?? []).findIndex((retrier) => matchesError(retrier.ErrorEquals, errorName));
  const retrier = retriers?.[index];
  const made = counters[index] ?? 0;
  if (retrier === undefined || made >= (retrier.MaxAttempts ?? defaultMaxAttempts)) return undefined;
  return { retrier: index, delaySeconds: delayOf(retrier, made, random) };
}

export function matchCatcher(catchers: readonly Catcher[] | undefined, errorName: string): Catcher | undefined {
  return catchers?.find((catcher) => matchesError(catcher.ErrorEquals, errorName));
}

function delayOf(retrier: Retrier, made: number, random: () => number): number {
  const interval = retrier.IntervalSeconds ?? defaultIntervalSeconds;
  const grown = interval * (retrier.BackoffRate ?? defaultBackoffRate) ** made;
  const delay = Math.min(grown, retrier.MaxDelaySeconds ?? Infinity);
  return retrier.JitterStrategy === 'FULL' ? delay * random() : delay;
}

const timeouts = ['States.Timeout', 'States.HeartbeatTimeout'];

/**
 * States.Runtime is out of reach of any Retry or Catch. States.DataLimitExceeded is what the guide exempts from
 * States.ALL too, but AWS's recorded answers show it caught there (the result of a Lambda function).
 */
function matchesError(errorEquals: readonly string[], errorName: string): boolean {
  if (errorName === 'States.Runtime') return false;
  return errorEquals.some(
    (name) =>
      name === errorName ||
      name === 'States.ALL' ||
      (name === 'States.TaskFailed' && !timeouts.includes(errorName)) ||
      (name === 'States.Timeout' && timeouts.includes(errorName)),
  );
}
