/** Digests on real servers: equal on both sides of a migration whatever the rows hold, and different after any change. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Connection } from 'mysql2/promise';
import { MysqlSession } from '../../../containers/common/mysql-session.ts';
import { compareTables } from '../../../containers/import/compare-tables.ts';
import type { ExpectedTable } from '../../../containers/import/compare-tables.ts';
import { addDigests, digestSession, emptyDigest, hashedColumns, readAs, readColumns, readDigests, sameDigest, splitByKey } from '../../../core/digests/table-digests.ts';
import type { Digest, DigestTable, Query } from '../../../core/digests/table-digests.ts';
import { Bench } from '../containers/bench.ts';

const everyByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0')).join('');

/** Table, its columns, its rows. */
const tables: Readonly<Record<string, readonly [columns: string, ...rows: string[]]>> = {
  integers: ['a TINYINT, b SMALLINT UNSIGNED, c MEDIUMINT ZEROFILL, d INT, e BIGINT, f BIGINT UNSIGNED', '-128,65535,7,-2147483648,-9223372036854775808,18446744073709551615', 'NULL,0,NULL,0,0,0'],
  decimals: ['a DECIMAL(65,30), b DECIMAL(3,1), c NUMERIC(20)', '12345678901234567890123456789012345.123456789012345678901234567890,-0.5,99999999999999999999', '-0,NULL,0'],
  floats: ['a FLOAT, b DOUBLE, c FLOAT(7,3), d DOUBLE UNSIGNED', '16777217,1.7976931348623157e308,1234.5678,0.1', '-1.5e-30,2.2250738585072014e-308,0,1e22', '0,-0e0,NULL,123456789.123456789'],
  bits: ["a BIT(1), b BIT(64), c BOOLEAN", "b'1',b'1111111111111111111111111111111111111111111111111111111111111111',1", "b'0',0,NULL"],
  times: ["a DATE, b TIME, c DATETIME, d TIMESTAMP NOT NULL DEFAULT '0000-00-00 00:00:00', e YEAR, f DATETIME(6), g TIME(3)",
    "'0000-00-00','-838:59:59','0000-00-00 00:00:00','0000-00-00 00:00:00',0,'1000-01-01 00:00:00.000001','01:02:03.004'",
    "'2024-02-30','838:59:59','9999-12-31 23:59:59','2014-03-30 01:30:00',2155,'9999-12-31 23:59:59.999999','-00:00:00.001'", "'2014-00-00',NULL,NULL,'1970-01-01 00:00:01',NULL,NULL,NULL"],
  strings: ["a CHAR(10), b VARCHAR(200), c VARCHAR(20) CHARACTER SET latin1, d CHAR(5) CHARACTER SET ucs2, e VARCHAR(20) CHARACTER SET utf8mb4, f VARCHAR(20) CHARACTER SET cp932, g VARCHAR(10) CHARACTER SET utf32, h VARCHAR(300) CHARACTER SET ucs2, i VARCHAR(256) CHARACTER SET latin1",
    "'padded   ','trailing  ',_latin1 x'80818d8f909dff',_ucs2 x'00e4feff',_utf8mb4 x'f09f9aa2',_cp932 x'82a08740ed40','x',_ucs2 x'00e4feff','trailing  '", "'',NULL,'','',',N,','N',NULL,NULL,''"],
  binaries: [`a BINARY(4), b VARBINARY(300), c TINYBLOB, d BLOB, e LONGBLOB`, `x'6100',x'${everyByte}',x'00',x'${everyByte}',REPEAT(x'00ff0a0d5c2227',500000)`, "'','',NULL,'',NULL"],
  texts: ["a TINYTEXT, b TEXT CHARACTER SET latin1, c MEDIUMTEXT CHARACTER SET utf8mb4, d LONGTEXT", "'x','ü',REPEAT(_utf8mb4 x'f09f9aa2',1000000),'a,b'", "NULL,'','N','N,N'"],
  enums: ["a ENUM('','a','A b','ü') , b SET('x','y','','z'), c ENUM('N','1') CHARACTER SET latin1", "'','',0", "'ü','x,z','N'", "NULL,NULL,'1'", "0,3,1"],
  shapes: ['a GEOMETRY, b POINT, c POLYGON', "GeomFromText('LINESTRING(0 0,1 1.5)'),GeomFromText('POINT(1 2)'),GeomFromText('POLYGON((0 0,1 0,1 1,0 0))')", "GeomFromText('POINT(3 4)', 4326),NULL,NULL"],
  one_null: ['a VARCHAR(5), b VARCHAR(5)', "NULL,'v'", "'v',NULL"],
  separators: ['a VARCHAR(9), b VARCHAR(9)', "'a#b','c'", "'a','b,c'"],
  duplicates: ['a INT', '1', '1', '2'],
  keyed: ['id INT NOT NULL, n VARCHAR(10), PRIMARY KEY (id)', ...Array.from({ length: 500 }, (_, index) => `${index * 3 - 300},'n${index}'`)],
  grouped: ['g SMALLINT NOT NULL, n INT NOT NULL, PRIMARY KEY (g, n)', ...Array.from({ length: 300 }, (_, index) => `${index < 250 ? 1 : index},${index}`)],
  none: ['a INT'],
};

let bench: Bench;
let source: Query;
let target: Query;

const started = new AsyncDisposableStack();
after(() => started.disposeAsync());
before(async () => {
  bench = await Bench.start(started);
  await bench.sourceAdmin.query("SET NAMES utf8mb4; SET sql_mode = ''; CREATE DATABASE `any thing` CHARACTER SET utf8; USE `any thing`");
  for (const [index, [table, [columns, ...rows]]] of Object.entries(tables).entries()) {
    const engine = index % 2 === 0 ? 'InnoDB' : 'MyISAM';
    await bench.sourceAdmin.query(`CREATE TABLE ${table} (${columns}) ENGINE=${engine}`);
    if (rows.length > 0) await bench.sourceAdmin.query(`INSERT INTO ${table} VALUES ${rows.map((row) => `(${row})`).join(',')}`);
  }
  for (const stage of ['dump', 'import'] as const) {
    const ended = await bench.run(stage, 'any thing');
    assert.equal(ended.exitCode, 0, ended.stderr);
  }
  [source, target] = await Promise.all([queryOf(bench.sourceAdmin), queryOf(bench.targetAdmin)]);
});

async function queryOf(connection: Connection): Promise<Query> {
  for (const sql of digestSession) await connection.query(sql);
  return async <Row>(sql: string) => (await connection.query(sql))[0] as Row[];
}

async function digestsOf(query: Query): Promise<Record<string, Digest>> {
  const found = await readColumns(query, 'any thing', Object.keys(tables));
  const digests = await readDigests(query, 'any thing', found);
  return Object.fromEntries(found.map(({ name }, index) => [name, digests[index]!]));
}

test('both sides of a migration have the same digests, whatever the rows hold', async () => {
  const [from, to] = await Promise.all([digestsOf(source), digestsOf(target)]);
  assert.deepEqual(to, from);
  for (const [table, [, ...rows]] of Object.entries(tables)) assert.equal(from[table]!.rows, rows.length, table);
  assert.deepEqual(from['none'], emptyDigest);
});

describe('a single change is noticed:', () => {
  for (const [what, table, change] of [
    ['a byte of a BLOB', 'binaries', "UPDATE binaries SET e = CONCAT(LEFT(e, 1000000), x'01', SUBSTR(e, 1000002)) WHERE e IS NOT NULL"],
    ['NULL to the empty string', 'one_null', "UPDATE one_null SET a = '' WHERE a IS NULL"],
    ['a value that moves to the next column', 'one_null', "UPDATE one_null SET a = 'v', b = NULL WHERE a IS NULL"],
    ['a separator that moves', 'separators', "UPDATE separators SET a = 'a', b = 'b,c' WHERE b = 'c'"],
    ['one of two equal rows removed', 'duplicates', 'DELETE FROM duplicates WHERE a = 1 LIMIT 1'],
    ['both of two equal rows replaced by another pair', 'duplicates', 'UPDATE duplicates SET a = 3 WHERE a = 1'],
    ['a trailing space', 'strings', "UPDATE strings SET b = 'trailing ' WHERE b LIKE 'trailing%'"],
    ['a trailing space of a long VARCHAR', 'strings', "UPDATE strings SET i = 'trailing ' WHERE i LIKE 'trailing%'"],
    ['NULL to the empty string, in a long VARCHAR', 'strings', "UPDATE strings SET h = '' WHERE h IS NULL"],
    ['a case', 'strings', "UPDATE strings SET a = 'Padded' WHERE a = 'padded'"],
    ['a letter outside the BMP', 'texts', "UPDATE texts SET c = CONCAT(LEFT(c, 999999), '?') WHERE a = 'x'"],
    ['a member of a SET', 'enums', "UPDATE enums SET b = 'x' WHERE b = 'x,z'"],
    ['a letter of a character set with several codes for one', 'strings', "UPDATE strings SET f = _cp932 x'82a08741fa5c' WHERE f LIKE _cp932 x'82a025'"],
    ['the last digit of a DOUBLE', 'floats', 'UPDATE floats SET d = 0.10000000000000002 WHERE d = 0.1'],
    ['the last digit of a DECIMAL', 'decimals', 'UPDATE decimals SET a = a + 0.000000000000000000000000000001 WHERE a > 1'],
    ['a microsecond', 'times', "UPDATE times SET f = '1000-01-01 00:00:00.000002' WHERE f < '1000-01-02'"],
    ['a zero date', 'times', "UPDATE times SET a = '1970-01-01' WHERE a = '0000-00-00'"],
    ['a bit', 'bits', 'UPDATE bits SET b = b - 1 WHERE b > 0'],
    ['the SRID of a point', 'shapes', "UPDATE shapes SET a = ST_SRID(a, 0) WHERE ST_SRID(a) = 4326"],
    ['two values swapped between rows', 'keyed', "UPDATE keyed SET n = IF(id = 0, 'n101', 'n100') WHERE id IN (0, 3)"],
  ] as const) {
    test(what, async () => {
      const before = await digestsOf(target);
      await bench.targetAdmin.query('START TRANSACTION');
      await bench.targetAdmin.query('USE `any thing`');
      await bench.targetAdmin.query(change);
      const changed = await digestsOf(target);
      await bench.targetAdmin.query('ROLLBACK');
      const differing = Object.keys(before).filter((name) => !sameDigest(before[name]!, changed[name]!));
      assert.deepEqual(differing, [table]);
      assert.deepEqual(await digestsOf(target), before);
    });
  }
});

describe('ranges of a table', () => {
  for (const [name, rowsOfRange, expected] of [
    ['keyed', 64, 8],
    ['grouped', 40, 4],
    ['duplicates', 1, 1],
    ['none', 10, 1],
  ] as const) {
    test(`of ${name} add up to it, on both sides`, async () => {
      const [table] = await readColumns(source, 'any thing', [name]);
      const ranges = await splitByKey(source, 'any thing', table!, rowsOfRange);
      assert.equal(ranges.length, expected);
      for (const query of [source, target]) assert.deepEqual(await totalOf(query, ranges), await totalOf(query, [table!]));
    });
  }
});

test('ranges of large tables are read by several connections, and by one where the target has no other', async () => {
  const open = (): Promise<MysqlSession> => MysqlSession.open(bench.target.adminAccess, { signal: new AbortController().signal });
  const expected = await Promise.all((await readColumns(source, 'any thing', Object.keys(tables))).map(expectedOf));
  const session = started.adopt(await open(), (each) => each.close());
  const opened: MysqlSession[] = [];
  const connect = async (): Promise<MysqlSession> => {
    opened.push(await open());
    return opened.at(-1)!;
  };
  const compared = await compareTables(session, 'any thing', expected, connect);
  assert.deepEqual([compared.comparedBy, opened.length], ['digests', 3]);
  for (const each of opened) await assert.rejects(each.query('SELECT 1'), 'closed afterwards');
  const alone = await compareTables(session, 'any thing', expected, () => Promise.reject(new Error('Too many connections')));
  assert.deepEqual(alone, compared);
});

test('long values are hashed as the manifest says, and so are those of a manifest that is older', async () => {
  const session = started.adopt(await MysqlSession.open(bench.target.adminAccess, { signal: new AbortController().signal }), (each) => each.close());
  const found = await readColumns(source, 'any thing', Object.keys(tables));
  assert.deepEqual(found.flatMap(hashedColumns), ['h', 'i', 'b']);
  const compare = (expected: readonly ExpectedTable[]) => compareTables(session, 'any thing', expected, () => Promise.reject(new Error('Too many connections')));
  const [now, before] = [await Promise.all(found.map(expectedOf)), await Promise.all(found.map((table) => expectedOf(readAs(table))))];
  assert.deepEqual(now.flatMap((table, index) => (sameDigest(table.digest!, before[index]!.digest!) ? [] : [table.name])), ['strings', 'binaries']);
  for (const expected of [now, before]) assert.deepEqual((await compare(expected)).differences, []);
  // A digest that does not say how it was taken is no proof.
  await assert.rejects(compare(now.map((table) => ({ ...table, hashed: [] }))), { name: 'VerificationMismatch', message: /2 of 16 tables .*`strings`.*`binaries`/ });
});

/** As a manifest has it, in ranges of a few rows. */
async function expectedOf(table: DigestTable): Promise<ExpectedTable> {
  const ranges = (await splitByKey(source, 'any thing', table, 32)).flatMap(({ range }) => range ?? []);
  const digests = await readDigests(source, 'any thing', ranges.map((range) => ({ ...table, range })));
  const digest = await totalOf(source, [table]);
  return { name: table.name, rows: digest.rows, digest, hashed: hashedColumns(table), ...(ranges.length > 1 ? { ranges: ranges.map((range, index) => ({ ...digests[index]!, range })) } : {}) };
}

async function totalOf(query: Query, ranges: readonly DigestTable[]): Promise<Digest> {
  return (await readDigests(query, 'any thing', ranges)).reduce(addDigests, emptyDigest);
}
