/** Held, not dead: what a branch does while a server or service that all branches need is away. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ErrorName, FerryError } from '../../../core/errors.ts';
import type { Transition } from '../../../core/records.ts';
import { startWorkflow, type TaskEnvironment, until } from './support/workflow.ts';

const stagesOf = (ran: readonly TaskEnvironment[]): string[] => ran.map(({ STAGE = '', ATTEMPT = '' }) => `${STAGE} ${ATTEMPT}`);

describe('the workflow holds a branch', () => {
  const stateOf = ({ state, error, heldFor }: Transition): string => [state, error, heldFor].filter(Boolean).join(' ');

  it('while the target is away, spends no try, and goes on where it was', async (t) => {
    const workflow = await startWorkflow(t, ['a', 'b']);
    let away = true;
    const refuse = (): Promise<void> => (away ? Promise.reject(new FerryError('TargetUnreachable', 'The target is away.')) : Promise.resolve());
    workflow.gate = refuse;
    let asked = 0;
    workflow.checkServer = async () => {
      asked += 1;
      away = asked < 6;
      await refuse();
    };
    const ended = await workflow.run({ databases: ['a', 'b'], maxAttempts: 1 });
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
    for (const name of ['a', 'b']) {
      const record = await workflow.record(name);
      const states = record?.transitions.map(stateOf);
      assert.deepEqual(states, ['PENDING', 'DUMPING', 'DUMPED', 'RETRYING TargetUnreachable target', 'DUMPED', 'IMPORTING', 'IMPORTED', 'VERIFIED']);
      assert.deepEqual([record?.heldSince, record?.heldFor, record?.error], [undefined, undefined, undefined]);
    }
    assert.deepEqual(stagesOf(workflow.ran).sort(), ['dump 1', 'dump 1', 'import 2', 'import 2'], 'no dump is made again');
    assert.equal(asked, 6, 'one branch asks for both');
    assert.deepEqual(workflow.letters, []);
  });

  it('shows in the record what it waits for, and since when', async (t) => {
    const workflow = await startWorkflow(t, ['a']);
    const back = Promise.withResolvers<undefined>();
    workflow.container = ({ STAGE, ATTEMPT }) => Promise.resolve(STAGE === 'dump' && ATTEMPT === '1' ? 'SourceUnreachable' : undefined);
    workflow.checkServer = () => back.promise;
    const run = await workflow.start({ databases: ['a'] });
    await until(async () => (await workflow.record('a'))?.heldFor !== undefined);
    const record = await workflow.record('a');
    assert.deepEqual(
      [record?.state, record?.error, record?.errorStage, record?.heldFor, record?.attempt],
      ['RETRYING', 'SourceUnreachable', 'dump', 'source', 2],
    );
    assert.ok(Date.now() - Date.parse(record?.heldSince ?? '') < 60_000);
    back.resolve(undefined);
    assert.equal((await workflow.ended(run)).status, 'SUCCEEDED');
  });

  it('for so long, then gives it up with what it waited for; and a redrive is all that is needed', async (t) => {
    const workflow = await startWorkflow(t, ['a', 'b']);
    let away = true;
    workflow.container = ({ STAGE }) => Promise.resolve(away && STAGE === 'dump' ? 'SourceAccessDenied' : undefined);
    workflow.checkServer = () => {
      workflow.laterMilliseconds += 3 * 60_000;
      return away ? Promise.reject(new FerryError('SourceAccessDenied', 'The source refused ferry.')) : Promise.resolve();
    };
    const failed = await workflow.run({ databases: ['a', 'b'], holdMinutes: 2 });
    assert.equal(failed.error, 'DatabasesDeadLettered');
    const record = await workflow.record('a');
    assert.deepEqual([record?.state, record?.error, record?.heldSince], ['DEAD_LETTERED', 'SourceAccessDenied', undefined]);
    assert.match(record?.errorMessage ?? '', /^Held for 2 minutes in vain\. /);
    assert.deepEqual(stagesOf(workflow.ran).sort(), ['dump 1', 'dump 1'], 'nobody else logs in meanwhile');
    away = false;
    const ended = await workflow.redrive(failed.arn);
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
  });

  it('but blames one that fails alone while its server answers', async (t) => {
    const workflow = await startWorkflow(t, ['a']);
    workflow.container = ({ STAGE }) => Promise.resolve(STAGE === 'dump' ? 'SourceUnreachable' : undefined);
    const ended = await workflow.run({ databases: ['a'], maxAttempts: 2 });
    assert.equal(ended.error, 'DatabasesDeadLettered');
    assert.deepEqual(stagesOf(workflow.ran), ['dump 1', 'dump 3']);
  });

  it('without asking anybody where storage, records or capacity failed: it tries again', async (t) => {
    const workflow = await startWorkflow(t, ['a']);
    const failures: ErrorName[] = ['StorageFailed', 'RecordsFailed', 'StorageFailed', 'RecordsFailed'];
    workflow.container = ({ STAGE }) => Promise.resolve(STAGE === 'import' ? failures.shift() : undefined);
    const ended = await workflow.run({ databases: ['a'], maxAttempts: 1 });
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
    const held = (await workflow.record('a'))?.transitions.flatMap(({ heldFor }) => heldFor ?? []);
    assert.deepEqual(held, ['storage', 'records', 'storage', 'records']);
  });
});
