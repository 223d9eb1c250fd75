/**
 * Compares the local runtime with what AWS answered (`npm run conformance`). The recordings are not part of the
 * project: without their folder nothing is compared, and the output says so.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SuiteResult } from './cases.ts';
import { run as runChoice } from './choice.ts';
import { run as runExecutions } from './executions.ts';
import { run as runIntrinsic } from './intrinsic.ts';

const suites: readonly { readonly name: string; readonly run: (folder: string) => SuiteResult | Promise<SuiteResult> }[] = [
  { name: 'choice', run: runChoice },
  { name: 'intrinsic', run: runIntrinsic },
  { name: 'executions', run: runExecutions },
];

const folder = resolve(process.env['ASL_CONFORMANCE'] ?? resolve(import.meta.dirname, '../../../shared/asl-conformance'));

if (existsSync(folder)) {
  for (const suite of suites) report(suite.name, await suite.run(folder));
} else {
  console.log(`SKIPPED: there are no recorded cases in ${folder}; set ASL_CONFORMANCE to their folder.`);
}

function report(name: string, result: SuiteResult): void {
  console.log(`${name}: ${result.passed} of ${result.total} cases as AWS answered`);
  for (const { id, reason } of result.unsupported ?? []) console.log(`  unsupported ${id}: ${reason.split('\n').join(' ')}`);
  for (const miss of result.misses) {
    console.log(`  MISS ${miss.id}\n    AWS:  ${miss.expected}\n    here: ${miss.actual}`);
  }
  if (result.misses.length > 0) process.exitCode = 1;
}
