/** Failures grouped by error: what happened to which databases, and what to do about it. */
import { formatCount, formatPlural } from '../terminal/format.ts';
import type { Style } from '../terminal/style.ts';
import { padEnd, printable, textWidth, truncate, wrap } from '../terminal/text.ts';
import type { Failure, FailureGroup } from '../progress.ts';

export interface FailureLayout {
  readonly width: number;
  readonly style: Style;
  /** Databases shown of each error; the rest are counted. */
  readonly shown: number;
}

export function renderFailures(groups: readonly FailureGroup[], layout: FailureLayout): string[] {
  return groups.flatMap((group, index) => [...(index === 0 ? [] : ['']), ...renderGroup(group, layout)]);
}

/** One line: the error, how many databases, and as many of their names as fit. */
export function renderFailureLine({ error, failures }: FailureGroup, width: number, style: Style): string {
  const names = failures.map(({ database }) => printable(database)).join(', ');
  return truncate(`  ${style.red(printable(error))}  ${formatCount(failures.length)}  ${names}`, width - 1);
}

function renderGroup(group: FailureGroup, layout: FailureLayout): string[] {
  const { style, width } = layout;
  const shown = group.failures.slice(0, layout.shown);
  const names = shown.map((failure) => printable(failure.database));
  const nameWidth = Math.min(Math.max(0, ...names.map(textWidth)), Math.max(12, Math.floor(width / 3)));
  const rest = group.failures.length - shown.length;
  return [
    `  ${style.red(style.bold(printable(group.error)))}  ${formatPlural(group.failures.length, 'database')}`,
    ...shown.flatMap((failure, index) => renderFailure(failure, names[index] ?? '', nameWidth, layout)),
    ...(rest > 0 ? [style.dim(`    and ${formatPlural(rest, 'more', 'more')}: ferry status --json names them all`)] : []),
    ...(group.remedy === null ? [] : labelled('Remedy: ', group.remedy, width, style)),
  ];
}

function renderFailure(failure: Failure, name: string, nameWidth: number, { width, style }: FailureLayout): string[] {
  const indent = 4 + nameWidth + 2;
  const lines = wrap(printable(failure.message), Math.max(20, width - indent - 1));
  const [first = '', ...others] = lines.slice(0, 4);
  return [`    ${style.bold(padEnd(name, nameWidth))}  ${first}`, ...others.map((line) => ' '.repeat(indent) + line)];
}

function labelled(label: string, text: string, width: number, style: Style): string[] {
  const indent = 4 + label.length;
  const [first = '', ...others] = wrap(text, Math.max(20, width - indent - 1));
  return [`    ${style.yellow(label)}${first}`, ...others.map((line) => ' '.repeat(indent) + line)];
}
