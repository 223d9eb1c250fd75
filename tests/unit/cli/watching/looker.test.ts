/** When the end of a run is seen, on a clock that the test moves. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunStatus } from '../../../../cli/progress.ts';
import { Looker } from '../../../../cli/watching/looker.ts';
import { FerryError } from '../../../../core/errors.ts';
import { run, snapshot } from '../progress-fixtures.ts';

/** A deployment whose answers take as long as the test says. */
class Deployment {
  now = 0;
  status: RunStatus = 'RUNNING';
  readings = 0;
  /** Of each reading of all records. */
  takes: number[] = [];
  failure: Error | undefined;
  readonly notes: string[] = [];

  looker(local = true): Looker {
    return new Looker({
      now: () => this.now,
      pollMilliseconds: 1_000,
      local,
      readRun: () => this.#answer(10, () => run({ status: this.status })),
      readAll: () => {
        this.readings += 1;
        return this.#answer(this.takes.shift() ?? 100, () => snapshot([], { run: run({ status: this.status }) }));
      },
      note: (text) => this.notes.push(text),
    });
  }

  #answer<Result>(takes: number, result: () => Result): Promise<Result> {
    this.now += takes;
    return this.failure === undefined ? Promise.resolve(result()) : Promise.reject(this.failure);
  }
}

const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

/** As the watching does: looks, and waits until the next look is due. @returns when the run was seen to have ended */
async function untilSeen(deployment: Deployment, looker: Looker, most = 1_000): Promise<number> {
  for (let looks = 0; looks < most; looks += 1) {
    const seen = await looker.look();
    if (seen?.run?.status === 'SUCCEEDED') return deployment.now;
    deployment.now += Math.min(1_000, looker.untilNextLook());
  }
  throw new Error('The end was never seen.');
}

describe('the end of a run', () => {
  it('is seen within seconds after a pause in the middle of a reading, of the runtime or of the whole machine', async () => {
    const deployment = new Deployment();
    deployment.takes = [100, 100, 14_000];
    const looker = deployment.looker();
    while (deployment.readings < 3) {
      await looker.look();
      deployment.now += looker.untilNextLook();
    }
    deployment.status = 'SUCCEEDED';
    const ended = deployment.now;
    assert.ok((await untilSeen(deployment, looker)) - ended < 2_500);
  });

  it('is seen within seconds where all records take half a minute to read, which are read seldom', async () => {
    const deployment = new Deployment();
    deployment.takes = Array.from({ length: 100 }, () => 30_000);
    const looker = deployment.looker();
    while (deployment.readings < 3) {
      await looker.look();
      deployment.now += looker.untilNextLook();
    }
    const [readings, before] = [deployment.readings, deployment.now];
    for (let looks = 0; looks < 40; looks += 1) {
      await looker.look();
      deployment.now += looker.untilNextLook();
    }
    assert.equal(deployment.readings, readings, 'records are not read again within a minute');
    assert.ok(deployment.now - before < 60_000);
    deployment.status = 'SUCCEEDED';
    deployment.takes = [0];
    const ended = deployment.now;
    assert.ok((await untilSeen(deployment, looker)) - ended < 2_500);
  });

  it('comes with the records as they are then', async () => {
    const deployment = new Deployment();
    const looker = deployment.looker();
    await looker.look();
    deployment.status = 'SUCCEEDED';
    await untilSeen(deployment, looker);
    assert.equal(deployment.readings, 2);
  });
});

describe('silence', () => {
  it('counts from the first failure: after a night of sleep one failure is no reason to end', async () => {
    const deployment = new Deployment();
    const looker = deployment.looker();
    await looker.look();
    deployment.now += 8 * 3_600_000;
    deployment.failure = refused;
    await looker.look();
    assert.match(deployment.notes[0] ?? '', /^No answer for 28800 s, trying again: /);
    deployment.failure = undefined;
    deployment.status = 'SUCCEEDED';
    await untilSeen(deployment, looker);
  });

  it('ends the watching of a local runtime after ten seconds of refusals', async () => {
    const deployment = new Deployment();
    const looker = deployment.looker();
    await looker.look();
    deployment.failure = refused;
    await assert.rejects(untilSeen(deployment, looker), (error: unknown) => error instanceof FerryError && error.name === 'LocalRuntimeNotRunning');
    assert.ok(deployment.now > 10_000 && deployment.now < 13_000);
  });

  it('ends that of a stack after a minute', async () => {
    const deployment = new Deployment();
    const looker = deployment.looker(false);
    await looker.look();
    deployment.failure = Object.assign(new Error('socket timed out'), { name: 'TimeoutError' });
    await assert.rejects(untilSeen(deployment, looker), /socket timed out/);
    assert.ok(deployment.now > 60_000 && deployment.now < 63_000);
  });
});
