import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { conversionNames, conversions } from '../../../core/conversions.ts';
import { readCatalogue } from '../../scenarios/support/catalogue.ts';
import { compatibilityText, proofsOf, scenariosOfRule } from '../../scenarios/support/compatibility.ts';
import { readScenarios } from '../../scenarios/support/scenario.ts';

const root = join(import.meta.dirname, '../../..');
const scenarios = readScenarios();
const catalogue = readCatalogue();

describe('docs/compatibility.md', () => {
  test('is what the scenarios say: `npm run compatibility` writes it', () => {
    assert.equal(readFileSync(join(root, 'docs/compatibility.md'), 'utf8'), compatibilityText(catalogue, scenarios));
  });

  test('has every row of the catalogue once or more, each with a proof that exists', () => {
    const rows = [...Array.from({ length: 12 }, (_, index) => `E${index + 1}`), ...Array.from({ length: 25 }, (_, index) => `I${index + 1}`)];
    assert.deepEqual(catalogue.map(({ row }) => row), rows);
    for (const entry of catalogue) {
      const proofs = proofsOf(entry, scenarios);
      assert.ok(proofs.length > 0, `${entry.row} is proven by nothing`);
      for (const { by } of proofs) assert.ok(!by.includes('/') || existsSync(join(root, by)), `${entry.row}: ${by}`);
    }
  });

  test('scenarios prove only rows that the catalogue has', () => {
    const known = new Set(catalogue.map(({ row }) => row));
    assert.deepEqual(scenarios.flatMap(({ proves }) => Object.keys(proves)).filter((row) => !known.has(row)), []);
  });
});

describe('every rule', () => {
  for (const name of conversionNames) {
    test(`${name} is shown by a scenario`, () => {
      const shown = scenariosOfRule(name, scenarios);
      assert.notEqual(shown.length, 0);
      const refused = scenarios.filter(({ fails }) => fails?.rule === name);
      assert.equal(refused.length > 0, 'refuses' in conversions[name], 'a rule refuses what its description says it refuses');
    });
  }
});
