import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canonicalBody, canonicalDefault, canonicalExpression, canonicalSqlMode, canonicalType } from '../../../core/objects/canonical.ts';
import { compareStructures, differenceText } from '../../../core/objects/structure.ts';
import { expectedStructure } from '../../../core/objects/expected-structure.ts';

describe('what versions write differently', () => {
  it('is made alike, and nothing else', () => {
    for (const [one, other, same] of [
      ['int(11)', 'int', true], ['tinyint(1) unsigned', 'tinyint unsigned', true], ['year(4)', 'year', true], ['geomcollection', 'geometrycollection', true],
      ['int(5) unsigned zerofill', 'int unsigned zerofill', false], ['int', 'bigint', false], ['year(2)', 'year', false], ["enum('A')", "enum('a')", false], ['decimal(10,2)', 'decimal(10,3)', false],
    ] as const) assert.equal(canonicalType(one) === canonicalType(other), same, `${one} and ${other}`);
    const ofType = (type: string, isMariadb = false) => ({ type, extra: '', isMariadb });
    assert.equal(canonicalDefault('ab', ofType('binary(4)')), canonicalDefault('0x61620000', ofType('binary(4)')));
    assert.equal(canonicalDefault("'it''s'", ofType('varchar(9)', true)), "it's");
    assert.equal(canonicalDefault('NULL', ofType('varchar(9)', true)), undefined);
    assert.equal(canonicalDefault('NULL', ofType('varchar(9)')), 'NULL', 'a text of four letters');
    assert.equal(canonicalDefault("'it\\'s (a) note'", ofType('text', true)), "it's (a) note");
    assert.equal(canonicalDefault("_utf8mb4\\'it\\\\\\'s (a) note\\'", { type: 'text', extra: 'DEFAULT_GENERATED', isMariadb: false }), "it's (a) note");
    assert.equal(canonicalBody('SELECT 1; '), canonicalBody('SELECT 1'));
    assert.equal(canonicalExpression("concat('it\\'s ',`a`)"), canonicalExpression("concat(_utf8mb4\\'it\\\\\\'s \\',`a`)"));
    assert.equal(canonicalExpression('YEAR(`d`)'), canonicalExpression('year(d)'));
    assert.notEqual(canonicalExpression("concat(a,'X y')"), canonicalExpression("concat(a,'x y')"));
    assert.equal(canonicalSqlMode('REAL_AS_FLOAT,PIPES_AS_CONCAT,ANSI'), canonicalSqlMode('PIPES_AS_CONCAT,REAL_AS_FLOAT,ONLY_FULL_GROUP_BY,ANSI'));
    assert.notEqual(canonicalSqlMode(''), canonicalSqlMode('ONLY_FULL_GROUP_BY'));
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
