/** The keeper of a freeze with hours that pass at once, and real records. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../../containers/common/clock.ts';
import { FreezeKeeper } from '../../../containers/dump/freeze-keeper.ts';
import type { Ending, HeldLock } from '../../../containers/dump/freeze-keeper.ts';
import { askKeeper, endFreeze, type NewFreeze, readFreeze, writeFreeze } from '../../../core/freezes.ts';
import { databaseItem, manifestKey } from '../../../core/names.ts';
import type { RecordsTable } from '../../../core/records.ts';
import { registerDatabase } from '../../../core/records.ts';
import { startCloud } from '../functions/support/cloud.ts';

const branch = 'arn:aws:states:us-east-1:000000000000:execution:ferry/MigrateDatabases:one';
const begin = Date.parse('2026-01-02T03:00:00Z');
const freeze: NewFreeze = {
  database: 'shop', id: 'first', mode: 'lock', branch, attempt: 1, since: new Date(begin).toISOString(), until: new Date(begin + 3_600_000).toISOString(),
};
const pollMilliseconds = 2_000;
const manifest = manifestKey('spring', 'shop', 1);

describe('the keeper of a freeze', () => {
  it('lets go at the deadline and not before, and marks the freeze as lost', async (t) => {
    const kept = await startKeeper(t);
    assert.deepEqual(await kept.keep(), { kind: 'lost', reason: `its deadline passed at ${freeze.until}` });
    assert.equal(kept.now(), begin + 3_600_000);
    assert.match((await readFreeze(kept.table, 'shop'))?.reason ?? '', /deadline/);
    assert.equal(await askKeeper(kept.table, 'shop', 'first', 'late question'), false);
  });

  it('stays for the retries of an import, and ends with the dump, the branch, the dead letter and the verification', async (t) => {
    const endings: [Record<string, unknown>, Ending | 'stays'][] = [
      [{ attempt: 3, dumpManifest: manifest, state: 'RETRYING' }, 'stays'],
      [{ attempt: 2, dumpManifest: '', state: 'RETRYING' }, { kind: 'over', reason: 'its dump is made again' }],
      [{ attempt: 1, dumpManifest: manifest, owner: `${branch}-other`, state: 'IMPORTING' }, { kind: 'over', reason: 'its branch has ended' }],
      [{ attempt: 1, state: 'DEAD_LETTERED', error: 'BranchAborted', updatedAt: '2026-01-02T02:59:00.000Z' }, 'stays'],
      [{ attempt: 1, dumpManifest: manifest, state: 'DEAD_LETTERED', error: 'BranchAborted', updatedAt: '2026-01-02T03:00:10.000Z' }, { kind: 'over', reason: 'the database was dead-lettered: BranchAborted' }],
      [{ attempt: 2, dumpManifest: manifest, owner: '', state: 'VERIFIED' }, { kind: 'verified', reason: 'the database is verified' }],
    ];
    for (const [change, expected] of endings) {
      const kept = await startKeeper(t);
      kept.after(20_000, () => write(kept.table, change));
      const ending = await kept.keep();
      if (expected === 'stays') assert.match(ending.reason, /deadline/);
      else assert.deepEqual([ending, kept.now() - begin <= 22_000], [expected, true]);
    }
  });

  it('has done its work where it is told to stop just after the verification', async (t) => {
    const stopping = new AbortController();
    const kept = await startKeeper(t, stopping.signal);
    kept.after(20_000, async () => {
      await write(kept.table, { dumpManifest: manifest, state: 'VERIFIED' });
      stopping.abort();
    });
    assert.deepEqual(await kept.keep(), { kind: 'verified', reason: 'the database is verified' });
    assert.equal((await readFreeze(kept.table, 'shop'))?.endedAt, undefined, 'it is not marked as lost');

    const early = new AbortController();
    const stopped = await startKeeper(t, early.signal);
    stopped.after(20_000, () => {
      early.abort();
      return Promise.resolve();
    });
    assert.deepEqual(await stopped.keep(), { kind: 'lost', reason: 'the task that held the lock was told to stop' });
  });

  it('answers a verification only while it holds the lock', async (t) => {
    const kept = await startKeeper(t);
    kept.after(10_000, () => askKeeper(kept.table, 'shop', 'first', 'one'));
    kept.after(20_000, async () => {
      assert.equal((await readFreeze(kept.table, 'shop'))?.answered, 'one');
      kept.gap = 'tables were made';
      await askKeeper(kept.table, 'shop', 'first', 'two');
    });
    assert.deepEqual(await kept.keep(), { kind: 'lost', reason: 'tables were made' });
    const freezeNow = await readFreeze(kept.table, 'shop');
    assert.deepEqual([freezeNow?.answered, freezeNow?.reason], ['one', 'tables were made']);
  });

  it('notices within seconds that its session is gone, that a later freeze has the database, and that someone ended it', async (t) => {
    const gone = await startKeeper(t);
    gone.after(60_000, () => {
      gone.flaw = 'gone';
      return Promise.resolve();
    });
    assert.deepEqual([await gone.keep(), gone.now() - begin <= 72_000], [{ kind: 'lost', reason: 'gone' }, true]);

    const replaced = await startKeeper(t);
    replaced.after(60_000, () => writeFreeze(replaced.table, { ...freeze, id: 'second', attempt: 2 }));
    assert.equal((await replaced.keep()).kind, 'taken');
    assert.equal(await writeFreeze(replaced.table, freeze), false, 'an earlier attempt does not freeze over a later one');

    const ended = await startKeeper(t);
    ended.after(60_000, () => endFreeze(ended.table, 'shop', 'first', { endedAt: 'now', reason: 'by hand' }));
    assert.deepEqual(await ended.keep(), { kind: 'lost', reason: 'by hand' });
  });
});

interface Kept {
  readonly table: RecordsTable;
  readonly now: () => number;
  flaw: string | undefined;
  gap: string | undefined;
  after(milliseconds: number, act: () => Promise<unknown>): void;
  keep(): Promise<Ending>;
}

/** On a table of its own. */
async function startKeeper(t: TestContext, signal = new AbortController().signal): Promise<Kept> {
  const table = (await startCloud(t)).table('spring');
  await registerDatabase(table, 'shop', { by: 'test', now: 'now' });
  await write(table, { attempt: 1, owner: branch, state: 'DUMPING' });
  await writeFreeze(table, freeze);
  let now = begin;
  const acts: { readonly at: number; readonly act: () => Promise<unknown> }[] = [];
  const clock: Clock = {
    now: () => now,
    sleep: async (milliseconds) => {
      // The patience with DynamoDB, which answers here.
      if (milliseconds > pollMilliseconds) await new Promise(() => undefined);
      now += milliseconds;
      // Hours of nothing but looking are skipped.
      if (acts.length === 0 && now < begin + 3_500_000) now = begin + 3_500_000;
      while (acts[0] !== undefined && acts[0].at <= now) await acts.shift()?.act();
    },
  };
  const lock: HeldLock = { flaw: () => Promise.resolve(kept.flaw), gap: () => Promise.resolve(kept.gap) };
  const never = new AbortController().signal;
  const kept: Kept = {
    table,
    now: () => now,
    flaw: undefined,
    gap: undefined,
    after: (milliseconds, act) => void acts.push({ at: begin + milliseconds, act }),
    keep: () => new FreezeKeeper({ table, freeze, manifest, lock, clock, signal, failed: never }).keep(),
  };
  return kept;
}

async function write(table: RecordsTable, values: Readonly<Record<string, unknown>>): Promise<void> {
  const names = Object.keys(values);
  await table.client.send(
    new UpdateCommand({
      TableName: table.tableName,
      Key: { migration: table.migration, item: databaseItem('shop') },
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
    }),
  );
}
