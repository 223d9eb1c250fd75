/** docs/limits.md and docs/cost.md against the counts, the simulation, and the prices. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { costOf, totalOf } from '../../../bench/cost/cost.ts';
import { prices } from '../../../bench/cost/prices.ts';
import { readDocuments } from '../../../bench/figures/documents.ts';
import { simulated } from '../../../bench/figures/scenarios.ts';
import { sections, withFigures } from '../../../bench/figures/sections.ts';

describe('the documents', () => {
  for (const { file, text, renewed } of readDocuments()) {
    test(`${file} has the figures that the programs give now (npm run figures)`, () => {
      assert.equal(text, renewed);
    });
  }

  test('every section is used once', () => {
    const used = readDocuments().flatMap(({ text }) => Array.from(text.matchAll(/<!-- figures: ([\w-]+) -->/g), (match) => match[1]));
    assert.deepEqual(used.sort(), Object.keys(sections).sort());
  });

  test('a section that does not exist is named', () => {
    assert.throws(() => withFigures('<!-- figures: nonsense -->\n<!-- end -->'), /nonsense/);
  });
});

test('a cost is an amount times a price, and the whole is the sum', () => {
  const run = simulated('standard');
  const lines = costOf(run);
  for (const { what, amount, price, dollars } of lines) assert.ok(Math.abs(dollars - amount * prices[price].dollars) < 1e-9, what);
  assert.ok(Math.abs(totalOf(lines) - lines.reduce((sum, { dollars }) => sum + dollars, 0)) < 1e-9);
  const fargate = lines.find(({ what }) => what === 'vCPU-hours');
  assert.equal(fargate?.amount, run.billedTaskSeconds / 3_600);
  assert.ok(run.billedTaskSeconds >= 60 * run.tasks, 'a minute at least');
});
