import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { summarize } from './summary.ts';
import { Trials } from './trial.ts';
import type { Trial } from './trial.ts';

/** A sample; `npm run definition-changes` makes hundreds over all sources. */
const trialsOfSource = 8;
/** The application's queries: half a second until the next look, one for a look to fail, and as much again for a machine at its limit. */
const longestWaitMilliseconds = 3_000;

for (const [version, firstSeed] of [['mysql-5.6', 1], ['mysql-9.7', 101]] as const) {
  describe(`definitions that change at random times while ${version} is dumped`, () => {
    const started = new AsyncDisposableStack();
    let trials: Trials;
    after(() => started.disposeAsync());
    before(async () => {
      trials = await Trials.open(started, version);
    });

    test('what is verified is one moment, and no query of the application waits for long', async (context) => {
      const made: Trial[] = [];
      for (let seed = firstSeed; seed < firstSeed + trialsOfSource; seed += 1) made.push(await trials.run(seed));
      context.diagnostic(summarize(made));
      for (const { seed, outcome, isOneMoment, message, longestWait } of made) {
        assert.notEqual(isOneMoment, false, `seed ${seed} was verified, and is no moment of the source`);
        assert.ok(['VERIFIED', 'SourceChanged', 'VerificationMismatch'].includes(outcome), `seed ${seed}: ${outcome}: ${message}`);
        assert.ok(longestWait < longestWaitMilliseconds, `seed ${seed}: a query waited for ${longestWait} ms`);
      }
    });
  });
}
