/**
 * Rehearses the database of every scenario. What a migration makes arrive, a rehearsal finds nothing in; what its
 * definitions are refused for, it finds. What only rows meet is not its business.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { differsOnTarget } from '../../../core/assessment/checks/differs-on-target.ts';
import { refusedByTarget } from '../../../core/assessment/checks/refused-by-target.ts';
import { viewFailsOnTarget } from '../../../core/assessment/checks/view-fails-on-target.ts';
import type { Rehearsal } from '../../../core/rehearsal/rehearsal.ts';
import type { VersionName } from '../../../local/mysql/versions.ts';
import { Stage } from '../../scenarios/support/stage.ts';
import { failureAt, fileOf, nameFor, readScenarios } from '../../scenarios/support/scenario.ts';
import type { Scenario } from '../../scenarios/support/scenario.ts';
import { query } from '../../support/query.ts';
import { database, servers } from '../../unit/assessment/facts.ts';

const sources: readonly VersionName[] = ['mysql-5.6', 'mysql-5.7', 'mysql-8.0', 'mariadb-10.11'];

/** Refused for rows, or when they are compared. */
const ofRows = new Set([
  'duplicates-by-collation',
  'enum-alike',
  'enum-beyond-bmp',
  'float-key',
  'generated-only',
  'open-geometries',
  'undefined-bytes',
]);

describe('the rehearsal', () => {
  let stage: Stage;
  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());
  before(async () => {
    stage = await Stage.open(started, sources, 'mysql-9.7');
  });

  describe('of every scenario', { concurrency: 2 }, () => {
    // A rehearsal knows no replacement of definers.
    for (const scenario of readScenarios().filter(
      ({ dump, options }) => dump === undefined && options.definer === undefined,
    )) {
      for (const source of sources.filter((each) => scenario.sources.includes(each))) {
        it(`${scenario.name} from ${source}`, async () => {
          const database = `${scenario.name}_${source}`.replaceAll(/[-.]/g, '_');
          await stage.fill(
            source,
            database,
            scenario.database,
            fileOf(scenario, nameFor(scenario, 'source.sql', source)) ?? '',
          );
          check(scenario, await stage.rehearse(source, database));
        });
      }
    }
  });

  it('leaves nothing on the target', async () => {
    assert.deepEqual(await query(stage.accessOf('target'), "SHOW DATABASES LIKE '\\_aurora%'"), []);
  });
});

function check(scenario: Scenario, found: Rehearsal): void {
  const { refused, differences, untried } = found;
  // A view that cannot run on the target is said so by the verification too.
  const known = new Set((scenario.cannotRun['mysql-9.7'] ?? []).map(({ object }) => object));
  const views = found.views.filter(({ object }) => !known.has(object));
  const failure = failureAt(scenario, 'mysql-9.7');
  if (failure === undefined || ofRows.has(scenario.name)) {
    assert.deepEqual({ refused, differences, views }, { refused: [], differences: [], views: [] });
    // What is verified, even with objects that cannot run, is not blocked.
    const facts = database({ rehearsal: found });
    const blocking = [refusedByTarget, viewFailsOnTarget, differsOnTarget].filter(({ severity }) => severity === 'blocks');
    for (const { id, find } of blocking) assert.deepEqual([...find(facts, servers())], [], id);
  } else assert.ok(refused.length + differences.length + untried.length > 0, `nothing was found of: ${failure.message}`);
}
