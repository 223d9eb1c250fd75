/** What an assessment found, as lines for a terminal: the outcome, the servers, the checks, and what is blocked. */
import { describeFinding } from '../../core/assessment/blocked-branch.ts';
import type { Severity } from '../../core/assessment/check.ts';
import { severities } from '../../core/assessment/check.ts';
import { findCheck } from '../../core/assessment/registry.ts';
import type { DatabaseFinding } from '../assess/store.ts';
import type { CheckSummary, ServerFinding, Summary } from '../assess/summary.ts';
import { isBlocked } from '../assess/summary.ts';
import { formatBytes, formatCount, formatPercent, formatPlural } from '../terminal/format.ts';
import type { Style } from '../terminal/style.ts';
import { padEnd, padStart, printable, textWidth, truncate, wrap } from '../terminal/text.ts';
import { severityNames, severityPaint } from './assessment-progress.ts';
import { shareOut } from './progress.ts';

export interface AssessmentLayout {
  readonly width: number;
  readonly style: Style;
}

export interface BlockedDatabases {
  readonly findings: readonly DatabaseFinding[];
  readonly failures: readonly { readonly name: string; readonly error: string; readonly message: string }[];
}

const occurrencesShown = 4;

export function renderAssessment(summary: Summary, { findings, failures }: BlockedDatabases, layout: AssessmentLayout): string[] {
  const sections = [
    renderHeading(summary, layout),
    renderOutcome(summary, layout),
    renderServers(summary.servers, layout),
    renderChecks(summary.checks, layout),
    renderBlocked(summary, findings, layout),
    renderFailures(summary, failures, layout),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

function renderHeading(summary: Summary, { width, style }: AssessmentLayout): string[] {
  const { source, target, totals } = summary;
  const verdict = isBlocked(summary) ? style.red(style.bold('BLOCKED')) : style.green(style.bold('NOTHING BLOCKS'));
  const title = `${style.bold(`Assessment of ${printable(source.address)}`)}${style.dim(`  MySQL ${printable(source.version)}`)}`;
  const gap = width - 1 - textWidth(title) - textWidth(verdict);
  const objects = [
    formatPlural(totals.tables, 'table'), formatPlural(totals.views, 'view'), formatPlural(totals.triggers, 'trigger'), formatPlural(totals.routines, 'routine'), formatPlural(totals.events, 'event'),
    `${formatBytes(totals.dataBytes)} of rows`, `${formatBytes(totals.indexBytes)} of indexes`,
  ];
  return [
    gap >= 2 ? title + ' '.repeat(gap) + verdict : `${title}  ${verdict}`,
    target === null ? style.dim('without a target: what depends on it was not checked (--target)') : style.dim(`for ${printable(target.address)}  MySQL ${printable(target.version)}`),
    ...wrap(`${formatPlural(totals.databases, 'database')}: ${objects.join(', ')}`, width - 1),
  ];
}

function renderOutcome({ outcome, totals }: Summary, { width, style }: AssessmentLayout): string[] {
  const rows = [
    { count: outcome.blocked, label: 'blocked', text: 'cannot be migrated as they are', cell: '×', paint: style.red },
    { count: outcome.failed, label: 'not read', text: 'could not be assessed', cell: '?', paint: style.red },
    { count: outcome.warnings, label: 'warnings', text: 'arrive, and may behave otherwise in places', cell: '▒', paint: style.yellow },
    { count: outcome.convertedOnly, label: 'converted', text: 'arrive, with changes that Ferry makes on the way', cell: '▓', paint: style.cyan },
    { count: outcome.clean, label: 'clean', text: 'arrive as they are', cell: '█', paint: style.green },
  ];
  if (totals.databases === 0) return [style.dim('No database is assessed yet.')];
  const sizes = shareOut(rows.map(({ count }) => count), width - 1);
  return [
    rows.map(({ cell, paint }, index) => paint(cell.repeat(sizes[index] ?? 0))).join(''),
    ...rows
      .filter(({ count, label }) => count > 0 || label === 'blocked')
      .map(({ count, label, text, paint }) => {
        const line = `  ${padStart(formatCount(count), 8)} ${padStart(formatPercent(count, totals.databases), 5)}  ${padEnd(label, 10)}`;
        return `${count === 0 ? style.dim(line) : paint(line)} ${style.dim(text)}`;
      }),
  ];
}

function renderServers(findings: readonly ServerFinding[], { width, style }: AssessmentLayout): string[] {
  if (findings.length === 0) return [];
  return [
    style.bold('Servers'),
    ...findings.flatMap(({ check, severity, occurrences }) => {
      const shown = occurrences.slice(0, occurrencesShown).map(({ object, detail }) => [object, detail ?? ''].filter((part) => part !== '').join(': '));
      const more = occurrences.length > occurrencesShown ? [`and ${occurrences.length - occurrencesShown} more`] : [];
      const seen = [...shown, ...more].filter((text) => text !== '');
      const head = `  ${severityPaint(severity, style)(padEnd(severityNames[severity], 12))}${style.bold(check)}`;
      const texts = [...seen, ...(severity === 'blocks' ? [`Remedy: ${findCheck(check)?.remedy ?? ''}`] : [])];
      return [head, ...texts.flatMap((text) => wrap(printable(text), Math.max(30, width - 16)).map((line) => `${' '.repeat(14)}${line}`))];
    }),
  ];
}

function renderChecks(checks: readonly CheckSummary[], { width, style }: AssessmentLayout): string[] {
  if (checks.length === 0) return [];
  const sorted = severities.flatMap((severity) => checks.filter((check) => check.severity === severity).toSorted((a, b) => b.databases - a.databases || b.objects - a.objects));
  const nameWidth = Math.max(...sorted.map(({ check }) => check.length));
  let last: Severity | undefined;
  return [
    style.bold('Findings'),
    style.dim(`  ${padEnd('Severity', 12)}${padEnd('Check', nameWidth)}${padStart('Databases', 11)}${padStart('Objects', 11)}`),
    ...sorted.map(({ check, severity, databases, objects }) => {
      const label = severity === last ? '' : severityNames[severity];
      last = severity;
      const cells = `${padEnd(check, nameWidth)}${padStart(formatCount(databases), 11)}${padStart(formatCount(objects), 11)}`;
      const room = width - 1 - 14 - textWidth(cells) - 2;
      const cause = room >= 24 ? `  ${style.dim(truncate(findCheck(check)?.cause ?? '', room))}` : '';
      return `  ${severityPaint(severity, style)(padEnd(label, 12))}${cells}${cause}`;
    }),
  ];
}

function renderBlocked({ totals }: Summary, findings: readonly DatabaseFinding[], { width, style }: AssessmentLayout): string[] {
  if (findings.length === 0) return [];
  const byDatabase = Map.groupBy(findings, ({ database }) => database);
  const nameWidth = Math.min(Math.max(...[...byDatabase.keys()].map((name) => textWidth(printable(name)))), Math.floor(width / 3));
  const indent = ' '.repeat(nameWidth + 4);
  const rest = totals.blocked - byDatabase.size;
  const remedies = [...new Set(findings.map(({ check }) => check))];
  return [
    `${style.bold('Blocked')}  ${formatCount(totals.blocked)}`,
    ...[...byDatabase].flatMap(([name, ofDatabase]) => {
      const lines = ofDatabase.flatMap((finding) => wrap(printable(describeFinding(finding)), Math.max(30, width - indent.length - 1)));
      return lines.map((line, index) => (index === 0 ? `  ${style.bold(padEnd(printable(name), nameWidth))}  ${line}` : `${indent}${line}`));
    }),
    ...(rest > 0 ? [style.dim(`  and ${formatCount(rest)} more: --html FILE or --json names them all`)] : []),
    ...remedies.flatMap((check) => {
      const text = `${check}: ${findCheck(check)?.remedy ?? ''}`;
      return wrap(text, Math.max(30, width - 11)).map((line, index) => (index === 0 ? `  ${style.yellow('Remedy')}  ${line}` : `          ${line}`));
    }),
  ];
}

function renderFailures({ outcome }: Summary, failures: BlockedDatabases['failures'], { width, style }: AssessmentLayout): string[] {
  if (failures.length === 0) return [];
  const rest = outcome.failed - failures.length;
  return [
    `${style.bold('Not assessed')}  ${formatCount(outcome.failed)}`,
    ...failures.map(({ name, error, message }) => truncate(`  ${style.bold(printable(name))}  ${style.red(error)}: ${printable(message)}`, width - 1)),
    ...(rest > 0 ? [style.dim(`  and ${formatCount(rest)} more`)] : []),
  ];
}
