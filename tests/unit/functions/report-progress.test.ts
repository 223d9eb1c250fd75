import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { registerDatabase, registerDump } from '../../../core/records.ts';
import { readHolders, takeSlot } from '../../../core/slots.ts';
import { countProgress, type ProgressDependencies } from '../../../functions/report-progress/report-progress.ts';
import { startCloud, tableWithSlots, type Cloud } from './support/cloud.ts';

const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:ferry';
const runArn = (name: string): string => `arn:aws:states:us-east-1:000000000000:execution:ferry:${name}`;

/** A Step Functions API with these runs under way, two on a page; the operations that it was asked for. */
function serveRuns(cloud: Cloud, inputs: Readonly<Record<string, string | undefined>>): string[] {
  const asked: string[] = [];
  const arns = Object.keys(inputs).map(runArn);
  cloud.serveStepFunctions((operation, body) => {
    asked.push(operation);
    const request = body as { readonly executionArn?: string; readonly nextToken?: string; readonly statusFilter?: string };
    if (operation === 'ListExecutions') {
      assert.equal(request.statusFilter, 'RUNNING');
      const from = Number(request.nextToken ?? 0);
      const executions = arns.slice(from, from + 2).map((executionArn) => ({ executionArn, name: executionArn, stateMachineArn, status: 'RUNNING', startDate: 1 }));
      return Promise.resolve({ executions, ...(from + 2 < arns.length ? { nextToken: String(from + 2) } : {}) });
    }
    const name = request.executionArn?.split(':').at(-1) ?? '';
    return Promise.resolve({ executionArn: request.executionArn, status: 'RUNNING', input: inputs[name] });
  });
  return asked;
}

function dependenciesOf(cloud: Cloud): ProgressDependencies {
  return { records: (migration) => cloud.table(migration), stepFunctions: cloud.stepFunctions, stateMachineArn, migrationOf: new Map(), isAlive: () => Promise.resolve(true), random: () => 0.5 };
}

async function fill(cloud: Cloud, migration: string, pending: number): Promise<void> {
  const table = await tableWithSlots(cloud, migration);
  const writer = { by: 'test', now: '2026-01-01T00:00:00.000Z' };
  for (let index = 0; index < pending; index += 1) await registerDatabase(table, `shop-${index}`, writer);
  await registerDump(table, 'by-hand', { dumpManifest: 'm', sqlBytes: 1, dumpBytes: 1 }, writer);
  await takeSlot(table, 'source', 'a', 4, 'now');
  await takeSlot(table, 'target', 'b', 4, 'now');
  await takeSlot(table, 'target', 'c', 4, 'now');
}

describe('ReportProgress', () => {
  it('sums databases by state and slots over the migrations with a run under way, each once', async (t) => {
    const cloud = await startCloud(t);
    await fill(cloud, 'spring', 3);
    await fill(cloud, 'summer', 1);
    await fill(cloud, 'over-long-ago', 5);
    serveRuns(cloud, { one: '{"migration":"spring"}', two: '{"migration":"spring"}', three: '{"migration":"summer"}' });
    assert.deepEqual(await countProgress(dependenciesOf(cloud)), {
      runs: 3,
      migrations: 2,
      dumpsInFlight: 2,
      importsInFlight: 4,
      databases: { PENDING: 4, DUMPING: 0, DUMPED: 2, IMPORTING: 0, IMPORTED: 0, VERIFIED: 0, RETRYING: 0, DEAD_LETTERED: 0 },
    });
  });

  it('takes slots on the source from branches that have ended, which dumps would wait for in vain', async (t) => {
    const cloud = await startCloud(t);
    await fill(cloud, 'spring', 1);
    await takeSlot(cloud.table('spring'), 'source', 'dead', 4, 'now');
    serveRuns(cloud, { one: '{"migration":"spring"}' });
    const progress = await countProgress({ ...dependenciesOf(cloud), isAlive: (arn) => Promise.resolve(arn !== 'dead') });
    assert.deepEqual([progress?.dumpsInFlight, progress?.importsInFlight], [1, 2]);
    assert.deepEqual(Object.keys(await readHolders(cloud.table('spring'), 'source')), ['a']);
  });

  it('asks for one list and nothing else when nothing runs', async (t) => {
    const cloud = await startCloud(t);
    const asked = serveRuns(cloud, {});
    assert.equal(await countProgress(dependenciesOf(cloud)), undefined);
    assert.deepEqual(asked, ['ListExecutions']);
  });

  it('asks once for the migration of a run, and forgets runs that are over', async (t) => {
    const cloud = await startCloud(t);
    await fill(cloud, 'spring', 1);
    const dependencies = dependenciesOf(cloud);
    const asked = serveRuns(cloud, { one: '{"migration":"spring"}' });
    await countProgress(dependencies);
    await countProgress(dependencies);
    assert.deepEqual(asked, ['ListExecutions', 'DescribeExecution', 'ListExecutions']);
    serveRuns(cloud, { two: '{"migration":"spring"}' });
    await countProgress(dependencies);
    assert.deepEqual([...dependencies.migrationOf.keys()], [runArn('two')]);
  });

  it('counts a run whose input names no migration, and no databases for it', async (t) => {
    const cloud = await startCloud(t);
    serveRuns(cloud, { odd: 'not json', none: undefined, wrong: '{"migration":"NOT A NAME"}' });
    const progress = await countProgress(dependenciesOf(cloud));
    assert.deepEqual([progress?.runs, progress?.migrations, progress?.databases.PENDING], [3, 0, 0]);
  });
});
