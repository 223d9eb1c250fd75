import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import type { RowDataPacket } from 'mysql2/promise';
import { clientEnvironment, withOptionFile } from '../../../containers/dump/client-programs.ts';
import { viewOptions } from '../../../containers/dump/mysqldump.ts';
import { Bench } from '../../integration/containers/bench.ts';

const started = new AsyncDisposableStack();
let bench: Bench;
after(() => started.disposeAsync());
before(async () => {
  bench = await Bench.start(started);
});

/** What cannot be locked with the tables: mysqldump's first try fails, and the tables and the views are dumped apart. */
const orphan = "CREATE DEFINER='gone'@'nowhere' VIEW";

async function roundTrip(database: string): Promise<string[]> {
  for (const stage of ['dump', 'import'] as const) {
    const ended = await bench.run(stage, database);
    assert.equal(ended.exitCode, 0, ended.stderr);
  }
  const [rows] = await bench.targetAdmin.query<RowDataPacket[]>(
    "SELECT CONCAT(TABLE_TYPE, ' ', TABLE_NAME) AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME <> '_aurora_ferry_import' ORDER BY 1",
    [database],
  );
  return rows.map(({ name }) => String(name));
}

describe('a view whose definer is gone', () => {
  test('is dumped apart from the tables, whatever both are called', async () => {
    const [table, view] = [`t"'# \\t.\\\\`, `we"ird's # \\v\\\\`];
    await bench.sourceAdmin.query(`CREATE DATABASE apart; USE apart; CREATE TABLE \`${table}\` (a INT) ENGINE=MyISAM; INSERT INTO \`${table}\` VALUES (7); ${orphan} \`${view}\` AS SELECT 1 AS a; ${orphan} café AS SELECT 2 AS a`);
    assert.deepEqual(await roundTrip('apart'), [`BASE TABLE ${table}`, 'VIEW café', `VIEW ${view}`]);
    assert.deepEqual((await bench.manifest('apart')).parts.map(({ key }) => key.split('/').at(-1)), ['dump.sql.zst', 'views.sql.zst']);
  });

  test('is dumped apart from a table whose name differs by case alone, which mysqldump would leave out too', async () => {
    await bench.sourceAdmin.query(`CREATE DATABASE cases; USE cases; CREATE TABLE V (a INT) ENGINE=MyISAM; INSERT INTO V VALUES (3); ${orphan} v AS SELECT 1 AS a`);
    assert.deepEqual(await roundTrip('cases'), ['BASE TABLE V', 'VIEW v']);
  });

  test('may be left out beside 40,000 others, which no argument list could hold', async () => {
    await bench.sourceAdmin.query('CREATE DATABASE ignored; CREATE TABLE ignored.stays (a INT); CREATE TABLE ignored.leaves_39999 (a INT)');
    const without = Array.from({ length: 40_000 }, (_, index) => `ignored.leaves_${index}`);
    const PATH = bench.environmentOf('dump', 'ignored')['PATH'] ?? '';
    const dump = (path: string): Promise<{ stdout: string }> => promisify(execFile)('mysqldump', [`--defaults-file=${path}`, ...viewOptions, 'ignored'], { env: clientEnvironment(PATH) });
    const { stdout } = await withOptionFile(bench.source.access, dump, without);
    assert.deepEqual(stdout.match(/CREATE TABLE `\w+`/g), ['CREATE TABLE `stays`']);
  });
});
