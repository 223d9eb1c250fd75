import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { matchCatcher, matchRetrier } from '../../../local/stepfunctions/language/retry.ts';

describe('matchRetrier', () => {
  it('retries three times after 1, 2 and 4 seconds by default', () => {
    const retriers = [{ ErrorEquals: ['Busy'] }];
    const delays = [0, 1, 2, 3].map((made) => matchRetrier(retriers, ['Busy'], [made])?.delaySeconds);
    assert.deepEqual(delays, [1, 2, 4, undefined]);
  });

  it('grows by BackoffRate up to MaxDelaySeconds', () => {
    const retriers = [{ ErrorEquals: ['Busy'], IntervalSeconds: 2, BackoffRate: 3, MaxDelaySeconds: 10, MaxAttempts: 9 }];
    assert.deepEqual([0, 1, 2, 8].map((made) => matchRetrier(retriers, ['Busy'], [made])?.delaySeconds), [2, 6, 10, 10]);
  });

  it('draws the delay from nothing to the whole with full jitter', () => {
    const retriers = [{ ErrorEquals: ['Busy'], IntervalSeconds: 8, JitterStrategy: 'FULL' as const }];
    assert.equal(matchRetrier(retriers, ['Busy'], [], () => 0)?.delaySeconds, 0);
    assert.equal(matchRetrier(retriers, ['Busy'], [1], () => 0.75)?.delaySeconds, 12);
  });

  it('counts each retrier for itself and asks no later one when the matching one is used up', () => {
    const retriers = [{ ErrorEquals: ['A'], MaxAttempts: 1 }, { ErrorEquals: ['B'], MaxAttempts: 2 }, { ErrorEquals: ['States.ALL'] }];
    assert.equal(matchRetrier(retriers, ['B'], [1, 1, 0])?.retrier, 1);
    assert.equal(matchRetrier(retriers, ['C'], [1, 2, 0])?.retrier, 2);
    assert.equal(matchRetrier(retriers, ['A'], [1, 0, 0]), undefined);
  });

  it('never retries with MaxAttempts 0, nor without retriers', () => {
    assert.equal(matchRetrier([{ ErrorEquals: ['States.ALL'], MaxAttempts: 0 }], ['A'], []), undefined);
    assert.equal(matchRetrier(undefined, ['A'], []), undefined);
  });
});

describe('matchCatcher', () => {
  const catching = (errorEquals: string, ...names: string[]): boolean =>
    matchCatcher([{ ErrorEquals: [errorEquals], Next: 'Caught' }], names)?.catcher.Next === 'Caught';
  const heartbeat = ['States.HeartbeatTimeout', 'States.Timeout'];

  it('States.ALL catches all but States.Runtime', () => {
    assert.equal(catching('States.ALL', 'Anything'), true);
    assert.equal(catching('States.ALL', 'States.Timeout'), true);
    assert.equal(catching('States.ALL', 'States.DataLimitExceeded'), true);
    assert.equal(catching('States.ALL', 'States.Runtime'), false);
    assert.equal(catching('States.Runtime', 'States.Runtime'), false);
  });

  it('States.TaskFailed catches all but time-outs', () => {
    assert.equal(catching('States.TaskFailed', 'Lambda.Unknown'), true);
    assert.equal(catching('States.TaskFailed', 'States.TaskFailed'), true);
    assert.equal(catching('States.TaskFailed', 'States.Timeout'), false);
    assert.equal(catching('States.TaskFailed', ...heartbeat), false);
  });

  it('States.Timeout catches a missed heartbeat too', () => {
    assert.equal(catching('States.Timeout', ...heartbeat), true);
    assert.equal(catching('States.HeartbeatTimeout', ...heartbeat), true);
    assert.equal(catching('States.HeartbeatTimeout', 'States.Timeout'), false);
  });

  it('names a failure as its catcher does, else as it is reported', () => {
    const nameOf = (...errorEquals: string[]): string | undefined => matchCatcher([{ ErrorEquals: errorEquals, Next: 'Caught' }], heartbeat)?.name;
    assert.equal(nameOf('States.HeartbeatTimeout'), 'States.HeartbeatTimeout');
    assert.equal(nameOf('States.Timeout', 'States.HeartbeatTimeout'), 'States.HeartbeatTimeout');
    assert.equal(nameOf('States.Timeout'), 'States.Timeout');
    assert.equal(nameOf('States.ALL'), 'States.Timeout');
  });

  it('takes the first that matches', () => {
    const catchers = [{ ErrorEquals: ['A'], Next: 'First' }, { ErrorEquals: ['B', 'A'], Next: 'Second' }];
    assert.equal(matchCatcher(catchers, ['A'])?.catcher.Next, 'First');
    assert.equal(matchCatcher(catchers, ['B'])?.catcher.Next, 'Second');
    assert.equal(matchCatcher(catchers, ['C']), undefined);
  });
});
