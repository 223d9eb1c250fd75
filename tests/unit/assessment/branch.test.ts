/** What a branch knows before its dump, and which reserved words are new to its target. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assessDatabase } from '../../../core/assessment/assess.ts';
import { refuseBlockedKeys } from '../../../core/assessment/blocked-branch.ts';
import type { Servers } from '../../../core/assessment/facts.ts';
import type { Structure } from '../../../core/objects/structure.ts';
import { column, database, procedure, servers, table } from './facts.ts';

describe('a branch that has read its structure', () => {
  const facts = database({
    isBranch: true,
    foreignKeys: [],
    tables: [
      table('child', { columns: [column('id', 'int'), column('a, b', 'int')], indexes: [] }),
      table('parent', { indexes: [] }),
    ],
  });
  const key = (name: string, columns: string, references: string): Structure => ({
    [`foreign key child.${name}`]: { of: 'table child', columns, references },
  });
  const primary = { 'index parent.PRIMARY': { of: 'table parent', kind: 'UNIQUE', columns: 'id' } };
  const refuse = (structure: Structure, allowed: readonly string[] = []): void => {
    refuseBlockedKeys(facts, structure, '5.6.24', allowed);
  };

  it('is refused for keys and indexes before its dump', () => {
    assert.throws(() => {
      refuse(key('k', 'id', 'parent (id)'));
    }, /foreign-key-parent-index \(table child: k refers to parent \(id\)\)/);
    assert.throws(() => {
      refuse({ ...primary, ...key('k', 'id', 'parent (id)'), ...key('K', 'id', 'parent (id)') });
    }, /names-alike \(foreign key child.K: as foreign key child.k\)/);
    assert.throws(() => {
      refuse({ 'index child.gen_clust_index': { of: 'table child', kind: 'INDEX', columns: 'id' } });
    }, /innodb-name \(index child.gen_clust_index\)/);
    assert.throws(() => {
      refuse({
        'index parent.part': { of: 'table parent', kind: 'INDEX', columns: 'id(4) DESC' },
        ...key('k', 'id', 'parent (id)'),
      });
    }, /foreign-key-parent-index/);
  });

  it('is not refused for what is in order, allowed, elsewhere, or not certain', () => {
    refuse({
      ...primary,
      ...key('k', 'id', 'parent (id)'),
      ...key('far', 'id', 'crm.parent (id)'),
      ...key('odd', 'a, b', 'parent (id)'),
    });
    refuse(key('k', 'id', 'parent (id)'), ['foreign-key-parent-index']);
  });
});

describe('reserved words', () => {
  const library = database({ programs: [procedure('BEGIN DECLARE library INT; DECLARE external INT; END')] });

  const reservedIn = (around: Servers): string[] =>
    assessDatabase(library, around)
      .filter(({ check }) => check === 'reserved-word')
      .flatMap(({ occurrences }) => occurrences.map(({ object, detail = '' }) => `${object}: ${detail}`));

  it('are those of the target where it is known, and of a branch those of 8.0', () => {
    assert.deepEqual(reservedIn(servers({}, { facts: { reservedWords: new Set(['LIBRARY', 'RANK']) } })), [
      'procedure p: library',
    ]);
    assert.deepEqual(reservedIn(servers({}, { facts: { reservedWords: new Set(['RANK']) } })), []);
    assert.deepEqual(reservedIn({ source: { version: '5.6.24' }, target: undefined }), []);
  });

  it('are what the target reserves beyond a source that tells its own', () => {
    const both = servers(
      { version: '8.0.46', facts: { reservedWords: new Set(['RANK']) } },
      { facts: { reservedWords: new Set(['RANK', 'EXTERNAL']) } },
    );
    assert.deepEqual(reservedIn(both), ['procedure p: external']);
  });
});
