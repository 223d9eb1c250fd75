import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Manifest } from '../../../core/contracts.ts';
import { dumpPrefix, handMadeAttempt, manifestKey } from '../../../core/names.ts';
import { Bench, migration } from './bench.ts';
import { arrives, bytesSession, checkCase, checkPrograms } from './programs.ts';

let bench: Bench;
const started = new AsyncDisposableStack();
after(() => started.disposeAsync());
before(async () => {
  bench = await Bench.start(started);
});

describe('stored programs', () => {
  test('of clients of many character sets keep their names, comments and bytes', async () => {
    await checkPrograms(bench, 'programs');
  });

  test('of databases whose names differ by case are those of each', async () => {
    await checkCase(bench, ['shop', 'Shop', 'bare']);
  });

  test('are one statement each to the target, also in a dump made by hand', async () => {
    const sql = Buffer.from('DELIMITER ;;\nCREATE PROCEDURE p() DO 1; CREATE DATABASE stolen;;\nDELIMITER ;\n-- Dump completed\n');
    const key = `${dumpPrefix(migration, 'worse', handMadeAttempt)}dump.sql`;
    const sha256 = createHash('sha256').update(sql).digest('hex');
    const parts: Manifest['parts'] = [{ role: 'main', key, compression: 'none', bytes: sql.length, sha256, sqlBytes: sql.length, measured: true }];
    const said = { format: 1, migration, database: 'worse', attempt: handMadeAttempt, createdAt: '', tool: '', options: [], sourceVersion: '5.6.24' };
    await bench.put(key, sql);
    const manifest = manifestKey(migration, 'worse', handMadeAttempt);
    await bench.put(manifest, JSON.stringify({ ...said, defaultCharacterSet: 'latin1', defaultCollation: 'latin1_swedish_ci', parts }));
    const { exitCode, stderr } = await bench.run('import', 'worse', 1, { DUMP_MANIFEST: manifest });
    assert.equal(exitCode, 51, stderr);
    assert.deepEqual((await bench.targetAdmin.query("SHOW DATABASES LIKE 'stolen'"))[0], []);
  });

  test('that MySQL 8 could not read again are refused by name', async () => {
    const session = await bytesSession(bench.source.adminAccess);
    for (const sql of ['CREATE DATABASE letters', 'USE letters', 'CREATE TABLE t (id INT)', 'SET NAMES gbk', 'CREATE TRIGGER `\x81\x5c` BEFORE INSERT ON t FOR EACH ROW SET @x = 1']) {
      await session.executeBytes(sql);
    }
    await session.close();
    assert.equal((await bench.run('dump', 'letters')).exitCode, 0);
    const { exitCode, stderr } = await bench.run('import', 'letters');
    assert.equal(exitCode, 51);
    assert.match(stderr, /The trigger `乗` was made by a client with gbk/);
  });

  test('endless to mysqldump end the dump', async () => {
    await bench.sourceAdmin.query('CREATE DATABASE endless');
    await bench.sourceAdmin.query("CREATE EVENT endless.e ON SCHEDULE EVERY 1 DAY STARTS '2038-01-01' DO SELECT ';;'");
    await bench.sourceAdmin.query("CREATE DEFINER = `we``ird ü`@`%` EVENT endless.`name``ü` ON SCHEDULE AT '2038-01-19 03:00:00' DO SELECT 1");
    await arrives(bench, 'endless');
  });
});
