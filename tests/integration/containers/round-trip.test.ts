import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RowDataPacket } from 'mysql2/promise';
import { quoteIdentifier } from '../../../core/names.ts';
import { Bench } from './bench.ts';

let bench: Bench;
const started = new AsyncDisposableStack();
after(() => started.disposeAsync());
before(async () => {
  bench = await Bench.start(started);
});

/** Everything that a text protocol, an escaper or a converter may get wrong. */
const nasty = [
  "CREATE TABLE bytes (id INT PRIMARY KEY, b BLOB, v VARBINARY(300), c CHAR(3) CHARACTER SET latin1, t TEXT CHARACTER SET utf8mb4) ENGINE=MyISAM DEFAULT CHARSET=utf8",
  'CREATE TABLE numbers (id INT AUTO_INCREMENT PRIMARY KEY, d DECIMAL(30,10), f DOUBLE, b BIT(9), s SET(\'a\',\'b\'), e ENUM(\'x\',\'y;\'), big BIGINT UNSIGNED) ENGINE=InnoDB ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8 DEFAULT CHARSET=latin1',
  "CREATE TABLE times (id INT PRIMARY KEY, d DATE DEFAULT '0000-00-00', dt DATETIME DEFAULT '0000-00-00 00:00:00', ts TIMESTAMP DEFAULT CURRENT_TIMESTAMP) ENGINE=MEMORY",
  'CREATE TABLE words (w VARCHAR(20), UNIQUE KEY (w)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4',
  'CREATE TABLE grouped (g INT NOT NULL, n INT NOT NULL AUTO_INCREMENT, PRIMARY KEY (g, n)) ENGINE=MyISAM',
  'CREATE TABLE parted (id INT) ENGINE=MyISAM PARTITION BY HASH (id) PARTITIONS 3',
  "CREATE TABLE `we``ird;\ttable ü` (`c``ol ü` INT, `select` VARCHAR(10)) ENGINE=ARCHIVE",
  'CREATE TABLE parent (id INT PRIMARY KEY) ENGINE=InnoDB',
  'CREATE TABLE child (id INT PRIMARY KEY, p INT, CONSTRAINT fk FOREIGN KEY (p) REFERENCES parent (id)) ENGINE=InnoDB',
  "CREATE TABLE log (what VARCHAR(20)) ENGINE=InnoDB",
  'CREATE VIEW a_view AS SELECT w.w, n.id FROM words w JOIN numbers n ON n.id = LENGTH(w.w)',
  'CREATE TRIGGER counted AFTER INSERT ON words FOR EACH ROW INSERT INTO log VALUES (NEW.w)',
  "CREATE PROCEDURE said(IN x VARCHAR(10)) BEGIN -- it's a comment;\n DECLARE y INT; SET y = 1; SELECT ';', \"it''s\", x; END",
  'CREATE FUNCTION twice(x INT) RETURNS INT DETERMINISTIC RETURN 2 * x',
  'CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO INSERT INTO log VALUES (\'night\')',
];

async function fillSource(database: string): Promise<void> {
  const db = bench.sourceAdmin;
  await db.query(`CREATE DATABASE ${quoteIdentifier(database)} CHARACTER SET latin1 COLLATE latin1_german1_ci`);
  await db.query(`USE ${quoteIdentifier(database)}`);
  for (const sql of nasty) await db.query(sql);
  const every = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
  await db.query('INSERT INTO bytes VALUES (1, ?, ?, ?, ?)', [every, every, 'äöü', "emoji 🚢 'quoted' \\ back\nline\r\0 \u001a;\n"]);
  await db.query("INSERT INTO bytes VALUES (2, NULL, '', '', ''), (3, ?, NULL, NULL, NULL)", [Buffer.alloc(3_000_000, '\n;\\')]);
  await db.query("SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'");
  await db.query("INSERT INTO numbers VALUES (0, '12345678901234567890.0123456789', 1.5e300, b'101010101', 'a,b', 'y;', 18446744073709551615)");
  await db.query("SET sql_mode = ''");
  await db.query("INSERT INTO times (id, ts) VALUES (1, '2014-03-30 00:30:00')");
  await db.query("INSERT INTO words VALUES ('strasse'), ('straße'), ('Zoë')");
  await db.query('INSERT INTO grouped (g) VALUES (1), (1), (2)');
  await db.query('INSERT INTO parted VALUES (1), (2), (3), (NULL)');
  await db.query("INSERT INTO `we``ird;\ttable ü` VALUES (1, 'x')");
  await db.query('SET foreign_key_checks = 0');
  await db.query('INSERT INTO child VALUES (1, 7)');
  await db.query('INSERT INTO parent VALUES (7)');
}

const tables = ['bytes', 'numbers', 'times', 'words', 'grouped', 'parted', 'we`ird;\ttable ü', 'parent', 'child', 'log'];

/** Every value as hexadecimal digits, so that nothing between here and the server can convert it. */
async function contents(side: 'source' | 'target', database: string): Promise<Record<string, unknown>> {
  const admin = side === 'source' ? bench.sourceAdmin : bench.targetAdmin;
  const result: Record<string, unknown> = {};
  await admin.query("SET time_zone = '+00:00'");
  for (const table of tables) {
    const [columns] = await admin.query<RowDataPacket[]>(
      'SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION',
      [database, table],
    );
    const values = columns.map(({ name }) => `HEX(CONCAT(${quoteIdentifier(String(name))}))`);
    const [rows] = await admin.query({ sql: `SELECT ${values.join(', ')} FROM ${quoteIdentifier(database)}.${quoteIdentifier(table)}`, rowsAsArray: true });
    result[table] = (rows as unknown[][]).map((row) => row.join(' ')).sort();
  }
  return result;
}

describe('a database from MySQL 5.6 to the target, through the programs', () => {
  for (const database of ['plain', '-we ird`ü;\\']) {
    test(`every byte of \`${database}\` arrives, and the database is released`, async () => {
      await fillSource(database);
      const dump = await bench.run('dump', database);
      assert.equal(dump.exitCode, 0, dump.stderr);
      assert.deepEqual(await bench.holders('source'), []);
      const imported = await bench.run('import', database);
      assert.equal(imported.exitCode, 0, imported.stderr);
      const verified = await bench.run('verify', database);
      assert.equal(verified.exitCode, 0, verified.stderr);

      assert.deepEqual(await contents('target', database), await contents('source', database));
      const report = await bench.report('verify', database);
      assert.equal(report.result?.tables, tables.length);
      assert.equal(report.result.rows, (await bench.report('dump', database)).result?.rows);
      const [left] = await bench.targetAdmin.query<RowDataPacket[]>("SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME LIKE '%ferry%'", [database]);
      assert.deepEqual(left, []);
    });
  }

  test('the definitions are those of the source, but for what the target does not have', async () => {
    const admin = bench.targetAdmin;
    const show = async (what: string): Promise<string> => {
      const [rows] = await admin.query({ sql: `SHOW CREATE ${what}`, rowsAsArray: true });
      return (rows as unknown[][])[0]!.join('\n');
    };
    assert.match(await show('DATABASE plain'), /latin1 COLLATE latin1_german1_ci/);
    assert.match(await show('TABLE plain.words'), /COLLATE=utf8mb4_general_ci/);
    assert.match(await show('TABLE plain.bytes'), /`t` text CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci/);
    assert.doesNotMatch(await show('TABLE plain.numbers'), /COMPRESSED|KEY_BLOCK_SIZE/);
    assert.match(await show('TABLE plain.grouped'), /KEY `\w+` \(`n`\)/);
    assert.match(await show('TABLE plain.child'), /CONSTRAINT `fk` FOREIGN KEY \(`p`\) REFERENCES `parent` \(`id`\)/);
    assert.match(await show('EVENT plain.nightly'), /DISABLE DO INSERT/);
    assert.match(await show('TRIGGER plain.counted'), /DEFINER=`root`@`127.0.0.1`/);
    const procedure = await show('PROCEDURE plain.said');
    assert.ok(procedure.includes("-- it's a comment;\n DECLARE y INT"), procedure);
    const [engines] = await admin.query<RowDataPacket[]>("SELECT DISTINCT ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'plain' AND TABLE_TYPE = 'BASE TABLE'");
    assert.deepEqual(engines.map((row) => row['ENGINE'] as string), ['InnoDB']);
    assert.match(await show('VIEW plain.a_view'), /DEFINER=`root`@`127.0.0.1`[\s\S]*join `plain`.`numbers`/);
  });

  test('a view whose maker is gone does not keep a database with MyISAM tables from being moved', async () => {
    await bench.sourceAdmin.query(`CREATE DATABASE orphaned; CREATE TABLE orphaned.t (a INT) ENGINE=MyISAM; INSERT INTO orphaned.t VALUES (1);
      CREATE DEFINER=gone@nowhere VIEW orphaned.v AS SELECT a FROM orphaned.t; CREATE FUNCTION orphaned.f() RETURNS INT DETERMINISTIC RETURN 1`);
    for (const stage of ['dump', 'import', 'verify'] as const) {
      const ended = await bench.run(stage, 'orphaned');
      assert.equal(ended.exitCode, 0, ended.stderr);
    }
    const [view] = await bench.targetAdmin.query<RowDataPacket[]>('SHOW CREATE VIEW orphaned.v');
    assert.match(String(view[0]!['Create View']), /DEFINER=`gone`@`nowhere`/);
  });

  test('triggers and routines keep the settings under which each was made', async () => {
    const db = bench.sourceAdmin;
    for (const sql of [
      'CREATE DATABASE settings CHARACTER SET latin1 COLLATE latin1_german1_ci',
      'USE settings',
      'CREATE TABLE t (a VARCHAR(20))',
      'CREATE TABLE u (a VARCHAR(20))',
      "CREATE TRIGGER t1 BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 'ä'",
      'CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN 1',
      'ALTER DATABASE settings COLLATE latin1_swedish_ci',
      "SET sql_mode = 'ANSI_QUOTES', NAMES utf8 COLLATE utf8_bin",
      "CREATE TRIGGER t2 BEFORE UPDATE ON t FOR EACH ROW SET NEW.\"a\" = 'ö'",
      "SET sql_mode = '', NAMES utf8mb4",
      'ALTER DATABASE settings COLLATE latin1_spanish_ci',
      "CREATE TRIGGER u1 BEFORE INSERT ON u FOR EACH ROW SET NEW.a = 'ü'",
      'CREATE TRIGGER u2 AFTER INSERT ON u FOR EACH ROW SET @a = 1',
      'ALTER DATABASE settings COLLATE latin1_danish_ci',
      'CREATE FUNCTION g() RETURNS INT DETERMINISTIC RETURN 1',
    ]) await db.query(sql);
    for (const stage of ['dump', 'import', 'verify'] as const) {
      const ended = await bench.run(stage, 'settings');
      assert.equal(ended.exitCode, 0, ended.stderr);
    }
    const triggers = `SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_STATEMENT, SQL_MODE, DEFINER, REPLACE(CHARACTER_SET_CLIENT, 'utf8mb3', 'utf8') AS client,
      REPLACE(COLLATION_CONNECTION, 'utf8mb3', 'utf8') AS connection, DATABASE_COLLATION FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = 'settings' ORDER BY 1`;
    const routines = "SELECT ROUTINE_NAME, DATABASE_COLLATION FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = 'settings' ORDER BY 1";
    const defaults = "SELECT DEFAULT_COLLATION_NAME AS collation FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = 'settings'";
    for (const [sql, rows] of [[triggers, 4], [routines, 2], [defaults, 1]] as const) {
      const [[source], [target]] = await Promise.all([db.query<RowDataPacket[]>(sql), bench.targetAdmin.query<RowDataPacket[]>(sql)]);
      assert.equal(source.length, rows);
      assert.deepEqual(target.map((row) => ({ ...row })), source.map((row) => ({ ...row })));
    }
  });

  test('tables are locked only where one of them is not InnoDB', async () => {
    await bench.sourceAdmin.query('CREATE DATABASE transactional; CREATE TABLE transactional.t (a INT) ENGINE=InnoDB');
    const dump = await bench.run('dump', 'transactional');
    assert.equal(dump.exitCode, 0, dump.stderr);
    const optionsOf = async (database: string): Promise<string[]> => (await bench.manifest(database)).options.filter((option) => /^--(?:skip-add-locks|single-transaction|lock-tables|skip-lock-tables)$/.test(option));
    assert.deepEqual(await optionsOf('transactional'), ['--skip-add-locks', '--single-transaction']);
    assert.deepEqual(await optionsOf('plain'), ['--skip-add-locks', '--lock-tables']);
  });

  test('the audit says what was changed and why', async () => {
    const audit = (await bench.json('spring-cutover/reports/plain/1/audit.json')) as { entries: { rule: string; object: string; before: string; after: string }[] };
    const change = audit.entries.find(({ rule, object }) => rule === 'storage-engine' && object === 'table bytes');
    assert.match(change?.before ?? '', /ENGINE=MyISAM/);
    assert.match(change?.after ?? '', /ENGINE=InnoDB/);
    const report = await bench.report('import', 'plain');
    assert.ok(report.result!.conversions >= 7, `${report.result!.conversions} conversions`);
  });
});
