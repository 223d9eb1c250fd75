import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RowDataPacket } from 'mysql2/promise';
import { Bench } from '../../integration/containers/bench.ts';

const started = new AsyncDisposableStack();
let bench: Bench;
after(() => started.disposeAsync());
before(async () => {
  // Of MySQL 5.6 mysqldump takes minutes for so many tables.
  bench = await Bench.start(started, { source: 'mysql-9.7', target: 'mysql-9.7' });
});

/** What cannot be locked with the tables: mysqldump's first try fails, and the tables and the views are dumped apart. */
const orphan = "CREATE DEFINER='gone'@'nowhere' VIEW";

describe('a view whose definer is gone', () => {
  const tables = 4_100;

  test(`is dumped apart from ${tables} tables`, async () => {
    await bench.sourceAdmin.query('CREATE DATABASE many; USE many');
    for (let start = 0; start < tables; start += 100) {
      const names = Array.from({ length: 100 }, (_, index) => `table_with_a_rather_long_name_${start + index}`);
      await bench.sourceAdmin.query(names.map((name) => `CREATE TABLE ${name} (a INT) ENGINE=MyISAM`).join(';'));
    }
    await bench.sourceAdmin.query(`INSERT INTO table_with_a_rather_long_name_4099 VALUES (7); ${orphan} v AS SELECT 1 AS a; ${orphan} \`we"ird's # \\\\v\\\\\` AS SELECT 2 AS a`);
    const ended = await bench.run('dump', 'many');
    assert.equal(ended.exitCode, 0, ended.stderr);
    const { tables: dumped, parts, structure } = await bench.manifest('many');
    assert.equal(dumped?.length, tables);
    assert.equal(dumped.find(({ name }) => name === 'table_with_a_rather_long_name_4099')?.rows, 1);
    assert.deepEqual(parts.map(({ key }) => key.split('/').at(-1)), ['dump.sql.zst', 'views.sql.zst']);
    assert.deepEqual(Object.keys(structure ?? {}).filter((name) => name.startsWith('view ')), ['view v', 'view we"ird\'s # \\\\v\\\\']);
  });

  test('is dumped apart from a table whose name differs by case alone', async () => {
    await bench.sourceAdmin.query(`CREATE DATABASE cases; USE cases; CREATE TABLE V (a INT) ENGINE=MyISAM; INSERT INTO V VALUES (3); ${orphan} v AS SELECT 1 AS a`);
    assert.equal((await bench.run('dump', 'cases')).exitCode, 0);
    const imported = await bench.run('import', 'cases');
    assert.equal(imported.exitCode, 0, imported.stderr);
    const [rows] = await bench.targetAdmin.query<RowDataPacket[]>("SELECT TABLE_NAME AS name, TABLE_TYPE AS type FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'cases' AND TABLE_NAME <> '_aurora_ferry_import' ORDER BY 1");
    assert.deepEqual(rows.map(({ name, type }) => [name, type] as unknown[]), [['V', 'BASE TABLE'], ['v', 'VIEW']]);
  });
});
