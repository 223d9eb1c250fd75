/**
 * One change after the other on the target of a migrated fleet: verification notices each, and nothing where nothing was
 * changed. With FERRY_MUTATIONS=all each change that fits an object or a row is made, which takes minutes; without it a
 * few of each kind.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { compareObjects } from '../../../containers/import/compare-objects.ts';
import { compareTables } from '../../../containers/import/compare-tables.ts';
import { expectedStructure } from '../../../core/objects/expected-structure.ts';
import { MysqlSession } from '../../../containers/common/mysql-session.ts';
import type { Manifest } from '../../../core/contracts.ts';
import { FerryError } from '../../../core/errors.ts';
import { errnoOf } from '../../../core/mysql-failures.ts';
import { quoteIdentifier, reportKey } from '../../../core/names.ts';
import type { Structure } from '../../../core/objects/structure.ts';
import { seedFleet } from '../../../local/fleet/seed.ts';
import { Bench, migration } from './bench.ts';
import { objectMutations } from './object-mutations.ts';
import { rowMutations } from './row-mutations.ts';

const everything = process.env['FERRY_MUTATIONS'] === 'all';
/** Of each kind of change, in the whole fleet. */
const most = everything ? Number.POSITIVE_INFINITY : 2;

interface Migrated {
  readonly database: string;
  readonly manifest: Manifest;
  /** The source's objects, as converted. */
  readonly structure: Structure;
}

let bench: Bench;
let session: MysqlSession;
const fleet: Migrated[] = [];
/** By kind: changes that were made, and such that the server refuses or that would change nothing. */
const made = new Map<string, number>();
const refused = new Map<string, number>();

const started = new AsyncDisposableStack();
after(() => started.disposeAsync());
before(async () => {
  bench = await Bench.start(started);
  const { databases } = await seedFleet({ source: bench.source.adminAccess, databases: everything ? 16 : 5, largeMegabytes: 1 });
  await makeVariety();
  session = started.adopt(await MysqlSession.open(bench.target.adminAccess, { signal: new AbortController().signal, bytes: true }), (opened) => opened.close());
  // The definer of what the fleet holds, without whom MySQL makes no view again.
  await bench.targetAdmin.query("CREATE USER 'root'@'127.0.0.1' ACCOUNT LOCK; GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE, TRIGGER, EVENT ON *.* TO 'root'@'127.0.0.1'");
  for (const database of [...databases, 'variety']) fleet.push(await migrate(database));
});

test('nothing is reported of an untouched fleet', async () => {
  for (const migrated of fleet) {
    assert.equal(await rowMismatch(migrated), undefined);
    assert.equal(await mismatch(migrated), undefined);
  }
});

test('each change of an object is noticed', async () => {
  const missed: string[] = [];
  for (const migrated of fleet) {
    await use(migrated.database);
    for (const mutation of await objectMutations(session, migrated.database)) {
      // InnoDB counts over all groups of a counter that MyISAM kept for each, so that it may be further.
      if (mutation.kind === 'counter' && migrated.structure[mutation.names.split(',')[0] ?? '']?.['auto-increment']?.endsWith('..') === true) continue;
      if ((made.get(mutation.kind) ?? 0) >= most) continue;
      const applied = await apply(mutation);
      const found = applied ? await mismatch(migrated) : undefined;
      for (const sql of applied ? mutation.undo : []) await session.execute(sql);
      if (applied && found?.includes(mutation.names) !== true) missed.push(`${migrated.database}: ${mutation.names} is not in ${found ?? 'nothing'}: ${mutation.sql.join('; ')}`);
    }
    assert.equal(await mismatch(migrated), undefined, `${migrated.database} is as it was`);
  }
  assert.deepEqual(missed, []);
  print('objects');
});

/** Last, because a counter that a trigger moved does not go back with the transaction. */
test('each change of a row is noticed', async () => {
  const missed: string[] = [];
  for (const migrated of fleet) {
    await use(migrated.database);
    // One may put right what an UPDATE changes.
    for (const { Trigger: trigger } of await session.query<{ Trigger: string }>('SHOW TRIGGERS')) await session.execute(`DROP TRIGGER ${quoteIdentifier(trigger)}`);
    for (const mutation of await rowMutations(session, migrated.database, everything ? 30 : 1)) {
      if ((made.get(mutation.kind) ?? 0) >= (everything ? most : 10)) continue;
      await session.execute('START TRANSACTION');
      const applied = await apply(mutation);
      const found = applied ? await rowMismatch(migrated) : undefined;
      await session.execute('ROLLBACK');
      if (applied && found?.includes(`\`${mutation.table}\``) !== true) missed.push(`${migrated.database}: ${mutation.sql.join('; ')}`);
    }
    assert.equal(await rowMismatch(migrated), undefined);
  }
  assert.deepEqual(missed, []);
  print('rows');
});

async function use(database: string): Promise<void> {
  for (const sql of [`USE ${quoteIdentifier(database)}`, "SET NAMES utf8mb4", "SET sql_mode = '', foreign_key_checks = 0, restrict_fk_on_non_standard_key = OFF, time_zone = '+00:00'"]) await session.execute(sql);
}

async function migrate(database: string): Promise<Migrated> {
  for (const stage of ['dump', 'import'] as const) {
    const ended = await bench.run(stage, database);
    assert.equal(ended.exitCode, 0, ended.stderr);
  }
  const manifest = await bench.manifest(database);
  const report = reportKey(migration, database, 1, 'import');
  const { entries } = (await bench.json(report.replace('import.json', 'audit.json'))) as { entries: Parameters<typeof expectedStructure>[1] };
  return { database, manifest, structure: expectedStructure(manifest.structure ?? {}, entries) };
}

/** @returns false where the server refuses the change */
async function apply({ kind, sql, undo = [] }: { readonly kind: string; readonly sql: readonly string[]; readonly undo?: readonly string[] }): Promise<boolean> {
  let rows = 0;
  try {
    for (const statement of sql) rows = await session.execute(statement);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    refused.set(kind, (refused.get(kind) ?? 0) + 1);
    // What was done before the statement that was refused.
    for (const statement of undo) await session.execute(statement).catch(() => undefined);
    return false;
  }
  // An UPDATE or DELETE that found no row to change.
  if (/^(?:UPDATE|DELETE|INSERT)/.test(sql.at(-1) ?? '') && rows === 0) return false;
  made.set(kind, (made.get(kind) ?? 0) + 1);
  return true;
}

/** What the stage `verify` would say of the database; undefined: nothing. */
async function mismatch(migrated: Migrated): Promise<string | undefined> {
  return said(async () => {
    try {
      await compareObjects(session, migrated.database, { structure: migrated.structure, off: [] });
    } finally {
      const left = await session.query<{ name: string }>("SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_NAME IN ('_aurora_ferry_table', '_aurora_ferry_view')");
      assert.deepEqual(left, []);
    }
  });
}

async function rowMismatch({ database, manifest }: Migrated): Promise<string | undefined> {
  return said(async () => {
    await compareTables(session, database, manifest.tables ?? [], () => MysqlSession.open(bench.target.adminAccess, { signal: new AbortController().signal }));
  });
}

async function said(compare: () => Promise<void>): Promise<string | undefined> {
  try {
    await compare();
    return undefined;
  } catch (error) {
    if (error instanceof FerryError && error.name === 'VerificationMismatch') return error.message;
    throw error;
  }
}

function print(what: string): void {
  const lines = [...made].map(([kind, number]) => `  ${String(number).padStart(6)}  ${kind}`);
  const total = [...made.values()].reduce((sum, number) => sum + number, 0);
  const impossible = [...refused.values()].reduce((sum, number) => sum + number, 0);
  console.log(`${total} changes of ${what}, all noticed; ${impossible} that the server refused:\n${lines.join('\n')}`);
  made.clear();
  refused.clear();
}

/** What the fleet has not: partitions of each sort, rules of foreign keys, defaults of each type. */
async function makeVariety(): Promise<void> {
  const source = bench.sourceAdmin;
  for (const sql of [
    "SET NAMES utf8mb4; SET sql_mode = ''; CREATE DATABASE variety CHARACTER SET utf8 COLLATE utf8_unicode_ci; USE variety",
    "CREATE TABLE ranges (id INT NOT NULL, d DATE NOT NULL, PRIMARY KEY (id, d)) ENGINE=InnoDB PARTITION BY RANGE (YEAR(d)) (PARTITION p13 VALUES LESS THAN (2013), PARTITION p14 VALUES LESS THAN (2015) COMMENT = 'now', PARTITION rest VALUES LESS THAN MAXVALUE)",
    'CREATE TABLE hashed (id INT NOT NULL PRIMARY KEY, v VARCHAR(10)) ENGINE=MyISAM PARTITION BY HASH (id % 7) PARTITIONS 4',
    "CREATE TABLE listed (k VARCHAR(5) NOT NULL, v INT) PARTITION BY LIST COLUMNS (k) (PARTITION a VALUES IN ('a','b'), PARTITION c VALUES IN ('c'))",
    'CREATE TABLE keyed (id INT NOT NULL, v INT) PARTITION BY KEY (id) PARTITIONS 3',
    'CREATE TABLE nested (id INT NOT NULL, d DATE NOT NULL) PARTITION BY RANGE (TO_DAYS(d)) SUBPARTITION BY HASH (id) SUBPARTITIONS 2 (PARTITION a VALUES LESS THAN (735000), PARTITION b VALUES LESS THAN MAXVALUE)',
    `CREATE TABLE defaults (id BIGINT(20) UNSIGNED ZEROFILL NOT NULL AUTO_INCREMENT, b BIT(4) DEFAULT b'101', bin BINARY(4) DEFAULT 'ab', vb VARBINARY(9) NOT NULL DEFAULT 'xy', e ENUM('Ab','c''d') NOT NULL DEFAULT 'c''d', f FLOAT DEFAULT '1.5',
      n DECIMAL(10,3) DEFAULT '0.500', t TIME DEFAULT '10:00:00', dt DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), ts TIMESTAMP, y YEAR(4) DEFAULT '2014', s SET('x','y') DEFAULT 'x,y',
      c CHAR(3) CHARACTER SET ascii DEFAULT 'a''b' COMMENT 'it''s', flag TINYINT(1) DEFAULT '1', empty VARCHAR(5) NOT NULL DEFAULT '', PRIMARY KEY (id), UNIQUE KEY two (e, c), KEY h USING HASH (n)) ENGINE=InnoDB AUTO_INCREMENT=50 COMMENT='it''s'`,
    "CREATE TABLE bytes (id INT, vb VARBINARY(6) DEFAULT 'a\\0b', b4 BINARY(4) DEFAULT 0x61004200, high VARBINARY(4) DEFAULT 0xFF80, e ENUM('a','b') CHARACTER SET binary DEFAULT 'a', digits VARBINARY(6) DEFAULT '0x41') ENGINE=InnoDB",
    'CREATE TABLE odd (id INT NOT NULL) ENGINE=InnoDB PARTITION BY HASH (id MOD 7) PARTITIONS 2',
    "CREATE TABLE by_bytes (b BINARY(3)) ENGINE=InnoDB PARTITION BY RANGE COLUMNS (b) (PARTITION a VALUES LESS THAN ('a'), PARTITION f VALUES LESS THAN (0xFF27), PARTITION z VALUES LESS THAN (MAXVALUE))",
    "CREATE EVENT replicated ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DISABLE ON SLAVE DO DELETE FROM child WHERE id = 0",
    'CREATE TABLE parent (a INT NOT NULL, b INT NOT NULL, PRIMARY KEY (a, b), KEY b (b)) ENGINE=InnoDB',
    'CREATE TABLE child (id INT AUTO_INCREMENT PRIMARY KEY, a INT, b INT, p INT, CONSTRAINT two FOREIGN KEY (a, b) REFERENCES parent (a, b) ON DELETE SET NULL ON UPDATE CASCADE, CONSTRAINT own FOREIGN KEY (p) REFERENCES child (id) ON DELETE RESTRICT, CONSTRAINT plain FOREIGN KEY (b) REFERENCES parent (b) ON UPDATE NO ACTION) ENGINE=InnoDB',
    "CREATE VIEW nulls AS SELECT a, b, ISNULL(p) AS orphan, NOT (a = 1) AS other, IF(a IS NOT NULL, 'x', 'ü') AS t, DATE '2014-01-01' AS d, CAST(b AS CHAR CHARACTER SET utf8) AS c FROM child WHERE NOT (a <=> b) AND (a != 3 OR b IN (1, 2)) AND p LIKE '%x' ESCAPE '!'",
    "CREATE VIEW quoted AS SELECT '`variety`.t' AS t, CONCAT('a b', 'Ab') AS s, a FROM parent",
    "CREATE VIEW totals AS SELECT e, COUNT(*) AS n, GROUP_CONCAT(DISTINCT c ORDER BY c SEPARATOR ';') AS cs, SUM(CASE WHEN n > 1 THEN 1 ELSE 0 END) AS big FROM defaults GROUP BY e WITH ROLLUP HAVING n > 0",
    'CREATE VIEW checked AS SELECT id, p FROM child WHERE p > 1 WITH LOCAL CHECK OPTION',
    "CREATE VIEW unions AS SELECT a FROM parent UNION ALL SELECT id FROM child WHERE id BETWEEN 1 AND 9 AND EXISTS (SELECT 1 FROM parent WHERE parent.a = child.a) ORDER BY a DESC LIMIT 5",
    "SET sql_mode = 'ANSI'; CREATE PROCEDURE two(IN x INT(11), OUT y DECIMAL(10,2), INOUT z VARCHAR(5) CHARACTER SET latin1) READS SQL DATA SQL SECURITY INVOKER BEGIN SELECT \"a\" INTO y FROM child; END",
    "SET sql_mode = 'TRADITIONAL'; CREATE FUNCTION strict(x TINYINT(1)) RETURNS INT(11) DETERMINISTIC RETURN x + 1",
    "SET sql_mode = ''; CREATE TRIGGER sets BEFORE UPDATE ON child FOR EACH ROW BEGIN IF NEW.a = 1 THEN SET NEW.b = 2; END IF; END",
    "CREATE EVENT often ON SCHEDULE EVERY '1:30' HOUR_MINUTE STARTS '2030-01-01 00:00:00' ENDS '2036-01-01 00:00:00' COMMENT 'x' DO DELETE FROM child WHERE id = 0",
    "CREATE EVENT daily ON SCHEDULE EVERY 2 DAY STARTS '2030-01-01 00:00:00' DISABLE DO BEGIN DELETE FROM child WHERE id = 0; END",
    "INSERT INTO ranges VALUES (1, '2012-01-01'), (2, '2014-01-01'), (3, '2020-01-01'); INSERT INTO hashed VALUES (1, 'a'), (2, 'b'); INSERT INTO listed VALUES ('a', 1), ('a', 1); INSERT INTO defaults (e) VALUES ('Ab'), ('c''d')",
    'INSERT INTO parent VALUES (1, 1), (2, 2); INSERT INTO child VALUES (1, 1, 1, NULL), (2, 2, 2, 1), (3, NULL, NULL, 2)',
  ]) {
    await source.query(sql);
  }
}
