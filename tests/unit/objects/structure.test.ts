import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canonicalBody, canonicalEventStatus, canonicalSqlMode, canonicalType, canonicalView } from '../../../core/objects/canonical.ts';
import { nameInList, quotedLiteral, readDefault, readExpression } from '../../../core/objects/expressions.ts';
import { compareStructures, differenceText } from '../../../core/objects/structure.ts';
import { expectedStructure } from '../../../core/objects/expected-structure.ts';

describe('what versions write differently', () => {
  it('is made alike, and nothing else', () => {
    for (const [one, other, same] of [
      ['int(11)', 'int', true], ['tinyint(1) unsigned', 'tinyint unsigned', true], ['year(4)', 'year', true], ['geomcollection', 'geometrycollection', true],
      ['int(5) unsigned zerofill', 'int unsigned zerofill', false], ['int', 'bigint', false], ['year(2)', 'year', false], ["enum('A')", "enum('a')", false], ['decimal(10,2)', 'decimal(10,3)', false],
    ] as const) assert.equal(canonicalType(one) === canonicalType(other), same, `${one} and ${other}`);
    assert.equal(canonicalBody('SELECT 1; '), canonicalBody('SELECT 1'));
    assert.equal(canonicalSqlMode('REAL_AS_FLOAT,PIPES_AS_CONCAT,ANSI'), canonicalSqlMode('PIPES_AS_CONCAT,REAL_AS_FLOAT,ONLY_FULL_GROUP_BY,ANSI'));
    assert.notEqual(canonicalSqlMode(''), canonicalSqlMode('ONLY_FULL_GROUP_BY'));
  });
});

describe('an expression', () => {
  it('is read as text that can be run', () => {
    assert.equal(readExpression("concat(_utf8mb4\\'it\\\\\\'s \\',`a`)", true), "concat(_utf8mb4'it\\'s ',`a`)");
    assert.equal(readExpression("concat('x _bar\\'s y',`a`)", false), "concat('x _bar\\'s y',`a`)");
    assert.equal(readExpression("concat(_utf8mb4\\'Ã¼\\',_latin1\\'é\\',`é`)", true), 'concat(_utf8mb4 0xc3bc,_latin1 0xe9,`é`)', 'bytes that are shown as latin1');
    assert.equal(readExpression("((`a` = '(') or (`b` = ')'))", false), "(`a` = '(') or (`b` = ')')");
    assert.equal(readExpression("(`a` = ')') or (`b` = '(')", false), "(`a` = ')') or (`b` = '(')");
  });

  it('is another one where blanks, case, quotes or introducers are others', () => {
    for (const [one, other] of [["'a b'", "'ab'"], ["'A'", "'a'"], ['`a b`', '`ab`'], ["_latin1'a'", "'a'"], ['`true`', 'true'], ['YEAR(d)', 'year(`d`)']] as const) {
      assert.notEqual(readExpression(one, false), readExpression(other, false));
    }
  });
});

describe('a default', () => {
  const of = (type: string, more: object = {}) => ({ type, extra: '', collation: null, isMariadb: false, hasDictionary: false, ...more });
  const mariadb = { isMariadb: true };
  const modern = { hasDictionary: true };

  it('is a value, an expression, or none', () => {
    for (const [value, column, expected] of [
      ["'it''s'", of('varchar(9)', mariadb), "'it's'"],
      ['NULL', of('varchar(9)', mariadb), undefined],
      ['NULL', of('varchar(9)'), "'NULL'"],
      ["'it\\'s (a) note'", of('text', mariadb), "'it's (a) note'"],
      ["_utf8mb4\\'it\\\\\\'s\\'", of('text', { ...modern, extra: 'DEFAULT_GENERATED' }), "(_utf8mb4'it\\'s')"],
      ['uuid()', of('varchar(40)', { ...modern, extra: 'DEFAULT_GENERATED' }), '(uuid())'],
      ['uuid()', of('varchar(40)', modern), "'uuid()'"],
      ['uuid()', of('varchar(40)', mariadb), '(uuid())'],
      ["'uuid()'", of('varchar(40)', mariadb), "'uuid()'"],
      ['-1.5', of('double', mariadb), "'-1.5'"],
      ['5', of('text', mariadb), '(5)'],
      ["b'101'", of('bit(3)', mariadb), "'b'101''"],
      ['current_timestamp(3)', of('datetime(3)', mariadb), "'current_timestamp(3)'"],
      ['CURRENT_TIMESTAMP', of('timestamp'), "'current_timestamp'"],
      ['CURRENT_TIMESTAMP', of('varchar(40)'), "'CURRENT_TIMESTAMP'"],
    ] as const) assert.equal(readDefault(value, column), expected, value);
  });

  it('of bytes is its digits', () => {
    const binary = { collation: 'binary' };
    assert.equal(readDefault('ab', of('binary(4)')), readDefault('0x61620000', of('binary(4)', modern)));
    assert.equal(readDefault('a\0b', of('varbinary(6)')), "'0x610062'");
    assert.equal(readDefault("'a\\0b'", of('varbinary(6)', mariadb)), "'0x610062'");
    assert.equal(readDefault('0x41', of('varbinary(6)')), "'0x30783431'", 'a text of four characters');
    assert.equal(readDefault('a', of("enum('a','b')", binary)), readDefault('0x61', of("enum('a','b')", modern)));
    assert.equal(readDefault('a', of("enum('a','b')", { collation: 'latin1_swedish_ci' })), "'a'");
  });

  it('is quoted again so that it is the same value', () => {
    assert.equal(quotedLiteral("it's \\ \0"), "'it\\'s \\\\ \\0'");
    assert.deepEqual(['a', 'a, b', 'a`b'].map(nameInList), ['a', '`a, b`', '`a``b`']);
  });
});

describe('a view and an event', () => {
  it('are read without what versions add', () => {
    assert.equal(canonicalView("select `shop`.`t`.`a` AS `a`,'`shop`.x' AS `b` from `shop`.`t`", 'shop'), "select `t`.`a` AS `a`,'`shop`.x' AS `b` from `t`");
    assert.equal(canonicalEventStatus('SLAVESIDE_DISABLED'), canonicalEventStatus('REPLICA_SIDE_DISABLED'));
    assert.notEqual(canonicalEventStatus('SLAVESIDE_DISABLED'), canonicalEventStatus('DISABLED'));
  });
});

describe('a comparison', () => {
  const source = { 'table t': { engine: 'MyISAM', 'auto-increment': '5..9' }, 'column t.a': { of: 'table t', type: 'int' }, 'event e': { status: 'ENABLED', 'sql mode': 'NO_AUTO_CREATE_USER' } };
  const entry = (rule: string, object: string, after = '') => ({ rule, reason: '', object, before: '', after });

  it('allows what the audit names, in that object alone', () => {
    const audit = [entry('storage-engine', 'table t'), entry('disabled-event', 'event e'), entry('sql-mode', 'session')];
    const target = { 'table t': { engine: 'InnoDB', 'auto-increment': '7' }, 'column t.a': { of: 'table t', type: 'int' }, 'event e': { status: 'DISABLED' } };
    assert.deepEqual(compareStructures(expectedStructure(source, audit), target), []);
    const told = compareStructures(expectedStructure(source, []), target).map((difference) => differenceText(difference));
    assert.deepEqual(told, ['table t, engine: source MyISAM, target InnoDB', 'event e, status: source ENABLED, target DISABLED', 'event e, sql mode: source NO_AUTO_CREATE_USER, target none']);
    assert.deepEqual(source['table t'].engine, 'MyISAM', 'the source is left as it is');
  });

  it('takes a counter between those of before and after the dump, and no other', () => {
    const at = (counter: string) => compareStructures({ 'table t': { 'auto-increment': '5..9' } }, { 'table t': { 'auto-increment': counter } }).length;
    assert.deepEqual(['4', '5', '9', '10'].map(at), [1, 0, 0, 1]);
  });

  it('tells a missing table once', () => {
    assert.deepEqual(compareStructures(source, { 'event e': source['event e'] }).map(({ object }) => object), ['table t']);
  });
});
