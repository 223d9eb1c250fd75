/** What a text uses is found in its tokens, whatever stands in strings, comments and names. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { usesOf } from '../../../core/stored-objects/uses.ts';

function usesIn(text: string, sqlMode = ''): ReturnType<typeof usesOf> {
  return usesOf({ text, sqlMode });
}

describe('the functions that a text calls', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['as they are written', 'SELECT SHA1(x), `f`(1), f (2)', ['SHA1', '`f`', 'f']],
    ['but not with the name of a database', 'SELECT shop.f(1), `shop`.`f`(1), `shop`.f(1), shop . f(1)', []],
    ['but not in strings and comments', "SELECT 'a(1)', `b(1)` /* c(1) */ -- d(1)\n, e(1)", ['e']],
    ['but no tables with their columns', 'INSERT INTO a(x) VALUES (1); REPLACE b (x) SELECT c(1); CREATE TABLE d (y VARCHAR(2), KEY k (y)); CREATE INDEX i ON e (y)', ['VALUES', 'c', 'VARCHAR']],
    ['but no procedures, views and common table expressions', 'CALL p(1); CREATE VIEW v (a) AS SELECT 1; WITH c (n) AS (SELECT 1) SELECT * FROM c AS d (m)', ['AS']],
    ['in the condition of a join', 'SELECT 1 FROM a JOIN b ON f(a.x) = b.x', ['f']],
  ];
  for (const [what, text, expected] of cases) {
    it(what, () => {
      assert.deepEqual(usesIn(text).functions, expected);
    });
  }

  it('are names in double quotes under ANSI_QUOTES, and strings otherwise', () => {
    assert.deepEqual(usesIn('SELECT "f"(1)', 'ANSI_QUOTES,STRICT_ALL_TABLES').functions, ['`f`']);
    assert.deepEqual(usesIn('SELECT "f"(1)').functions, []);
  });

  it('are found behind a backslash that is none under NO_BACKSLASH_ESCAPES', () => {
    assert.deepEqual(usesIn("SELECT '\\', f(1), '\\'", 'NO_BACKSLASH_ESCAPES').functions, ['f']);
  });
});

describe('the regular expressions of a text', () => {
  const whole = (value: string): object => ({ value, isBinary: false, isPartial: false });
  const cases: readonly (readonly [string, string, readonly object[]])[] = [
    ['of the operators', "SELECT a REGEXP 'x\\\\.y' OR NOT b RLIKE ('it''s')", [whole('x\\.y'), whole("it's")]],
    ['of the functions', "select regexp_like(`t`.`s`,_utf8mb4'a{b','i'), REGEXP_REPLACE(f(a, 'x'), '^', 'y')", [whole('a{b'), whole('^')]],
    ['compared as bytes', "SELECT a REGEXP BINARY '^A'", [{ ...whole('^A'), isBinary: true }]],
    ['put together', "SELECT a REGEXP CONCAT('[[:<:]]', f(b, 'c'), '$'), a RLIKE CONCAT('a', 'b')", [{ value: '[[:<:]]1$', isBinary: false, isPartial: true }, whole('ab')]],
    ['but not those that are known only when it runs', 'SELECT a REGEXP b, a REGEXP @c, REGEXP_LIKE(a, b)', []],
    ['in other letters than Latin', "SELECT a REGEXP 'ä日'", [whole('ä日')]],
  ];
  for (const [what, text, expected] of cases) {
    it(what, () => {
      assert.deepEqual(usesIn(text).patterns, expected);
    });
  }
});

describe("the server's own tables and prepared statements of a text", () => {
  it('are found where a table stands', () => {
    const text = 'SELECT u.Host FROM mysql.user u JOIN `performance_schema`.threads; SELECT sys.x FROM t sys; DELETE FROM shop.proc; SELECT sys.format_bytes(1)';
    assert.deepEqual(usesIn(text).systemTables, ['`mysql`.`user`', '`performance_schema`.`threads`']);
  });

  it('are found where PREPARE is given a text', () => {
    assert.deepEqual(usesIn("PREPARE s FROM 'SELECT ''x'''; PREPARE r FROM @sql").statements, ["SELECT 'x'"]);
  });
});
