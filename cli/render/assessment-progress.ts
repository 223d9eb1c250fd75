/** The progress of an assessment as lines: a block for a terminal, one line for a log. */
import type { Severity } from '../../core/assessment/check.ts';
import type { AssessmentProgress } from '../assess/progress.ts';
import { formatClock, formatCount, formatDuration, formatPercent, formatPlural } from '../terminal/format.ts';
import type { Paint, Style } from '../terminal/style.ts';
import { padEnd, padStart } from '../terminal/text.ts';

export const severityNames: Readonly<Record<Severity, string>> = { blocks: 'blocks', converted: 'converted', warning: 'warning', information: 'information' };

export function severityPaint(severity: Severity, style: Style): Paint {
  return { blocks: style.red, converted: style.green, warning: style.yellow, information: style.cyan }[severity];
}

export function renderAssessmentProgress(progress: AssessmentProgress, { width, style }: { readonly width: number; readonly style: Style }): string[] {
  const { total, done, found } = progress;
  const caption = `${formatCount(done)} of ${formatCount(total)} assessed  ${formatPercent(done, total)}`;
  const room = Math.max(10, width - caption.length - 4);
  const filled = total === 0 ? 0 : Math.floor((done * room) / total);
  const bar = style.green('█'.repeat(filled)) + style.dim('░'.repeat(room - filled));
  const counts = (['blocks', 'converted', 'warning', 'information'] as const).map((severity) => {
    const line = `  ${padEnd(severityNames[severity], 12)}${padStart(formatCount(found[severity]), 9)} ${found[severity] === 1 ? 'database ' : 'databases'}`;
    return found[severity] === 0 ? style.dim(line) : severityPaint(severity, style)(line);
  });
  const facts = factsOf(progress, style);
  return [
    style.bold(`Assessing ${progress.source}`),
    '',
    `${bar}  ${style.bold(caption)}`,
    '',
    ...counts.map((line, index) => `${line}     ${facts[index] ?? ''}`),
  ];
}

function factsOf(progress: AssessmentProgress, style: Style): string[] {
  const { earlier, failed, leftSeconds, perSecond, queriesPerDatabase } = progress;
  const resumed = earlier === 0 ? '' : `, ${formatCount(earlier)} assessed before`;
  const unreadable = failed === 0 ? '' : style.red(`, ${formatCount(failed)} could not be read`);
  const rate = perSecond === null || queriesPerDatabase === null ? 'measuring' : `${perSecond.toFixed(1)} databases/s, ${queriesPerDatabase.toFixed(1)} queries each`;
  return [
    ['elapsed', `${formatClock(progress.elapsedSeconds)}${resumed}${unreadable}`],
    ['estimate', leftSeconds === null ? 'measuring' : `about ${formatDuration(Math.max(1, Math.round(leftSeconds)))} left`],
    ['rate', rate],
    ['source', describeLoad(progress, style)],
  ].map(([label = '', value = '']) => `${style.dim(padEnd(label, 10))}${value}`);
}

function describeLoad({ threadsRunning, maxThreadsRunning, waitingSeconds }: AssessmentProgress, style: Style): string {
  const threads = `${threadsRunning} threads running, limit ${maxThreadsRunning}`;
  return waitingSeconds === null ? threads : style.yellow(`${threads}: waiting for ${formatDuration(waitingSeconds)}`);
}

/** `2026-11-22T07:22:12Z 1,204/50,000 assessed, 12 blocked; 96.1/s; about 8 min left` */
export function renderAssessmentLine(progress: AssessmentProgress, at: Date): string {
  const { done, total, found, perSecond, leftSeconds, waitingSeconds, threadsRunning, maxThreadsRunning, earlier } = progress;
  const parts = [`${formatCount(done)}/${formatCount(total)} assessed`];
  if (earlier > 0) parts[0] = `${parts[0] ?? ''} (${formatCount(earlier)} before)`;
  if (found.blocks > 0) parts.push(`${formatPlural(found.blocks, 'database')} blocked`);
  if (perSecond !== null) parts.push(`${perSecond.toFixed(1)}/s`);
  if (leftSeconds !== null && done < total) parts.push(`about ${formatDuration(Math.max(1, Math.round(leftSeconds)))} left`);
  if (waitingSeconds !== null) parts.push(`waiting: ${threadsRunning} threads run, the limit is ${maxThreadsRunning}`);
  return `${at.toISOString().replace(/\.\d+Z$/, 'Z')} ${parts.join('; ')}`;
}
