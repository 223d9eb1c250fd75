import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { htmlReport } from '../../../cli/assess/html-report.ts';
import { jsonReport } from '../../../cli/assess/json-report.ts';
import { ProgressCounter } from '../../../cli/assess/progress.ts';
import type { AssessedDatabase } from '../../../cli/assess/store.ts';
import { AssessmentStore } from '../../../cli/assess/store.ts';
import type { Summary } from '../../../cli/assess/summary.ts';
import { isBlocked, summarize } from '../../../cli/assess/summary.ts';
import { Throttle } from '../../../cli/assess/throttle.ts';
import { renderAssessment } from '../../../cli/render/assessment.ts';
import { renderAssessmentLine, renderAssessmentProgress } from '../../../cli/render/assessment-progress.ts';
import { plainStyle } from '../../../cli/terminal/style.ts';
import { textWidth } from '../../../cli/terminal/text.ts';
import type { Finding } from '../../../core/assessment/check.ts';
import { FerryError } from '../../../core/errors.ts';

/** A clock that moves only while somebody sleeps. */
class TestClock {
  time = 0;
  readonly slept: number[] = [];
  readonly now = (): number => this.time;
  readonly sleep = (milliseconds: number): Promise<void> => {
    this.slept.push(milliseconds);
    this.time += milliseconds;
    return Promise.resolve();
  };
}

describe('the throttle', () => {
  function throttle(threads: readonly number[], pace = 50): { clock: TestClock; throttle: Throttle; asked: () => number } {
    const clock = new TestClock();
    let asked = 0;
    const readThreadsRunning = (): Promise<number> => Promise.resolve(threads[Math.min(asked++, threads.length - 1)] ?? 0);
    return { clock, asked: () => asked, throttle: new Throttle({ clock, readThreadsRunning, maxThreadsRunning: 25, pace, signal: new AbortController().signal }) };
  }

  it('waits, longer and longer, while more threads run than the limit', async () => {
    const { clock, throttle: busy } = throttle([26, 99, 40, 30, 30, 30, 30, 25]);
    await busy.beforeWork();
    assert.deepEqual(clock.slept, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    assert.deepEqual(busy.load, { threadsRunning: 25, waitingSince: undefined });
  });

  it('tells since when it waits', async () => {
    const { clock, throttle: busy } = throttle([26, 27, 3]);
    const seen: (number | undefined)[] = [];
    const sleep = clock.sleep;
    Object.assign(clock, { sleep: (milliseconds: number) => (seen.push(busy.load.waitingSince), sleep(milliseconds)) });
    clock.time = 5_000;
    await busy.beforeWork();
    assert.deepEqual(seen, [5_000, 5_000]);
  });

  it('looks once a second, however many ask', async () => {
    const { clock, throttle: calm, asked } = throttle([1]);
    await Promise.all([calm.beforeWork(), calm.beforeWork()]);
    clock.time = 999;
    await calm.beforeWork();
    assert.equal(asked(), 1);
    clock.time = 1_000;
    await calm.beforeWork();
    assert.equal(asked(), 2);
  });

  it('rests in proportion to the work', async () => {
    const half = throttle([1]);
    await half.throttle.afterWork(40);
    assert.deepEqual(half.clock.slept, [40]);
    const tenth = throttle([1], 10);
    await tenth.throttle.afterWork(40);
    assert.deepEqual(tenth.clock.slept, [360]);
    const never = throttle([1], 100);
    await never.throttle.afterWork(40);
    assert.deepEqual(never.clock.slept, []);
  });
});

const blocked: Finding = { check: 'merge-engine', severity: 'blocks', occurrences: [{ object: 'table log' }, { object: 'table <b>', detail: 'x & y' }] };
const converted: Finding = { check: 'storage-engine', severity: 'converted', occurrences: Array.from({ length: 30 }, (_, number) => ({ object: `table t${number}`, detail: 'MyISAM' })) };

function assessed(name: string, findings: readonly Finding[], changes: Partial<AssessedDatabase> = {}): AssessedDatabase {
  return { name, assessedAt: '2026-11-22T10:00:00.000Z', queries: 8, milliseconds: 12, tables: 30, views: 1, triggers: 1, routines: 0, events: 0, dataBytes: 1_000, indexBytes: 500, findings, ...changes };
}

describe('the store of an assessment', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ferry-assessment-'));
  });
  after(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  it('goes on where an earlier one ended, and begins anew when it is told to', () => {
    const file = join(directory, 'resume.sqlite');
    const first = new AssessmentStore(file, 'checks 1');
    first.choose(['a', 'b', 'c'], false);
    first.put(assessed('a', [converted]));
    first.put(assessed('b', [], { error: { name: 'SourceAccessDenied', message: 'no' } }));
    first.close();
    const second = new AssessmentStore(file, 'checks 1');
    second.choose(['a', 'b', 'c', 'd'], false);
    assert.deepEqual(second.unassessed(), ['b', 'c', 'd']);
    second.close();
    const third = new AssessmentStore(file, 'checks 1');
    third.choose(['a', 'c'], true);
    assert.deepEqual(third.unassessed(), ['a', 'c']);
    assert.deepEqual(third.totals().databases, 0);
    third.close();
  });

  it('assesses again what other checks have assessed', () => {
    const file = join(directory, 'fingerprint.sqlite');
    const first = new AssessmentStore(file, 'checks 1');
    first.choose(['a'], false);
    first.put(assessed('a', []));
    first.close();
    const second = new AssessmentStore(file, 'checks 2');
    second.choose(['a'], false);
    assert.deepEqual(second.unassessed(), ['a']);
    second.close();
  });

  it('refuses the assessment of another source, and a second one at the same time', () => {
    const file = join(directory, 'source.sqlite');
    const store = new AssessmentStore(file, 'checks');
    store.setSource('db1:3306');
    assert.throws(() => { store.setSource('db2:3306'); }, (error) => error instanceof FerryError && error.name === 'InvalidInput' && error.message.includes('db1:3306'));
    assert.throws(() => new AssessmentStore(file, 'checks'), (error) => error instanceof FerryError && error.name === 'InvalidInput' && error.message.startsWith('Another ferry assess'));
    store.close();
  });

  it('counts only what was chosen, each database by the worst found in it', () => {
    const store = new AssessmentStore(join(directory, 'counts.sqlite'), 'checks');
    store.choose(['a', 'b', 'c', 'd', 'not yet'], false);
    store.put(assessed('a', [blocked, converted]));
    store.put(assessed('b', [converted]));
    store.put(assessed('c', []));
    store.put(assessed('d', [], { error: { name: 'InternalError', message: 'oops' } }));
    store.put(assessed('of another list', [blocked]));
    const { outcome, severities, checks, totals } = summary(store, 5);
    assert.deepEqual(outcome, { blocked: 1, warnings: 0, convertedOnly: 1, clean: 1, failed: 1 });
    assert.deepEqual(severities.blocks, { databases: 1, objects: 2 });
    assert.deepEqual(checks.map(({ check, databases, objects }) => [check, databases, objects]), [['merge-engine', 1, 2], ['storage-engine', 2, 60]]);
    assert.equal(totals.tables, 120);
    assert.deepEqual(store.failures(5), [{ name: 'd', error: 'InternalError', message: 'oops' }]);
    store.close();
  });

  it('is written as JSON with every finding of every database', () => {
    const store = new AssessmentStore(join(directory, 'json.sqlite'), 'checks');
    store.choose(['a', 'b'], false);
    store.put(assessed('a', [blocked, converted]));
    store.put(assessed('b', []));
    const document = JSON.parse([...jsonReport(store, summary(store, 2))].join('')) as { outcome: unknown; databases: { name: string; findings: Finding[] }[] };
    assert.deepEqual(document.databases.map(({ name, findings }) => [name, findings]), [['a', [blocked, converted]], ['b', []]]);
    store.close();
  });

  it('is written as HTML that carries nothing in but text, and stays small for a large fleet', async () => {
    const file = join(directory, 'large.sqlite');
    const store = new AssessmentStore(file, 'checks');
    const names = Array.from({ length: 6_000 }, (_, number) => `customer_${String(number).padStart(5, '0')}`);
    store.choose(names, false);
    for (const name of names) store.put(assessed(name, [blocked, converted]));
    const html = [...htmlReport(store, summary(store, names.length))].join('');
    assert.ok(html.includes('<span class="object">table &lt;b&gt;</span> x &amp; y'));
    assert.doesNotMatch(html, /<b>\s*x|<script|https?:\/\//);
    assert.match(html, /And 1,000 more, which <code>ferry assess --json<\/code> lists/);
    assert.equal(html.match(/<details class="page"/g)?.length, 50);
    assert.ok(html.length < 2_000_000, `${html.length} characters`);
    assert.ok((await stat(file)).size > html.length);
    store.close();
  });
});

function summary(store: AssessmentStore, chosen: number): Summary {
  const servers = { source: { version: '5.6.24' }, target: undefined };
  return summarize(store, { source: 'db1:3306', target: undefined, servers, chosen, at: new Date('2026-11-22T10:00:00Z') });
}

describe('the outcome on a terminal', () => {
  it('names what blocks, with its remedies, within the width', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ferry-assessment-'));
    const store = new AssessmentStore(join(directory, 'a.sqlite'), 'checks');
    store.choose(['a', 'b'], false);
    store.put(assessed('a', [blocked]));
    store.put(assessed('b', [converted]));
    store.putServerFindings([{ check: 'lower-case-table-names', severity: 'blocks', occurrences: [{ object: '', detail: '1 on the source, 0 on the target' }] }]);
    const found = summary(store, 2);
    const lines = renderAssessment(found, { findings: [...store.findings('blocks')], failures: [] }, { width: 80, style: plainStyle });
    const text = lines.join('\n');
    assert.ok(isBlocked(found));
    assert.match(lines[0] ?? '', /^Assessment of db1:3306 .* BLOCKED$/);
    assert.match(text, /a {2}merge-engine \(table log, table <b>: x & y\)/);
    assert.match(text, /Remedy {2}merge-engine: Replace it on the source by a view/);
    assert.match(text, /blocks {6}lower-case-table-names\n {14}1 on the source, 0 on the target\n {14}Remedy: /);
    for (const line of lines) assert.ok(textWidth(line) < 80, line);
    store.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('shows progress with rate and estimate, and says when it waits', () => {
    const counter = new ProgressCounter({ source: 'db1:3306', total: 100, earlier: 10, maxThreadsRunning: 25 }, 0);
    const calm = { threadsRunning: 3, waitingSince: undefined };
    assert.equal(counter.read(0, calm).leftSeconds, null);
    for (let number = 0; number < 20; number += 1) counter.add(assessed(`d${number}`, number === 0 ? [blocked] : []));
    const progress = counter.read(10_000, calm);
    assert.deepEqual([progress.done, progress.perSecond, progress.leftSeconds, progress.queriesPerDatabase, progress.found.blocks], [30, 2, 35, 8, 1]);
    assert.equal(renderAssessmentLine(progress, new Date('2026-11-22T10:00:00Z')), '2026-11-22T10:00:00Z 30/100 assessed (10 before); 1 database blocked; 2.0/s; about 35 s left');
    const waiting = renderAssessmentProgress(counter.read(14_000, { threadsRunning: 60, waitingSince: 10_000 }), { width: 100, style: plainStyle }).join('\n');
    assert.match(waiting, /60 threads running, limit 25: waiting for 4\.0 s/);
    assert.match(waiting, /30 of 100 assessed {2}30%/);
  });
});
