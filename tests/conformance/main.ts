/**
 * Compares the local runtime with what AWS answered (`npm run conformance`). The recordings are not part of the
 * project: without their folder nothing is compared, and the output says so.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readCases, type Outcome } from './cases.ts';
import { LimitedJudge, type SuiteName } from './limited.ts';
import { suites } from './suites.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '20' } } });
const seconds = Number(values.seconds);
const folder = resolve(process.env['ASL_CONFORMANCE'] ?? resolve(import.meta.dirname, '../../../shared/asl-conformance'));

if (existsSync(folder)) await compareAll();
else console.log(`SKIPPED: there are no recorded cases in ${folder}; set ASL_CONFORMANCE to their folder.`);

async function compareAll(): Promise<void> {
  await using judge = new LimitedJudge(seconds * 1000);
  for (const name of Object.keys(suites) as SuiteName[]) await compare(judge, name);
}

async function compare(judge: LimitedJudge, name: SuiteName): Promise<void> {
  const lines: string[] = [];
  const counts = { passed: 0, miss: 0, unsupported: 0, cut: 0 };
  const cases = readCases(folder, suites[name].file) as { readonly id: string }[];
  for (const recorded of cases) {
    const outcome = await judge.judge(name, recorded);
    counts[outcome?.kind ?? 'cut'] += 1;
    lines.push(...describe(recorded.id, outcome));
  }
  const { passed, miss, unsupported, cut } = counts;
  console.log(`${name}: ${passed} of ${cases.length} cases as AWS answered, ${miss} not, ${unsupported} unsupported, ${cut} cut after ${seconds} s`);
  for (const line of lines) console.log(`  ${line}`);
  if (miss + cut > 0) process.exitCode = 1;
}

function describe(id: string, outcome: Outcome | undefined): string[] {
  if (outcome === undefined) return [`CUT ${id}: it had not ended after ${seconds} s`];
  if (outcome.kind === 'unsupported') return [`unsupported ${id}: ${outcome.reason.split('\n').join(' ')}`];
  return outcome.kind === 'miss' ? [`MISS ${id}`, `  AWS:  ${outcome.expected}`, `  here: ${outcome.actual}`] : [];
}
