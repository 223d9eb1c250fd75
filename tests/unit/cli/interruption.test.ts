/** What signals come to, on a clock that the test moves. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Interruption } from '../../../cli/process/interruption.ts';

describe('an interruption', () => {
  function start(): { readonly interruption: Interruption; readonly pass: (milliseconds: number) => void; readonly exits: () => number } {
    let now = 0;
    let exits = 0;
    const interruption = new Interruption({
      now: () => now,
      exit: () => {
        exits += 1;
      },
    });
    return { interruption, exits: () => exits, pass: (milliseconds) => { now += milliseconds; } };
  }

  it('is one request, however many processes pass the same signal on', () => {
    const { interruption, pass, exits } = start();
    assert.equal(interruption.signal.aborted, false);
    for (let copies = 0; copies < 4; copies += 1) {
      interruption.request();
      pass(200);
    }
    assert.deepEqual([interruption.signal.aborted, exits()], [true, 0]);
  });

  it('that comes a second time does not wait for an end in order', () => {
    const { interruption, pass, exits } = start();
    interruption.request();
    pass(1_000);
    interruption.request();
    assert.equal(exits(), 1);
  });
});
