import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { StatementSplitter } from '../../../containers/import/statements.ts';

/** Statements of `sql`, cut into chunks of `size` bytes. */
function split(sql: string | Buffer, size = 1 << 20, skipRows = false): { text: string; isRows: boolean }[] {
  const bytes = Buffer.from(sql as string, 'utf8');
  const splitter = new StatementSplitter({ skipRows });
  const statements = [];
  for (let at = 0; at < bytes.length; at += size) statements.push(...splitter.split(bytes.subarray(at, at + size), false));
  statements.push(...splitter.split(Buffer.alloc(0), true));
  return statements.map((statement) => ({ text: statement.bytes.toString('utf8'), isRows: statement.isRows }));
}

const dump = [
  '/*!999999\\- enable the sandbox mode */ ',
  "-- MySQL dump; don't split here",
  '',
  '/*!40101 SET NAMES utf8mb4 */;',
  'CREATE TABLE `a;b` (',
  "  `id` int NOT NULL COMMENT 'semi;colon, it''s \\' and -- no comment',",
  "  `x` varchar(3) DEFAULT ';' /* a comment; with ' */",
  ') ENGINE=InnoDB;',
  "INSERT INTO `a;b` VALUES (1,';\\n'),(2,'\\'');",
  'DELIMITER ;;',
  'CREATE PROCEDURE p() BEGIN',
  "  -- it's a comment;;",
  "  SELECT ';;'; # another;;",
  '  INSERT INTO `t` VALUES (1);',
  'END ;;',
  'DELIMITER ;',
  '/*!50001 CREATE VIEW v AS SELECT 1 AS `;` */;',
  '-- Dump completed',
  '',
].join('\n');

const expected = [
  '/*!999999\\- enable the sandbox mode */',
  '/*!40101 SET NAMES utf8mb4 */',
  'CREATE TABLE `a;b` (\n  `id` int NOT NULL COMMENT \'semi;colon, it\'\'s \\\' and -- no comment\',\n' +
    "  `x` varchar(3) DEFAULT ';' /* a comment; with ' */\n) ENGINE=InnoDB",
  "INSERT INTO `a;b` VALUES (1,';\\n'),(2,'\\'')",
  "CREATE PROCEDURE p() BEGIN\n  -- it's a comment;;\n  SELECT ';;'; # another;;\n  INSERT INTO `t` VALUES (1);\nEND",
  '/*!50001 CREATE VIEW v AS SELECT 1 AS `;` */',
];

describe('the statements of a dump', () => {
  test('quotes, comments, versioned comments and DELIMITER are told apart', () => {
    assert.deepEqual(split(dump).map(({ text }) => text), expected);
  });

  test('the size of the chunks makes no difference', () => {
    for (const size of [1, 2, 3, 5, 7, 16, 17, 64]) assert.deepEqual(split(dump, size).map(({ text }) => text), expected, `chunks of ${size}`);
  });

  test('neither does where they are cut', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: Buffer.byteLength(dump) - 1 }), { maxLength: 20 });
    fc.assert(
      fc.property(cuts, (places) => {
        const bytes = Buffer.from(dump);
        const ends = [...places.toSorted((a, b) => a - b), bytes.length];
        const splitter = new StatementSplitter();
        const found = ends.flatMap((end, index) => [...splitter.split(bytes.subarray(ends[index - 1] ?? 0, end), false)]);
        found.push(...splitter.split(Buffer.alloc(0), true));
        assert.deepEqual(found.map((statement) => statement.bytes.toString('utf8')), expected);
      }),
      { numRuns: 500 },
    );
  });

  test('rows are told from the rest, and can be skipped without keeping them', () => {
    assert.deepEqual(split(dump).map(({ isRows }) => isRows), [false, false, false, true, false, false]);
    assert.deepEqual(split(dump, 7, true).filter(({ isRows }) => isRows), [{ text: '', isRows: true }]);
  });

  test('lines may end as on Windows, wherever the chunks are cut', () => {
    const sql = "CREATE TABLE t (a int);\r\nINSERT INTO `t` VALUES (1);\r\nINSERT INTO `t` VALUES (2);\r\n";
    for (const size of [1, 2, 9, 1000]) {
      assert.deepEqual(split(sql, size).map(({ text }) => text), ['CREATE TABLE t (a int)', 'INSERT INTO `t` VALUES (1)', 'INSERT INTO `t` VALUES (2)']);
    }
  });

  test('a backslash before a quote escapes nothing in a routine made under NO_BACKSLASH_ESCAPES', () => {
    const sql = "SET sql_mode = 'NO_BACKSLASH_ESCAPES';\nDELIMITER ;;\nCREATE FUNCTION f() RETURNS int RETURN '\\';;\nDELIMITER ;\nSET sql_mode = @saved;\nSELECT '\\';';\n";
    assert.deepEqual(split(sql, 3).map(({ text }) => text).slice(1), ["CREATE FUNCTION f() RETURNS int RETURN '\\'", 'SET sql_mode = @saved', "SELECT '\\';'"]);
  });

  test('what the dump ends with needs no delimiter', () => {
    assert.deepEqual(split('SELECT 1').map(({ text }) => text), ['SELECT 1']);
    assert.deepEqual(split('INSERT INTO `t` VALUES (1);').map(({ text }) => text), ['INSERT INTO `t` VALUES (1)']);
    assert.deepEqual(split('-- nothing'), []);
  });

  test('whatever the rows hold, escaped as mysqldump does, comes out as it went in', () => {
    const escaped = fc.uint8Array({ maxLength: 60 }).map((bytes) => {
      const text = Buffer.from(bytes).toString('latin1');
      const escapes: Record<string, string> = { '\0': '\\0', '\n': '\\n', '\r': '\\r', '\\': '\\\\', "'": "\\'", '"': '\\"', '\x1a': '\\Z' };
      return Array.from(text, (character) => escapes[character] ?? character).join('');
    });
    const row = escaped.map((value) => `INSERT INTO \`t\` VALUES (1,'${value}')`);
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 40 }), (rows, size) => {
        const bytes = Buffer.from(rows.map((statement) => `${statement};\n`).join(''), 'latin1');
        const splitter = new StatementSplitter();
        const found = [];
        for (let at = 0; at < bytes.length; at += size) found.push(...splitter.split(bytes.subarray(at, at + size), false));
        found.push(...splitter.split(Buffer.alloc(0), true));
        assert.deepEqual(found.map((statement) => statement.bytes.toString('latin1')), rows);
      }),
      { numRuns: 300 },
    );
  });
});
