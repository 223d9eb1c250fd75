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

/** A caught failure: its catcher, and the name by which it was caught. */
export interface Caught {
  readonly catcher: Catcher;
  readonly name: string;
}

/**
 * The retrier that a failure meets, and how long to wait before the next attempt; undefined when it meets none, or one
 * whose attempts are used up (a later retrier is not asked then).
 * @param names of the failure, the narrowest first and the one that it is reported with last
 * @param counters retries made so far by each retrier in this visit of the state; not changed here, the caller adds one
 * @param random a number in [0, 1); asked only where JitterStrategy is FULL
 */
export function matchRetrier(
  retriers: readonly Retrier[] | undefined,
  names: readonly string[],
  counters: readonly number[],
  random: () => number = Math.random,
): Retry | undefined {
  const index = (retriers ?? []).findIndex((retrier) => matchesError(retrier.ErrorEquals, names));
  const retrier = retriers?.[index];
  const made = counters[index] ?? 0;
  if (retrier === undefined || made >= (retrier.MaxAttempts ?? defaultMaxAttempts)) return undefined;
  return { retrier: index, delaySeconds: delayOf(retrier, made, random) };
}

/** @param names as for `matchRetrier`; a failure is caught by the one that its catcher lists, else by the last */
export function matchCatcher(catchers: readonly Catcher[] | undefined, names: readonly string[]): Caught | undefined {
  const catcher = catchers?.find(({ ErrorEquals: errorEquals }) => matchesError(errorEquals, names));
  if (catcher === undefined) return undefined;
  return { catcher, name: names.find((name) => catcher.ErrorEquals.includes(name)) ?? names.at(-1) ?? '' };
}

function delayOf(retrier: Retrier, made: number, random: () => number): number {
  const interval = retrier.IntervalSeconds ?? defaultIntervalSeconds;
  const grown = interval * (retrier.BackoffRate ?? defaultBackoffRate) ** made;
  const delay = Math.min(grown, retrier.MaxDelaySeconds ?? Infinity);
  return retrier.JitterStrategy === 'FULL' ? delay * random() : delay;
}

/**
 * States.Runtime is out of reach of any Retry or Catch. States.DataLimitExceeded is what the guide exempts from
 * States.ALL too, but AWS's recorded answers show it caught there (the result of a Lambda function).
 */
function matchesError(errorEquals: readonly string[], names: readonly string[]): boolean {
  if (names.includes('States.Runtime')) return false;
  return errorEquals.some(
    (wanted) => names.includes(wanted) || wanted === 'States.ALL' || (wanted === 'States.TaskFailed' && !names.includes('States.Timeout')),
  );
}
