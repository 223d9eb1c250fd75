/** What the benchmark prints. */
import type { Report } from '../core/contracts.ts';
import type { Measurement } from './measure.ts';
import { textTable } from './text-table.ts';

const sides = ['wall', 'source', 'target', 'clients'] as const;

/** Milliseconds per database: the median over the runs, and the range where there are several. */
export function measurementTable(ways: ReadonlyMap<string, readonly Measurement[]>, databases: number): string {
  const header = ['milliseconds per database', 'wall', 'source CPU', 'target CPU', 'client CPU', 'CPU'];
  const lines = [...ways].map(([way, measurements]) => [
    way,
    ...sides.map((side) => spread(measurements.map((measurement) => measurement[side] / databases))),
    spread(measurements.map((measurement) => totalCpu(measurement) / databases)),
  ]);
  return textTable([header, ...lines]);
}

/** How many times the baseline's wall and CPU each other way takes, by medians. */
export function ratioLines(ways: ReadonlyMap<string, readonly Measurement[]>, baseline: string): string {
  const base = ways.get(baseline) ?? [];
  if (base.length === 0) return '';
  return [...ways]
    .filter(([way, measurements]) => way !== baseline && measurements.length > 0)
    .map(([way, measurements]) => {
      const ratio = (of: (measurement: Measurement) => number): string => (median(measurements.map(of)) / median(base.map(of))).toFixed(2);
      return `${way} takes ${ratio((measurement) => measurement.wall)} of the wall time and ${ratio(totalCpu)} of the CPU time of: ${baseline}`;
    })
    .join('\n');
}

/** Means over all reports of a stage, by step; `wall` is from the task's start to its end. */
export function stageTable(reports: readonly Report[]): string {
  const lines = [['Ferry, mean milliseconds of a task', 'tasks', 'mean', 'most']];
  for (const stage of ['dump', 'import', 'verify'] as const) {
    const ofStage = reports.filter((report) => report.stage === stage);
    if (ofStage.length === 0) continue;
    lines.push(row(stage, ofStage.map(wallOf)));
    const steps = new Set(ofStage.flatMap((report) => Object.keys(report.milliseconds)));
    for (const step of steps) lines.push(row(`  ${step}`, ofStage.flatMap((report) => report.milliseconds[step] ?? [])));
  }
  return textTable(lines);
}

/**
 * What verification takes of the rest: the stage, and what the dump reads for it, over dump and import without these and
 * without the wait for a slot. Of wall times, so that a busy machine changes both.
 */
export function verificationLine(reports: readonly Report[]): string {
  const sum = (stage: Report['stage'], of: (report: Report) => number): number => reports.filter((report) => report.stage === stage).reduce((total, report) => total + of(report), 0);
  const step = (name: string) => (report: Report): number => report.milliseconds[name] ?? 0;
  const onSource = sum('dump', step('digest')) + sum('dump', step('objects'));
  const verification = onSource + sum('verify', wallOf);
  const moving = sum('dump', wallOf) - sum('dump', step('slot')) - onSource + sum('import', wallOf);
  return `Verification takes ${(verification / moving).toFixed(2)} of dump plus import (the stage ${(sum('verify', wallOf) / moving).toFixed(2)}, digests and objects of the source ${(onSource / moving).toFixed(2)}).`;
}

function wallOf(report: Report): number {
  return Date.parse(report.finishedAt) - Date.parse(report.startedAt);
}

function row(name: string, values: readonly number[]): string[] {
  return [name, String(values.length), (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(1), Math.max(...values).toFixed(0)];
}

function totalCpu(measurement: Measurement): number {
  return measurement.source + measurement.target + measurement.clients;
}

function spread(values: readonly number[]): string {
  if (values.length === 0) return '-';
  const middle = median(values).toFixed(0);
  return values.length === 1 ? middle : `${middle} [${Math.min(...values).toFixed(0)}-${Math.max(...values).toFixed(0)}]`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (upper + lower) / 2;
}
