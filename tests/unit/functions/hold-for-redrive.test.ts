import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Pass, Tally } from '../../../core/contracts.ts';
import { beginPass, readRun, storeRedriveCount } from '../../../core/runs.ts';
import { holdForRedrive } from '../../../functions/hold-for-redrive/hold-for-redrive.ts';
import { startCloud } from './support/cloud.ts';

const runArn = 'arn:aws:states:us-east-1:000000000000:execution:ferry:run-1';
const now = '2026-01-02T00:00:00.000Z';
const tally: Tally = {
  total: 3, verified: 2, unverified: 0, deadLettered: 1, unfinished: 0, cannotRun: 0, allVerified: false, anotherPass: false, sample: ['shop (DumpFailed)'],
};

interface Answer {
  readonly status: string;
  readonly redriveCount: number;
}

/** A run in its first pass, whose tally has seen no redrive; what Step Functions says of it, the last answer again and again. */
async function start(t: TestContext) {
  const cloud = await startCloud(t);
  const table = cloud.table('spring');
  const answers: Answer[] = [{ status: 'RUNNING', redriveCount: 0 }];
  const pauses: number[] = [];
  cloud.serveStepFunctions(() => Promise.resolve({ executionArn: runArn, ...(answers.length > 1 ? answers.shift() : answers[0]) }));
  await beginPass(table, 'run-1', runArn, now);
  const hold = (pass: number, counted: Partial<Tally> = {}) =>
    holdForRedrive(
      { table, stepFunctions: cloud.stepFunctions, now: () => new Date(now), pause: (milliseconds) => Promise.resolve(pauses.push(milliseconds)) },
      { pass: { migration: 'spring', run: 'run-1', pass } as Pass, tally: { ...tally, ...counted }, runArn },
    );
  return { table, hold, answers, pauses };
}

const held = { name: 'DatabasesDeadLettered', message: /^1 of 3 databases of spring are not verified/ };

describe('HoldForRedrive', () => {
  it('holds until the run is redriven, and again after the next pass', async (t) => {
    const { table, hold, answers } = await start(t);
    await assert.rejects(hold(1), held);
    answers[0] = { status: 'RUNNING', redriveCount: 1 };
    assert.deepEqual(await hold(1), { redriveCount: 1 });
    await storeRedriveCount(table, 'run-1', 1, now);
    await assert.rejects(hold(2), held);
    answers[0] = { status: 'RUNNING', redriveCount: 2 };
    assert.deepEqual(await hold(2), { redriveCount: 2 });
    assert.equal((await readRun(table, 'run-1'))?.redriveCount, 2);
  });

  it('answers the same when its answer was lost, so that nobody has to redrive twice', async (t) => {
    const { table, hold, answers } = await start(t);
    answers[0] = { status: 'RUNNING', redriveCount: 1 };
    for (const time of ['first', 'after a time-out', 'after another']) assert.deepEqual(await hold(1), { redriveCount: 1 }, time);
    await storeRedriveCount(table, 'run-1', 1, now);
    await assert.rejects(hold(2), held, 'the same redrive does not let the next pass by');
    await assert.rejects(hold(2), held);
  });

  it('answers the same to two that ask at once', async (t) => {
    const { hold, answers } = await start(t);
    answers[0] = { status: 'RUNNING', redriveCount: 1 };
    assert.deepEqual(await Promise.all([hold(1), hold(1), hold(1)]), [{ redriveCount: 1 }, { redriveCount: 1 }, { redriveCount: 1 }]);
  });

  it('waits for Step Functions to know of the redrive that runs it', async (t) => {
    const { hold, answers, pauses } = await start(t);
    answers.splice(0, 1, { status: 'FAILED', redriveCount: 0 }, { status: 'FAILED', redriveCount: 0 }, { status: 'RUNNING', redriveCount: 1 });
    assert.deepEqual(await hold(1), { redriveCount: 1 });
    assert.equal(pauses.length, 2);
  });

  it('does not wait for ever for what Step Functions never says', async (t) => {
    const { hold, answers, pauses } = await start(t);
    answers[0] = { status: 'FAILED', redriveCount: 0 };
    await assert.rejects(hold(1), held);
    assert.ok(pauses.length < 20);
  });

  it('lets what waits for other databases by without a redrive, and does not count that as one', async (t) => {
    const { hold } = await start(t);
    assert.deepEqual(await hold(1, { anotherPass: true }), { redriveCount: 0 });
    await assert.rejects(hold(2), held);
  });
});
