/** Which texts are the certificate that a hash was taken of: one, whatever other text a program would read as the same values. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkCertificate } from '../../../cli/certificate/check.ts';
import type { Entry } from '../../../cli/certificate/document.ts';
import { head } from '../../../cli/certificate/document.ts';
import { OverviewCounter } from '../../../cli/certificate/overview.ts';
import { canonicalJson } from '../../../core/canonical-json.ts';

function entry(database: string): Entry {
  return {
    database, state: 'DEAD_LETTERED', attempts: 1, startedAt: '2026-11-22T10:00:00Z', verifiedAt: null, unverified: false, source: null, target: null, dump: null, rows: null, tables: [],
    digest: null, verification: null, conversions: null, retries: 0, failures: [], continued: [], transitions: [], missing: [],
  };
}

/** As `ferry report --json` writes it. */
function certificate(...databases: readonly string[]): string {
  const counter = new OverviewCounter();
  const entries = databases.map(entry);
  for (const each of entries) counter.add(each);
  const tail = { issuedAt: '2026-11-22T11:00:00Z', migration: 'spring', overview: counter.overview(), rules: {}, runs: [] };
  const whole = canonicalJson({ ...head, databases: entries, ...tail });
  const sha256 = createHash('sha256').update(whole).digest('hex');
  const lines = entries.map((each) => canonicalJson(each)).join(',\n');
  return `{"certificate":${canonicalJson(head.certificate)},"databases":[\n${lines}\n],${canonicalJson(tail).slice(1, -1)},"sha256":"${sha256}"}\n`;
}

describe('a certificate', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ferry-certificate-'));
  });
  after(() => rm(directory, { recursive: true }));

  const good = certificate('crm', 'shop');

  async function check(content: string | Buffer): Promise<string> {
    const file = join(directory, 'certificate.json');
    await writeFile(file, content);
    return (await checkCertificate(file, undefined)).sha256;
  }

  it('holds as it was written, and in another layout', async () => {
    const sha256 = await check(good);
    assert.equal(await check(JSON.stringify(JSON.parse(good), null, 2)), sha256);
    assert.equal(await check(JSON.stringify(JSON.parse(good))), sha256);
    assert.equal(await check(good.replaceAll('\n', '\r\n')), sha256);
  });

  it('holds whatever characters a name has, such as those that break lines for some programs', async () => {
    const odd = certificate('a\u2028b', 'c\u0085d', 'e\rf', '"[\\', '__proto__');
    const sha256 = await check(odd);
    assert.equal(await check(JSON.stringify(JSON.parse(odd), null, 2)), sha256);
  });

  const second = '"issuedAt":"2026-11-22T11:00:00Z"';
  const changes: readonly [string, (text: string) => string][] = [
    ['a member that stands twice', (text) => text.replace(second, `"issuedAt":"2020-01-01T00:00:00Z",${second}`)],
    ['a member that stands twice in an entry', (text) => text.replace('"database":"crm"', '"database":"other","database":"crm"')],
    ['a member that stands twice in the head', (text) => text.replace('"format":2', '"format":1,"format":2')],
    ['__proto__ in the end', (text) => text.replace(second, `"__proto__":{"proven":9},${second}`)],
    ['__proto__ in an entry', (text) => text.replace('"attempts":1', '"__proto__":null,"attempts":1')],
    ['__proto__ in a tally', (text) => text.replace('"states":{', '"states":{"__proto__":1,')],
    ['__proto__ with an escape', (text) => text.replace(second, `"\\u005f_proto__":{},${second}`)],
    ['members in another order', (text) => text.replace('"attempts":1,"continued":[]', '"continued":[],"attempts":1')],
    ['a number in another form', (text) => text.replace('"attempts":1', '"attempts":1.0')],
    ['a text with escapes that it needs not', (text) => text.replace('"crm"', '"\\u0063rm"')],
    ['an entry that stands twice', () => certificate('crm', 'crm')],
    ['a comma too many', (text) => text.replace(/\}\n\],/, '},\n],')],
    ['a comma too few', (text) => text.replace('},\n', '}\n')],
    ['something behind its end', (text) => `${text}{}\n`],
    ['an entry behind its end', (text) => `${text}${canonicalJson(entry('late'))}\n`],
    ['two ends', (text) => `${text}${text.slice(text.lastIndexOf('],'))}`],
  ];
  for (const [what, change] of changes) {
    it(`does not hold with ${what}, on lines or laid out in another way`, async () => {
      const changed = change(good);
      assert.notEqual(changed, good);
      await assert.rejects(check(changed), { name: 'CertificateInvalid' });
      await assert.rejects(check(changed.replaceAll('\n', '  ')), { name: 'CertificateInvalid' });
    });
  }

  it('is UTF-8', async () => {
    await assert.rejects(check(Buffer.from(good, 'utf16le')), { name: 'CertificateInvalid', message: /it is not UTF-8|it is not JSON/ });
    await assert.rejects(check(Buffer.from(good.replace('crm', 'cr\u00e9'), 'latin1')), { name: 'CertificateInvalid', message: /it is not UTF-8/ });
    await assert.rejects(check(`\ufeff${good}`), { name: 'CertificateInvalid', message: /it is not JSON/ });
    await assert.rejects(check(''), { name: 'CertificateInvalid', message: /it is empty/ });
  });

  it('is a file that can be read', async () => {
    await assert.rejects(checkCertificate(directory, undefined), { name: 'InvalidInput', message: `The file ${directory} cannot be read: EISDIR, it is a folder, and a file is needed.` });
    await assert.rejects(checkCertificate(join(directory, 'nowhere'), undefined), { name: 'InvalidInput', message: /nowhere cannot be read: ENOENT/ });
  });
});
