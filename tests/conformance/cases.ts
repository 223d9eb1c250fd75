/** What the conformance suites share: their result, and the recorded cases of one file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Miss {
  readonly id: string;
  readonly expected: string;
  readonly actual: string;
}

export interface SuiteResult {
  readonly total: number;
  readonly passed: number;
  readonly misses: readonly Miss[];
  /** Cases that use what the local runtime refuses. */
  readonly unsupported?: readonly { readonly id: string; readonly reason: string }[];
}

/** Every line of a JSON-lines file. */
export function readCases(folder: string, file: string): unknown[] {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as unknown);
}

/** @param judge the miss of a case, undefined when it passed */
export function runCases<Case>(cases: readonly Case[], judge: (recorded: Case) => Miss | undefined): SuiteResult {
  const misses = cases.map(judge).filter((miss) => miss !== undefined);
  return { total: cases.length, passed: cases.length - misses.length, misses };
}
