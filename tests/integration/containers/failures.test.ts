import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createConnection } from 'mysql2/promise';
import type { RowDataPacket } from 'mysql2/promise';
import { errorKinds } from '../../../core/errors.ts';
import { manifestKey, reportKey } from '../../../core/names.ts';
import { connectionOptions } from '../../../core/server-access.ts';
import { takeSlot } from '../../../core/slots.ts';
import { assertRefused, documentedWithout, makeAccount, makeEveryObject } from '../../support/privileges.ts';
import { migration } from './bench.ts';
import type { Bench } from './bench.ts';
import { Shop } from './shop.ts';

let shop: Shop;
let bench: Bench;
const started = new AsyncDisposableStack();
after(() => started.disposeAsync());
before(async () => {
  shop = await Shop.open(started);
  bench = shop.bench;
});

describe('a dump that fails', () => {
  test('names a database that is not there', async () => {
    assert.deepEqual(await shop.failure('dump', 'nowhere'), { name: 'UnknownDatabase', message: 'The source has no database `nowhere`.', retryable: false });
    assert.deepEqual(await bench.holders('source'), []);
  });

  test('refuses at once what could not be imported, unless its check is set aside', async () => {
    await bench.sourceAdmin.query('CREATE DATABASE merged; CREATE TABLE merged.a (id INT NOT NULL) ENGINE=MyISAM; CREATE TABLE merged.m (id INT NOT NULL) ENGINE=MERGE UNION=(merged.a)');
    const { message, ...error } = await shop.failure('dump', 'merged');
    assert.deepEqual(error, { name: 'AssessmentBlocked', retryable: false });
    assert.match(message, /^`merged` cannot be migrated as it is: merge-engine \(table m\)\. merge-engine: Replace it on the source by a view: /);
    assert.deepEqual(await bench.holders('source'), []);
    assert.equal(await bench.hasObject(`${migration}/dumps/merged/1/dump.sql.zst`), false);
    assert.equal((await bench.run('dump', 'merged', 2, { ALLOWED_CHECKS: '["merge-engine"]' })).exitCode, 0);
    const wrong = await shop.failure('dump', 'merged', { ALLOWED_CHECKS: 'merge-engine' }, 3);
    assert.equal(wrong.name, 'InvalidInput');
    assert.match(wrong.message, /ALLOWED_CHECKS: must be a JSON list of checks/);
  });

  test('refuses a database of which its account cannot see all, before anything is stored, and says what to grant', async () => {
    const admin = started.adopt(await createConnection(connectionOptions(bench.source.adminAccess)), (open) => {
      open.destroy();
    });
    await makeEveryObject(admin);
    for (const left of ['TRIGGER', 'EXECUTE']) {
      await makeAccount(admin, [documentedWithout([left])]);
      await assertRefused(bench, bench.source, admin, { lacking: [left], when: left });
    }
    await makeAccount(admin, ['GRANT SELECT ON shop_1.t TO @']);
    await assertRefused(bench, bench.source, admin, { lacking: ['SELECT', 'TRIGGER', 'EVENT'], when: 'one table' });
  });

  test('calls a view that the source cannot parse a view, and says why', async () => {
    await bench.sourceAdmin.query('CREATE DATABASE misspelt; CREATE TABLE misspelt.t (id INT); CREATE VIEW misspelt.v AS SELECT id FROM misspelt.t; FLUSH TABLES');
    const file = join(bench.source.directory, 'data', 'misspelt', 'v.frm');
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll('select `misspelt`', 'selekt `misspelt`'));
    const { name, message } = await shop.failure('dump', 'misspelt');
    assert.equal(name, 'AssessmentBlocked');
    assert.match(message, /: invalid-view \(view v: the server cannot parse it: You have an error/);
    assert.doesNotMatch(message, /unreadable-table|REPAIR/);
  });

  test('names a wrong password, without the password', async () => {
    const SOURCE_SECRET = JSON.stringify({ ...bench.source.access, password: 'open sesame' });
    const error = await shop.failure('dump', 'shop', { SOURCE_SECRET }, 2);
    assert.equal(error.name, 'SourceAccessDenied');
    assert.doesNotMatch(error.message, /sesame/);
  });

  test('names a source that is down', async () => {
    const SOURCE_SECRET = JSON.stringify({ ...bench.source.access, port: 9 });
    assert.equal((await shop.failure('dump', 'shop', { SOURCE_SECRET }, 3)).name, 'SourceUnreachable');
  });

  test("refuses MariaDB's mysqldump", async () => {
    const folder = await shop.program("echo 'mysqldump  Ver 10.19 Distrib 10.11.6-MariaDB, for debian-linux-gnu (x86_64)'");
    assert.equal((await shop.failure('dump', 'shop', { PATH: folder }, 4)).name, 'DumpClientUnsupported');
  });

  const said = (ending: string): string => `case "$1" in --version) echo 'mysqldump  Ver 9.1.0 for Linux';; *) ${ending};; esac`;

  test('does not take an output without its closing line for a dump', async () => {
    const folder = await shop.program(said('echo "CREATE TABLE t (a int);"'));
    assert.equal((await shop.failure('dump', 'shop', { PATH: `${folder}:/bin` }, 5)).name, 'DumpIncomplete');
    assert.equal(await bench.hasObject(manifestKey(migration, 'shop', 5)), false);
  });

  test('does not take an output with a closing line for a dump when mysqldump failed', async () => {
    const folder = await shop.program(said('head -c 9000000 /dev/urandom; echo; echo "-- Dump completed"; echo "mysqldump: Error 1412: Table definition has changed" >&2; exit 3'));
    const error = await shop.failure('dump', 'shop', { PATH: `${folder}:/bin:/usr/bin` }, 6);
    assert.equal(error.name, 'SourceChanged');
    assert.match(error.message, /Table definition has changed/);
    assert.equal(await bench.hasObject(manifestKey(migration, 'shop', 6)), false);
    assert.equal(await bench.unfinishedUploads(), 0);
    assert.deepEqual(await bench.holders('source'), []);
  });

  test('names a MyISAM table that is crashed', async () => {
    await bench.sourceAdmin.query('CREATE DATABASE crashed; CREATE TABLE crashed.t (a INT PRIMARY KEY) ENGINE=MyISAM; INSERT INTO crashed.t VALUES (1), (2), (3)');
    await bench.sourceAdmin.query('FLUSH TABLES crashed.t');
    await truncate(join(bench.source.directory, 'data', 'crashed', 't.MYI'), 100);
    const error = await shop.failure('dump', 'crashed');
    assert.equal(error.name, 'AssessmentBlocked');
    assert.match(error.message, /unreadable-table \(table t: Incorrect key file for table '.\/crashed\/t'; try to repair it\)/);
    const unchecked = await shop.failure('dump', 'crashed', { ALLOWED_CHECKS: '["unreadable-table"]' }, 2);
    assert.equal(unchecked.name, 'DumpFailed');
    assert.match(unchecked.message, /key file for table '.\/crashed\/t'; try to repair it/);
  });

  test('names storage that refuses, and leaves nothing running', async () => {
    const refusing = createServer((request, response) => {
      const allowed = request.headers['x-amz-target'] !== undefined;
      response.writeHead(allowed ? 200 : 403, { 'content-type': allowed ? 'application/x-amz-json-1.0' : 'application/xml' });
      response.end(allowed ? '{}' : '<Error><Code>AccessDenied</Code><Message>no</Message></Error>');
    });
    await new Promise<void>((listening) => refusing.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
    const ended = await bench.run('dump', 'shop', 7, { AWS_ENDPOINT_URL: url }).finally(() => refusing.close());
    assert.equal(ended.exitCode, errorKinds.StorageFailed.exitCode, ended.stderr);
    assert.match(ended.stderr, /AccessDenied/);
  });

  test('waits for its turn when the source has no free slot', async () => {
    await takeSlot(bench.slots, 'source', 'another', 1, new Date().toISOString());
    const running = bench.start('dump', 'shop', 8, { DUMP_THREADS: '1' });
    // It says that its stage has begun; from then on it hears signals.
    await once(running.child.stdout!, 'data');
    const early = await Promise.race([running.ended, new Promise((resolve) => setTimeout(resolve, 1_200))]);
    assert.equal(early, undefined, 'the dump did not wait');
    running.child.kill('SIGTERM');
    assert.equal((await running.ended).exitCode, errorKinds.TaskInterrupted.exitCode);
    assert.deepEqual(await bench.holders('source'), ['another']);
  });
});

describe('an import protects what is on the target', () => {
  test('a database that was there before is not touched', async () => {
    await bench.targetAdmin.query('CREATE DATABASE shop; CREATE TABLE shop.precious (a INT); INSERT INTO shop.precious VALUES (1)');
    const error = await shop.failure('import', 'shop');
    assert.equal(error.name, 'TargetDatabaseExists');
    assert.match(error.message, /with 1 tables and no marker/);
    assert.deepEqual(await shop.tablesOnTarget('shop'), ['precious']);
    assert.equal((await shop.failure('verify', 'shop')).name, 'TargetDatabaseExists');
  });

  test('not even when the operator named it: this migration has never verified it', async () => {
    const ended = await bench.run('import', 'shop', 2, { REPLACE: 'true' });
    assert.equal(ended.exitCode, errorKinds.TargetDatabaseExists.exitCode);
    assert.match(ended.stderr, /with 1 tables and no marker of Ferry\. It is not the one that this migration verified/);
    assert.deepEqual(await shop.tablesOnTarget('shop'), ['precious']);
    await bench.targetAdmin.query('DROP DATABASE shop');
    assert.equal((await bench.importOnly('shop', 2)).exitCode, 0);
  });

  test('a copy of this migration is loaded anew, one of another migration is not', async () => {
    await bench.targetAdmin.query('INSERT INTO shop.items VALUES (3, "half-loaded")');
    assert.equal((await bench.run('import', 'shop', 3)).exitCode, 0);
    assert.equal((await bench.run('verify', 'shop', 3)).exitCode, 0);
    const [rows] = await bench.targetAdmin.query<RowDataPacket[]>("SELECT * FROM shop.items WHERE id = 3");
    assert.deepEqual(rows, []);

    await shop.handMadeDump('foreign', 'CREATE TABLE t (a INT);\n');
    assert.equal((await bench.importOnly('foreign')).exitCode, 0);
    await bench.targetAdmin.query("UPDATE `foreign`._aurora_ferry_import SET migration = 'another'");
    assert.equal((await shop.failure('import', 'foreign', {}, 2)).name, 'TargetDatabaseExists');
  });

  describe('that the operator has named for replacement', () => {
    const replace = { REPLACE: 'true' };
    const program = 'CREATE TABLE t (a INT);\nCREATE FUNCTION one() RETURNS INT DETERMINISTIC RETURN 1;\n';
    const verified = async (database: string, sql = program): Promise<void> => {
      await shop.handMadeDump(database, sql);
      assert.equal((await bench.run('import', database)).exitCode, 0);
      assert.deepEqual((await shop.tablesOnTarget(database)).filter((name) => name.startsWith('_')), []);
    };

    test('is replaced when it is the one that was verified, whatever its rows are now', async () => {
      await verified('kept');
      await bench.targetAdmin.query('INSERT INTO kept.t VALUES (7)');
      const ended = await bench.run('import', 'kept', 2, replace);
      assert.equal(ended.exitCode, 0, ended.stderr);
      const [rows] = await bench.targetAdmin.query<RowDataPacket[]>('SELECT * FROM kept.t');
      assert.deepEqual(rows, []);
      assert.equal((await bench.run('import', 'kept', 3, replace)).exitCode, 0, 'and once more');
    });

    for (const [how, change] of [
      ['dropped and made again alike', (name: string) => `DROP DATABASE ${name}; CREATE DATABASE ${name}; CREATE TABLE ${name}.t (a INT); CREATE FUNCTION ${name}.one() RETURNS INT DETERMINISTIC RETURN 1`],
      ['given another table', (name: string) => `CREATE TABLE ${name}.precious (a INT)`],
      ['given another event', (name: string) => `CREATE EVENT ${name}.precious ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1`],
      ['emptied of its tables', (name: string) => `DROP TABLE ${name}.t`],
      ['given the marker of another migration', (name: string) => `CREATE TABLE ${name}._aurora_ferry_import AS SELECT 'another' AS migration, '${name}' AS database_name, 1 AS attempt`],
      ['given the marker of another database', (name: string) => `CREATE TABLE ${name}._aurora_ferry_import AS SELECT '${migration}' AS migration, 'other' AS database_name, 1 AS attempt`],
    ] as const) {
      test(`is not touched when it was ${how} since`, async () => {
        const database = `since_${how.replaceAll(' ', '_')}`;
        await verified(database);
        // Of the target's clock, which has whole seconds.
        await bench.targetAdmin.query('DO SLEEP(1.1)');
        await bench.targetAdmin.query(change(database));
        const before = await shop.tablesOnTarget(database);
        const ended = await bench.run('import', database, 2, replace);
        assert.equal(ended.exitCode, errorKinds.TargetDatabaseExists.exitCode, ended.stderr);
        assert.deepEqual(await shop.tablesOnTarget(database), before);
      });
    }

    test('is not touched when the report of its verification does not say by what it is known', async () => {
      await verified('handed_on');
      const report = await bench.report('verify', 'handed_on');
      await bench.put(reportKey(migration, 'handed_on', 1, 'verify'), JSON.stringify({ ...report, result: { ...report.result, identity: undefined } }));
      const ended = await bench.run('import', 'handed_on', 2, replace);
      assert.equal(ended.exitCode, errorKinds.TargetDatabaseExists.exitCode, ended.stderr);
    });
  });

  test('an attempt that comes too late drops nothing', async () => {
    await shop.handMadeDump('late', 'CREATE TABLE t (a INT);\n');
    assert.equal((await bench.importOnly('late', 5)).exitCode, 0);
    assert.equal((await shop.failure('import', 'late', {}, 4)).name, 'ImportBusy');
    assert.deepEqual(await shop.tablesOnTarget('late'), ['_aurora_ferry_import', 't']);
  });

  test('a branch that has lost its claim touches nothing', async () => {
    const before = await shop.tablesOnTarget('late');
    await bench.claim('late', 6, 'arn:aws:states:us-east-1:000000000000:execution:ferry/Map:another-run');
    const ended = await bench.start('import', 'late', 6).ended;
    assert.equal(ended.exitCode, 81, ended.stderr);
    assert.match(ended.stderr, /belongs to .*another-run, attempt 6/);
    assert.deepEqual(await shop.tablesOnTarget('late'), before);
  });

  test('the same attempt started twice imports once', async () => {
    await bench.targetAdmin.query('INSERT INTO late.t VALUES (1)');
    assert.equal((await bench.importOnly('late', 5)).exitCode, 0);
    const [rows] = await bench.targetAdmin.query<RowDataPacket[]>('SELECT a FROM late.t');
    assert.equal(rows.length, 1);
  });
});

describe('a dump that is not what was written', () => {
  const sql = 'CREATE TABLE t (a INT);\nINSERT INTO `t` VALUES (1);\n';

  test('a manifest that is not there', async () => {
    assert.equal((await shop.failure('import', 'undumped')).name, 'DumpMissing');
    assert.equal((await bench.report('import', 'undumped')).error?.resumeAt, 'dump');
  });

  test('a part that is not there', async () => {
    await shop.handMadeDump('partless', sql, (manifest) => ({ ...manifest, parts: manifest.parts.map((part) => ({ ...part, key: 'gone' })) }));
    assert.equal((await shop.failure('import', 'partless')).name, 'DumpMissing');
  });

  for (const [how, damage] of [
    ['truncated', (object: Buffer) => object.subarray(0, object.length - 5)],
    ['changed', (object: Buffer) => Buffer.from(object.map((byte, index) => (index === 20 ? byte ^ 1 : byte)))],
  ] as const) {
    test(`a part that was ${how} is refused before the target is touched`, async () => {
      const database = `damaged_${how}`;
      await shop.handMadeDump(database, sql);
      const key = (await bench.manifest(database)).parts[0]!.key;
      await bench.put(key, damage(await bench.object(key)));
      assert.equal((await shop.failure('import', database)).name, 'DumpCorrupt');
      assert.equal((await bench.report('import', database)).error?.resumeAt, 'dump');
      const [found] = await bench.targetAdmin.query<RowDataPacket[]>('SHOW DATABASES LIKE ?', [database]);
      assert.deepEqual(found, []);
    });
  }

  for (const [how, damage] of [
    ['cut, so that it is no JSON', (text: string) => text.slice(0, text.length / 2)],
    ['emptied of its parts', (text: string) => JSON.stringify({ ...(JSON.parse(text) as object), parts: undefined })],
  ] as const) {
    test(`a manifest that was ${how}`, async () => {
      const database = `undescribed_${how.length}`;
      await shop.handMadeDump(database, sql);
      const key = manifestKey(migration, database, 1);
      await bench.put(key, Buffer.from(damage((await bench.object(key)).toString())));
      const { name, message } = await shop.failure('import', database);
      assert.equal(name, 'DumpCorrupt');
      assert.match(message, /is not a manifest/);
    });
  }

  test('a manifest of which one character is another one', async () => {
    await bench.sourceAdmin.query('CREATE DATABASE altered; CREATE TABLE altered.t (id INT PRIMARY KEY, note VARCHAR(20))');
    assert.equal((await bench.run('dump', 'altered')).exitCode, 0);
    const key = manifestKey(migration, 'altered', 1);
    const text = (await bench.object(key)).toString();
    const altered = text.replace('"rows": 0', '"rows": 1');
    assert.notEqual(altered, text);
    await bench.put(key, Buffer.from(altered));
    const { name, message } = await shop.failure('import', 'altered');
    assert.equal(name, 'DumpCorrupt');
    assert.match(message, /is not as it was written/);
  });

  test('a dump that leads to another database', async () => {
    await shop.handMadeDump('astray', `USE \`shop\`;\n${sql}`);
    const error = await shop.failure('import', 'astray');
    assert.equal(error.name, 'DumpRefused');
    assert.match(error.message, /line 1 \(byte 0\) .*another database, `shop`\. The statement begins: USE `shop`/);
  });
});

describe('a statement that the target refuses', () => {
  test('is quoted, with the error of the server', async () => {
    await shop.handMadeDump('refused', 'CREATE TABLE a (x INT);\nCREATE TABLE b (x NOSUCHTYPE);\nCREATE TABLE c (x INT);\n');
    const error = await shop.failure('import', 'refused');
    assert.equal(error.name, 'ImportRejected');
    assert.match(error.message, /error 1064 \(42000\).*Statement: CREATE TABLE b \(x NOSUCHTYPE\)$/);
    assert.deepEqual(await shop.tablesOnTarget('refused'), ['_aurora_ferry_import', 'a']);
  });

  test('of rows names the table and no value', async () => {
    await shop.handMadeDump('twice', "CREATE TABLE people (mail VARCHAR(50) UNIQUE);\nINSERT INTO `people` VALUES ('ada@example.org'),('ada@example.org');\n");
    const error = await shop.failure('import', 'twice');
    assert.equal(error.name, 'ImportRejected');
    assert.match(error.message, /error 1062 .*Rows of table `people`$/);
    assert.doesNotMatch(error.message, /example/);
  });
});

test('no option file is left behind', async () => {
  assert.deepEqual(await readdir(bench.temporaryFolder), []);
});
