/** Each of many small changes of a target that was verified, against the dumps and against the live source. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Verified } from '../../../cli/verify/compare-database.ts';
import type { Outcome } from '../../integration/cli/ferry.ts';
import { MigratedFleet, smallDatabase } from '../../integration/cli/support/migrated-fleet.ts';

describe('ferry verify', () => {
  let fleet: MigratedFleet;
  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    fleet = await MigratedFleet.open(started, 1);
    await fleet.onSource(...smallDatabase);
    const { code, stderr } = await fleet.run(['start', '--migration', 'spring', ...fleet.databases, 'small']);
    assert.equal(code, 0, stderr);
  });

  function verify(...words: readonly string[]): Promise<Outcome> {
    return fleet.run(['verify', ...fleet.targetWords, ...words]);
  }

  async function verified(...words: readonly string[]): Promise<Map<string, Verified>> {
    const { stdout, stderr } = await verify('--json', ...words);
    assert.notEqual(stdout, '', stderr);
    return new Map((JSON.parse(stdout) as { databases: Verified[] }).databases.map((each) => [each.database, each]));
  }

  it('catches each of many small changes, and none that was undone', async () => {
    const changes = [
      ['UPDATE small.pairs SET b = \'X\' WHERE a = 1 LIMIT 1', "UPDATE small.pairs SET b = 'x' WHERE a = 1"],
      ["UPDATE small.pairs SET b = '' WHERE a = 2", 'UPDATE small.pairs SET b = NULL WHERE a = 2'],
      ["UPDATE small.pairs SET b = 'x ' WHERE a = 1 LIMIT 1", "UPDATE small.pairs SET b = 'x' WHERE a = 1"],
      ['DELETE FROM small.pairs WHERE a = 1 LIMIT 1', "INSERT INTO small.pairs VALUES (1, 'x')"],
      ['DELETE FROM small.pairs WHERE a = 1', "INSERT INTO small.pairs VALUES (1, 'x'), (1, 'x')"],
      ['CREATE TABLE small.extra (a INT)', 'DROP TABLE small.extra'],
      ['RENAME TABLE small.pairs TO small.moved', 'RENAME TABLE small.moved TO small.pairs'],
      ["UPDATE small.keyed SET b = 'low!' WHERE id < 0", "UPDATE small.keyed SET b = 'low' WHERE id < 0"],
      ["UPDATE small.keyed SET b = IF(part = 1, 'b', 'a') WHERE id = 0", "UPDATE small.keyed SET b = IF(part = 1, 'a', 'b') WHERE id = 0"],
      ["UPDATE small.keyed SET b = 'height' WHERE id > 0", "UPDATE small.keyed SET b = 'high' WHERE id > 0"],
    ] as const;
    const keys: (readonly string[])[] = [];
    for (const [change, undo] of changes) {
      await fleet.onTarget(change);
      assert.equal((await verify('small')).code, 60, change);
      keys.push((await verified('small', ...fleet.sourceWords)).get('small')?.differences[0]?.keys ?? ['nothing found']);
      await fleet.onTarget(undo);
    }
    assert.deepEqual(keys.slice(-3), [['-9223372036854775808'], ['0'], ['9223372036854775807']]);
    assert.deepEqual(keys.slice(0, -3).flat(), [], 'tables without an integer key');
    assert.equal((await verify(...fleet.sourceWords)).code, 0);
  });
});
