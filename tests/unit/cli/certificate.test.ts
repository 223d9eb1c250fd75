/** What a certificate says of databases that are proven and have objects that cannot run. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Entry, Tail } from '../../../cli/certificate/document.ts';
import { entrySchema, overviewSchema } from '../../../cli/certificate/document.ts';
import { renderHtml } from '../../../cli/certificate/html.ts';
import { OverviewCounter } from '../../../cli/certificate/overview.ts';
import { Selection } from '../../../cli/certificate/selection.ts';

const hash = 'a'.repeat(64);

function entry(database: string, cannotRun?: NonNullable<Entry['verification']>['cannotRun']): Entry {
  return entrySchema.parse({
    database, state: 'VERIFIED', attempts: 1, startedAt: '2026-11-22T10:00:00Z', verifiedAt: '2026-11-22T10:01:00Z', unverified: false,
    source: { version: '5.6.24', binlog: null }, target: { version: '8.0.39' }, dump: null, rows: 3, tables: [], digest: hash,
    verification: {
      attempt: 1, startedAt: '2026-11-22T10:00:30Z', finishedAt: '2026-11-22T10:01:00Z', comparedBy: 'digests', digest: hash, objects: 9, report: 'r', sha256: hash, freeze: null,
      ...(cannotRun === undefined ? {} : { cannotRun }),
    },
    conversions: null, retries: 0, failures: [], continued: [], transitions: [], missing: [],
  });
}

function pageOf(...entries: readonly Entry[]): { readonly overview: Tail['overview']; readonly html: string } {
  const [counter, selection] = [new OverviewCounter(), new Selection()];
  for (const each of entries) {
    counter.add(each);
    selection.add(each);
  }
  const overview = overviewSchema.parse(counter.overview());
  return { overview, html: renderHtml({ tail: { issuedAt: '2026-11-22T11:00:00Z', migration: 'spring', overview, rules: {}, runs: [] }, sha256: hash }, selection) };
}

describe('a certificate', () => {
  it('says beside its verdict how many objects cannot run, and of which database why', () => {
    const { overview, html } = pageOf(entry('crm', { objects: 2, first: [{ object: 'view <v>', cause: 'Its definer app@% is not on the target (error 1449).' }] }), entry('shop'));
    assert.deepEqual(overview.cannotRun, { objects: 2, databases: 1 });
    assert.match(html, /<b>Every database was verified\.<\/b>.*<b>2 objects cannot run there, in 1 database<\/b>, though they are defined as on the source\./);
    assert.match(html, /<h3>crm .*<li><b>view &lt;v&gt;<\/b>: Its definer app@% is not on the target \(error 1449\)\.<\/li><li>And more: <code>ferry show<\/code> has them\.<\/li>/);
    assert.doesNotMatch(html, /<h3>shop/);
  });

  it('has no word of it where all objects run, as one that was issued before', () => {
    const { overview, html } = pageOf(entry('shop'));
    assert.equal(Object.hasOwn(overview, 'cannotRun'), false);
    assert.doesNotMatch(html, /cannot run/);
  });
});

describe('a page for people', () => {
  it('holds no control character and no markup of a name or a message', () => {
    const name = "<img src=x onerror='alert(1)'>\u001b[2J\u202e\u009b";
    const failed = { ...entry(name), failures: [{ at: '2026-11-22T10:00:10Z', attempt: 1, by: 'run', error: 'DumpFailed', message: `said \u001b]0;${name}\u0007`, deadLettered: false }] };
    const { html } = pageOf(failed);
    // eslint-disable-next-line no-control-regex -- they are what is looked for
    assert.doesNotMatch(html, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    assert.doesNotMatch(html, /<img/);
    assert.match(html, /&lt;img src=x onerror=&#39;alert\(1\)&#39;&gt;\\x1b\[2J\\u202e\\x9b/);
  });
});
