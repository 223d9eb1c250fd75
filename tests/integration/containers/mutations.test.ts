/**
 * One change after the other on the target of a migrated fleet: verification notices each, and nothing where nothing was
 * changed. With FERRY_MUTATIONS=all each change that fits an object or a row is made, which takes minutes; without it a
 * few of each kind.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { compareObjects } from '../../../containers/import/compare-objects.ts';
import { compareTables } from '../../../containers/import/compare-tables.ts';
import { expectedStructure } from '../../../containers/import/expected-structure.ts';
import { MysqlSession } from '../../../containers/common/mysql-session.ts';
import type { Manifest } from '../../../core/contracts.ts';
import { FerryError } from '../../../core/errors.ts';
import { quoteIdentifier } from '../../../core/names.ts';
import type { Structure } from '../../../core/objects/structure.ts';
import { seedFleet } from '../../../local/fleet/seed.ts';
import { Bench } from './bench.ts';
import { objectMutations, readTargetObjects } from './object-mutations.ts';
import type { Mutation } from './object-mutations.ts';
import { rowMutations } from './row-mutations.ts';

const everything = process.env['FERRY_MUTATIONS'] === 'all';
/** Of each kind of change, in the whole fleet. */
const most = everything ? Number.POSITIVE_INFINITY : 3;

interface Migrated {
  readonly database: string;
  readonly manifest: Manifest;
  /** The source's objects, as converted. */
  readonly structure: Structure;
}

let bench: Bench;
let session: MysqlSession;
const fleet: Migrated[] = [];
const made = new Map<string, number>();

before(async () => {
  bench = await Bench.start();
  const { databases } = await seedFleet({ source: bench.source.adminAccess, databases: 6, largeMegabytes: 1 });
  await makeVariety();
  session = await MysqlSession.open(bench.target.adminAccess, { signal: new AbortController().signal });
  for (const database of [...databases, 'variety']) fleet.push(await migrate(database));
});
after(async () => {
  await session.close();
  await bench.stop();
});

test('nothing is reported of an untouched fleet', async () => {
  for (const { database } of fleet) {
    const verified = await bench.run('verify', database);
    const { error, milliseconds } = await bench.report('verify', database);
    assert.equal(verified.exitCode, 0, `${database}: ${error?.message ?? ''} ${JSON.stringify(milliseconds)}`);
  }
  for (const migrated of fleet) assert.equal(await mismatch(migrated), undefined);
});

describe('each change of', () => {
  test('a row is noticed', async () => {
    for (const migrated of fleet) {
      for (const mutation of await rowMutations(session, migrated.database, everything ? 40 : 1)) {
        if (!count(mutation.kind, everything ? most : 8)) continue;
        await session.execute('START TRANSACTION');
        const changed = await applied(mutation);
        const found = changed === 0 ? 'nothing was changed' : await rowMismatch(migrated, mutation.table);
        await session.execute('ROLLBACK');
        assert.match(found ?? 'not noticed', /differ/, `${migrated.database}: ${mutation.sql.join('; ')}`);
      }
    }
    print('row');
  });

  test('an object is noticed', async () => {
    for (const migrated of fleet) {
      for (const mutation of objectMutations(migrated.database, await readTargetObjects(session, migrated.database))) {
        if (!count(mutation.kind, most)) continue;
        await applied(mutation);
        const found = await mismatch(migrated);
        for (const sql of mutation.undo) await session.execute(sql);
        assert.match(found ?? 'not noticed', /differ/, `${migrated.database}: ${mutation.sql.join('; ')}`);
        assert.ok(found?.includes(mutation.names), `${mutation.names} is not named: ${found ?? ''}`);
      }
      assert.equal(await mismatch(migrated), undefined, `${migrated.database} is as it was`);
    }
    print('object');
  });
});

async function migrate(database: string): Promise<Migrated> {
  for (const stage of ['dump', 'import'] as const) {
    const ended = await bench.run(stage, database);
    assert.equal(ended.exitCode, 0, ended.stderr);
  }
  const manifest = await bench.manifest(database);
  const audit = (await bench.json(`spring-cutover/reports/${keyOf(database)}/1/audit.json`)) as { entries: Parameters<typeof expectedStructure>[1] };
  return { database, manifest, structure: expectedStructure(manifest.structure ?? {}, audit.entries) };
}
