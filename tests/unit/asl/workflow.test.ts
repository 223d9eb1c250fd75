import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ErrorName, FerryError } from '../../../core/errors.ts';
import { type Container, startWorkflow, succeeds, type TaskEnvironment, until } from './support/workflow.ts';

const stagesOf = (ran: readonly TaskEnvironment[]): string[] => ran.map(({ STAGE = '', ATTEMPT = '' }) => `${STAGE} ${ATTEMPT}`);

describe('the workflow', () => {
  it('takes every database through dump, import and verification, in two tasks', async (t) => {
    const workflow = await startWorkflow(t, ['shop', 'blog {}\'"\\ ü']);
    const ended = await workflow.run({ databases: ['shop', 'blog {}\'"\\ ü'], dumpThreads: 3, noConvert: ['row-format'], definer: "o'neill@%" });
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
    const record = await workflow.record('shop');
    assert.deepEqual(record?.transitions.map(({ state }) => state), ['PENDING', 'DUMPING', 'DUMPED', 'IMPORTING', 'IMPORTED', 'VERIFIED']);
    assert.deepEqual(
      [record.state, record.checkpoint, record.attempt, record.owner, record.rows, record.tables, record.sqlBytes, record.dumpBytes],
      ['VERIFIED', 'VERIFIED', 1, undefined, 30, 2, 400, 100],
    );
    assert.equal((await workflow.record('blog {}\'"\\ ü'))?.state, 'VERIFIED');
    assert.deepEqual(stagesOf(workflow.ran.filter(({ DATABASE }) => DATABASE === 'shop')), ['dump 1', 'import 1']);
    const [dump, load] = workflow.ran.filter(({ DATABASE }) => DATABASE === 'shop');
    assert.equal(dump?.['DUMP_THREADS'], '3');
    assert.equal(dump['ALLOWED_CHECKS'], '[]');
    assert.equal(load?.['DUMP_MANIFEST'], 'spring/dumps/shop/1/manifest.json');
    assert.equal(load['REPLACE'], 'false');
    assert.deepEqual(JSON.parse(load['CONVERSION'] ?? ''), { off: ['row-format'], definer: "o'neill@%" });
  });

  it('tells a dump which checks the operator has set aside, and dead-letters a blocked database at once', async (t) => {
    const workflow = await startWorkflow(t, ['a']);
    workflow.container = ({ STAGE }) => Promise.resolve(STAGE === 'dump' ? 'AssessmentBlocked' : undefined);
    const ended = await workflow.run({ databases: ['a'], allow: ['row-too-large', 'invalid-view'] });
    assert.equal(ended.error, 'DatabasesDeadLettered');
    assert.deepEqual(workflow.ran.map((environment) => environment['ALLOWED_CHECKS']), ['["row-too-large","invalid-view"]']);
    assert.equal((await workflow.record('a'))?.error, 'AssessmentBlocked');
  });

  it('succeeds at once when everything is verified already', async (t) => {
    const workflow = await startWorkflow(t, ['a']);
    await workflow.run({ databases: ['a'] }, 'first');
    workflow.ran.length = 0;
    const ended = await workflow.run({ databases: ['a'] }, 'second');
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
    assert.deepEqual(workflow.ran, []);
  });

  it('moves accounts before the branches and grants on objects after them, in each pass, where the input asks for it', async (t) => {
    const workflow = await startWorkflow(t, ['a', 'b']);
    const steps: string[] = [];
    workflow.accounts = (step) => Promise.resolve(void steps.push(`${step} after ${workflow.ran.length} tasks`));
    await workflow.run({ databases: ['b'] }, 'without');
    assert.deepEqual(steps, []);
    workflow.ran.length = 0;
    workflow.container = ({ STAGE }) => Promise.resolve(STAGE === 'import' ? 'TargetDatabaseExists' : undefined);
    const failed = await workflow.run({ databases: ['a'], accounts: true }, 'with');
    workflow.container = succeeds;
    assert.equal((await workflow.redrive(failed.arn)).status, 'SUCCEEDED');
    assert.deepEqual(steps, ['accounts after 0 tasks', 'object-privileges after 2 tasks', 'accounts after 2 tasks', 'object-privileges after 3 tasks']);
  });

  it('fails before the branches when accounts cannot be read, and a redrive goes on from there', async (t) => {
    const workflow = await startWorkflow(t, ['a']);
    workflow.accounts = () => Promise.reject(new FerryError('AccountsUnreadable', 'SELECT command denied'));
    const failed = await workflow.run({ databases: ['a'], accounts: true });
    assert.deepEqual([failed.status, failed.error, workflow.ran], ['FAILED', 'AccountsUnreadable', []]);
    workflow.accounts = () => Promise.resolve();
    assert.equal((await workflow.redrive(failed.arn)).status, 'SUCCEEDED');
  });

  it('leaves a database IMPORTED that is not to be verified, counts it as finished, and leaves it alone later', async (t) => {
    const workflow = await startWorkflow(t, ['a', 'b']);
    const ended = await workflow.run({ databases: ['a'], verification: 'none' });
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
    const record = await workflow.record('a');
    assert.deepEqual([record?.state, record?.checkpoint, record?.owner], ['IMPORTED', 'UNVERIFIED', undefined]);
    assert.ok(record?.transitions.every(({ state }) => state !== 'VERIFIED'));
    assert.deepEqual(workflow.ran.map(({ STAGE, VERIFICATION }) => `${STAGE ?? ''} ${VERIFICATION ?? ''}`), ['dump none', 'import none']);
    const second = await workflow.run({ databases: ['a', 'b'] }, 'second');
    assert.equal(second.status, 'SUCCEEDED', second.cause);
    assert.deepEqual(workflow.ran.slice(2).map(({ DATABASE, VERIFICATION }) => `${DATABASE ?? ''} ${VERIFICATION ?? ''}`), ['b digests', 'b digests']);
    assert.equal((await workflow.record('a'))?.state, 'IMPORTED');
    const third = await workflow.run({ databases: ['a'], replace: ['a'] }, 'third');
    assert.equal(third.status, 'SUCCEEDED', third.cause);
    assert.equal((await workflow.record('a'))?.checkpoint, 'VERIFIED');
  });

  it('dumps a database that is to be frozen by a task that answers by its token, and dumps it again where the freeze was lost', async (t) => {
    const workflow = await startWorkflow(t, ['a']);
    workflow.container = ({ STAGE }) => Promise.resolve(STAGE === 'verify' ? 'FreezeLost' : undefined);
    const failed = await workflow.run({ databases: ['a'], freeze: 'lock', freezeMinutes: 7 });
    assert.equal(failed.error, 'DatabasesDeadLettered');
    const [dump, ...others] = workflow.ran;
    assert.deepEqual([dump?.['FREEZE'], dump?.['FREEZE_MINUTES'], typeof dump?.['TASK_TOKEN']], ['lock', '7', 'string']);
    assert.ok(others.every((environment) => environment['TASK_TOKEN'] === undefined));
    assert.deepEqual(stagesOf(workflow.ran), ['dump 1', 'import 1', 'verify 1'], 'loading again cannot bring a freeze back');
    assert.equal((await workflow.record('a'))?.error, 'FreezeLost');
    workflow.container = succeeds;
    assert.equal((await workflow.redrive(failed.arn)).status, 'SUCCEEDED');
    assert.deepEqual(stagesOf(workflow.ran.slice(3)), ['dump 2', 'import 2']);
  });

  it('dumps a database again whose dump was made without the freeze that a run asks for', async (t) => {
    const workflow = await startWorkflow(t, ['a']);
    workflow.container = ({ STAGE }) => Promise.resolve(STAGE === 'import' ? 'TargetDatabaseExists' : undefined);
    await workflow.run({ databases: ['a'] }, 'without');
    workflow.container = succeeds;
    assert.equal((await workflow.run({ databases: ['a'], freeze: 'revoke' }, 'with')).status, 'SUCCEEDED');
    assert.deepEqual(stagesOf(workflow.ran), ['dump 1', 'import 1', 'dump 2', 'import 2']);
  });

  it('tries the dump of a frozen database again that fails', async (t) => {
    const workflow = await startWorkflow(t, ['a']);
    workflow.container = ({ ATTEMPT }) => Promise.resolve(ATTEMPT === '1' ? 'FreezeBlocked' : undefined);
    assert.equal((await workflow.run({ databases: ['a'], freeze: 'lock' })).status, 'SUCCEEDED');
    assert.deepEqual(stagesOf(workflow.ran), ['dump 1', 'dump 2', 'import 2']);
    const retrying = (await workflow.record('a'))?.transitions.find(({ state }) => state === 'RETRYING');
    assert.deepEqual([retrying?.error, retrying?.message], ['FreezeBlocked', 'FreezeBlocked']);
  });

  it('tries a stage again under a higher attempt, as long as trying can help', async (t) => {
    const workflow = await startWorkflow(t, ['a']);
    workflow.container = ({ STAGE, ATTEMPT }) => Promise.resolve(STAGE === 'dump' && ATTEMPT === '1' ? 'DumpIncomplete' : undefined);
    const ended = await workflow.run({ databases: ['a'] });
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
    assert.deepEqual(stagesOf(workflow.ran), ['dump 1', 'dump 2', 'import 2']);
    const record = await workflow.record('a');
    const retrying = record?.transitions.find(({ state }) => state === 'RETRYING');
    assert.deepEqual([retrying?.error, retrying?.attempt], ['DumpIncomplete', 1]);
    assert.equal(record?.error, undefined, 'a verified database shows no error');
    assert.equal(record?.dumpManifest, 'spring/dumps/a/2/manifest.json');
  });

  it('dead-letters what has used up its tries, and tells queue and topic', async (t) => {
    const workflow = await startWorkflow(t, ['a', 'b']);
    workflow.container = ({ DATABASE, STAGE }) => Promise.resolve(DATABASE === 'a' && STAGE === 'import' ? 'ImportInterrupted' : undefined);
    const ended = await workflow.run({ databases: ['a', 'b'], maxAttempts: 2 });
    assert.equal(ended.status, 'FAILED');
    assert.equal(ended.error, 'DatabasesDeadLettered');
    assert.match(ended.cause ?? '', /1 of 2 databases of spring are not verified \(1 dead-lettered\): a \(ImportInterrupted\)/);
    const record = await workflow.record('a');
    assert.deepEqual([record?.state, record?.checkpoint, record?.error, record?.errorStage, record?.owner], ['DEAD_LETTERED', 'DUMPED', 'ImportInterrupted', 'import', undefined]);
    assert.equal(record?.transitions.filter(({ state }) => state === 'IMPORTING').length, 2);
    assert.equal(workflow.letters.length, 1);
    assert.deepEqual(
      [workflow.letters[0]?.['database'], workflow.letters[0]?.['error'], workflow.letters[0]?.['run'], workflow.letters[0]?.['migration']],
      ['a', 'ImportInterrupted', 'run', 'spring'],
    );
    assert.equal(workflow.notices.length, 1);
    assert.equal((await workflow.record('b'))?.state, 'VERIFIED', 'one database never stops another');
  });

  it('gives up at once where trying again cannot help', async (t) => {
    const workflow = await startWorkflow(t, ['a']);
    workflow.container = ({ STAGE }) => Promise.resolve(STAGE === 'import' ? 'TargetDatabaseExists' : undefined);
    await workflow.run({ databases: ['a'] });
    assert.deepEqual(stagesOf(workflow.ran), ['dump 1', 'import 1']);
    assert.equal((await workflow.record('a'))?.error, 'TargetDatabaseExists');
    assert.deepEqual(await workflow.slots(), []);
  });

  it('a redrive begins a pass over what is not verified, from where its record says', async (t) => {
    const workflow = await startWorkflow(t, ['a', 'b']);
    workflow.container = ({ DATABASE, STAGE }) => Promise.resolve(DATABASE === 'a' && STAGE === 'import' ? 'TargetDatabaseExists' : undefined);
    const failed = await workflow.run({ databases: ['a', 'b'] });
    assert.equal(failed.error, 'DatabasesDeadLettered');
    workflow.ran.length = 0;

    const again = await workflow.redrive(failed.arn);
    assert.equal(again.error, 'DatabasesDeadLettered', 'the cause is still there');
    assert.deepEqual(stagesOf(workflow.ran), ['import 2']);
    workflow.container = succeeds;
    const ended = await workflow.redrive(failed.arn);
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
    assert.equal(ended.redriveCount, 2);
    assert.deepEqual(stagesOf(workflow.ran), ['import 2', 'import 3']);
    assert.equal(workflow.ran.every(({ DATABASE }) => DATABASE === 'a'), true);
  });

  it('dumps again on a redrive what the target refused, because its cause was removed on the source', async (t) => {
    const workflow = await startWorkflow(t, ['a']);
    workflow.container = ({ STAGE }) => Promise.resolve(STAGE === 'import' ? 'ImportRejected' : undefined);
    const failed = await workflow.run({ databases: ['a'] });
    workflow.container = succeeds;
    const ended = await workflow.redrive(failed.arn);
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
    assert.deepEqual(stagesOf(workflow.ran), ['dump 1', 'import 1', 'dump 2', 'import 2']);
  });

  it('makes a dump again that the import found damaged', async (t) => {
    const workflow = await startWorkflow(t, ['a']);
    workflow.container = ({ STAGE, ATTEMPT }) => Promise.resolve(STAGE === 'import' && ATTEMPT === '1' ? 'DumpMissing' : undefined);
    const ended = await workflow.run({ databases: ['a'] });
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
    assert.deepEqual(stagesOf(workflow.ran), ['dump 1', 'import 1', 'dump 2', 'import 2']);
  });

  it('loads once more what arrived wrong, then gives up', async (t) => {
    const workflow = await startWorkflow(t, ['mended', 'broken']);
    workflow.container = ({ STAGE, ATTEMPT, DATABASE }) =>
      Promise.resolve(STAGE === 'verify' && (ATTEMPT === '1' || DATABASE === 'broken') ? 'VerificationMismatch' : undefined);
    const ended = await workflow.run({ databases: ['mended', 'broken'], maxConcurrency: 1 });
    assert.match(ended.cause ?? '', /1 of 2 .* broken \(VerificationMismatch\)/);
    const mended = ['dump 1', 'import 1', 'verify 1', 'import 2'];
    assert.deepEqual(stagesOf(workflow.ran.filter(({ DATABASE }) => DATABASE === 'mended')), mended);
    assert.deepEqual(stagesOf(workflow.ran.filter(({ DATABASE }) => DATABASE === 'broken')), [...mended, 'verify 2']);
    assert.equal((await workflow.record('broken'))?.errorStage, 'verify');

    workflow.ran.length = 0;
    workflow.container = succeeds;
    assert.equal((await workflow.redrive(ended.arn)).status, 'SUCCEEDED');
    assert.deepEqual(stagesOf(workflow.ran), ['dump 3', 'import 3'], 'a redrive takes what the source holds now');
  });

  it('verifies in a task of its own where the verification after the import failed', async (t) => {
    const workflow = await startWorkflow(t, ['a']);
    const failures: (ErrorName | undefined)[] = ['TargetUnreachable', undefined];
    workflow.container = ({ STAGE }) => Promise.resolve(STAGE === 'verify' ? failures.shift() : undefined);
    const ended = await workflow.run({ databases: ['a'] });
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
    assert.deepEqual(stagesOf(workflow.ran), ['dump 1', 'import 1', 'verify 1']);
    assert.ok((await workflow.record('a'))?.transitions.every(({ state }) => state !== 'RETRYING'), 'it is no failure of the branch');
  });

  it('verifies again without importing again when the verification itself was interrupted', async (t) => {
    const workflow = await startWorkflow(t, ['a']);
    workflow.container = ({ STAGE, ATTEMPT }) => Promise.resolve(STAGE === 'verify' && ATTEMPT === '1' ? { exit: 137 } : undefined);
    const ended = await workflow.run({ databases: ['a'] });
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
    assert.deepEqual(stagesOf(workflow.ran), ['dump 1', 'import 1', 'verify 1', 'verify 2']);
    assert.match((await workflow.record('a'))?.transitions.find(({ state }) => state === 'RETRYING')?.message ?? '', /out of memory/);
  });

  it('takes up what waits for another database in a pass of its own, again and again, as long as that brings it on', async (t) => {
    const workflow = await startWorkflow(t, ['a', 'b', 'c']);
    const verified = new Set<string>();
    const needs: Record<string, string> = { a: 'b', b: 'c' };
    workflow.container = ({ STAGE, DATABASE = '' }) => {
      if (STAGE !== 'verify') return Promise.resolve(undefined);
      if (DATABASE in needs && !verified.has(needs[DATABASE] ?? '')) return Promise.resolve('WaitsForDatabase');
      verified.add(DATABASE);
      return Promise.resolve(undefined);
    };
    const ended = await workflow.run({ databases: ['a', 'b', 'c'], maxConcurrency: 1 });
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
    const stages = (name: string): string[] => stagesOf(workflow.ran.filter(({ DATABASE }) => DATABASE === name));
    assert.deepEqual([stages('a'), stages('b'), stages('c')], [['dump 1', 'import 1', 'verify 1', 'verify 2', 'verify 3'], ['dump 1', 'import 1', 'verify 1', 'verify 2'], ['dump 1', 'import 1']]);
    assert.deepEqual((await workflow.record('b'))?.transitions.map(({ state, error = '' }) => `${state} ${error}`.trim()), ['PENDING', 'DUMPING', 'DUMPED', 'IMPORTING', 'IMPORTED', 'IMPORTED WaitsForDatabase', 'VERIFIED']);
    assert.deepEqual(workflow.letters, []);
  });

  it('ends, and says so, when nothing brings on what waits; and leaves dead letters alone meanwhile', async (t) => {
    const workflow = await startWorkflow(t, ['a', 'b', 'c']);
    workflow.container = ({ STAGE, DATABASE }) => {
      if (DATABASE === 'b') return Promise.resolve(STAGE === 'import' ? 'TargetDatabaseExists' : undefined);
      return Promise.resolve(STAGE === 'verify' && DATABASE === 'a' ? 'WaitsForDatabase' : undefined);
    };
    const held = await workflow.run({ databases: ['a', 'b', 'c'] });
    assert.equal(held.error, 'DatabasesDeadLettered');
    assert.match(held.cause ?? '', /2 of 3 databases .* \(1 dead-lettered, 1 unfinished\): a \(WaitsForDatabase\), b \(TargetDatabaseExists\)/);
    assert.deepEqual(stagesOf(workflow.ran.filter(({ DATABASE }) => DATABASE === 'a')), ['dump 1', 'import 1', 'verify 1', 'verify 2']);
    assert.deepEqual(stagesOf(workflow.ran.filter(({ DATABASE }) => DATABASE === 'b')), ['dump 1', 'import 1']);
    assert.equal(workflow.letters.length, 1);
    workflow.container = succeeds;
    assert.equal((await workflow.redrive(held.arn)).status, 'SUCCEEDED');
    assert.deepEqual(stagesOf(workflow.ran.slice(8)).sort(), ['import 2', 'verify 3']);
  });

  it('waits at the gate until the target has room', async (t) => {
    const workflow = await startWorkflow(t, ['a']);
    workflow.otherConnections = 5;
    const run = await workflow.start({ databases: ['a'], maxConnections: 5 });
    await until(async () => (await workflow.record('a'))?.state === 'DUMPED');
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.equal((await workflow.record('a'))?.state, 'DUMPED');
    workflow.otherConnections = 4;
    assert.equal((await workflow.ended(run)).status, 'SUCCEEDED');
  });

  it('leaves a database alone that a branch of another run works on', async (t) => {
    const workflow = await startWorkflow(t, ['a']);
    const gate = Promise.withResolvers<undefined>();
    workflow.container = () => gate.promise;
    const first = await workflow.start({ databases: ['a'] }, 'first');
    await until(() => Promise.resolve(workflow.ran.length === 1));
    const second = await workflow.run({ databases: ['a'] }, 'second');
    assert.equal(second.error, 'DatabasesDeadLettered');
    assert.match(second.cause ?? '', /\(1 unfinished\): a \(DUMPING\)/);
    gate.resolve(undefined);
    assert.equal((await workflow.ended(first)).status, 'SUCCEEDED');
    assert.deepEqual(stagesOf(workflow.ran), ['dump 1', 'import 1']);
  });

  it('records a run that was stopped, and redrives its branches from the task they were in', async (t) => {
    const workflow = await startWorkflow(t, ['a']);
    workflow.container = untilStopped('import');
    const run = await workflow.start({ databases: ['a'] });
    await until(() => Promise.resolve(workflow.ran.length === 2));
    await workflow.stop(run);
    await until(async () => (await workflow.record('a'))?.state === 'DEAD_LETTERED');
    const stopped = await workflow.record('a');
    assert.deepEqual([stopped?.error, stopped?.errorStage, stopped?.checkpoint], ['BranchAborted', 'import', 'DUMPED']);
    assert.deepEqual(await workflow.slots(), []);

    workflow.container = succeeds;
    const ended = await workflow.redrive(run);
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
    assert.deepEqual(stagesOf(workflow.ran), ['dump 1', 'import 1', 'import 1']);
    assert.equal((await workflow.record('a'))?.state, 'VERIFIED');
  });

  it('a new run takes over what a stopped run left', async (t) => {
    const workflow = await startWorkflow(t, ['a']);
    workflow.container = untilStopped('dump');
    const run = await workflow.start({ databases: ['a'] }, 'first');
    await until(() => Promise.resolve(workflow.ran.length === 1));
    await workflow.stop(run);
    await until(async () => (await workflow.record('a'))?.state === 'DEAD_LETTERED');
    workflow.container = succeeds;
    const ended = await workflow.run({ databases: ['a'] }, 'second');
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
    assert.deepEqual(stagesOf(workflow.ran), ['dump 1', 'dump 2', 'import 2']);
  });

  it('depends on no event of a branch: the tally and the next pass put right what nobody told', async (t) => {
    const workflow = await startWorkflow(t, ['a', 'b']);
    workflow.tellsOfBranches = false;
    workflow.container = untilStopped('import');
    const run = await workflow.start({ databases: ['a', 'b'] }, 'first');
    await until(() => Promise.resolve(workflow.ran.length === 4));
    const left = await workflow.slots();
    await workflow.stop(run);
    workflow.container = succeeds;
    const ended = await workflow.run({ databases: ['a', 'b'] }, 'second');
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
    assert.deepEqual(stagesOf(workflow.ran.slice(4)).sort(), ['import 2', 'import 2']);
    const held = await workflow.slots();
    assert.deepEqual([left.length, left.filter((holder) => held.includes(holder))], [2, []]);
  });
});

/** A container that works on in one stage until its task is stopped. */
function untilStopped(stage: string): Container {
  return ({ STAGE }, { signal }) =>
    STAGE === stage
      ? new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(signal.reason as Error);
          });
        })
      : Promise.resolve(undefined);
}
