/** A sample of the chaos suite (`npm run chaos` runs all of it): one trial of each sort of fault, with seeds that meet it early. */
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { chooseKinds } from '../../chaos/options.ts';
import { drawPlan } from '../../chaos/trial/plan.ts';
import { makeSubject, type Subject } from '../../chaos/trial/subject.ts';
import { runTrial } from '../../chaos/trial/run-trial.ts';
import { openWorld, type World } from '../../chaos/world/world.ts';

const sample = [
  ['runtime-killed', 7],
  ['hosts-killed', 10],
  ['target-killed', 7],
  ['source-cut', 8],
  ['dynamodb-throttled', 10],
  ['run-stopped', 8],
] as const;

describe('whatever goes wrong, everything is moved in the end, or has a true reason', () => {
  let world: World;
  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());
  before(async () => {
    world = await openWorld(started);
  });

  it('a copy that is of no moment is seen to be none', async () => {
    const { source } = world;
    const flaws = (subject: Subject) => Promise.all(subject.databases.map((database) => subject.flawOf(source.adminAccess, database)));
    const written = await makeSubject('written', () => source.adminAccess);
    assert.deepEqual(await flaws(written), [undefined, undefined]);
    await source.admin('INSERT INTO chaos_written_innodb.b_first (n) VALUES (1)', 'INSERT INTO chaos_written_myisam.z_last (n) VALUES (1)');
    assert.equal((await flaws(written)).filter((flaw) => flaw !== undefined).length, 2);
    const changed = await makeSubject('changed', () => source.adminAccess);
    assert.deepEqual(await flaws(changed), [undefined]);
    await source.admin('DELETE FROM chaos_changed.y_emptied');
    assert.match((await flaws(changed)).join(), /stamp 0, 0 columns, generations \[\]/);
    for (const name of [...written.databases, ...changed.databases]) await source.admin(`DROP DATABASE ${name}`);
  });

  for (const [kind, seed] of sample) {
    it(`${kind}: npm run chaos -- --trials 1 --seed ${seed} --faults ${kind}`, async () => {
      const directory = join(mkdtempSync(join(tmpdir(), 'ferry-chaos-trial-')), String(seed));
      const { violations, met } = await runTrial(drawPlan(seed, world.fleet, chooseKinds(kind)), { world, directory, patience: 3 });
      assert.deepEqual(violations, [], `Its folder is ${directory}.`);
      assert.notEqual(met.length, 0, 'The moment of the fault never came.');
    });
  }
});
