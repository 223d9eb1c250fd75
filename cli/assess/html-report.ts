/**
 * The assessment as one HTML file to hand on: no script, nothing from elsewhere. Written as it is read from the store; what is
 * found in thousands of databases is counted with a few samples, so that the file stays small.
 */
import type { Occurrence, Severity } from '../../core/assessment/check.ts';
import { severities } from '../../core/assessment/check.ts';
import { findCheck } from '../../core/assessment/registry.ts';
import { escapeHtml, pageOf } from '../html/text.ts';
import { formatBytes, formatCount, formatPercent, formatPlural } from '../terminal/format.ts';
import { reportStyle } from './html-style.ts';
import type { AssessmentStore, DatabaseFinding } from './store.ts';
import type { CheckSummary, ServerFinding, Summary } from './summary.ts';
import { isBlocked } from './summary.ts';

/** Blocked databases are listed up to here; JSON has all of them. */
const listedDatabases = 5_000;
const databasesOnPage = 100;
const [sampledDatabases, sampledObjects, listedObjects, listedOfServers] = [10, 4, 8, 50];

const severityTitles: Readonly<Record<Severity, string>> = { blocks: 'Blocks', converted: 'Converted', warning: 'Warning', information: 'Information' };

export function htmlReport(store: AssessmentStore, summary: Summary): Generator<string> {
  return pageOf(pieces(store, summary));
}

function* pieces(store: AssessmentStore, summary: Summary): Generator<string> {
  const title = `Assessment of ${summary.source.address}`;
  yield `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>${escapeHtml(title)}</title>\n<style>${reportStyle}</style>\n</head>\n<body>\n<main>\n`;
  yield heading(summary, title);
  yield outcome(summary);
  yield* blockedDatabases(store, summary);
  yield failures(store, summary);
  yield overview(summary.checks);
  yield servers(summary.servers);
  for (const severity of severities) yield* details(store, summary.checks.filter((check) => check.severity === severity), severity);
  yield `<footer>Made by Aurora Ferry on ${escapeHtml(summary.at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC'))}. No database of either server was changed, and no value of a row is in this report.</footer>\n</main>\n</body>\n</html>\n`;
}

function heading(summary: Summary, title: string): string {
  const { source, target } = summary;
  const where = target === null ? 'without a target' : `for ${target.address} (MySQL ${target.version})`;
  const blocked = isBlocked(summary);
  const verdict = blocked ? 'Something blocks the migration' : 'Nothing blocks the migration';
  return `<header><div><h1>${escapeHtml(title)}</h1><p class="soft">MySQL ${escapeHtml(source.version)}, ${escapeHtml(where)}</p></div><div class="verdict ${blocked ? 'blocks' : 'clean'}">${verdict}</div></header>\n`;
}

function outcome({ outcome: counts, totals, chosen }: Summary): string {
  const parts = [
    { kind: 'blocks', count: counts.blocked, label: 'Blocked', text: 'cannot be migrated as they are' },
    { kind: 'warning', count: counts.warnings, label: 'With warnings', text: 'arrive, and may behave otherwise in places' },
    { kind: 'converted', count: counts.convertedOnly, label: 'Converted', text: 'arrive, with changes made on the way' },
    { kind: 'clean', count: counts.clean, label: 'Clean', text: 'arrive as they are' },
    { kind: 'failed', count: counts.failed, label: 'Not assessed', text: 'could not be read' },
  ].filter(({ kind, count }) => kind !== 'failed' || count > 0);
  const bar = parts.filter(({ count }) => count > 0).map(({ kind, count, label }) => `<span class="fill-${kind}" style="flex:${count}" title="${label}: ${formatCount(count)}"></span>`);
  const legend = parts.map(({ kind, count, label, text }) => `<div class="edge-${kind}"><b>${formatCount(count)}<small>${formatPercent(count, totals.databases)}</small></b><strong>${label}</strong><span>${text}</span></div>`);
  const missing = chosen > totals.databases ? `<p class="soft">${formatCount(chosen - totals.databases)} of ${formatPlural(chosen, 'database')} are not assessed yet: the assessment was interrupted.</p>` : '';
  return `<section class="card"><div class="bar">${bar.join('')}</div><div class="legend">${legend.join('')}</div>${facts(totals)}${missing}</section>\n`;
}

function facts(totals: Summary['totals']): string {
  const shown = [
    ['Databases', formatCount(totals.databases)], ['Tables', formatCount(totals.tables)], ['Views', formatCount(totals.views)], ['Triggers', formatCount(totals.triggers)],
    ['Routines', formatCount(totals.routines)], ['Events', formatCount(totals.events)], ['Rows', formatBytes(totals.dataBytes)], ['Indexes', formatBytes(totals.indexBytes)],
  ];
  return `<dl class="facts">${shown.map(([label, value]) => `<div><dt>${label ?? ''}</dt><dd>${value ?? ''}</dd></div>`).join('')}</dl>`;
}

/** One row for each blocked database, a hundred to a page that opens. */
function* blockedDatabases(store: AssessmentStore, { totals }: Summary): Generator<string> {
  if (totals.blocked === 0) return;
  yield `<h2>Blocked databases <small>${formatCount(totals.blocked)}</small></h2>\n`;
  let listed = 0;
  let page: [string, DatabaseFinding[]][] = [];
  for (const database of databasesOf(store.findings('blocks'))) {
    if (listed === listedDatabases) break;
    page.push(database);
    listed += 1;
    if (page.length < databasesOnPage) continue;
    yield blockedPage(page, listed, totals.blocked);
    page = [];
  }
  if (page.length > 0) yield blockedPage(page, listed, totals.blocked);
  if (totals.blocked > listed) yield `<p class="soft">And ${formatCount(totals.blocked - listed)} more, which <code>ferry assess --json</code> lists.</p>\n`;
}

function* databasesOf(findings: Iterable<DatabaseFinding>): Generator<[string, DatabaseFinding[]]> {
  let current: [string, DatabaseFinding[]] | undefined;
  for (const finding of findings) {
    if (current !== undefined && current[0] !== finding.database) {
      yield current;
      current = undefined;
    }
    current ??= [finding.database, []];
    current[1].push(finding);
  }
  if (current !== undefined) yield current;
}

function blockedPage(page: readonly [string, readonly DatabaseFinding[]][], listed: number, total: number): string {
  const rows = page.map(([name, findings]) => `<tr><td class="name">${escapeHtml(name)}</td><td>${findings.map(findingLine).join('')}</td></tr>`);
  const table = `<table><thead><tr><th>Database</th><th>What blocks it</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
  if (total <= databasesOnPage) return `<section class="card">${table}</section>\n`;
  const [first, last] = [page[0]?.[0] ?? '', page.at(-1)?.[0] ?? ''];
  const range = `${formatCount(listed - page.length + 1)} to ${formatCount(listed)}: ${first} … ${last}`;
  return `<details class="page"${listed === page.length ? ' open' : ''}><summary>${escapeHtml(range)}</summary>${table}</details>\n`;
}

function findingLine({ check, occurrences }: DatabaseFinding): string {
  return `<div><a href="#${check}">${check}</a> ${objects(occurrences, listedObjects)}</div>`;
}

function failures(store: AssessmentStore, { outcome: { failed } }: Summary): string {
  if (failed === 0) return '';
  const rows = store.failures(databasesOnPage).map(({ name, error, message }) => `<tr><td class="name">${escapeHtml(name)}</td><td>${escapeHtml(error)}: ${escapeHtml(message)}</td></tr>`);
  return `<h2>Not assessed <small>${formatCount(failed)}</small></h2>\n<section class="card"><table><tbody>${rows.join('')}</tbody></table></section>\n`;
}

function servers(findings: readonly ServerFinding[]): string {
  if (findings.length === 0) return '';
  const cards = findings.map(({ check, severity, occurrences }) => {
    return `<section class="card" id="${check}">${checkHead(check, severity, '')}${texts(check, occurrences)}</section>\n`;
  });
  return `<h2>Servers</h2>\n${cards.join('')}`;
}

function overview(checks: readonly CheckSummary[]): string {
  if (checks.length === 0) return '';
  const rows = severities.flatMap((severity) =>
    byFrequency(checks.filter((check) => check.severity === severity)).map(
      ({ check, databases, objects: count }) =>
        `<tr><td><span class="tag ${severity}">${severityTitles[severity]}</span></td><td><a href="#${check}">${check}</a></td><td class="number">${formatCount(databases)}</td><td class="number">${formatCount(count)}</td><td>${escapeHtml(findCheck(check)?.cause ?? '')}</td></tr>`,
    ),
  );
  return `<h2>Findings</h2>\n<section class="card"><table class="checks"><thead><tr><th>Severity</th><th>Check</th><th class="number">Databases</th><th class="number">Objects</th><th>What was found</th></tr></thead><tbody>${rows.join('')}</tbody></table></section>\n`;
}

function* details(store: AssessmentStore, checks: readonly CheckSummary[], severity: Severity): Generator<string> {
  if (checks.length === 0) return;
  yield `<h2>${severityTitles[severity]} <small>${severityMeaning[severity]}</small></h2>\n`;
  for (const { check, databases, objects: count } of byFrequency(checks)) {
    const samples = store.samples(check, sampledDatabases).map(({ database, occurrences }) => `<li><strong>${escapeHtml(database)}</strong> ${objects(occurrences, sampledObjects)}</li>`);
    const more = databases > samples.length ? `<li class="soft">and ${formatPlural(databases - samples.length, 'more database', 'more databases')}</li>` : '';
    const found = `${formatPlural(databases, 'database')}, ${formatPlural(count, 'object')}`;
    yield `<section class="card" id="${check}">${checkHead(check, severity, found)}${texts(check)}<details><summary>Where</summary><ul>${samples.join('')}${more}</ul></details></section>\n`;
  }
}

const severityMeaning: Readonly<Record<Severity, string>> = {
  blocks: 'the import would fail, or data would be lost',
  converted: 'changed on the way, nothing is left to do',
  warning: 'arrives, and may behave otherwise',
  information: 'good to know',
};

function checkHead(check: string, severity: Severity, count: string): string {
  return `<div class="check-head"><span class="tag ${severity}">${severityTitles[severity]}</span><h3>${check}</h3><span class="count">${count}</span></div>`;
}

/** @param seen what a check of the servers found; those of databases are listed apart */
function texts(check: string, seen: readonly Occurrence[] = []): string {
  const { cause = '', consequence = '', remedy = '' } = findCheck(check) ?? {};
  const found = seen.slice(0, listedOfServers).map((occurrence) => objects([occurrence], 1)).filter((text) => text !== '');
  if (seen.length > listedOfServers) found.push(`<span class="soft">and ${formatCount(seen.length - listedOfServers)} more</span>`);
  const list = found.length === 0 ? '' : `<dt>Found</dt><dd>${found.map((text) => `<div>${text}</div>`).join('')}</dd>`;
  return `<dl class="texts"><dt>Cause</dt><dd>${escapeHtml(cause)}</dd>${list}<dt>Consequence</dt><dd>${escapeHtml(consequence)}</dd><dt>Remedy</dt><dd>${escapeHtml(remedy)}</dd></dl>`;
}

function objects(occurrences: readonly Occurrence[], limit: number): string {
  const shown = occurrences.slice(0, limit).map(({ object, detail }) => {
    const name = object === '' ? '' : `<span class="object">${escapeHtml(object)}</span>`;
    return [name, detail === undefined ? '' : escapeHtml(detail)].filter((part) => part !== '').join(' ');
  });
  const more = occurrences.length > limit ? [`<span class="soft">and ${formatCount(occurrences.length - limit)} more</span>`] : [];
  return [...shown, ...more].filter((part) => part !== '').join(' · ');
}

function byFrequency(checks: readonly CheckSummary[]): CheckSummary[] {
  return checks.toSorted((a, b) => b.databases - a.databases || b.objects - a.objects);
}
