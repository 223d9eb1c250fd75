/**
 * Databases of many definitions, from every version to every version: each arrives and is found to be the same, and of each
 * a change that nearly leaves it as it was is noticed.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MysqlSession } from '../../../containers/common/mysql-session.ts';
import { differencesOfObjects } from '../../../containers/import/compare-objects.ts';
import { auditSchema } from '../../../core/contracts.ts';
import { digestSession } from '../../../core/digests/table-digests.ts';
import { auditKey } from '../../../core/names.ts';
import { expectedStructure } from '../../../core/objects/expected-structure.ts';
import type { ObjectDifference, Structure } from '../../../core/objects/structure.ts';
import { targetNames } from '../../../local/mysql/versions.ts';
import type { VersionName } from '../../../local/mysql/versions.ts';
import { Bench, migration } from '../../integration/containers/bench.ts';
import { availableOf } from '../matrix/available.ts';
import { makeCorpus, makeNearMisses } from './corpus.ts';

/** How many forms each source takes at least: a corpus that is refused would show nothing. */
const leastForms: Readonly<Partial<Record<VersionName, number>>> = { 'mysql-5.5': 100, 'mysql-5.6': 104, 'mysql-5.7': 285, 'mysql-8.0': 320, 'mariadb-10.11': 305 };

for (const source of await availableOf(['mysql-5.5', 'mysql-5.6', 'mysql-5.7', 'mysql-8.0', 'mariadb-10.11'])) {
  for (const target of await availableOf(targetNames)) {
    describe(`definitions of ${source} on ${target}`, () => {
      it('arrive, and what nearly is the same is not', async () => {
        await using started = new AsyncDisposableStack();
        const bench = await Bench.start(started, { source, target });
        const made = await makeCorpus(bench.sourceAdmin, 'definitions', source.startsWith('mysql-5'));
        assert.ok(made.length >= (leastForms[source] ?? 0), `${source} takes ${made.length} forms`);
        for (const stage of ['dump', 'import'] as const) {
          const { exitCode, stderr } = await bench.run(stage, 'definitions');
          assert.equal(exitCode, 0, stderr);
        }
        const expected = await expectedOf(bench, 'definitions');
        assert.deepEqual(await differing(bench, started, expected), [], 'as the verification found');
        const changed = await makeNearMisses(bench.targetAdmin, 'definitions', made);
        assert.deepEqual(made.filter((form) => !changed.includes(form)).map(({ near }) => near), [], 'changes that the target refuses');
        const found = await differing(bench, started, expected);
        const missed = changed.filter(({ object, attribute }) => !found.some((each) => each.object === object && (each.attribute ?? attribute) === attribute));
        assert.deepEqual(missed.map(({ sql, near }) => `${sql} -> ${near}`), []);
        assert.deepEqual(await scratchLeft(bench), []);
        console.log(`${source} to ${target}: ${made.length} definitions are the same, and ${changed.length} changes were noticed`);
      });
    });
  }
}

async function expectedOf(bench: Bench, database: string): Promise<Structure> {
  const { structure = {} } = await bench.manifest(database);
  return expectedStructure(structure, auditSchema.parse(await bench.json(auditKey(migration, database, 1))).entries);
}

async function differing(bench: Bench, started: AsyncDisposableStack, structure: Structure): Promise<readonly ObjectDifference[]> {
  const session = started.adopt(await MysqlSession.open(bench.target.adminAccess, { signal: new AbortController().signal, bytes: true }), (opened) => opened.close());
  for (const sql of digestSession) await session.execute(sql);
  return (await differencesOfObjects(session, 'definitions', { structure, off: [] })).differences;
}

async function scratchLeft(bench: Bench): Promise<unknown> {
  const [rows] = await bench.targetAdmin.query("SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_NAME LIKE '\\_aurora\\_ferry%'");
  return rows;
}
