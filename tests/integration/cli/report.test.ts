/** The certificate of a migration that had its troubles, and what an auditor does with it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Entry, Tail } from '../../../cli/certificate/document.ts';
import { canonicalJson } from '../../../core/canonical-json.ts';
import { databaseKey, quoteIdentifier } from '../../../core/names.ts';
import type { Outcome } from './ferry.ts';
import { MigratedFleet } from './support/migrated-fleet.ts';
import { removeObject } from './support/remove-object.ts';

type Certificate = { databases: Entry[]; sha256: string } & Tail;

describe('ferry report', () => {
  let fleet: MigratedFleet;
  let occupied: string;
  let issued: Certificate;
  let text: string;
  const place = (name: string): string => join(fleet.directory, name);

  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    fleet = await MigratedFleet.open(started, 6);
    occupied = fleet.databases[2]!;
    await fleet.onTarget(`CREATE DATABASE ${quoteIdentifier(occupied)}`, `CREATE TABLE ${quoteIdentifier(occupied)}.precious (id INT)`);
    assert.equal((await fleet.run(['start', '--migration', 'spring', '--run', 'spring-1'], fleet.databases.join('\n'))).code, 80);
  });

  function report(...words: readonly string[]): Promise<Outcome> {
    return fleet.run(['report', ...words]);
  }

  it('has no certificate of a migration that has no records', async () => {
    const { code, stderr } = await report('--migration', 'autumn', '--json', 'autumn.json');
    assert.equal(code, 93);
    assert.match(stderr, /^ferry: RunNotFound: The migration autumn has no records/);
    await assert.rejects(readFile(place('autumn.json')), /ENOENT/);
    await assert.rejects(readFile(place('autumn.json.partial')), /ENOENT/);
  });

  it('certifies no more than is verified', async () => {
    const { code, stdout, stderr } = await report('--json', '-', '--html', 'half.html');
    assert.equal(code, 0, stderr);
    const half = JSON.parse(stdout) as Certificate;
    assert.deepEqual([half.overview.databases, half.overview.proven, half.overview.states], [6, 5, { VERIFIED: 5, DEAD_LETTERED: 1 }]);
    assert.equal(half.databases.find(({ database }) => database === occupied)?.verification, null);
    assert.match(stderr, /^5 of 6 databases verified and proven/m);
    assert.match(await readFile(place('half.html'), 'utf8'), /<b>5 of 6 databases were verified and proven\.<\/b> 1 database is not verified\./);
  });

  it('says of every database what was compared, and who took it up again', async () => {
    await fleet.onTarget(`DROP DATABASE ${quoteIdentifier(occupied)}`);
    assert.equal((await fleet.run(['redrive'])).code, 0);
    const { code, stdout, stderr } = await report('--migration', 'spring', '--json', 'spring.json', '--html', 'spring.html');
    assert.equal(code, 0, stderr);
    text = await readFile(place('spring.json'), 'utf8');
    issued = JSON.parse(text) as Certificate;
    assert.match(stdout, new RegExp(`^6 of 6 databases verified and proven[^]*^SHA-256 ${issued.sha256}$`, 'm'));
    assert.deepEqual(issued.databases.map(({ database }) => database).sort(), [...fleet.databases].sort());
    for (const { database, source, target, digest, verification, dump, tables, rows, conversions, missing } of issued.databases) {
      assert.deepEqual([source?.version.startsWith('5.6.'), /^(8|9)\./.test(target?.version ?? ''), missing], [true, true, []], database);
      assert.deepEqual([verification?.comparedBy, verification?.digest], ['digests', digest]);
      assert.equal(rows, tables.reduce((sum, table) => sum + table.rows, 0));
      assert.ok((dump?.bytes ?? 0) > 0 && tables.length > 0 && (conversions?.applied.length ?? 0) > 0);
    }
    const redriven = issued.databases.find(({ database }) => database === occupied);
    assert.deepEqual(redriven?.failures.map(({ error, deadLettered }) => [error, deadLettered]), [['TargetDatabaseExists', true]]);
    assert.deepEqual(redriven.continued.map(({ run, after: cause }) => [run, cause]), [['spring-1', 'TargetDatabaseExists']]);
    assert.deepEqual(issued.runs.map(({ run, passes, redrives }) => [run, passes, redrives]), [['spring-1', 2, 1]]);
    assert.deepEqual(issued.runs[0]?.actions.map(({ action, by }) => [action, by]), ['start', 'redrive'].map((action) => [action, `${userInfo().username}@${hostname()}`]));
    assert.ok(issued.databases.every(({ verification, unverified }) => (verification?.objects ?? 0) > 5 && !unverified), 'definitions were compared');
    assert.equal(issued.overview.objects, issued.databases.reduce((sum, { verification }) => sum + (verification?.objects ?? 0), 0));
    assert.deepEqual([issued.overview.continued, issued.overview.failures], [1, { TargetDatabaseExists: 1 }]);
  });

  it('is checked by its own command, and by other means', async () => {
    const checked = await report('--check', 'spring.json', '--sha256', issued.sha256.toUpperCase());
    assert.equal(checked.code, 0, checked.stderr);
    assert.equal(createHash('sha256').update(canonicalJson(withoutHash(issued))).digest('hex'), issued.sha256);
    // As docs/verification.md says, with tools that know nothing of Ferry.
    const byShell = execFileSync('sh', ['-c', `tr -d '\\n' < "$1" | sed 's/,"sha256":"[0-9a-f]*"}$/}/' | sha256sum`, 'sh', place('spring.json')], { encoding: 'utf8' });
    assert.equal(byShell.split(' ')[0], issued.sha256);
    await writeFile(place('indented.json'), JSON.stringify(issued, null, 2));
    assert.equal((await report('--check', 'indented.json')).code, 0);
  });

  it('shows every change', async () => {
    const changes: [string, string][] = [
      ['one digit of a sum', text.replace(/"sum":"(\d)/, (_, digit: string) => `"sum":"${(Number(digit) % 9) + 1}`)],
      ['a failure left out', text.replace(/"failures":\[\{[^}]*\}\]/, '"failures":[]')],
      ['a state', text.replace('"DEAD_LETTERED"', '"RETRYING"')],
      ['a database left out', text.replace(/\n\{.*\},\n/, '\n')],
      ['its end', text.slice(0, text.lastIndexOf('\n', text.length - 2))],
      ['an unknown member', text.replace('"issuedAt"', '"extra":1,"issuedAt"')],
      ['the hash', text.replace(/"sha256":"\w{64}"\}\n$/, `"sha256":"${'0'.repeat(64)}"}\n`)],
    ];
    for (const [what, changed] of changes) {
      assert.notEqual(changed, text, what);
      await writeFile(place('changed.json'), changed);
      const { code, stderr } = await report('--check', 'changed.json');
      assert.equal(code, 110, `${what}: ${stderr}`);
      assert.match(stderr, /^ferry: CertificateInvalid: The certificate \S+ does not hold: /);
    }
  });

  it('shows a change even when the hash was made anew: it is another hash, and the document contradicts itself', async () => {
    const forged = { ...withoutHash(issued), databases: issued.databases.map((entry, index) => (index === 0 ? { ...entry, tables: entry.tables.slice(1) } : entry)) };
    await writeFile(place('forged.json'), JSON.stringify({ ...forged, sha256: createHash('sha256').update(canonicalJson(forged)).digest('hex') }));
    const contradiction = await report('--check', 'forged.json');
    assert.equal(contradiction.code, 110);
    assert.match(contradiction.stderr, /the digest of `.*` is not that of its tables/);
    const renamed = { ...withoutHash(issued), migration: 'autumn' };
    await writeFile(place('forged.json'), JSON.stringify({ ...renamed, sha256: createHash('sha256').update(canonicalJson(renamed)).digest('hex') }));
    assert.equal((await report('--check', 'forged.json')).code, 0);
    const other = await report('--check', 'forged.json', '--sha256', issued.sha256);
    assert.equal(other.code, 110);
    assert.match(other.stderr, /it is another certificate/);
  });

  it('has an HTML that loads nothing, and is no certificate itself', async () => {
    const html = await readFile(place('spring.html'), 'utf8');
    assert.match(html, /<b>Every database was verified\.<\/b> What was proven: when each was compared.*nobody has looked again\./);
    assert.ok(html.replaceAll(' ', '').includes(issued.sha256));
    assert.doesNotMatch(html, /<script|<link|<img|\bsrc=|url\(|@import|https?:/);
    assert.equal((await report('--check', 'spring.html')).code, 110);
  });

  it('says what was found when databases were looked at again, and proves none that is gone or changed', async () => {
    const [gone, changed, dropped, same] = fleet.databases.slice(-4);
    await fleet.onTarget(`DROP DATABASE ${quoteIdentifier(gone!)}`, `CREATE TABLE ${quoteIdentifier(changed!)}.later (id INT)`);
    assert.equal((await fleet.run(['verify', ...fleet.targetWords, gone!, changed!, same!])).code, 60);
    await fleet.run(['drift', ...fleet.sourceWords, same!]);
    await fleet.onTarget(`DROP DATABASE ${quoteIdentifier(dropped!)}`);
    const { code, stdout, stderr } = await report('--json', 'later.json', '--html', 'later.html');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^4 of 6 databases verified and proven[^]*^Proven is what the sources held when they were read \(.*\) and the targets when they were compared \(.*\)$[^]*^2 databases proven then, and found to differ or to be gone later$/m);
    const later = JSON.parse(await readFile(place('later.json'), 'utf8')) as Certificate;
    const of = (name: string): unknown => later.databases.find(({ database }) => database === name)?.later?.map(({ kind, outcome }) => [kind, outcome]);
    assert.deepEqual([of(gone!), of(changed!), of(dropped!), of(same!)], [[['verify', 'gone']], [['verify', 'differs']], [], [['verify', 'same'], ['drift', 'unchanged']]]);
    assert.deepEqual([later.overview.proven, later.overview.changedSince, later.overview.lookedAtAgain], [4, 2, 3]);
    assert.match(await readFile(place('later.html'), 'utf8'), /2 databases that were proven were later found to differ, or to be gone\./);
    assert.equal((await report('--check', 'later.json')).code, 0);
    const seen = await report('--json', '-', ...fleet.targetWords);
    const now = JSON.parse(seen.stdout) as Certificate;
    assert.deepEqual(now.databases.find(({ database }) => database === dropped)?.later?.map(({ kind, outcome }) => [kind, outcome]), [['report', 'gone']]);
    assert.equal(now.overview.proven, 3, 'a database that is there is no proof against what a comparison found');
    assert.equal(createHash('sha256').update(canonicalJson(withoutHash(now))).digest('hex'), now.sha256);
  });

  it('counts nothing as proven whose proof is gone', async () => {
    const bucket = join(fleet.directory, '.ferry');
    const lost = issued.databases.find(({ database }) => database === fleet.databases[0])!;
    await removeObject(bucket, lost.dump?.manifest ?? '');
    const { stdout } = await report('--json', '-');
    const again = JSON.parse(stdout) as Certificate;
    assert.equal(again.overview.proven, 3);
    assert.deepEqual(again.databases.find(({ database }) => database === lost.database)?.missing, [lost.dump?.manifest]);
    assert.ok((lost.dump?.manifest ?? '').includes(databaseKey(lost.database)));
  });

  it('refuses words that do not go together, and places that cannot be written', async () => {
    for (const words of [['--check', 'x', '--json', 'y'], ['--sha256', 'a'.repeat(64)], ['--check', 'spring.json', '--sha256', 'abc'], ['--check', 'nowhere.json'], ['--json', 'no/such/folder.json'], ['--html', '/']]) {
      const { code, stderr } = await report(...words);
      assert.equal(code, 2, `${words.join(' ')}: ${stderr}`);
    }
  });
});

function withoutHash(certificate: Certificate): Omit<Certificate, 'sha256'> {
  const { sha256, ...rest } = certificate;
  assert.match(sha256, /^\w{64}$/);
  return rest;
}

