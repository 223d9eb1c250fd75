/** What the conformance suites share: the outcome of a case, and the recorded cases of one file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'miss'; readonly expected: string; readonly actual: string }
  /** The case uses what the local runtime refuses. */
  | { readonly kind: 'unsupported'; readonly reason: string };

export const passed: Outcome = { kind: 'passed' };

export interface Suite {
  /** The file of its cases. */
  readonly file: string;
  /** @throws when the case is not of the suite's shape */
  readonly judge: (recorded: unknown) => Outcome | Promise<Outcome>;
}

/** Every line of a JSON-lines file. */
export function readCases(folder: string, file: string): unknown[] {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as unknown);
}
