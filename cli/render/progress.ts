/** The progress of a migration as lines for a terminal: a bar, states and facts side by side, what is worked on, failures. */
import {
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatPercent,
  formatPlural,
  unknown,
} from '../terminal/format.ts';
import type { Paint, Style } from '../terminal/style.ts';
import { padEnd, padStart, printable, textWidth, truncate } from '../terminal/text.ts';
import type { Estimate, Progress, SlotUse } from '../progress.ts';
import { hasEnded } from '../estimate.ts';
import { databaseStates } from '../../core/records.ts';
import { cannotRunText } from '../../core/stored-objects/cannot-run.ts';
import type { DatabaseState } from '../../core/records.ts';
import { renderHolds } from '../holds/holds.ts';
import { renderFailureLine, renderFailures } from './failures.ts';

export interface Layout {
  readonly width: number;
  readonly style: Style;
  /** Databases in progress to show; 0 leaves the section out. */
  readonly inProgress: number;
  /** Databases shown of each error, with message and remedy; 0 gives each error one line of names. */
  readonly failuresShown: number;
}

/** Narrower than this, states and facts stand below each other. */
const twoColumnsFrom = 76;
const stateColumn = 24;

export function renderProgress(progress: Progress, layout: Layout): string[] {
  const sections = [
    renderHeading(progress, layout),
    renderBar(progress, layout),
    renderBody(progress, layout),
    renderInProgress(progress, layout),
    renderHolds(progress.held, layout.width, layout.style),
    renderFailureSection('Retrying', progress.retrying, layout),
    renderFailureSection('Waiting for other databases', progress.waiting, layout),
    renderFailureSection('Dead letters', progress.deadLetters, layout),
  ];
  const lines = sections.filter((section) => section.length > 0).flatMap((section, index) => (index === 0 ? section : ['', ...section]));
  return lines.map((line) => truncate(line, layout.width - 1));
}

function renderHeading({ migration, run }: Progress, { width, style }: Layout): string[] {
  const name = style.bold(printable(migration));
  if (run === null) return [`${name}  no run`];
  const passes = run.passes > 1 ? style.dim(`  pass ${run.passes}`) : '';
  const left = `${name}  ${style.dim(printable(run.name))}${passes}`;
  const right = statusPaint(run.status, style)(style.bold(run.status));
  const gap = width - 1 - textWidth(left) - textWidth(right);
  return gap >= 2 ? [left + ' '.repeat(gap) + right] : [left, right];
}

function statusPaint(status: string, style: Style): Paint {
  if (status === 'SUCCEEDED') return style.green;
  return status === 'RUNNING' || status === 'PENDING_REDRIVE' ? style.cyan : style.red;
}

/** Each kind of cell has a shade of its own, so that the bar can be read without colours. */
const barParts: readonly { readonly states: readonly DatabaseState[]; readonly cell: string; readonly paint: keyof Style & ('green' | 'cyan' | 'yellow' | 'red' | 'dim') }[] = [
  { states: ['VERIFIED'], cell: '█', paint: 'green' },
  { states: ['IMPORTING', 'IMPORTED'], cell: '▓', paint: 'cyan' },
  { states: ['DUMPING', 'DUMPED'], cell: '▒', paint: 'cyan' },
  { states: ['RETRYING'], cell: '▒', paint: 'yellow' },
  { states: ['PENDING'], cell: '░', paint: 'dim' },
  { states: ['DEAD_LETTERED'], cell: '×', paint: 'red' },
];

function renderBar({ counts, unverified, total }: Progress, { width, style }: Layout): string[] {
  if (total === 0) return [style.dim('No database is on record yet.')];
  const notVerified = unverified === 0 ? '' : `  ${formatCount(unverified)} NOT VERIFIED`;
  const caption = `${formatCount(counts.VERIFIED)} of ${formatCount(total)} verified  ${formatPercent(counts.VERIFIED, total)}${notVerified}`;
  const room = width - 1 - caption.length - 2;
  const cells = room >= 20 ? room : width - 1;
  const sizes = shareOut(barParts.map(({ states }) => states.reduce((sum, state) => sum + counts[state], 0)), cells);
  const bar = barParts.map(({ cell, paint }, index) => style[paint](cell.repeat(sizes[index] ?? 0))).join('');
  return room >= 20 ? [`${bar}  ${style.bold(caption)}`] : [bar, style.bold(caption)];
}

/** `cells` divided in proportion; what is not nothing gets a cell, and all of it is shared out (largest remainders first). */
export function shareOut(amounts: readonly number[], cells: number): number[] {
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  if (total === 0) return amounts.map(() => 0);
  const exact = amounts.map((amount) => (amount * cells) / total);
  const sizes = amounts.map((amount, index) => (amount === 0 ? 0 : Math.max(1, Math.floor(exact[index] ?? 0))));
  const order = amounts.map((_, index) => index).filter((index) => (amounts[index] ?? 0) > 0);
  const error = (index: number): number => (exact[index] ?? 0) - (sizes[index] ?? 0);
  for (let left = cells - sizes.reduce((sum, size) => sum + size, 0); left !== 0; left -= Math.sign(left)) {
    const sign = Math.sign(left);
    const candidates = order.filter((index) => sign > 0 || (sizes[index] ?? 0) > 1);
    const [best] = candidates.sort((a, b) => sign * (error(b) - error(a)));
    if (best === undefined) break;
    sizes[best] = (sizes[best] ?? 0) + sign;
  }
  return sizes;
}

function renderBody(progress: Progress, { width, style }: Layout): string[] {
  const states = renderStates(progress, style);
  const facts = renderFacts(progress, style);
  if (width < twoColumnsFrom) return [...states, '', ...facts.map((fact) => `  ${fact}`)];
  const rows = Math.max(states.length, facts.length);
  return Array.from({ length: rows }, (_, index) => {
    const state = states[index] ?? '';
    const fact = facts[index];
    return fact === undefined ? state : `${state}${' '.repeat(Math.max(0, stateColumn + 6 - textWidth(state)))}${fact}`;
  });
}

function renderStates({ counts }: Progress, style: Style): string[] {
  const nameWidth = Math.max(...databaseStates.map((state) => state.length));
  return databaseStates.map((state) => {
    const count = counts[state];
    const line = `  ${padEnd(state, nameWidth)}${padStart(formatCount(count), stateColumn - nameWidth - 2)}`;
    return count === 0 ? style.dim(line) : statePaint(state, style)(line);
  });
}

function statePaint(state: DatabaseState, style: Style): Paint {
  if (state === 'VERIFIED') return style.green;
  if (state === 'DEAD_LETTERED') return style.red;
  if (state === 'RETRYING') return style.yellow;
  return (text) => text;
}

function renderFacts(progress: Progress, style: Style): string[] {
  const facts: [string, string][] = [];
  if (progress.run !== null) {
    facts.push(['elapsed', describeElapsed(progress)]);
    if (!hasEnded(progress.run)) facts.push(['estimate', describeEstimate(progress.estimate)]);
    if (progress.window !== null) facts.push(['window', hasEnded(progress.run) ? describeUsedWindow(progress, style) : describeWindow(progress.window, style)]);
    facts.push(['rate', describeRate(progress)]);
  }
  facts.push(['verified', `${formatCount(progress.moved.rows)} rows, ${formatBytes(progress.moved.sqlBytes)} of SQL`]);
  const { cannotRun } = progress;
  if (cannotRun.databases > 0) facts.push(['but', style.yellow(describeCannotRun(cannotRun))]);
  if (progress.run !== null && !hasEnded(progress.run)) {
    facts.push(['source', describeSlots(progress.slots.source, 'dump')]);
    facts.push(['target', describeSlots(progress.slots.target, 'import')]);
  }
  const frozen = describeFrozen(progress.frozen);
  if (frozen !== '') facts.push(['frozen', frozen]);
  return facts.map(([label, value]) => `${style.dim(padEnd(label, 10))}${value}`);
}

/** `3 objects cannot run, in crm, shop and 1 more (ferry show)`. */
function describeCannotRun({ databases, objects, first }: Progress['cannotRun']): string {
  const named = first.slice(0, 2).map(({ database }) => printable(database));
  const more = databases > named.length ? ` and ${formatCount(databases - named.length)} more` : '';
  return `${cannotRunText(objects)}, in ${named.join(', ')}${more} (ferry show)`;
}

function describeFrozen({ held, nextDeadline, withdrawn }: Progress['frozen']): string {
  const now = held === 0 || nextDeadline === null ? [] : [`${formatPlural(held, 'database')}, the first until ${nextDeadline.slice(11, 16)} UTC`];
  const kept = withdrawn === 0 ? [] : [`${formatPlural(withdrawn, 'database')} with privileges still withdrawn (ferry unfreeze)`];
  return [...now, ...kept].join('; ');
}

function describeElapsed({ elapsedSeconds, sinceRedriveSeconds, run }: Progress): string {
  const elapsed = formatClock(elapsedSeconds ?? 0);
  if (run === null || run.redrives === 0) return elapsed;
  const times = run.redrives === 1 ? 'redriven' : `redriven ${run.redrives} times, last`;
  return `${elapsed}, ${times} ${formatClock(sinceRedriveSeconds ?? 0)} ${hasEnded(run) ? 'before its end' : 'ago'}`;
}

export function describeEstimate(estimate: Estimate): string {
  switch (estimate.state) {
    case 'none':
      return unknown;
    case 'measuring':
      return 'measuring';
    case 'finishing':
      return 'finishing';
    case 'ready':
      return `about ${formatDuration(Math.max(1, Math.round(estimate.seconds)))} left`;
  }
}

function describeWindow(window: NonNullable<Progress['window']>, style: Style): string {
  const clock = window.leftSeconds >= 0 ? `${formatClock(window.leftSeconds)} left` : `over by ${formatClock(-window.leftSeconds)}`;
  const total = `of ${formatDuration(window.seconds)}`;
  if (window.fits === null || window.spareSeconds === null || window.leftSeconds < 0) {
    return window.leftSeconds < 0 ? style.red(`${clock} (${formatDuration(window.seconds)})`) : `${clock} ${total}`;
  }
  const spare = formatDuration(Math.round(Math.abs(window.spareSeconds)));
  return window.fits ? `${clock} ${total}, ${style.green(`fits with ${spare} to spare`)}` : `${clock} ${total}, ${style.red(`too short by ${spare}`)}`;
}

function describeUsedWindow({ window, elapsedSeconds }: Progress, style: Style): string {
  const used = `${formatClock(elapsedSeconds ?? 0)} of ${formatDuration(window?.seconds ?? 0)} used`;
  return (window?.leftSeconds ?? 0) < 0 ? style.red(used) : used;
}

function describeRate({ throughput, run }: Progress): string {
  if (throughput === null) return run !== null && hasEnded(run) ? unknown : 'measuring';
  const { databasesPerMinute, bytesPerSecond } = throughput;
  const rate = databasesPerMinute >= 10 ? formatCount(databasesPerMinute) : databasesPerMinute.toFixed(1);
  return `${rate} databases/min, ${formatBytes(bytesPerSecond)}/s of SQL`;
}

function describeSlots({ held, limit, holders }: SlotUse, kind: string): string {
  const oldest = holders[0];
  const of = limit === null ? '' : ` of ${formatCount(limit)}`;
  const longest = oldest === undefined ? '' : `, longest held ${formatClock(oldest.heldSeconds)}`;
  return `${formatCount(held)}${of} ${kind} slots${longest}`;
}

function renderInProgress({ inProgress }: Progress, { width, style, inProgress: shown }: Layout): string[] {
  if (shown === 0 || inProgress.length === 0) return [];
  const rows = inProgress.slice(0, shown);
  const nameWidth = Math.min(Math.max(20, ...rows.map((row) => textWidth(printable(row.database)))), Math.max(20, width - 40));
  const rest = inProgress.length - rows.length;
  return [
    `${style.bold('In progress')}${style.dim(', longest first')}`,
    ...rows.map(
      ({ database, state, attempt, seconds }) =>
        `  ${padEnd(printable(database), nameWidth)}  ${padEnd(verbOf(state), 10)}${padStart(formatClock(seconds), 8)}` +
        (attempt > 1 ? style.yellow(`  attempt ${attempt}`) : ''),
    ),
    ...(rest > 0 ? [style.dim(`  and ${formatPlural(rest, 'more', 'more')}`)] : []),
  ];
}

/** A database whose import has ended is being verified. */
function verbOf(state: DatabaseState): string {
  if (state === 'DUMPING') return 'dumping';
  return state === 'IMPORTING' ? 'importing' : 'verifying';
}

function renderFailureSection(title: string, groups: Progress['deadLetters'], { width, style, failuresShown }: Layout): string[] {
  const count = groups.reduce((sum, group) => sum + group.failures.length, 0);
  if (count === 0) return [];
  const lines = failuresShown === 0 ? groups.map((group) => renderFailureLine(group, width, style)) : renderFailures(groups, { width, style, shown: failuresShown });
  return [`${style.bold(title)}  ${formatCount(count)}`, ...lines];
}
