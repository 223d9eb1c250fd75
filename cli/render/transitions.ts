/** The history of a database as lines, and of a long one what a person can read of it. */
import { waitsFor } from '../holds/holds.ts';
import { formatCount, formatDuration, formatPlural } from '../terminal/format.ts';
import type { Style } from '../terminal/style.ts';
import { padEnd, padStart, printable } from '../terminal/text.ts';
import type { DatabaseLayout, DescribedTransition } from './database.ts';

/** What is shown of a history that has more than both together. */
const [firstShown, newestShown] = [6, 40];
/** Kinds of failure that are counted one by one in what is left out. */
const shownErrors = 5;

export function renderTransitions(transitions: readonly DescribedTransition[], { style, allTransitions = false }: Omit<DatabaseLayout, 'width'>): string[] {
  const head = style.dim(`  ${padEnd('Time (UTC)', 23)}  ${padEnd('State', 13)}  ${padStart('Lasted', 12)}  ${padStart('Attempt', 7)}`);
  const line = (transition: DescribedTransition): string => renderTransition(transition, style);
  if (allTransitions || transitions.length <= firstShown + newestShown) return [head, ...transitions.map(line)];
  const between = transitions.slice(firstShown, -newestShown);
  return [head, ...transitions.slice(0, firstShown).map(line), ...renderLeftOut(between, style), ...transitions.slice(-newestShown).map(line)];
}

function renderTransition({ state, at, lastedSeconds, attempt, error, heldFor }: DescribedTransition, style: Style): string {
  const duration = lastedSeconds === null ? '' : formatDuration(lastedSeconds);
  const cells = `  ${padEnd(timeText(at), 23)}  ${padEnd(state, 13)}  ${padStart(duration, 12)}  ${padStart(String(attempt), 7)}`;
  if (error === null) return cells;
  const held = heldFor === null ? '' : style.yellow(`, held for ${waitsFor[heldFor]}`);
  return `${cells}  ${style.red(printable(error))}${held}`;
}

function renderLeftOut(transitions: readonly DescribedTransition[], style: Style): string[] {
  const [first, last] = [transitions[0], transitions.at(-1)];
  if (first === undefined || last === undefined) return [];
  const lines = [`… ${formatPlural(transitions.length, 'transition')} from ${timeText(first.at)} to ${timeText(last.at)} (--all prints them)`];
  const errors = countErrors(transitions);
  for (const [error, count] of errors.slice(0, shownErrors)) lines.push(`  ${padStart(formatCount(count), 7)} × ${printable(error)}`);
  if (errors.length > shownErrors) lines.push(`  and ${formatPlural(errors.length - shownErrors, 'other failure')}`);
  return lines.map((line) => style.dim(`  ${line}`));
}

/** The most frequent first. */
function countErrors(transitions: readonly DescribedTransition[]): [error: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { error } of transitions) if (error !== null) counts.set(error, (counts.get(error) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one);
}

function timeText(at: string): string {
  return at.replace('T', ' ').replace('Z', '');
}
