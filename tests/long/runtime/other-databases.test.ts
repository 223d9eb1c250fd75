/** Fleets whose databases refer to each other in circles, in several orders, with one branch at a time and with all at once, on other versions. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LinkedFleet } from '../../integration/runtime/linked-fleet.ts';
import { allowFreeze } from '../../../local/mysql/source-server.ts';
import type { Pair } from '../../../local/mysql/versions.ts';

const pairs: readonly Pair[] = [
  { source: 'mysql-5.5', target: 'mysql-8.0' },
  { source: 'mysql-5.7', target: 'mysql-9.7' },
  { source: 'mysql-8.0', target: 'mysql-9.7' },
];

for (const pair of pairs) {
  describe(`databases that refer to each other, ${pair.source} to ${pair.target}`, () => {
    let fleet: LinkedFleet;
    const started = new AsyncDisposableStack();
    after(() => started.disposeAsync());
    before(async () => {
      fleet = await LinkedFleet.open(started, pair);
    });

    for (const maxConcurrency of [1, 4]) {
      for (const order of [['x', 'y', 'z'], ['z', 'x', 'y']]) {
        it(`ends with all of them verified: ${order.join(', ')}, ${maxConcurrency} at once`, async () => {
          const prefix = `c${maxConcurrency}${order[0] ?? ''}`;
          const names = order.map((name) => `${prefix}_${name}`);
          await makeCircle(fleet, prefix);
          await fleet.assertVerified(await fleet.start(prefix, names, { maxConcurrency }), prefix, names);
          assert.deepEqual(await fleet.onTarget(`SELECT * FROM ${prefix}_x.v5`), [{ id: 1 }]);
          await assert.rejects(fleet.onTarget(`INSERT INTO ${prefix}_z.child VALUES (9, 9)`), { errno: 1452 });
          await fleet.assertVerified(await fleet.start(prefix, names, { maxConcurrency, secondWave: true }), prefix, names);
          assert.deepEqual(await fleet.onTarget(`SELECT * FROM ${prefix}_x.v5`), [{ id: 1 }]);
        });
      }
    }

    it('ends so under a freeze as well', async () => {
      await makeCircle(fleet, 'f');
      await allowFreeze(fleet.servers.source, 'lock');
      const names = ['f_x', 'f_y', 'f_z'];
      await fleet.assertVerified(await fleet.start('f', names, { freeze: 'lock', maxConcurrency: 1 }), 'f', names);
    });

    it('waits for a dead letter in vain, and is right after the redrive', async () => {
      await makeCircle(fleet, 'r');
      await fleet.onTarget('CREATE DATABASE r_y');
      const names = ['r_x', 'r_y', 'r_z'];
      const held = await fleet.start('r', names);
      assert.equal(held.error, 'DatabasesDeadLettered');
      assert.equal((await fleet.record('r', 'r_x'))?.error, 'WaitsForDatabase');
      await fleet.onTarget('DROP DATABASE r_y');
      await fleet.assertVerified(await fleet.redrive(held), 'r', names);
    });
  });
}

/** Keys from each database to the next, and a chain of views that goes to and fro between two of them. */
async function makeCircle(fleet: LinkedFleet, prefix: string): Promise<void> {
  const [x, y, z] = ['x', 'y', 'z'].map((name) => `${prefix}_${name}`) as [string, string, string];
  const child = (own: string, parent: string): string => `CREATE TABLE ${own}.child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES ${parent}.t (id)) ENGINE=InnoDB`;
  await fleet.make(
    [x, y, z],
    ...[x, y, z].map((name) => `CREATE TABLE ${name}.t (id INT PRIMARY KEY) ENGINE=InnoDB`),
    ...[x, y, z].map((name) => `INSERT INTO ${name}.t VALUES (1)`),
    child(x, y),
    child(y, z),
    child(z, x),
    ...[x, y, z].map((name) => `INSERT INTO ${name}.child VALUES (1, 1)`),
    `CREATE SQL SECURITY INVOKER VIEW ${x}.v1 AS SELECT id FROM ${y}.t`,
    `CREATE SQL SECURITY INVOKER VIEW ${y}.v2 AS SELECT id FROM ${x}.v1`,
    `CREATE SQL SECURITY INVOKER VIEW ${x}.v3 AS SELECT v2.id FROM ${y}.v2 JOIN ${z}.t USING (id)`,
    `CREATE SQL SECURITY INVOKER VIEW ${y}.v4 AS SELECT id FROM ${x}.v3`,
    `CREATE SQL SECURITY INVOKER VIEW ${x}.v5 AS SELECT id FROM ${y}.v4`,
  );
}
