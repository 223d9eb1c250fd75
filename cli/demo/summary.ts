/** The demo's last page: what was moved, what it took, and what was proved. */
import { formatBytes, formatCount, formatDuration, formatPlural } from '../terminal/format.ts';
import type { Style } from '../terminal/style.ts';
import { padEnd, padStart } from '../terminal/text.ts';
import type { StageTime } from './stage-times.ts';
import type { StepTime } from './narrator.ts';

export interface DemoSummary {
  readonly sourceVersion: string;
  readonly targetVersion: string;
  readonly databases: number;
  readonly tables: number;
  readonly views: number;
  readonly triggers: number;
  readonly routines: number;
  readonly events: number;
  readonly rows: number;
  readonly sqlBytes: number;
  readonly dumpBytes: number;
  readonly deadLetters: number;
  readonly redrives: number;
  readonly differences: number;
  readonly untouched: boolean;
  readonly migrationSeconds: number;
  readonly stages: readonly StageTime[];
  readonly steps: readonly StepTime[];
  readonly totalSeconds: number;
}

export function renderSummary(summary: DemoSummary, style: Style): string[] {
  return [
    style.bold('Summary'),
    ...renderFacts(summary, style),
    '',
    ...renderStages(summary.stages, style),
    '',
    ...renderSteps(summary, style),
  ];
}

function renderFacts(summary: DemoSummary, style: Style): string[] {
  const good = (text: string, is: boolean): string => (is ? style.green(text) : style.red(text));
  const perMinute = (summary.databases * 60) / Math.max(0.001, summary.migrationSeconds);
  const facts: [string, string][] = [
    ['from, to', `MySQL ${summary.sourceVersion}, MySQL ${summary.targetVersion}`],
    ['databases', `${formatCount(summary.databases)} verified, ${formatCount(perMinute)} a minute`],
    ['tables', `${formatCount(summary.tables)}, with ${formatCount(summary.rows)} rows`],
    ['objects', [formatPlural(summary.views, 'view'), formatPlural(summary.triggers, 'trigger'), formatPlural(summary.routines, 'routine'), formatPlural(summary.events, 'event')].join(', ')],
    ['data', `${formatBytes(summary.sqlBytes)} of SQL, stored as ${formatBytes(summary.dumpBytes)}`],
    ['dead letters', `${formatCount(summary.deadLetters)}, cured in ${formatPlural(summary.redrives, 'redrive')}`],
    ['bystander', good(summary.untouched ? 'the database that was on the target before is untouched' : 'the database that was on the target before was CHANGED', summary.untouched)],
    [
      'comparison',
      good(
        summary.differences === 0 ? 'source and target are the same in every row and object' : `${formatPlural(summary.differences, 'difference')} between source and target`,
        summary.differences === 0,
      ),
    ],
  ];
  return facts.map(([label, value]) => `  ${style.dim(padEnd(label, 14))}${value}`);
}

function renderStages(stages: readonly StageTime[], style: Style): string[] {
  const head = `  ${padEnd('Stage', 12)}${['databases', 'median', '95%', 'longest'].map((title) => padStart(title, 12)).join('')}`;
  const rows = stages.map(
    ({ stage, databases, medianSeconds, percentile95Seconds, longestSeconds }) =>
      `  ${padEnd(stage, 12)}${padStart(formatCount(databases), 12)}${[medianSeconds, percentile95Seconds, longestSeconds].map((seconds) => padStart(formatDuration(seconds), 12)).join('')}`,
  );
  return [style.dim(head), ...rows];
}

function renderSteps({ steps, totalSeconds }: DemoSummary, style: Style): string[] {
  return [
    style.dim(`  ${padEnd('Step', 12)}${padStart('wall time', 12)}`),
    ...steps.map(({ title, seconds }) => `  ${padEnd(title, 12)}${padStart(formatDuration(seconds), 12)}`),
    style.bold(`  ${padEnd('in all', 12)}${padStart(formatDuration(totalSeconds), 12)}`),
  ];
}
