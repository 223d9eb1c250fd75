/** What the doctor found, as lines: by area, what is well in one line, what is not with its reason and remedy. */
import { areas } from '../doctor/check.ts';
import type { CheckedFinding } from '../doctor/check.ts';
import type { Severity } from '../doctor/finding.ts';
import { formatPlural } from '../terminal/format.ts';
import type { Paint, Style } from '../terminal/style.ts';
import { padEnd, printable, textWidth, wrap } from '../terminal/text.ts';

export interface DoctorLayout {
  readonly width: number;
  readonly style: Style;
}

/** Narrower than this, a finding's text stands below its name. */
const besideFrom = 72;
const severityWidth = 'problem'.length;

export function renderFindings(title: string, findings: readonly CheckedFinding[], layout: DoctorLayout): string[] {
  const sections = areas.flatMap((area) => {
    const shown = joinSkipped(findings.filter((finding) => finding.area === area));
    return shown.length === 0 ? [] : [['', layout.style.bold(area), ...shown.flatMap((finding) => renderFinding(finding, layout))]];
  });
  const heading = wrap(printable(title), layout.width - 1).map(layout.style.bold);
  return [...heading, ...sections.flat(), '', ...wrap(summarize(findings), layout.width - 1)];
}

export function countBySeverity(findings: readonly CheckedFinding[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { problem: 0, warning: 0, ok: 0, skipped: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** `2 problems, 3 warnings, 21 ok, 4 skipped` */
export function summarize(findings: readonly CheckedFinding[]): string {
  const { problem, warning, ok, skipped } = countBySeverity(findings);
  return `${formatPlural(problem, 'problem')}, ${formatPlural(warning, 'warning')}, ${ok} ok, ${skipped} skipped`;
}

type Shown = Omit<CheckedFinding, 'check'> & { readonly names: readonly string[] };

/** Checks that are skipped one after the other for the same reason are one line. */
function joinSkipped(findings: readonly CheckedFinding[]): Shown[] {
  const shown: Shown[] = [];
  for (const { check, ...finding } of findings) {
    const last = shown.at(-1);
    if (finding.severity === 'skipped' && last?.severity === 'skipped' && last.what === finding.what) {
      shown[shown.length - 1] = { ...last, names: [...last.names, check] };
    } else {
      shown.push({ ...finding, names: [check] });
    }
  }
  return shown;
}

/** The longest of them. */
const nameWidth = 'fargate-quota +1 more'.length;

function renderFinding(finding: Shown, { width, style }: DoctorLayout): string[] {
  const { severity, what, why, remedy, names } = finding;
  const paint = severityPaint(severity, style);
  const [name = '', ...others] = names.map((each) => withoutArea(each, finding.area));
  const label = others.length === 0 ? name : `${name} +${others.length} more`;
  const beside = width >= besideFrom;
  const indent = beside ? 2 + severityWidth + 2 + nameWidth + 2 : 4;
  const room = Math.max(20, width - indent - 1);
  const texts = [
    ...wrap(printable(what), room).map((line) => (severity === 'skipped' ? style.dim(line) : line)),
    ...(why === null ? [] : labelled('Why: ', why, room, style)),
    ...(remedy === null ? [] : labelled('Do:  ', remedy, room, style)),
  ];
  const head = `  ${paint(padEnd(severity, severityWidth))}  `;
  if (!beside) return [`${head}${label}`, ...texts.map((line) => ' '.repeat(indent) + line)];
  const [first = '', ...rest] = texts;
  return [`${head}${padEnd(label, nameWidth)}  ${first}`, ...rest.map((line) => ' '.repeat(indent) + line)];
}

/** `tls` below the heading Source says as much as `source-tls`. */
function withoutArea(check: string, area: string): string {
  const prefix = `${area.toLowerCase()}-`;
  return check.startsWith(prefix) ? check.slice(prefix.length) : check;
}

function labelled(label: string, text: string, room: number, style: Style): string[] {
  const [first = '', ...others] = wrap(printable(text), Math.max(15, room - textWidth(label)));
  return [`${style.yellow(label)}${first}`, ...others.map((line) => ' '.repeat(label.length) + line)];
}

function severityPaint(severity: Severity, style: Style): Paint {
  if (severity === 'ok') return style.green;
  if (severity === 'warning') return style.yellow;
  return severity === 'problem' ? (text) => style.red(style.bold(text)) : style.dim;
}
