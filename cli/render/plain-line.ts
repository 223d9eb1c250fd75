/** The progress of a run as single lines, for a log or a pipe. */
import { formatBytes, formatCount, formatDuration } from '../terminal/format.ts';
import { printable } from '../terminal/text.ts';
import type { Progress } from '../progress.ts';
import type { DatabaseState } from '../../core/records.ts';
import { cannotRunText } from '../../core/stored-objects/cannot-run.ts';
import { holdWords } from '../holds/holds.ts';
import { describeEstimate } from './progress.ts';

const words: readonly (readonly [DatabaseState, string])[] = [
  ['PENDING', 'pending'],
  ['DUMPING', 'dumping'],
  ['DUMPED', 'dumped'],
  ['IMPORTING', 'importing'],
  ['IMPORTED', 'verifying'],
  ['RETRYING', 'retrying'],
  ['DEAD_LETTERED', 'dead-lettered'],
];

/** `2026-11-22T07:22:12Z RUNNING 112/200 verified, 4 dumping, …; 93/min, 4.2 MB/s; about 57 s left` */
export function renderPlainLine(progress: Progress): string {
  const { counts, unverified, cannotRun, total, run, throughput } = progress;
  const waiting = progress.waiting.reduce((sum, { failures }) => sum + failures.length, 0);
  const held = progress.held.reduce((sum, { databases }) => sum + databases.length, 0);
  const apart: Partial<Record<DatabaseState, number>> = { IMPORTED: unverified + waiting, RETRYING: held };
  const openIn = (state: DatabaseState): number => counts[state] - (apart[state] ?? 0);
  const open = words.filter(([state]) => openIn(state) > 0).map(([state, word]) => `${formatCount(openIn(state))} ${word}`);
  open.push(...progress.held.map(holdWords));
  if (waiting > 0) open.push(`${formatCount(waiting)} waiting for others`);
  const notVerified = unverified > 0 ? [`${formatCount(unverified)} imported and not verified`] : [];
  const dead = cannotRun.databases > 0 ? [`of which ${formatCount(cannotRun.databases)} with ${cannotRunText(cannotRun.objects).replace(' cannot', ' that cannot')}`] : [];
  const parts = [[`${formatCount(counts.VERIFIED)}/${formatCount(total)} verified`, ...dead, ...notVerified, ...open].join(', ')];
  if (throughput !== null) parts.push(`${throughput.databasesPerMinute.toFixed(1)}/min, ${formatBytes(throughput.bytesPerSecond)}/s`);
  if (run?.status === 'RUNNING' && total > 0) parts.push(describeEstimate(progress.estimate));
  if (progress.window?.fits === false) parts.push(`the window is too short by ${formatDuration(-(progress.window.spareSeconds ?? 0))}`);
  return `${progress.at.replace(/\.\d+Z$/, 'Z')} ${run?.status ?? 'NO RUN'} ${parts.join('; ')}`;
}

/** A line for each dead letter of this run, since it was last started, that `earlier` did not have. */
export function renderNewDeadLetters(progress: Progress, earlier: ReadonlySet<string>): string[] {
  const begin = progress.run?.redrivenAt ?? progress.run?.startedAt ?? '';
  return progress.deadLetters.flatMap(({ error, failures }) =>
    failures
      .filter(({ database, at }) => at >= begin && !earlier.has(deadLetterId(database, at)))
      .map(({ database, at, message }) => `${at.replace(/\.\d+Z$/, 'Z')} DEAD_LETTERED ${printable(database)} ${printable(error)}: ${printable(message)}`),
  );
}

export function deadLetterIds(progress: Progress): Set<string> {
  return new Set(progress.deadLetters.flatMap(({ failures }) => failures.map(({ database, at }) => deadLetterId(database, at))));
}

function deadLetterId(database: string, at: string): string {
  return `${at} ${database}`;
}
