import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { logProgress, MovedBytes, type StageContext } from '../../../containers/common/stage-log.ts';
import { Stopwatch } from '../../../containers/common/stopwatch.ts';
import type { MetricValues } from '../../../core/events.ts';

interface Written {
  readonly event: string;
  readonly values: unknown;
  readonly measured: MetricValues | undefined;
}

function contextOf(stage: 'dump' | 'import' | 'verify', written: Written[]): StageContext {
  const log = {
    write: (event: string, _message: string, values: unknown, measured?: MetricValues) => written.push({ event, values, measured }),
  } as unknown as StageContext['log'];
  return { task: { stage, migration: 'spring', database: 'crm', attempt: 1, branch: 'arn:branch' }, log, moved: new MovedBytes(), stopwatch: new Stopwatch() };
}

describe('what a long task tells each minute', () => {
  for (const [stage, metric] of [['dump', 'DumpedSqlBytes'], ['import', 'ImportedSqlBytes']] as const) {
    it(`is what its ${stage} has moved since the last time, until it ends`, () => {
      const written: Written[] = [];
      const context = contextOf(stage, written);
      let tick = (): void => undefined;
      let [bytes, seconds, every] = [0, 0, 0];
      context.moved.count = () => bytes;
      const end = logProgress(context, () => seconds, (callback, milliseconds) => {
        [tick, every] = [callback, milliseconds];
        return () => {
          tick = () => undefined;
        };
      });
      for (const moved of [100, 250, 250]) {
        [bytes, seconds] = [moved, seconds + 60];
        tick();
      }
      end();
      tick();
      assert.equal(every, 60_000);
      assert.deepEqual(written, [
        { event: 'StageProgress', values: { seconds: 60 }, measured: { [metric]: 100 } },
        { event: 'StageProgress', values: { seconds: 120 }, measured: { [metric]: 150 } },
        { event: 'StageProgress', values: { seconds: 180 }, measured: { [metric]: 0 } },
      ]);
      bytes = 300;
      assert.equal(context.moved.take(), 50, 'what is left for the end');
    });
  }

  it('counts no byte twice when a part of the dump is begun again', () => {
    const moved = new MovedBytes();
    const takes = [80, 0, 90].map((bytes) => {
      moved.count = () => bytes;
      return moved.take();
    });
    assert.deepEqual(takes, [80, 0, 10]);
  });
});
