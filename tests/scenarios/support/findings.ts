/** What the assessment found, against what a scenario expects of it. */
import assert from 'node:assert/strict';
import type { Scenario } from './scenario.ts';

export type Finding = Scenario['findings'][number];

/** Every expected finding is there; others may be, because every check looks at every database. */
export function checkFindings(expected: readonly Finding[], found: readonly Finding[]): void {
  const lines = found.map(({ id, severity }) => `${id}: ${severity}`);
  const missing = expected.map(({ id, severity }) => `${id}: ${severity}`).filter((line) => !lines.includes(line));
  assert.deepEqual(missing, [], `findings that are not among ${lines.join(', ')}`);
}
