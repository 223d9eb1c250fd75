/** A target that was verified, and what became of it: a change is found, and by the live source its key. Every kind of one is in `tests/long`. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createConnection } from 'mysql2/promise';
import { connectionOptions } from '../../../core/server-access.ts';
import type { Verified } from '../../../cli/verify/compare-database.ts';
import type { Outcome } from './ferry.ts';
import { MigratedFleet, smallDatabase } from './support/migrated-fleet.ts';

const rowsOfLarge = 262_144;

describe('ferry verify', () => {
  let fleet: MigratedFleet;

  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    fleet = await MigratedFleet.open(started, 3);
    await fleet.onSource(
      'CREATE DATABASE large',
      'CREATE TABLE large.t (id INT PRIMARY KEY AUTO_INCREMENT, a VARCHAR(20)) ENGINE=InnoDB',
      "INSERT INTO large.t (a) VALUES ('x')",
      ...Array.from({ length: Math.log2(rowsOfLarge) }, () => "INSERT INTO large.t (a) SELECT 'x' FROM large.t"),
      'UPDATE large.t SET a = id',
      'ANALYZE TABLE large.t',
      ...smallDatabase,
    );
    const { code, stderr } = await fleet.run(['start', '--migration', 'spring', ...fleet.databases, 'large', 'small']);
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

  it('finds nothing where nothing was changed, against the dumps and against the source', async () => {
    for (const words of [[], fleet.sourceWords]) {
      const { code, stdout, stderr } = await verify(...words);
      assert.equal(code, 0, stderr + stdout);
      assert.match(stdout, /^5 of 5 databases hold on the target what they should: [\d,]+ rows\.$/m);
    }
    const all = await verified();
    assert.deepEqual([...all.values()].filter(({ outcome, comparedBy, comparedWith }) => outcome !== 'same' || comparedBy !== 'digests' || comparedWith !== 'manifest'), []);
    assert.equal(all.get('large')?.rows, rowsOfLarge);
    assert.equal((await verified(...fleet.sourceWords)).get('small')?.digest, all.get('small')?.digest);
  });

  it('names the table and the range that differ from the dump, and by the source the keys', async () => {
    const keys = await column(fleet, 'SELECT id FROM large.t ORDER BY id LIMIT 2 OFFSET 150000');
    await fleet.onTarget(`UPDATE large.t SET a = 'y' WHERE id = ${keys[0]!}`, `DELETE FROM large.t WHERE id = ${keys[1]!}`, "INSERT INTO large.t VALUES (2147483647, 'new')");
    const byDump = await verify('large');
    assert.equal(byDump.code, 60);
    assert.match(byDump.stderr, /^ferry: VerificationMismatch: 1 of 1 database of the migration spring differ on the target\.$/m);
    assert.match(byDump.stdout, /^large: differs\n {2}`t`: 262144 rows on both sides, whose values differ where `id` >= \d+ and `id` < \d+, `id` >= \d+$/m);
    const bySource = await verified('large', ...fleet.sourceWords);
    assert.deepEqual(bySource.get('large')?.differences.map(({ table, column: key, keys: found }) => [table, key, found]), [['t', 'id', [...keys, '2147483647']]]);
    await fleet.onTarget(`UPDATE large.t SET a = id WHERE id = ${keys[0]!}`, `INSERT INTO large.t VALUES (${keys[1]!}, '${keys[1]!}')`, 'DELETE FROM large.t WHERE id = 2147483647');
    assert.equal((await verify('large', ...fleet.sourceWords)).code, 0);
  });

  it('compares with the source as it is now: what was written there since shows', async () => {
    await fleet.onSource("INSERT INTO small.pairs VALUES (3, 'later')");
    assert.equal((await verify('small')).code, 0);
    const { code, stdout } = await verify('small', ...fleet.sourceWords);
    assert.equal(code, 60);
    assert.match(stdout, /`pairs`: source 4, target 3/);
  });

  it('begins nothing while the target is busy', async () => {
    const busy = await createConnection(connectionOptions(fleet.target.adminAccess));
    try {
      const query = busy.query('SELECT SLEEP(3)').then(() => performance.now());
      const { code } = await verify('small', '--max-running', '1');
      assert.equal(code, 0);
      assert.ok(performance.now() > (await query));
    } finally {
      await busy.end();
    }
  });

  it('names what it cannot use', async () => {
    const outcomes = await Promise.all([fleet.run(['verify']), verify('no_such_database'), verify('small', '--source', 'mysql://ferry@127.0.0.1:1'), fleet.run(['verify', '--target', 'mysql://ferry@127.0.0.1:1'])]);
    assert.deepEqual(outcomes.map(({ code }) => code), [2, 14, 20, 22], outcomes.map(({ stderr }) => stderr).join(''));
  });
});

async function column(fleet: MigratedFleet, sql: string): Promise<string[]> {
  const connection = await createConnection(connectionOptions(fleet.source.adminAccess));
  try {
    const [rows] = await connection.query({ sql, rowsAsArray: true });
    return (rows as unknown[][]).map(([value]) => String(value));
  } finally {
    await connection.end();
  }
}
