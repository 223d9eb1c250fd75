/** How fast a run goes, how long it will still take, and whether that fits into the downtime window. */
import { isDone } from '../core/records.ts';
import type { Estimate, Progress, RunStatus, Snapshot } from './progress.ts';
import type { DatabaseRow } from './records.ts';

/** Completions that a rate is taken over at least, where there are that many. */
const rateSample = 20;
const rateWindowSeconds = 60;
/** Below these, a rate says nothing yet. */
const leastSample = 5;
const leastSeconds = 5;

/** The state alone tells of VERIFIED; a record of before there was another end has no checkpoint in the index. */
export function isFinished(row: DatabaseRow): boolean {
  return row.state === 'VERIFIED' || (row.state === 'IMPORTED' && isDone(row));
}

/** Whether the run has ended, so that nothing will change without the operator. */
export function hasEnded(run: { readonly status: RunStatus }): boolean {
  return run.status !== 'RUNNING' && run.status !== 'PENDING_REDRIVE';
}

/**
 * The rate over the last minute, or over as far back as `rateSample` completions reach, within the run since it was
 * last started; for a run that has ended, over all of it. The time before the first completion says nothing about the
 * rate.
 */
export function computeThroughput(snapshot: Snapshot, at: Date): Progress['throughput'] {
  const { run, databases } = snapshot;
  if (run === undefined) return null;
  const begin = (run.redrivenAt ?? run.startedAt).getTime();
  const completed = databases
    .filter((row) => isFinished(row) && row.updatedAt.getTime() >= begin)
    .sort((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime());
  if (hasEnded(run)) return rateOf(completed, begin, (run.endedAt ?? at).getTime(), 1, 0);
  const minuteAgo = at.getTime() - rateWindowSeconds * 1000;
  const sampled = completed.length > rateSample ? completed[completed.length - 1 - rateSample] : completed[0];
  const from = Math.min(minuteAgo, sampled?.updatedAt.getTime() ?? begin);
  const first = completed[0]?.updatedAt.getTime() ?? begin;
  return rateOf(completed, Math.max(first, from), at.getTime(), leastSample, leastSeconds);
}

/** Null for fewer completions after `from`, or less time since, than say something. */
function rateOf(
  completed: readonly DatabaseRow[],
  from: number,
  end: number,
  least: number,
  seconds: number,
): Progress['throughput'] {
  const counted = completed.filter((row) => row.updatedAt.getTime() > from);
  const overSeconds = (end - from) / 1000;
  if (counted.length < least || overSeconds <= seconds) return null;
  return {
    databasesPerMinute: (counted.length * 60) / overSeconds,
    bytesPerSecond: sum(counted, (row) => row.sqlBytes) / overSeconds,
    overSeconds,
  };
}

export function computeEstimate(snapshot: Snapshot, throughput: Progress['throughput']): Estimate {
  const { run, databases } = snapshot;
  if (run === undefined || hasEnded(run)) return { state: 'none' };
  const begin = (run.redrivenAt ?? run.startedAt).getTime();
  // A dead letter of before the redrive is still to be worked on.
  const isDone = (row: DatabaseRow): boolean =>
    isFinished(row) || (row.state === 'DEAD_LETTERED' && row.updatedAt.getTime() >= begin);
  const open = databases.filter((row) => !isDone(row)).length;
  const remaining = snapshot.unfinishedInPass ?? open;
  if (remaining === 0 && databases.length > 0) return { state: 'finishing' };
  if (throughput === null || throughput.databasesPerMinute === 0) return { state: 'measuring' };
  return { state: 'ready', seconds: (remaining * 60) / throughput.databasesPerMinute };
}

export function computeWindow(
  seconds: number | undefined,
  elapsedSeconds: number | null,
  estimate: Estimate,
  status: RunStatus | undefined,
): Progress['window'] {
  if (seconds === undefined || elapsedSeconds === null) return null;
  const leftSeconds = seconds - elapsedSeconds;
  const spareSeconds = spareOf(leftSeconds, estimate, status);
  return { seconds, leftSeconds, spareSeconds, fits: spareSeconds === null ? null : spareSeconds >= 0 };
}

function spareOf(leftSeconds: number, estimate: Estimate, status: RunStatus | undefined): number | null {
  if (status === 'SUCCEEDED' || estimate.state === 'finishing') return leftSeconds;
  if (estimate.state === 'ready') return leftSeconds - estimate.seconds;
  return leftSeconds < 0 ? leftSeconds : null;
}

export function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, (to.getTime() - from.getTime()) / 1000);
}

export function sum(rows: readonly DatabaseRow[], value: (row: DatabaseRow) => number | undefined): number {
  return rows.reduce((total, row) => total + (value(row) ?? 0), 0);
}
