/** What the chaos suite draws from a seed, and that its page is up to date. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { errorKinds } from '../../../core/errors.ts';
import { fleetNames } from '../../../local/fleet/names.ts';
import { kinds } from '../../chaos/kinds/index.ts';
import { listKinds } from '../../chaos/list.ts';
import { chooseKinds } from '../../chaos/options.ts';
import { summarize } from '../../chaos/summary.ts';
import { drawPlan } from '../../chaos/trial/plan.ts';

const fleet = fleetNames(18);

function drawn(seed: number): unknown {
  const { way, settings, databases, faults } = drawPlan(seed, fleet, kinds);
  return [way, settings, databases, faults.map(({ kind, trigger, injection }) => [kind.name, trigger, injection.description])];
}

describe('a seed', () => {
  it('gives the same trial each time, and its neighbour another', () => {
    for (const seed of [1, 2, 77, 4_000_000_000]) {
      assert.deepEqual(drawn(seed), drawn(seed));
      assert.notDeepEqual(drawn(seed), drawn(seed + 1));
    }
  });

  it('leaves no kind out: a thousand of them draw all', () => {
    const met = new Set(Array.from({ length: 1_000 }, (_, seed) => drawPlan(seed, fleet, kinds)).flatMap(({ faults }) => faults.map(({ kind }) => kind.name)));
    assert.deepEqual(kinds.map(({ name }) => name).filter((name) => !met.has(name)), []);
  });
});

describe('the kinds', () => {
  it('have names of their own, and allow only reasons that exist, never a defect', () => {
    assert.equal(new Set(kinds.map(({ name }) => name)).size, kinds.length);
    for (const { allowed } of kinds) for (const name of allowed) assert.ok(name in errorKinds && name !== 'InternalError', name);
  });

  it('can be chosen, and a wrong name is refused with the nearest', () => {
    assert.deepEqual(chooseKinds('target-cut, disk-full').map(({ name }) => name), ['target-cut', 'disk-full']);
    assert.throws(() => chooseKinds('target-cuts'), { name: 'InvalidInput', message: /target-cut\?/ });
  });

  it('are those of docs/reliability.md: `npm run --silent chaos -- --list --markdown` prints the table', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/reliability.md'), 'utf8');
    assert.ok(page.includes(listKinds(kinds, true)));
  });
});

describe('a summary', () => {
  it('counts by kind, and names the seeds of violations', () => {
    const plan = drawPlan(5, fleet, chooseKinds('target-cut'));
    const result = { plan, met: plan.faults, outcomes: new Map([['VERIFIED', 6], ['TargetUnreachable', 2]]), continuations: 1, seconds: 20, phases: [], violations: ['one'] };
    const text = summarize([result], true);
    assert.match(text, /\| target-cut \| 1 \| 1 \| 8 \| 6 \| 2 TargetUnreachable \| 1 \|/);
    assert.match(text, /1 with violations: seeds 5\./);
  });
});
