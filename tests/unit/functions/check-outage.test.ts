import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { FerryError } from '../../../core/errors.ts';
import { readOutage, refuseWhileAccessDenied, reportOutage } from '../../../core/recovery/outages.ts';
import { checkOutageInputSchema, firstRecovery, type Recovery } from '../../../core/recovery/recovery.ts';
import { checkOutage } from '../../../functions/check-outage/check-outage.ts';
import { type Cloud, startCloud } from './support/cloud.ts';

const began = Date.parse('2026-01-01T12:00:00.000Z');

/** A source whose state, secret and clock a test sets. */
class Held {
  readonly cloud: Cloud;
  seconds = 0;
  failure: FerryError | undefined = new FerryError('SourceUnreachable', 'The source is away.');
  secret = '1';
  logins = 0;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  now = (): Date => new Date(began + this.seconds * 1_000);

  fails(branch: string, error = 'SourceUnreachable'): Promise<void> {
    return reportOutage(this.cloud.table('spring'), 'source', { branch, error, message: `${error} of ${branch}`, now: this.now().toISOString() });
  }

  check(branch = 'arn:a', asked: Partial<Recovery> = {}): Promise<Recovery> {
    const server = {
      secretVersion: () => Promise.resolve(this.secret),
      check: () => {
        this.logins += 1;
        return this.failure === undefined ? Promise.resolve() : Promise.reject(this.failure);
      },
    };
    const recovery: Recovery = {
      ...firstRecovery, outcome: 'HOLD', stage: 'dump', error: 'SourceUnreachable', message: 'away', delaySeconds: 5, attempt: 3,
      checkpoint: 'NONE', dumpManifest: '', restingState: 'PENDING',
      hold: { stage: 'dump', need: 'source', since: new Date(began).toISOString(), seconds: 0 },
      ...asked,
    };
    const input = { migration: 'spring', database: 'shop', branch, attempt: 3, checkpoint: 'NONE', dumpManifest: '', maxAttempts: 3, holdMinutes: 30, recovery };
    return checkOutage(
      { table: this.cloud.table('spring'), servers: { source: server, target: server }, random: () => 1, now: this.now },
      checkOutageInputSchema.parse(input),
    );
  }
}

async function start(t: TestContext): Promise<Held> {
  return new Held(await startCloud(t));
}

describe('CheckOutage', () => {
  it('asks the server once for all branches, and lets all go on when it answers', async (t) => {
    const held = await start(t);
    for (const branch of ['arn:a', 'arn:b', 'arn:c']) await held.fails(branch);
    held.seconds = 6;
    const answers = await Promise.all(['arn:a', 'arn:b', 'arn:c'].map((branch) => held.check(branch)));
    assert.deepEqual([answers.map(({ outcome }) => outcome), held.logins], [['HELD', 'HELD', 'HELD'], 1]);
    held.failure = undefined;
    held.seconds = 60;
    assert.deepEqual([(await held.check('arn:b')).outcome, held.logins], ['RESUME', 2]);
    const { outcome, hold, tries } = await held.check('arn:a');
    assert.deepEqual([outcome, hold.since, hold.seconds, tries, held.logins], ['RESUME', '', 60, firstRecovery.tries, 2]);
  });

  it('waits longer the longer it lasts, for a minute at most', async (t) => {
    const held = await start(t);
    await held.fails('arn:a');
    const delays: number[] = [];
    for (const seconds of [1, 20, 60, 120, 600, 1_700]) {
      held.seconds = seconds;
      delays.push((await held.check()).delaySeconds);
    }
    assert.deepEqual(delays, [5, 10, 30, 60, 60, 60]);
  });

  it('gives up after holdMinutes, earlier holds of the stage counted, with what the server says now', async (t) => {
    const held = await start(t);
    await held.fails('arn:a');
    held.failure = new FerryError('SourceAccessDenied', 'The source refused ferry.');
    held.seconds = 1_000;
    assert.equal((await held.check()).outcome, 'HELD');
    const hold = { stage: 'dump', need: 'source', since: new Date(began).toISOString(), seconds: 800 } as const;
    const { outcome, error, message } = await held.check('arn:a', { hold });
    assert.deepEqual([outcome, error], ['DEAD_LETTER', 'SourceAccessDenied']);
    assert.equal(message, 'Held for 30 minutes in vain. The source refused ferry.');
  });

  it('does not lock an account: a refused login is repeated when the secret has changed, else seldom', async (t) => {
    const held = await start(t);
    await held.fails('arn:a', 'SourceAccessDenied');
    held.failure = new FerryError('SourceAccessDenied', 'The source refused ferry.');
    for (held.seconds = 1; held.seconds < 1_800; held.seconds += 10) {
      assert.equal((await held.check(`arn:${held.seconds % 7}`, { hold: { stage: 'dump', need: 'source', since: new Date(began).toISOString(), seconds: 0 } })).outcome, 'HELD');
    }
    assert.ok(held.logins <= 4, `${held.logins} logins in half an hour`);
    await assert.rejects(refuseWhileAccessDenied(held.cloud.table('spring'), 'source'), { name: 'SourceAccessDenied' });
    const before = held.logins;
    held.secret = '2';
    held.failure = undefined;
    held.seconds = 1_790;
    assert.deepEqual([(await held.check()).outcome, held.logins], ['RESUME', before + 1]);
    await refuseWhileAccessDenied(held.cloud.table('spring'), 'source');
  });

  it('counts a try for a branch that failed alone while its server answers', async (t) => {
    const held = await start(t);
    await held.fails('arn:a');
    held.failure = undefined;
    held.seconds = 5;
    const { outcome, tries, attempt } = await held.check();
    assert.deepEqual([outcome, tries.dump, attempt], ['RETRY', 1, 4]);
    await held.fails('arn:a');
    const last = await held.check('arn:a', { tries: { dump: 2, import: 0, verify: 0, reload: 0 } });
    assert.deepEqual([last.outcome, last.error], ['DEAD_LETTER', 'SourceUnreachable']);
  });

  it('takes an outage that was over before a failure for another one', async (t) => {
    const held = await start(t);
    await held.fails('arn:a');
    await held.fails('arn:b');
    held.failure = undefined;
    held.seconds = 10;
    await held.check();
    held.seconds = 100;
    await held.fails('arn:c');
    held.failure = new FerryError('SourceUnreachable', 'Away again.');
    held.seconds = 106;
    const since = new Date(began + 100_000).toISOString();
    const hold = { stage: 'dump', need: 'source', since, seconds: 0 } as const;
    assert.equal((await held.check('arn:c', { hold })).outcome, 'HELD');
    assert.equal((await readOutage(held.cloud.table('spring'), 'source'))?.message, 'Away again.');
  });

  it('lets a branch try again that waited for what is no server', async (t) => {
    const held = await start(t);
    held.seconds = 40;
    const hold = { stage: 'dump', need: 'storage', since: new Date(began).toISOString(), seconds: 20 } as const;
    const { outcome, hold: ended } = await held.check('arn:a', { hold });
    assert.deepEqual([outcome, ended.seconds, held.logins], ['RESUME', 60, 0]);
  });
});
