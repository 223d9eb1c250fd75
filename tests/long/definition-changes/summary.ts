/** What came of trials, as lines of text. */
import type { Trial } from './trial.ts';

export function summarize(trials: readonly Trial[]): string {
  const lines = [`${trials.length} trials; verified and not one moment: ${trials.filter(({ isOneMoment }) => isOneMoment === false).length}`];
  for (const [title, keysOf] of groupings) {
    lines.push('', title);
    for (const [key, own] of [...groupBy(trials, keysOf)].sort(([one], [other]) => (one < other ? -1 : 1))) {
      const outcomes = [...groupBy(own, ({ outcome, failures }) => [`${outcome}${failures.length === 0 ? '' : ` at try ${failures.length + 1}`}`])].map(([outcome, some]) => `${outcome} ${some.length}`).sort();
      lines.push(`  ${key}: ${own.length} (${outcomes.join(', ')}), longest wait of the application ${longest(own.map(({ longestWait }) => longestWait))} s, of a change ${longest(own.map(({ longestChange }) => longestChange))} s`);
    }
  }
  return `${lines.join('\n')}\n`;
}

type KeysOf = (trial: Trial) => readonly string[];

const groupings: readonly (readonly [string, KeysOf])[] = [
  ['By source', ({ version }) => [version]],
  ['By engines', ({ mixture }) => [mixture]],
  ['By change', ({ changes }) => [...new Set(changes)]],
];

function groupBy(trials: readonly Trial[], keysOf: KeysOf): Map<string, Trial[]> {
  const groups = new Map<string, Trial[]>();
  for (const trial of trials) for (const key of keysOf(trial)) groups.set(key, [...(groups.get(key) ?? []), trial]);
  return groups;
}

function longest(milliseconds: readonly number[]): string {
  return (Math.max(0, ...milliseconds) / 1_000).toFixed(2);
}
