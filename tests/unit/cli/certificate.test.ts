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
