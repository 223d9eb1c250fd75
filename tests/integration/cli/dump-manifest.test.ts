/** The manifest of a dump made by hand, as an operator makes it. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { manifestSchema } from '../../../core/contracts.ts';
import { temporaryFolder } from '../../support/servers.ts';
import type { Outcome } from './ferry.ts';
import { ferry } from './ferry.ts';

const dump = `-- MySQL dump 10.13  Distrib 5.7.44, for Linux (x86_64)
--
-- Host: localhost    Database: crm
-- ------------------------------------------------------
-- Server version\t5.7.44
/*!40101 SET NAMES utf8 */;
CREATE TABLE \`hollow\` (\`a\` int);
CREATE TABLE \`t\` (\`a\` int, \`b\` text);
INSERT INTO \`t\` VALUES (1,'x;\\ny'),(2,NULL);
INSERT INTO \`t\` VALUES (3,'secret');
`;

describe('ferry dump-manifest', () => {
  let directory: string;
  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    directory = await temporaryFolder(started);
  });

  async function run(sql: string, ...words: readonly string[]): Promise<Outcome> {
    await writeFile(join(directory, 'crm.sql.gz'), gzipSync(sql));
    return ferry(['dump-manifest', 'crm.sql.gz', '--migration', 'spring', ...words], { directory });
  }

  it('counts the rows of every table, also of one without, and says where to put it', async () => {
    const { code, stdout, stderr } = await run(dump, '--collation', 'utf8_general_ci');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^crm: 2 tables, 3 rows in \d+ bytes of SQL\./);
    const manifest = manifestSchema.parse(JSON.parse(await readFile(join(directory, 'crm.sql.gz.manifest.json'), 'utf8')));
    const file = await readFile(join(directory, 'crm.sql.gz'));
    assert.deepEqual(manifest.parts, [
      { role: 'main', key: 'spring/dumps/crm/manual/dump.sql.gz', compression: 'gzip', bytes: file.length, sha256: createHash('sha256').update(file).digest('hex'), sqlBytes: dump.length },
    ]);
    assert.deepEqual(manifest.tables, [{ name: 'hollow', engine: null, rows: 0 }, { name: 't', engine: null, rows: 3 }]);
    assert.deepEqual([manifest.database, manifest.attempt, manifest.sourceVersion, manifest.defaultCharacterSet, manifest.defaultCollation], ['crm', 'manual', '5.7.44', 'utf8', 'utf8_general_ci']);
    assert.deepEqual(stdout.trim().split('\n'), [
      `aws s3 cp '${join(directory, 'crm.sql.gz')}' 's3://BUCKET/spring/dumps/crm/manual/dump.sql.gz'`,
      `aws s3 cp '${join(directory, 'crm.sql.gz.manifest.json')}' 's3://BUCKET/spring/dumps/crm/manual/manifest.json'`,
    ]);
  });

  it('refuses what the import would refuse, and asks for what the dump does not say', async () => {
    const refused = await run(`${dump}UPDATE t SET b = 'secret';\n`, '--collation', 'utf8_general_ci');
    assert.equal(refused.code, 49);
    assert.match(refused.stderr, /^ferry: DumpRefused: .*at line 11 \(byte \d+\) of crm\.sql\.gz: .*begins with UPDATE\. The statement begins: UPDATE t SET b …/m);
    assert.doesNotMatch(refused.stderr, /secret/);
    const unsaid = await run(dump);
    assert.equal(unsaid.code, 2);
    assert.match(unsaid.stderr, /does not say its database's collation: name it with --collation/);
    for (const words of [['--collation', 'X Y'], ['--collation', 'utf8_bin', '--database', 'mysql'], ['--collation', 'utf8_bin', '--upload']]) {
      assert.notEqual((await run(dump, ...words)).code, 0, words.join(' '));
    }
    assert.equal((await ferry(['dump-manifest', 'nowhere.sql', '--migration', 'spring'], { directory })).code, 2);
  });
});
