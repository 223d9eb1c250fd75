/** Databases that cannot be migrated as they are, each for one reason. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from 'mysql2/promise';
import { quoteIdentifier } from '../../../../core/names.ts';
import type { RunningServer } from '../../../../local/mysql/server-process.ts';

const manyColumns = (count: number, type: string): string => Array.from({ length: count }, (_, number) => `c${number} ${type}`).join(', ');
const longTable = 'a_table_whose_name_leaves_no_room_for_what_mysql_adds_to_it';

/** By the check that blocks it: what makes a database unfit. */
export const trouble: Readonly<Record<string, readonly string[]>> = {
  'enum-members-alike': ["CREATE TABLE t (id INT PRIMARY KEY, e ENUM('a','A'))", 'INSERT INTO t VALUES (1, 1), (2, 2)'],
  'enum-set-element': [`CREATE TABLE t (e ENUM('x','${'y'.repeat(256)}'))`],
  'foreign-key-name': ['CREATE TABLE parent (id INT PRIMARY KEY)', 'CREATE TABLE short (id INT, FOREIGN KEY (id) REFERENCES parent (id))', `RENAME TABLE short TO ${longTable}`],
  'foreign-key-parent-index': ['CREATE TABLE parent (id INT PRIMARY KEY, code INT, KEY (code))', 'CREATE TABLE child (code INT, FOREIGN KEY (code) REFERENCES parent (code))', 'SET FOREIGN_KEY_CHECKS = 0', 'ALTER TABLE parent DROP KEY code'],
  'fts-table-name': ['CREATE TABLE FTS_00000000000000aa_config (id INT) ENGINE=MyISAM'],
  'group-by-order': ['CREATE TABLE t (id INT)', 'CREATE VIEW v AS SELECT id FROM t GROUP BY id DESC'],
  'innodb-name': ['CREATE TABLE t (id INT, KEY GEN_CLUST_INDEX (id)) ENGINE=MyISAM'],
  'invalid-view': ['CREATE TABLE t (id INT)', 'CREATE VIEW v AS SELECT id FROM t', 'DROP TABLE t'],
  'marker-table': ['CREATE TABLE _aurora_ferry_import (id INT)'],
  'merge-engine': ['CREATE TABLE a (id INT NOT NULL) ENGINE=MyISAM', 'CREATE TABLE m (id INT NOT NULL) ENGINE=MERGE UNION=(a)'],
  'names-alike': ['CREATE TABLE t (id INT)', 'CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET @a = 1', 'CREATE TRIGGER TR BEFORE UPDATE ON t FOR EACH ROW SET @a = 1'],
  'removed-function': ['CREATE TABLE t (v VARCHAR(10))', 'CREATE VIEW v AS SELECT ENCRYPT(v) AS e FROM t'],
  'removed-syntax': ['CREATE PROCEDURE p() SELECT SQL_CACHE 1'],
  'removed-system-table': ['CREATE VIEW v AS SELECT variable_name FROM information_schema.global_status'],
  'removed-variable': ["CREATE PROCEDURE p() SET SESSION tx_isolation = 'SERIALIZABLE'"],
  'reserved-word': ['CREATE PROCEDURE p() BEGIN DECLARE rank INT; SET rank = 1; END'],
  'row-too-large': [`CREATE TABLE t (${manyColumns(40, 'CHAR(255) NOT NULL')}) ENGINE=MyISAM CHARACTER SET latin1`],
  'too-many-columns': [`CREATE TABLE t (${manyColumns(1018, 'TINYINT')}) ENGINE=MyISAM`],
  'unreadable-table': ['CREATE TABLE t (id INT) ENGINE=MyISAM', 'FLUSH TABLES t'],
};

/** Each of them, under the name of its check, and one that is `clean`. */
export async function makeTroubledDatabases(administrator: Connection, source: RunningServer): Promise<void> {
  for (const [check, statements] of Object.entries(trouble)) await makeDatabase(administrator, check, statements);
  await makeDatabase(administrator, 'clean', ['CREATE TABLE t (id INT PRIMARY KEY) CHARACTER SET latin1']);
  await rm(join(source.directory, 'data', 'unreadable@002dtable', 't.MYI'));
}

export async function makeDatabase(administrator: Connection, name: string, statements: readonly string[]): Promise<void> {
  await administrator.query("SET SESSION sql_mode = '', FOREIGN_KEY_CHECKS = 1");
  await administrator.query(`CREATE DATABASE ${quoteIdentifier(name)} CHARACTER SET latin1`);
  await administrator.query(`USE ${quoteIdentifier(name)}`);
  for (const statement of statements) await administrator.query(statement);
}
