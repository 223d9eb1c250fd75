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
      assert.match(stdout, /^5 of 5 databases hold on the target what they should: [\d,]+ rows, [\d,]+ definitions\.$/m);
    }
    const all = await verified();
    assert.deepEqual([...all.values()].filter(({ outcome, comparedBy, comparedWith }) => outcome !== 'same' || comparedBy !== 'digests' || comparedWith !== 'manifest'), []);
    assert.equal(all.get('large')?.rows, rowsOfLarge);
    assert.equal((await verified(...fleet.sourceWords)).get('small')?.digest, all.get('small')?.digest);
  });

  it('calls nothing the same as a source of which it cannot see all', async () => {
    await fleet.onSource("REVOKE EVENT ON *.* FROM 'ferry'@'127.0.0.1'");
    const found = (await verified(...fleet.sourceWords, 'small')).get('small');
    await fleet.onSource("GRANT EVENT ON *.* TO 'ferry'@'127.0.0.1'");
    assert.equal(found?.outcome, 'unknown');
    assert.match(found.reason ?? '', /^Ferry's account on the source does not see all of it: 'ferry'@'127\.0\.0\.1' lacks EVENT on `small`/);
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

  it('names an object that is defined otherwise, by what was verified and by the source', async () => {
    await fleet.onTarget('ALTER TABLE small.keyed ALTER part SET DEFAULT 7', "CREATE FUNCTION small.one() RETURNS INT DETERMINISTIC RETURN 1");
    const byDump = await verify('small');
    assert.deepEqual([byDump.code, byDump.stdout.split('\n').slice(0, 3)], [60, ['small: differs', "  column keyed.part, default: verified '0', now '7'", '  function one: verified none, now present']]);
    const bySource = (await verified('small', ...fleet.sourceWords)).get('small');
    assert.deepEqual([bySource?.differences, bySource?.objectDifferences], [[], ["column keyed.part, default: source '0', target '7'", 'function one: source none, target present']]);
    // What both were given since is no difference, although no verification has seen it.
    await fleet.onSource('ALTER TABLE small.keyed ALTER part SET DEFAULT 7');
    assert.deepEqual((await verified('small', ...fleet.sourceWords)).get('small')?.objectDifferences, ['function one: source none, target present']);
    await fleet.onSource('ALTER TABLE small.keyed ALTER part SET DEFAULT 0');
    await fleet.onTarget('DROP FUNCTION small.one', 'ALTER TABLE small.keyed ALTER part SET DEFAULT 0');
    assert.equal((await verify('small', ...fleet.sourceWords)).code, 0);
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
