/** The simulation against cases whose answer is arithmetic. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readMeasured } from '../../../bench/count/counts.ts';
import { statesOf } from '../../../bench/simulation/branch.ts';
import { readLaunchRetry } from '../../../bench/simulation/definition.ts';
import { Dice } from '../../../bench/simulation/dice.ts';
import { EventQueue } from '../../../bench/simulation/event-queue.ts';
import { Level, PerSecond } from '../../../bench/simulation/ledger.ts';
import { type Settings, settings } from '../../../bench/simulation/settings.ts';
import { simulate } from '../../../bench/simulation/simulate.ts';
import { TokenBucket } from '../../../bench/simulation/token-bucket.ts';

const unlimited = 1e9;

/** Nothing limits, and what is not the servers' work takes no time. */
function ideal(given: Partial<Settings>): Settings {
  return settings({
    databases: 500, maxConcurrency: 10_000, dumpThreads: 1_000, maxConnections: 16_000, vcpuQuota: unlimited, launchBurst: unlimited, launchRate: unlimited, runTaskRate: unlimited,
    dispatchRate: unlimited, transitionRate: unlimited, partitionUnits: unlimited, registerRate: unlimited, startSeconds: 0, startSpread: 0, unbilledStartSeconds: 0, stopSeconds: 0, callSeconds: 0,
    sourceCores: unlimited, targetCores: unlimited, dumpMegabytesPerSecond: unlimited, importMegabytesPerSecond: unlimited, digestMegabytesPerSecond: unlimited, largePercent: 0, hugePerMille: 0,
    ...given,
  });
}

function close(actual: number, expected: number, share: number): void {
  assert.ok(Math.abs(actual - expected) <= expected * share, `${actual} is not within ${share * 100}% of ${expected}`);
}

describe('with one limit', () => {
  test('the dispatch of children: all but the first bucket wait for a token', () => {
    const { makespanSeconds } = simulate(ideal({ databases: 2_000, dispatchRate: 100 }));
    const alone = simulate(ideal({ databases: 1 })).makespanSeconds;
    close(makespanSeconds, (2_000 - 100) / 100 + alone, 0.02);
  });

  test('max concurrency: databases in rounds', () => {
    const { makespanSeconds, peaks } = simulate(ideal({ databases: 100, maxConcurrency: 10, startSeconds: 30, profile: 'published' }));
    const one = simulate(ideal({ databases: 1, startSeconds: 30, profile: 'published' })).makespanSeconds;
    assert.equal(peaks.inFlight, 10);
    close(makespanSeconds, 10 * one, 0.03);
  });

  test('one dump at a time: the sum of the dumps, and the pauses between questions', () => {
    const run = simulate(ideal({ databases: 200, dumpThreads: 1, profile: 'published' }));
    assert.ok(run.makespanSeconds >= 200 * 2.7, `${run.makespanSeconds}`);
    assert.ok(run.makespanSeconds <= 200 * 2.7 + 200 * 0.2 + 15, `${run.makespanSeconds}`);
    assert.equal(run.phases[0]?.bottleneck, 'source (dump threads)');
  });

  test('the gate: never more holders than it allows, and no faster than they let go', () => {
    const run = simulate(ideal({ databases: 200, maxConnections: 5, profile: 'published' }));
    assert.equal(run.peaks.targetSlots, 5);
    assert.ok(run.makespanSeconds >= (200 / 5) * 10.8, `${run.makespanSeconds}`);
    assert.ok(run.totals.gateCalls > 200);
  });

  test('the gate, when its writes have to wait: what was free when it was read may not be when it is granted', () => {
    const run = simulate(ideal({ databases: 200, maxConnections: 5, profile: 'published', partitionUnits: 100 }));
    assert.equal(run.peaks.targetSlots, 5);
  });

  test('the launch rate: no more launches than tokens', () => {
    const run = simulate(ideal({ databases: 2_000, maxConcurrency: 100, launchBurst: 20, launchRate: 20 }));
    const floor = (2 * 2_000 - 20) / 20;
    assert.equal(run.tasks, 4_000);
    assert.ok(run.makespanSeconds >= floor, `${run.makespanSeconds}`);
    // The last to be refused has a pause before it.
    assert.ok(run.makespanSeconds <= floor + readLaunchRetry().ceilingSeconds(6), `${run.makespanSeconds}`);
  });

  test('the partition: write units over its rate', () => {
    const run = simulate(ideal({ databases: 300, partitionUnits: 50, slots: 'item-each' }));
    const units = run.totals.recordUnits + run.totals.slotUnits + run.totals.sourcePollUnits - 300;
    assert.ok(run.makespanSeconds >= (units - 50) / 50 - 1, `${run.makespanSeconds} for ${units}`);
    assert.ok(run.throttledWrites > 0);
  });
});

test('no more vCPUs than the quota, and databases that cannot be launched are given up', () => {
  const run = simulate(settings({ databases: 300, maxConcurrency: 100, vcpuQuota: 4, holdMinutes: 1 }));
  assert.equal(run.peaks.vcpus, 4);
  assert.equal(run.verified + run.deadLettered, 300);
  assert.ok(run.deadLettered > 0);
  assert.ok(run.refusals['vCPU quota'] > 0);
});

test('every branch leaves what it entered', () => {
  const run = simulate(settings({ databases: 400, vcpuQuota: 20, maxConcurrency: 60 }));
  const last = run.intervals.at(-1);
  assert.equal(run.verified + run.deadLettered, 400);
  assert.equal(last?.verified, run.verified);
});

test('a seed gives the same run, another seed another one', () => {
  const runs = [1, 1, 2].map((seed) => simulate(settings({ databases: 300, seed })).makespanSeconds);
  assert.equal(runs[0], runs[1]);
  assert.notEqual(runs[0], runs[2]);
});

test('without refusals a database takes what was counted on the local runtime', () => {
  const run = simulate(ideal({ databases: 100 }));
  const { perDatabase } = readMeasured();
  assert.equal(run.totals.transitions, 100 * perDatabase.stateTransitions);
  assert.equal(run.tasks, 100 * perDatabase.runTasks);
  assert.equal(run.totals.gateCalls, 100 * perDatabase.lambdaInvocations);
  close(run.totals.recordUnits, 100 * (1 + (6 * perDatabase.recordWriteUnits) / perDatabase.recordWrites), 1e-9);
});

test('a refusal at the gate takes as many states as were counted, a retry of the import as well', () => {
  const { perGatePoll, perImportRetry } = readMeasured();
  assert.equal(statesOf.gateCall + statesOf.gateWait, perGatePoll.stateTransitions);
  assert.equal(statesOf.retry + statesOf.gateCall + statesOf.stageAgain, perImportRetry.stateTransitions);
});

test('a task is billed a minute at least, and from its image on', () => {
  const short = simulate(ideal({ databases: 10 }));
  assert.equal(short.billedTaskSeconds, 20 * 60);
  const long = simulate(ideal({ databases: 1, startSeconds: 100, unbilledStartSeconds: 15, stopSeconds: 5 }));
  assert.ok(long.billedTaskSeconds >= 2 * 90 && long.billedTaskSeconds <= 2 * 92, `${long.billedTaskSeconds}`);
});

test('waits of a refused launch are those of the state machine', () => {
  const { maxAttempts, ceilingSeconds } = readLaunchRetry();
  assert.equal(maxAttempts, 2);
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6].map(ceilingSeconds), [2, 4, 8, 16, 30, 30, 30]);
});

describe('its parts', () => {
  test('a token bucket gives its burst, then its rate', () => {
    const bucket = new TokenBucket(3, 2);
    assert.deepEqual([0, 0, 0, 0, 0.4, 0.5, 0.5].map((at) => bucket.tryTake(at)), [true, true, true, false, false, true, false]);
    const reserved = new TokenBucket(1, 2);
    assert.deepEqual([0, 0, 0].map((at) => reserved.reserve(at)), [0, 0.5, 1]);
  });

  test('a queue gives events by time, and at one time in their order', () => {
    const queue = new EventQueue<string>();
    const dice = new Dice(7);
    const times = Array.from({ length: 500 }, () => Math.floor(dice.between(0, 50)));
    for (const [index, time] of times.entries()) queue.push(time, `${index}`);
    const expected = times.map((time, index) => ({ time, index })).sort((a, b) => a.time - b.time || a.index - b.index).map(({ index }) => `${index}`);
    const given: string[] = [];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) given.push(next.event);
    assert.deepEqual(given, expected);
  });

  test('a level is integrated over time', () => {
    const level = new Level();
    level.change(1.5, 4);
    level.change(3.5, -2);
    level.settle(10);
    assert.equal(level.peak, 4);
    assert.ok(Math.abs(level.mean(0, 10) - (4 * 2 + 2 * 6.5) / 10) < 1e-9);
  });

  test('the highest mean over several seconds', () => {
    const rate = new PerSecond();
    for (const [second, amount] of [10, 2, 8, 8, 0].entries()) rate.add(second, amount);
    assert.deepEqual([rate.peak(), rate.peak(2), rate.peak(2, 1), rate.total], [10, 8, 8, 28]);
  });

  test('random numbers have the median and the mean that was asked for', () => {
    const dice = new Dice(3);
    const logNormal = Array.from({ length: 4_000 }, () => dice.logNormal(50, 0.5)).sort((a, b) => a - b);
    close(logNormal[2_000] ?? 0, 50, 0.05);
    const exponential = Array.from({ length: 4_000 }, () => dice.exponential(3));
    close(exponential.reduce((total, value) => total + value, 0) / 4_000, 3, 0.06);
  });
});
