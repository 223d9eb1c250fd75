/** The certificate for people: one HTML file without scripts or anything from elsewhere, for the screen, by day and night, and for paper. */
import { cannotRunText } from '../../core/stored-objects/cannot-run.ts';
import { escapeHtml, pageOf } from '../html/text.ts';
import { formatBytes, formatCount, formatDuration, formatPlural, unknown } from '../terminal/format.ts';
import type { Overview, Tail } from './document.ts';
import type { Selection, Shown } from './selection.ts';
import { style } from './html-style.ts';

export function renderHtml(certificate: { readonly tail: Tail; readonly sha256: string }, selection: Selection): string {
  return [...pageOf([page(certificate, selection)])].join('');
}

function page({ tail, sha256 }: { readonly tail: Tail; readonly sha256: string }, selection: Selection): string {
  const { migration, overview, issuedAt } = tail;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>Certificate of the migration ${escapeHtml(migration)}</title><style>${style}</style></head>
<body><main>
<header><p class="kind">Aurora Ferry · Certificate of migration</p><h1>${escapeHtml(migration)}</h1>${verdict(overview)}</header>
${figures(overview)}
<section class="proof"><h2>Proof</h2>
<p>SHA-256 of the certificate's canonical JSON (RFC 8785), issued ${time(issuedAt)}:</p><p class="hash">${sha256.replaceAll(/.{8}/g, '$& ').trim()}</p>
<p class="note">This page is a view of the JSON document, which has every database with its tables and their digests. <code>ferry report --check FILE --sha256 HASH</code> recomputes the hash and checks that the document holds together; so can any program that knows RFC 8785.</p></section>
${how(overview)}
${runs(tail)}
${failures(overview)}
${conversions(tail)}
${databases(overview, selection)}
</main></body></html>
`;
}

function verdict(overview: Overview): string {
  const { databases, proven, states, changedSince = 0 } = overview;
  const dead = cannotRunNote(overview);
  const verified = states['VERIFIED'] ?? 0;
  if (proven === databases) return `<p class="verdict good"><b>Every database was verified.</b> ${proof(overview)} ${since(overview)}${dead}</p>`;
  const incomplete = verified - proven - changedSince;
  const rest = [
    ...(verified < databases ? [`${formatPlural(databases - verified, 'database')} ${databases - verified === 1 ? 'is' : 'are'} not verified`] : []),
    ...(incomplete > 0 ? [`of ${formatPlural(incomplete, 'verified database')} the proof is not complete`] : []),
    ...(changedSince > 0 ? [`${formatPlural(changedSince, 'database')} that ${changedSince === 1 ? 'was' : 'were'} proven ${changedSince === 1 ? 'was' : 'were'} later found to differ, or to be gone`] : []),
  ];
  return `<p class="verdict bad"><b>${formatCount(proven)} of ${formatPlural(databases, 'database')} ${proven === 1 ? 'was' : 'were'} verified and proven.</b> ${capital(rest.join('; '))}. ${proof(overview)} ${since(overview)}${dead}</p>`;
}

function cannotRunNote({ cannotRun }: Overview): string {
  if (cannotRun === undefined) return '';
  const { objects, databases: holders } = cannotRun;
  return ` <b>${capital(cannotRunText(objects))} there, in ${formatPlural(holders, 'database')}</b>, though ${objects === 1 ? 'it is' : 'they are'} defined as on the source.`;
}

/** What was proven, and of which moments: never of now. */
function proof({ proven, changedSince = 0, moments }: Overview): string {
  if (proven + changedSince === 0) return '';
  const what = proven + changedSince === 1 ? 'What was proven: when it was compared, the target held the rows' : 'What was proven: when each was compared, the target held the rows';
  return `${what} that the source held when it was dumped (sources read ${range(moments?.dumped)}; targets compared ${range(moments?.verified)}).`;
}

function since({ lookedAtAgain = 0 }: Overview): string {
  if (lookedAtAgain === 0) return 'What happened to source or target since then, this certificate does not say: nobody has looked again.';
  return `What happened since then is known only of the ${formatPlural(lookedAtAgain, 'database')} that ${lookedAtAgain === 1 ? 'was' : 'were'} looked at again, at the times given.`;
}

function range(times: readonly string[] = []): string {
  const [first = null, last] = times;
  return last === undefined ? time(first) : `from ${time(first)} to ${time(last)}`;
}

function figures({ databases, tables, rows, sqlBytes, dumpBytes, startedAt, endedAt }: Overview): string {
  const lasted = startedAt === null || endedAt === null ? unknown : formatDuration((Date.parse(endedAt) - Date.parse(startedAt)) / 1000);
  const cells = [
    [formatCount(databases), 'databases'],
    [formatCount(tables), 'tables'],
    [formatCount(rows), 'rows'],
    [formatBytes(sqlBytes), 'of SQL'],
    [formatBytes(dumpBytes), 'stored'],
    [lasted, 'first to last record'],
  ];
  return `<dl class="figures">${cells.map(([value = '', label = '']) => `<div><dd>${value}</dd><dt>${label}</dt></div>`).join('')}</dl>`;
}

function how({ sourceVersions, targetVersions, comparedBy, objects, startedAt, endedAt, states }: Overview): string {
  const rows = [
    ['From', versions(sourceVersions)],
    ['To', versions(targetVersions)],
    ['First record', time(startedAt)],
    ['Last record', time(endedAt)],
    ['Rows compared by', tally(comparedBy)],
    ['Definitions compared', `${formatCount(objects)} <span class="note">tables, columns, indexes, keys, views, triggers, routines, events</span>`],
    ['States', tally(states)],
  ];
  return `<section><h2>What was migrated</h2><table class="facts"><tbody>${rows.map(([label = '', value = '']) => `<tr><th scope="row">${label}</th><td>${value}</td></tr>`).join('')}</tbody></table></section>`;
}

function versions(counts: Overview['sourceVersions']): string {
  return tally(counts, (name) => `MySQL ${name}`);
}

function tally(counts: Readonly<Record<string, number>>, name: (key: string) => string = (key) => key): string {
  const parts = ranked(counts).map(([key, count]) => `${escapeHtml(name(key))} <span class="note">${formatPlural(count, 'database')}</span>`);
  return parts.length === 0 ? unknown : parts.join('<br>');
}

function ranked(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort(([, one], [, other]) => other - one);
}

function runs({ runs: all }: Tail): string {
  const rows = all.map(({ run, startedAt, updatedAt, passes, redrives, actions }) => [
    escapeHtml(run), time(startedAt), time(updatedAt), formatCount(passes), formatCount(redrives),
    actions.length === 0 ? unknown : actions.map(({ at, action, by }) => `${action} ${time(at)}<br>${escapeHtml(by)}`).join('<br>'),
  ]);
  return section('Runs', table(['Run', 'Started', 'Last pass', '#Passes', '#Redrives', 'By whom'], rows), 'By whom is as their own command line wrote it down. On AWS, CloudTrail proves it, and has what was done in the console: StartExecution, RedriveExecution and StopExecution of the run’s ARN, which the JSON has.');
}

function failures({ failures: counts, retries, continued }: Overview): string {
  if (Object.keys(counts).length === 0) return section('Failures', '<p>None: every stage of every database succeeded at its first try.</p>');
  const rows = ranked(counts).map(([error, count]) => [`<code>${escapeHtml(error)}</code>`, formatCount(count)]);
  return section('Failures', table(['Error', '#Times'], rows), `${formatPlural(retries, 'retry', 'retries')}; ${formatPlural(continued, 'dead letter')} continued by a later pass.`);
}

function conversions({ overview, rules }: Tail): string {
  if (Object.keys(overview.conversions).length === 0) return section('Conversions', '<p>None: every statement was run on the target as it was dumped.</p>');
  const rows = ranked(overview.conversions).map(([rule, count]) => [`<code>${escapeHtml(rule)}</code>`, escapeHtml(rules[rule] ?? ''), formatCount(count)]);
  return section('Conversions', table(['Rule', 'Why', '#Statements'], rows), 'Before and after of each statement are in the audit of its database, whose SHA-256 the JSON has.');
}

function databases({ databases: count }: Overview, selection: Selection): string {
  const parts: string[] = [];
  if (selection.troubled.length > 0) {
    const more = selection.troubledInAll - selection.troubled.length;
    parts.push(section('Not proven, not at the first try, or with objects that cannot run', selection.troubled.map(trouble).join('\n'), more === 0 ? undefined : `And ${formatCount(more)} more, in the JSON.`));
  }
  if (selection.all !== undefined) parts.push(section('Databases', databaseTable(selection.all)));
  else parts.push(section(`The largest of ${formatCount(count)} databases`, databaseTable(selection.largest), 'All of them are in the JSON.'));
  return parts.join('\n');
}

const kinds: Readonly<Record<Shown['later'][number]['kind'], string>> = { verify: 'Compared again', drift: 'Source looked at again', report: 'Looked for on the target' };

function trouble({ database, state, proven, unverified, failures: failed, continued, missing, retries, later, wasProven: isOld, cannotRun }: Shown): string {
  const events = [
    ...later.map(({ at, kind, outcome, detail }) => ({ at, text: `${kinds[kind]}: <b>${outcome}</b>${detail === '' ? '' : `: ${escapeHtml(detail)}`}` })),
    ...failed.map(({ at, error, message, deadLettered }) => ({ at, text: `<b>${escapeHtml(error)}</b>${deadLettered ? ', dead-lettered' : ''}: ${escapeHtml(message)}` })),
    ...continued.map(({ at, run }) => ({ at, text: `Taken up again by the run ${escapeHtml(run)}.` })),
  ].sort((one, other) => (one.at < other.at ? -1 : 1));
  const notes = [
    ...(missing > 0 ? [`${formatPlural(missing, 'object')} of its proof ${missing === 1 ? 'is' : 'are'} gone from the bucket.`] : []),
    ...(state === 'VERIFIED' && !proven && !isOld && missing === 0 ? ['Rows were counted, and not compared by digests.'] : []),
    ...(unverified ? ['Its run was told not to verify: nothing was compared.'] : []),
    ...(isOld && !proven ? ['It was proven, and is no more: see what was found later.'] : []),
    ...(cannotRun === undefined ? [] : cannotRunNotes(cannotRun)),
    ...(retries > 0 ? [`${formatPlural(retries, 'retry', 'retries')}.`] : []),
  ];
  const items = [...events.map(({ at, text }) => `<li>${time(at)} ${text}</li>`), ...notes.map((note) => `<li>${note}</li>`)];
  return `<article><h3>${escapeHtml(database)} ${badge(state, proven, isOld)}</h3><ul>${items.join('')}</ul></article>`;
}

function cannotRunNotes({ objects, first }: NonNullable<Shown['cannotRun']>): string[] {
  const named = first.map(({ object, cause }) => `<b>${escapeHtml(object)}</b>: ${escapeHtml(cause)}`);
  return [`${capital(cannotRunText(objects))} on the target:`, ...named, ...(objects > first.length ? ['And more: <code>ferry show</code> has them.'] : [])];
}

function databaseTable(shown: readonly Shown[]): string {
  const rows = shown.map((each) => [
    escapeHtml(each.database),
    badge(each.state, each.proven, each.wasProven),
    time(each.dumpedAt),
    time(each.verifiedAt),
    lastLook(each),
    formatCount(each.tables),
    each.rows === null ? unknown : formatCount(each.rows),
    each.bytes === null ? unknown : formatBytes(each.bytes),
    formatCount(each.conversions),
    each.digest === null ? unknown : `<code title="${each.digest}">${each.digest.slice(0, 12)}</code>`,
  ]);
  return table(['Database', 'State', 'Source read', 'Verified', 'Looked at again', '#Tables', '#Rows', '#SQL', '#Conversions', 'Digest'], rows);
}

function lastLook({ later }: Shown): string {
  const newest = later.at(-1);
  return newest === undefined ? unknown : `${time(newest.at)}<br>${newest.outcome}`;
}

function badge(state: string, proven: boolean, wasProven: boolean): string {
  const text = state !== 'VERIFIED' || proven ? escapeHtml(state) : wasProven ? 'VERIFIED, and changed since' : 'VERIFIED, not proven';
  return `<span class="badge ${proven ? 'good' : 'bad'}">${text}</span>`;
}

/** @param heads a `#` before one that stands over numbers */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const css = heads.map((each) => (each.startsWith('#') ? ' class="number"' : ''));
  const head = heads.map((each, index) => `<th scope="col"${css[index] ?? ''}>${each.replace('#', '')}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell, index) => `<td${css[index] ?? ''}>${cell}</td>`).join('')}</tr>`).join('\n');
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function section(title: string, content: string, note?: string): string {
  return `<section><h2>${escapeHtml(title)}</h2>${content}${note === undefined ? '' : `<p class="note">${escapeHtml(note)}</p>`}</section>`;
}

function time(at: string | null): string {
  if (at === null) return unknown;
  return `<time datetime="${escapeHtml(at)}">${escapeHtml(at.replace('T', ' ').replace(/(\.\d+)?Z$/, ''))} UTC</time>`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
