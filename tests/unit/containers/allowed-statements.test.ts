/** What an import runs, and what it refuses, statement by statement. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AllowedStatements } from '../../../containers/import/allowed-statements.ts';
import { Refusal } from '../../../containers/import/allowed/strict-tokens.ts';
import { bytesAsText } from '../../../containers/common/mysql-session.ts';

function check(sql: string, ...settings: readonly string[]): ReturnType<AllowedStatements['check']> {
  const allowed = new AllowedStatements(bytesAsText('shop'));
  for (const setting of settings) allowed.check(setting);
  return allowed.check(bytesAsText(sql));
}

function checkRows(sql: string, ...settings: readonly string[]): ReturnType<AllowedStatements['checkRows']> {
  const allowed = new AllowedStatements(bytesAsText('shop'));
  for (const setting of settings) allowed.check(setting);
  return allowed.checkRows(Buffer.from(sql, 'utf8'));
}

describe('what dumps have', () => {
  const cases: readonly (readonly [sql: string, kind: string, object: string, isSkipped?: true])[] = [
    ['/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */', 'session', ''],
    ["/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */", 'session', ''],
    ['/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */', 'session', ''],
    ["/*!40101 SET SQL_MODE=IFNULL(@OLD_SQL_MODE, '') */", 'session', ''],
    ['/*M!100616 SET @OLD_NOTE_VERBOSITY=@@NOTE_VERBOSITY, NOTE_VERBOSITY=0 */', 'session', ''],
    ['SET NAMES utf8mb4 COLLATE utf8mb4_bin', 'session', ''],
    ['SET AUTOCOMMIT = 0', 'session', '', true],
    ['START TRANSACTION', 'other', '', true],
    ['COMMIT', 'other', '', true],
    ['CREATE DATABASE /*!32312 IF NOT EXISTS*/ `shop` /*!40100 DEFAULT CHARACTER SET latin1 */', 'database', 'shop', true],
    ['/*!40000 DROP DATABASE IF EXISTS `shop`*/', 'database', 'shop', true],
    ['USE `shop`', 'use', 'shop', true],
    ['LOCK TABLES `a` WRITE', 'lock', '', true],
    ['UNLOCK TABLES', 'lock', '', true],
    ['/*!40000 ALTER TABLE `a` DISABLE KEYS */', 'keys', 'a', true],
    ["ALTER DATABASE `shop` CHARACTER SET latin1 COLLATE latin1_swedish_ci", 'database', 'shop'],
    ["CREATE TABLE `a` (\n  `id` int(11) DEFAULT NULL COMMENT 'it''s; SELECT'\n) ENGINE=InnoDB\n/*!50100 PARTITION BY RANGE (id)\n(PARTITION p0 VALUES LESS THAN (6) ENGINE = InnoDB) */", 'table', 'a'],
    ['CREATE TABLE `shop` . `a` (`x` int, CONSTRAINT f FOREIGN KEY (x) REFERENCES `other`.`p` (x))', 'table', 'a'],
    ['/*!50001 CREATE ALGORITHM=UNDEFINED */\n/*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */\n/*!50001 VIEW `v` AS select * from `other`.`t` */', 'view', 'v'],
    ['/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`%`*/ /*!50003 TRIGGER `g` BEFORE INSERT ON `a` FOR EACH ROW SET @a = 1 */', 'trigger', 'g'],
    ['CREATE DEFINER=root@10.0.0.1 PROCEDURE `p`() BEGIN SELECT 1; END', 'routine', 'p'],
    ['CREATE DEFINER=CURRENT_USER() FUNCTION f (a INT) RETURNS int RETURN 1', 'routine', 'f'],
    ["/*!50106 CREATE*/ /*!50117 DEFINER=`root`@`localhost`*/ /*!50106 EVENT `e` ON SCHEDULE EVERY 1 DAY DO SELECT 1 */", 'event', 'e'],
    ['/*!50001 DROP TABLE IF EXISTS `v`*/', 'drop', 'v'],
    ['DROP TABLE IF EXISTS a, shop.b', 'drop', 'a'],
    ['ALTER TABLE `a`\n  ADD PRIMARY KEY (`id`),\n  ADD KEY `k` (`x`,`y`)', 'other', 'a'],
    ['ALTER TABLE `a`\n  MODIFY `id` int(11) NOT NULL AUTO_INCREMENT, AUTO_INCREMENT=37', 'other', 'a'],
    ['CREATE UNIQUE INDEX i ON a (x)', 'other', 'a'],
    ['/* a comment */', 'other', '', true],
  ];
  for (const [sql, kind, object, isSkipped] of cases) {
    test(sql.slice(0, 60), () => {
      const { others, ...allowed } = check(sql);
      assert.deepEqual(allowed, { kind, object, isSkipped: isSkipped ?? false });
      assert.ok(others.length <= 1);
    });
  }
});

describe('what is refused', () => {
  const cases: readonly (readonly [sql: string, reason: RegExp])[] = [
    ['DROP TABLE other.users', /another database, `other`/],
    ['DROP TABLE `a`, `other` /* x */ . `users`', /another database/],
    ['DROP TABLE Shop.a', /another database, `Shop`/],
    ['DROP TABLE .a', /where a name belongs/],
    ['DROP TABLE shop..a', /where a name belongs/],
    ['DROP TABLE _AURORA_FERRY_IMPORT', /Ferry's own/],
    ['DROP DATABASE `other`', /another database/],
    ['DROP USER root', /does not drop USER/],
    ['/*!50000 DROP DATABASE other */', /another database/],
    ['/*!99999 DROP TABLE a */', /begins with|does not drop|belongs/],
    ['DROP TABLE a /*!99999 , other.users */', /behind its end/],
    ['/*!50000 /*!50000 DROP TABLE a */ */', /within another/],
    ['/*!5000 0 DROP TABLE a */', /more than one way/],
    ['/*!50000DROP TABLE a*/', /more than one way/],
    ["/*!99999 SET @a = '*/; DROP' */", /comment in a string/],
    ["GRANT ALL ON *.* TO x IDENTIFIED BY 'secret'", /begins with GRANT/],
    ['USE other', /another database/],
    ['CREATE DATABASE other', /another database/],
    ['CREATE TABLE other.t (a INT)', /another database/],
    ['CREATE TEMPORARY TABLE t (a INT)', /does not create TEMPORARY|does not create/],
    ['CREATE TABLE t SELECT * FROM other.users', /belongs stands SELECT/],
    ['CREATE TABLE t (a INT) SELECT * FROM other.users', /rows of a query/],
    ['CREATE TABLE t (a INT) /*!50000 AS */ (SELECT 1)', /rows of a query/],
    ['CREATE TABLE t (a INT) TABLE other.users', /rows of a query/],
    ['CREATE TABLE t LIKE other.users', /belongs stands LIKE/],
    ['CREATE TABLE t (LIKE other.users)', /those of another table/],
    ["CREATE TABLE t (a INT) DATA DIRECTORY = '/tmp'", /places its files/],
    ['CREATE TABLE t (a INT); DROP DATABASE other', /another statement/],
    ["CREATE FUNCTION f RETURNS STRING SONAME 'x.so'", /belongs stands RETURNS/],
    ['CREATE TRIGGER g BEFORE INSERT ON other.t FOR EACH ROW SET @a = 1', /another database/],
    ['CREATE VIEW other.v AS SELECT 1', /another database/],
    ['CREATE USER x', /does not create USER/],
    ['CREATE ROLE x', /does not create ROLE/],
    ["CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'x')", /does not create SERVER/],
    ["CREATE TABLESPACE s ADD DATAFILE 'x'", /does not create TABLESPACE/],
    ['ALTER TABLE t RENAME TO other.t', /does not alter a table to RENAME/],
    ['ALTER TABLE t ADD KEY (a), EXCHANGE PARTITION p WITH TABLE other.t', /to EXCHANGE/],
    ['ALTER TABLE t DISABLE KEYS, DROP COLUMN a', /behind its end/],
    ["ALTER USER root IDENTIFIED BY 'x'", /does not alter USER/],
    ['ALTER DATABASE other CHARACTER SET latin1', /another database/],
    ['ALTER DATABASE shop READ ONLY = 1', /more of the database/],
    ['SET GLOBAL max_connections = 1', /something else|max_connections|GLOBAL/i],
    ['SET @@global.max_connections = 1', /global|something else/],
    ['SET PERSIST max_connections = 1', /something else|persist/i],
    ["SET PASSWORD = 'x'", /password/],
    ["SET PASSWORD FOR root = 'x'", /something else/],
    ['SET sql_log_bin = 0', /sql_log_bin/],
    ['SET @a = (SELECT password FROM other.users)', /literal or a variable/],
    ["SET @a = LOAD_FILE('/etc/passwd')", /literal or a variable/],
    ['SET NAMES utf8; DROP DATABASE other', /more than names/],
    ['SET ROLE admin', /something else/],
    ['SET TRANSACTION ISOLATION LEVEL READ COMMITTED', /something else/],
    ['UPDATE a SET x = 1', /begins with UPDATE/],
    ['PREPARE s FROM @a', /begins with PREPARE/],
    ['EXECUTE s', /begins with EXECUTE/],
    ['CALL other.p()', /begins with CALL/],
    ['DO SLEEP(1)', /begins with DO/],
    ['FLUSH PRIVILEGES', /begins with FLUSH/],
    ['KILL 1', /begins with KILL/],
    ["LOAD DATA INFILE 'x' INTO TABLE t", /begins with LOAD/],
    ['SOURCE x.sql', /begins with SOURCE/],
    ['\\! rm -rf /', /begins with/],
    ['WITH a AS (SELECT 1) DELETE FROM t', /begins with WITH/],
    ['LOCK INSTANCE FOR BACKUP', /locks something else/],
    ['START REPLICA', /starts something else|not followed/],
  ];
  for (const [sql, reason] of cases) {
    test(sql.slice(0, 70), () => {
      assert.throws(() => check(sql), (error: unknown) => error instanceof Refusal && reason.test(error.message) || assert.fail(String(error)));
    });
  }

  test('a name of this database in bytes of another character set', () => {
    const allowed = new AllowedStatements(bytesAsText('größe'));
    allowed.check(bytesAsText('DROP TABLE `größe`.`a`'));
    allowed.check('SET NAMES latin1');
    assert.throws(() => allowed.check(bytesAsText('DROP TABLE `größe`.`a`')), /character set latin1/);
  });

  test('a blank that only latin1 has', () => {
    assert.throws(() => check('DROP TABLE a\u00a0', 'SET NAMES latin1'), /not quoted/);
  });

  test('letters of two bytes are read as the server reads them', () => {
    const allowed = new AllowedStatements('shop');
    allowed.check('SET NAMES gbk');
    // The second byte of this letter is a backtick.
    assert.equal(allowed.check('CREATE TRIGGER `\x83\x60` BEFORE INSERT ON `a` FOR EACH ROW SET @a = 1').object, '\x83\x60');
    assert.throws(() => allowed.check('DROP TABLE `\x83\x60`.`x`'), /another database/);
  });
});

describe('rows', () => {
  test('of literals are counted', () => {
    const rows: readonly (readonly [string, number])[] = [
      ['INSERT INTO `t` VALUES (1,-2.5e+10,NULL)', 1],
      ["INSERT INTO `t` VALUES ('a;b','it\\'s','''','\\\\'),(_binary 'x',0xAB,b'1')", 2],
      ["INSERT INTO `t` (`id`, `name`) VALUES\n(1, 'x'),\n(2, 'y');\n".trim().replace(/;$/, ''), 2],
      ["INSERT IGNORE INTO shop.t VALUES (TRUE , DEFAULT)", 1],
      ["REPLACE INTO t (a) VALUES (_utf8mb4'x'),(DATE'2020-01-01'),(X'6A')", 3],
      ["INSERT  DELAYED INTO `t` VALUES (UNHEX('AB'),CONVERT('{}' USING UTF8MB4),ST_GeomFromText('POINT(1 2)',4326))", 1],
      ['INSERT INTO t VALUES ()', 1],
      ["INSERT INTO `t` VALUES ('\r\n''; DROP DATABASE x;\n')", 1],
    ];
    for (const [sql, count] of rows) assert.deepEqual(checkRows(sql), { table: 't', rows: count }, sql);
  });

  test('of anything else are refused', () => {
    const refused: readonly (readonly [string, RegExp])[] = [
      ['INSERT INTO `other`.`users` VALUES (1)', /another database/],
      ['INSERT INTO other . users VALUES (1)', /another database/],
      ['INSERT INTO _aurora_ferry_import VALUES (1)', /Ferry's own/],
      ['INSERT INTO t SELECT * FROM other.users', /where VALUES belongs stands SELECT/],
      ['INSERT INTO t (a) SELECT 1', /where VALUES belongs/],
      ['INSERT INTO t SET a = 1', /where VALUES belongs/],
      ['INSERT INTO t PARTITION (p) VALUES (1)', /where VALUES belongs/],
      ["INSERT INTO t VALUES (load_file('/etc/passwd'))", /not a literal/],
      ['INSERT INTO t VALUES ((SELECT 1))', /not a literal/],
      ["INSERT INTO t VALUES (UNHEX(other.f()))", /not a literal|a function/],
      ["INSERT INTO t VALUES (UNHEX('AB') + other.f())", /not a literal/],
      ['INSERT INTO t VALUES (1 + other.f())', /not a literal/],
      ['INSERT INTO t VALUES (@a)', /not a literal/],
      ['INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 2', /something else than rows/],
      ['INSERT INTO t VALUES (1) AS n ON DUPLICATE KEY UPDATE a = 2', /something else than rows/],
      ['INSERT INTO t VALUES (1);DROP DATABASE x', /something else than rows/],
      ['INSERT INTO t VALUES ROW(1)', /something else than rows/],
      ["INSERT INTO t VALUES (1-- ,'\n, other.f(), '')", /not a literal/],
      ["INSERT INTO t VALUES (1/* */)", /not a literal/],
      ["INSERT INTO t VALUES (1 # )\n)", /not a literal/],
      ['INSERT INTO t /*!99999 (a) */ VALUES (1)', /where VALUES belongs|columns/],
      ["INSERT INTO t VALUES ('a\\')", /no end/],
      ['INSERT INTO t VALUES (1,)', /missing/],
      ['INSERT INTO t VALUES (1', /not a literal|something else/],
    ];
    for (const [sql, reason] of refused) assert.throws(() => checkRows(sql), (error: unknown) => (error instanceof Refusal && reason.test(error.message)) || assert.fail(`${sql}: ${String(error)}`));
  });

  test('are read with the sql_mode and the character set of the session', () => {
    assert.equal(checkRows("INSERT INTO t VALUES ('a\\')", "SET sql_mode = 'NO_BACKSLASH_ESCAPES'").rows, 1);
    assert.throws(() => checkRows("INSERT INTO t VALUES ('a\\'),(other.f()),('')", "SET sql_mode = 'NO_BACKSLASH_ESCAPES'"), /not a literal/);
    assert.equal(checkRows('INSERT INTO "t" VALUES (1)', "SET sql_mode = 'ANSI'").table, 't');
    assert.throws(() => checkRows('INSERT INTO t VALUES ("a")', "SET sql_mode = 'ANSI_QUOTES'"), /not a literal/);
    for (const name of ['gbk', 'sjis', 'big5', 'cp932', 'gb18030', 'GBK']) assert.throws(() => checkRows('INSERT INTO t VALUES (1)', `SET NAMES ${name}`), /half a letter/);
    assert.throws(() => checkRows('INSERT INTO t VALUES (1)', 'SET @a = @@character_set_client', 'SET character_set_client = gbk'), /half a letter/);
    assert.equal(checkRows('INSERT INTO t VALUES (1)', 'SET @a = @@character_set_client', 'SET character_set_client = gbk', 'SET character_set_client = @a').rows, 1);
  });
});
