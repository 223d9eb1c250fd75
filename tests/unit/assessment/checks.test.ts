/** Each check on literal facts: what it finds, and that it finds nothing where nothing is wrong. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { assessDatabase, assessServers } from '../../../core/assessment/assess.ts';
import type { Occurrence } from '../../../core/assessment/check.ts';
import type { DatabaseFacts, Servers } from '../../../core/assessment/facts.ts';
import { conversions } from '../../../core/conversions.ts';
import { checks, databaseChecks, findCheck } from '../../../core/assessment/registry.ts';
import { database, procedure, servers, table } from './facts.ts';
import { databaseCases } from './database-cases.ts';
import { serverCases } from './server-cases.ts';

describe('every check', () => {
  it('has a case here, a file of its name, and texts', () => {
    const ids = checks.map(({ id }) => id).sort();
    assert.deepEqual([...Object.keys(databaseCases), ...Object.keys(serverCases)].sort(), ids);
    const files = globSync('*.ts', { cwd: join(import.meta.dirname, '../../../core/assessment/checks') }).map((file) => basename(file, '.ts'));
    assert.deepEqual(files.sort(), ids);
    for (const { id, cause, consequence, remedy, catalogue } of checks) {
      for (const said of [cause, consequence, remedy]) assert.match(said, /^[\s\S]{8,}[.]$/, id);
      for (const row of catalogue) assert.match(row, /^(?:E(?:[1-9]|1[0-2])|I(?:[1-9]|1\d|2[0-5]))$/, id);
    }
  });

  it('agrees with the rule of the import that has its name', () => {
    for (const { id, severity } of checks) {
      const rule = Object.entries(conversions).find(([name]) => name === id)?.[1];
      // A definer stays unless the operator has named another.
      if (rule !== undefined && id !== 'missing-definer') assert.equal(severity, 'refuses' in rule ? 'blocks' : 'converted', id);
    }
  });

  it('finds nothing in a database and on servers that have nothing', () => {
    assert.deepEqual(assessDatabase(database(), servers()), []);
    assert.deepEqual(assessServers(servers()), []);
  });

  it('finds nothing on servers of which nothing was read', () => {
    const bare = { source: { version: '5.6.24' }, target: undefined };
    assert.deepEqual(assessServers(bare), []);
    assert.deepEqual(assessDatabase(database(), bare), []);
  });
});

describe('the checks of a database', () => {
  for (const [id, { found, servers: around = servers(), expected, harmless }] of Object.entries(databaseCases)) {
    it(`${id}: finds what is wrong`, () => {
      assert.deepEqual(occurrencesOf(id, database(found), around), expected);
    });
    if (harmless !== undefined) {
      it(`${id}: leaves alone what only looks alike`, () => {
        assert.deepEqual(occurrencesOf(id, database(harmless), around), []);
      });
    }
  }

  it('report everything that is wrong, in the order of the registry', () => {
    const everything = database({ tables: [table('log', { engine: 'MRG_MYISAM', options: 'pack_keys=1' }), table('a', { engine: 'MyISAM' })], programs: [procedure('SELECT SQL_CACHE PASSWORD(1)')] });
    const ids = assessDatabase(everything, servers()).map(({ check }) => check);
    assert.deepEqual(ids, databaseChecks.map(({ id }) => id).filter((id) => ids.includes(id)));
    assert.deepEqual(ids, ['merge-engine', 'storage-engine', 'table-options', 'removed-function', 'removed-syntax']);
  });
});

describe('the checks of the servers', () => {
  for (const [id, { servers: around, expected }] of Object.entries(serverCases)) {
    it(`${id}: finds what is wrong`, () => {
      const finding = assessServers(around).find(({ check }) => check === id);
      assert.deepEqual((finding?.occurrences ?? []).map(described), expected);
    });
  }
});

function occurrencesOf(id: string, facts: DatabaseFacts, around: Servers): string[] {
  assert.ok(findCheck(id) !== undefined);
  return (assessDatabase(facts, around).find(({ check }) => check === id)?.occurrences ?? []).map(described);
}

function described({ object, detail }: Occurrence): string {
  return detail === undefined ? object : `${object}: ${detail}`;
}
