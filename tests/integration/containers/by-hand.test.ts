/** Dumps that other programs or people made: what arrives, and what is refused before the target is touched. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RowDataPacket } from 'mysql2';
import type { Bench } from './bench.ts';
import { Shop } from './shop.ts';

let bench: Bench;
let shop: Shop;

const started = new AsyncDisposableStack();
after(() => started.disposeAsync());

before(async () => {
  shop = await Shop.open(started);
  ({ bench } = shop);
  await bench.targetAdmin.query('CREATE DATABASE victim; CREATE TABLE victim.users (a INT); INSERT INTO victim.users VALUES (1)');
});

async function isOnTarget(database: string): Promise<boolean> {
  const [found] = await bench.targetAdmin.query<RowDataPacket[]>('SHOW DATABASES LIKE ?', [database]);
  return found.length > 0;
}

async function victims(): Promise<unknown> {
  const [found] = await bench.targetAdmin.query<RowDataPacket[]>('SELECT a FROM victim.users');
  return found.map((row) => row['a'] as unknown);
}

async function arrives(database: string, sql: string): Promise<void> {
  await shop.handMadeDump(database, sql);
  const ended = await bench.run('import', database);
  assert.equal(ended.exitCode, 0, ended.stderr);
  assert.equal((await bench.report('verify', database)).error, undefined);
}

async function rowsOf(sql: string): Promise<unknown> {
  const [rows] = await bench.targetAdmin.query<RowDataPacket[]>(sql);
  return rows;
}

describe('a dump made by hand', () => {
  test('whose tables are empty is verified', async () => {
    await arrives('with_empty', "CREATE TABLE t (a INT);\nCREATE TABLE u (a INT);\nINSERT INTO `u` VALUES (1);\nCREATE VIEW v AS SELECT * FROM u;\n");
    assert.equal((await bench.report('verify', 'with_empty')).result?.tables, 2);
  });

  test('of phpMyAdmin, whose keys and views stand behind the rows', async () => {
    await arrives('php_my_admin', phpMyAdmin);
    assert.deepEqual(await rowsOf('SELECT * FROM php_my_admin.orders ORDER BY id'), [{ id: 1, item: 2, note: 'a;\nb' }, { id: 2, item: 2, note: null }]);
    assert.deepEqual(await rowsOf('SELECT * FROM php_my_admin.v'), [{ id: 1 }, { id: 2 }]);
    assert.deepEqual(await rowsOf("SELECT CONSTRAINT_NAME AS name FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = 'php_my_admin'"), [{ name: 'orders_item' }]);
  });

  test('whose settings change between its rows', async () => {
    const bytes = Buffer.concat([
      Buffer.from("SET NAMES utf8mb4;\nCREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(10)) CHARSET=utf8mb4;\nINSERT INTO t VALUES (1,'ä');\nSET NAMES latin1;\nSET sql_mode = 'NO_BACKSLASH_ESCAPES';\nINSERT INTO t VALUES (2,'"),
      Buffer.from([0xe4]),
      Buffer.from("\\');\nSET NAMES utf8mb4, sql_mode = '';\n".replace(', sql_mode', ';\nSET sql_mode')),
      Buffer.from("INSERT INTO t VALUES (3,'ü\\'');\n"),
    ]);
    await shop.handMadeDump('settings', bytes);
    const ended = await bench.run('import', 'settings');
    assert.equal(ended.exitCode, 0, ended.stderr);
    assert.deepEqual(await rowsOf('SELECT a FROM settings.t ORDER BY id'), [{ a: 'ä' }, { a: 'ä\\' }, { a: "ü'" }]);
  });

  test('with names in double quotes and line breaks in values', async () => {
    await arrives('ansi', `SET sql_mode = 'ANSI';\nCREATE TABLE "t" ("id" INT PRIMARY KEY, "a" TEXT);\nINSERT INTO "t" VALUES (1,'one;\n-- two;\n');\nINSERT INTO "t" VALUES (2,'x');\n`);
    assert.deepEqual(await rowsOf('SELECT a FROM ansi.t ORDER BY id'), [{ a: 'one;\n-- two;\n' }, { a: 'x' }]);
  });
});

describe('before the target is touched', () => {
  const table = 'CREATE TABLE t (a INT);\nINSERT INTO `t` VALUES (1);\n';
  const refused: Readonly<Record<string, readonly [sql: string, said: RegExp]>> = {
    drop: [`${table}DROP TABLE victim.users;\n`, /line 3 \(byte 52\) of dump\.sql\.zst: it is of another database, `victim`\. The statement begins: DROP TABLE victim\.users/],
    versioned: [`${table}/*!50000 DROP DATABASE victim */;\n`, /another database, `victim`/],
    grant: [`GRANT ALL ON *.* TO x@'%' IDENTIFIED BY 'secret';\n${table}`, /line 1 .*begins: GRANT ALL ON \*\.\* TO x@ …/],
    rows: [`${table}INSERT INTO \`victim\`.\`users\` VALUES (2);\n`, /line 3 .*another database/],
    second: [`${table}INSERT INTO t VALUES (3);DELETE FROM victim.users;\n`, /no statement that begins with DELETE/],
    update: [`${table}UPDATE t SET a = 1;\n`, /begins with UPDATE/],
    marker: [`${table}DROP TABLE _aurora_ferry_import;\n`, /Ferry's own/],
    through_view: [`CREATE VIEW v AS SELECT * FROM victim.users;\nINSERT INTO v VALUES (2);\n`, /makes no table of that name/],
    dropped_again: [`${table}DROP TABLE t;\nCREATE TABLE t (a INT);\n`, /line 3 .*given rows before/],
    gbk: [`SET NAMES gbk;\n${table}`, /half a letter/],
    hidden_rows: [`${table}/*!40000 INSERT INTO t VALUES (2) */;\n`, /hidden in a comment/],
  };
  for (const [name, [sql, said]] of Object.entries(refused)) {
    test(name, async () => {
      await shop.handMadeDump(name, sql);
      const error = await shop.failure('import', name);
      assert.equal(error.name, 'DumpRefused');
      assert.match(error.message, said);
      assert.doesNotMatch(error.message, /secret/);
      assert.equal(await isOnTarget(name), false);
      assert.deepEqual(await victims(), [1]);
    });
  }

  test('what stands behind the rows of a dump of Ferry in their line', async () => {
    const manifest = await bench.manifest('shop');
    await shop.handMadeDump('one_line', `${table}INSERT INTO t VALUES (3);DROP DATABASE victim;\n`, (made) => ({ ...made, verification: manifest.verification }));
    assert.match((await shop.failure('import', 'one_line')).message, /something else than rows/);
  });
});

test('a second statement behind a stored program is refused by the target', async () => {
  await shop.handMadeDump('smuggler', 'CREATE TABLE t (a INT);\nDELIMITER ;;\nCREATE PROCEDURE p() SELECT 1; DROP DATABASE victim;;\nDELIMITER ;\n');
  const error = await shop.failure('import', 'smuggler');
  assert.equal(error.name, 'ImportRejected');
  assert.match(error.message, /error 1064/);
  assert.deepEqual(await victims(), [1]);
});

const phpMyAdmin = `-- phpMyAdmin SQL Dump
SET SQL_MODE = "NO_AUTO_VALUE_ON_ZERO";
START TRANSACTION;
SET time_zone = "+00:00";
/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET NAMES utf8mb4 */;
--
-- Database: \`php_my_admin\`
--
CREATE DATABASE IF NOT EXISTS \`php_my_admin\` DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
USE \`php_my_admin\`;
DELIMITER $$
CREATE PROCEDURE \`p\` ()   BEGIN
  SELECT 1;
END$$
DELIMITER ;
CREATE TABLE \`items\` (
  \`id\` int(11) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO \`items\` (\`id\`) VALUES
(2),
(3);
CREATE TABLE \`orders\` (
  \`id\` int(11) NOT NULL,
  \`item\` int(11) NOT NULL,
  \`note\` text
) ENGINE=MyISAM DEFAULT CHARSET=utf8mb4;
INSERT INTO \`orders\` (\`id\`, \`item\`, \`note\`) VALUES
(1, 2, 'a;\\nb'),
(2, 2, NULL);
CREATE TABLE \`v\` (
\`id\` int(11)
);
CREATE TABLE \`empty\` (
  \`id\` int(11) NOT NULL
);
DROP TABLE IF EXISTS \`v\`;
CREATE ALGORITHM=UNDEFINED SQL SECURITY INVOKER VIEW \`v\`  AS SELECT \`orders\`.\`id\` AS \`id\` FROM \`orders\`;
ALTER TABLE \`empty\`
  ADD KEY \`x\` (\`id\`);
ALTER TABLE \`items\`
  ADD PRIMARY KEY (\`id\`);
ALTER TABLE \`orders\`
  ADD PRIMARY KEY (\`id\`),
  ADD KEY \`item\` (\`item\`);
ALTER TABLE \`orders\`
  MODIFY \`id\` int(11) NOT NULL AUTO_INCREMENT, AUTO_INCREMENT=3;
ALTER TABLE \`orders\`
  ADD CONSTRAINT \`orders_item\` FOREIGN KEY (\`item\`) REFERENCES \`items\` (\`id\`);
COMMIT;
/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;
`;
