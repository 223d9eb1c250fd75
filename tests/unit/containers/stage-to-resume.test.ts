import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stageToResume } from '../../../containers/import/stage-to-resume.ts';
import type { Audit, Manifest } from '../../../core/contracts.ts';
import type { TableDifference } from '../../../core/digests/compare-tables.ts';

const manifest = { attempt: 1, tables: [{ name: 'a', rows: 5 }, { name: 'b', rows: 0 }] } as unknown as Manifest;
const audit = (rows: Audit['rows']): Audit => ({ database: 'shop', attempt: 1, entries: [], off: [], rows });
const differs = (table: string, kind: TableDifference['kind']): TableDifference => ({ table, kind, text: '', ranges: [] });

describe('a database whose tables differ', () => {
  const cases: readonly [what: string, difference: TableDifference, loaded: Audit['rows'], stage: 'dump' | 'import'][] = [
    ['more rows in the dump than its manifest counts', differs('a', 'rows'), { a: 6, b: 0 }, 'dump'],
    ['no rows in the dump though its manifest counts some', differs('a', 'rows'), { a: 0, b: 0 }, 'dump'],
    ['the rows of the manifest were loaded, and some are gone', differs('a', 'rows'), { a: 5, b: 0 }, 'import'],
    ['other values in as many rows', differs('a', 'values'), { a: 5, b: 0 }, 'dump'],
    ['a table that the dump does not have', differs('b', 'absent'), { a: 5 }, 'dump'],
    ['an empty table that was loaded, and is gone', differs('b', 'absent'), { a: 5, b: 0 }, 'import'],
    ['a table that the dump has and its manifest does not', differs('c', 'unexpected'), { a: 5, b: 0, c: 1 }, 'dump'],
    ['a table that came from elsewhere', differs('c', 'unexpected'), { a: 5, b: 0 }, 'import'],
    ['a table whose name every object has', differs('constructor', 'unexpected'), { a: 5, b: 0 }, 'import'],
  ];
  for (const [what, difference, loaded, stage] of cases) {
    it(`is taken up at its ${stage}: ${what}`, () => {
      assert.equal(stageToResume([difference], manifest, audit(loaded)), stage);
    });
  }

  it('is dumped again when one of its tables asks for it', () => {
    assert.equal(stageToResume([differs('c', 'unexpected'), differs('a', 'values')], manifest, audit({ a: 5, b: 0 })), 'dump');
  });

  it('is loaded again when its dump was made by hand, or nothing is known of its import', () => {
    assert.equal(stageToResume([differs('a', 'values')], { ...manifest, attempt: 'manual' }, audit({ a: 5 })), 'import');
    assert.equal(stageToResume([differs('a', 'values')], manifest, undefined), 'import');
  });
});
