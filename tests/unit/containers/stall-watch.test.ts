import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '../../../containers/common/clock.ts';
import { MovedBytes } from '../../../containers/common/stage-log.ts';
import { Activity, watchForStalls } from '../../../containers/common/stall-watch.ts';
import type { FerryError } from '../../../core/errors.ts';

const task = { stage: 'import', migration: 'spring', database: 'crm', attempt: 1, branch: 'arn:branch' } as const;

/** Passes as fast as it is slept on; `at` is told each time. */
function clockOf(at: (minute: number) => void): Clock {
  let now = 0;
  return {
    now: () => now,
    sleep: async (milliseconds) => {
      await new Promise(setImmediate);
      now += milliseconds;
      at(now / 60_000);
    },
  };
}

/** @returns the minute at which the stage was ended, and why; undefined when it was not within two hours */
async function stallOf(does: (minute: number, activity: Activity, moved: MovedBytes) => void, isAtWork: (minute: number) => boolean): Promise<{ minute: number; failure: FerryError } | undefined> {
  const [activity, moved] = [new Activity(), new MovedBytes()];
  let [minute, end] = [0, (): void => undefined];
  return new Promise((resolve) => {
    const clock = clockOf((now) => {
      minute = now;
      does(minute, activity, moved);
      if (minute < 120) return;
      end();
      resolve(undefined);
    });
    end = watchForStalls({ task, moved, activity, minutes: 30, clock, isAtWork: () => Promise.resolve(isAtWork(minute)) }, (failure) => {
      resolve({ minute, failure });
    });
  });
}

describe('a stage that moves nothing', () => {
  it('is ended after the given minutes, with a name', async () => {
    const stall = await stallOf(() => undefined, () => false);
    assert.ok(stall !== undefined);
    assert.equal(stall.minute, 30);
    assert.equal(stall.failure.name, 'StageStalled');
    assert.match(stall.failure.message, /^The import of `crm` was ended, because it moved nothing for 30 minutes/);
  });

  it('is not ended while SQL passes, and is when it ceases to', async () => {
    let bytes = 0;
    const stall = await stallOf((minute, _, moved) => {
      moved.count = () => bytes;
      if (minute <= 60) bytes += 1;
    }, () => false);
    assert.equal(stall?.minute, 90);
  });

  it('is not ended while a server answers its statements', async () => {
    assert.equal(await stallOf((_, activity) => { activity.mark(); }, () => false), undefined);
  });

  it('is not ended while a server shows it at work, and is at the look at which it does not any more', async () => {
    assert.equal((await stallOf(() => undefined, (minute) => minute <= 75))?.minute, 78);
  });
});
