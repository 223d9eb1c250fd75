/** docs/assessment.md against the checks. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checks } from '../../../core/assessment/registry.ts';
import { withTable } from '../../../scripts/assessment-table.ts';

const document = readFileSync(join(import.meta.dirname, '../../../docs/assessment.md'), 'utf8');

test('the table of checks is that of the code (npm run assessment-table writes it)', () => {
  assert.equal(document, withTable(document));
});

test('every row of the catalogue is covered by a check, or said to be none that a check can see', () => {
  const rows = [...Array.from({ length: 12 }, (_, index) => `E${index + 1}`), ...Array.from({ length: 25 }, (_, index) => `I${index + 1}`)];
  const covered = new Set(checks.flatMap(({ catalogue }) => catalogue));
  const excused = Array.from(document.matchAll(/^\| ([EI]\d+) \|/gm), (match) => match[1] ?? '');
  assert.deepEqual(rows.filter((row) => !covered.has(row)), excused);
});
