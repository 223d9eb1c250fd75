/** The outcomes of many trials as a table, by kind of fault. */
import { textTable } from '../../bench/text-table.ts';
import type { TrialResult } from './trial/run-trial.ts';

interface Row {
  trials: number;
  met: number;
  verified: number;
  databases: number;
  reasons: Map<string, number>;
  violations: number;
}

const header = ['fault', 'trials', 'met', 'databases', 'verified in spite of it', 'else', 'violations'];

export function summarize(results: readonly TrialResult[], markdown: boolean): string {
  const rows = [...rowsOf(results)].sort(([a], [b]) => a.localeCompare(b)).map(([name, row]) => cells(name, row));
  const table = markdown ? markdownTable([header, ...rows]) : textTable([header, ...rows]);
  const failed = results.filter(({ violations }) => violations.length > 0);
  const seconds = results.reduce((sum, each) => sum + each.seconds, 0);
  const databases = results.reduce((sum, { outcomes }) => sum + total(outcomes), 0);
  const seeds = results.map(({ plan }) => plan.seed).sort((a, b) => a - b);
  return [
    table,
    '',
    `${results.length} trials (seeds ${seeds[0] ?? 0} to ${seeds.at(-1) ?? 0}), ${databases} databases, ${(seconds / Math.max(1, results.length)).toFixed(1)} s a trial; ${failed.length} with violations${failed.length === 0 ? '' : `: seeds ${failed.map(({ plan }) => plan.seed).join(', ')}`}.`,
  ].join('\n');
}

/** A trial of several faults counts for each of them. */
function rowsOf(results: readonly TrialResult[]): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const { plan, met, outcomes, violations } of results) {
    for (const name of new Set(plan.faults.map(({ kind }) => kind.name))) {
      const row = rows.get(name) ?? { trials: 0, met: 0, verified: 0, databases: 0, reasons: new Map<string, number>(), violations: 0 };
      rows.set(name, row);
      row.trials += 1;
      row.met += met.some(({ kind }) => kind.name === name) ? 1 : 0;
      row.verified += outcomes.get('VERIFIED') ?? 0;
      row.databases += total(outcomes);
      row.violations += violations.length > 0 ? 1 : 0;
      for (const [outcome, count] of outcomes) if (outcome !== 'VERIFIED') row.reasons.set(outcome, (row.reasons.get(outcome) ?? 0) + count);
    }
  }
  return rows;
}

function cells(name: string, { trials, met, databases, verified, reasons, violations }: Row): string[] {
  const others = [...reasons].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${count} ${reason}`).join(', ');
  return [name, String(trials), String(met), String(databases), String(verified), others, String(violations)];
}

function total(outcomes: ReadonlyMap<string, number>): number {
  return [...outcomes.values()].reduce((sum, count) => sum + count, 0);
}

function markdownTable([first = [], ...rows]: readonly (readonly string[])[]): string {
  return [first, first.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
