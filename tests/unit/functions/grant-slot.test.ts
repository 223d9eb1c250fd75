import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { readHolders, takeSlot, type SlotsTable } from '../../../core/slots.ts';
import { delaySeconds, type Gate, type GateQuestion, grantSlot } from '../../../functions/check-aurora-connections/grant-slot.ts';
import { startCloud, tableWithSlots } from './support/cloud.ts';

async function start(t: TestContext, connections: { total: number; ferry: number }): Promise<{ table: SlotsTable; gate: Gate; alive: Set<string> }> {
  const table = await tableWithSlots(await startCloud(t));
  const alive = new Set<string>();
  const gate: Gate = {
    table,
    countConnections: () => Promise.resolve(connections),
    isAlive: (arn) => Promise.resolve(alive.has(arn)),
    random: () => 0.5,
    now: () => new Date(1_800_000_000_000),
    lastSweep: { at: 0 },
  };
  return { table, gate, alive };
}

function question(branch: string, limit: number, polls = 0, since = ''): GateQuestion {
  return { migration: 'spring', database: 'shop', branch, limit, polls, since };
}

describe('CheckAuroraConnections', () => {
  it('grants slots to as many branches as there is room for, however many ask at once', async (t) => {
    const { table, gate, alive } = await start(t, { total: 3, ferry: 0 });
    const branches = Array.from({ length: 30 }, (_, index) => `arn:${index}`);
    for (const branch of branches) alive.add(branch);
    const answers = await Promise.all(branches.map((branch) => grantSlot(gate, question(branch, 10))));
    assert.equal(answers.filter(({ granted }) => granted).length, 7);
    assert.equal(Object.keys(await readHolders(table, 'target')).length, 7);
  });

  it('does not count a connected holder twice', async (t) => {
    const { table, gate, alive } = await start(t, { total: 9, ferry: 4 });
    alive.add('5');
    for (const holder of ['1', '2', '3', '4']) {
      alive.add(holder);
      await takeSlot(table, 'target', holder, 10, 'now');
    }
    assert.deepEqual(await grantSlot(gate, question('5', 10)), { granted: true, delaySeconds: 0, connections: 9, holders: 4, limit: 10, polls: 0, since: '' });
    assert.equal((await grantSlot({ ...gate, countConnections: () => Promise.resolve({ total: 10, ferry: 5 }) }, question('6', 10))).granted, false);
  });

  it('answers a branch that has its slot already with yes, even when the target is full', async (t) => {
    const { table, gate } = await start(t, { total: 50, ferry: 0 });
    await takeSlot(table, 'target', 'mine', 1, 'now');
    assert.equal((await grantSlot(gate, question('mine', 10))).granted, true);
    assert.deepEqual(Object.keys(await readHolders(table, 'target')), ['mine']);
  });

  it('counts the polls of a branch that waits, and forgets them with the grant', async (t) => {
    const { gate } = await start(t, { total: 10, ferry: 0 });
    const refused = await grantSlot(gate, question('a', 10, 6));
    assert.deepEqual([refused.granted, refused.polls], [false, 7]);
    assert.equal((await grantSlot(gate, question('a', 11, 7))).polls, 0);
  });

  it('remembers since when a branch waits, until it is let in', async (t) => {
    const { gate } = await start(t, { total: 10, ferry: 0 });
    const first = await grantSlot(gate, question('a', 10));
    assert.equal(first.since, gate.now().toISOString());
    const later = { ...gate, now: () => new Date(gate.now().getTime() + 60_000) };
    assert.equal((await grantSlot(later, question('a', 10, 1, first.since))).since, first.since);
    assert.equal((await grantSlot(later, question('a', 11, 2, first.since))).since, '');
  });

  it('takes the slot of a dead holder when there is no other, and asks about holders seldom', async (t) => {
    const { table, gate, alive } = await start(t, { total: 0, ferry: 0 });
    await takeSlot(table, 'target', 'dead', 2, 'now');
    await takeSlot(table, 'target', 'alive', 2, 'now');
    alive.add('alive').add('next');
    assert.equal((await grantSlot(gate, question('next', 2))).granted, true);
    assert.deepEqual(Object.keys(await readHolders(table, 'target')).sort(), ['alive', 'next']);
    alive.clear();
    assert.equal((await grantSlot(gate, question('late', 2))).granted, false, 'within ten seconds of the last look');
  });

  it('waits longer the more others use the target and the more often a branch has asked', () => {
    assert.equal(delaySeconds(0, 0, 0.5), 1);
    assert.ok(delaySeconds(0.9, 0, 0.5) > delaySeconds(0.1, 0, 0.5));
    assert.ok(delaySeconds(0, 100, 0.5) > delaySeconds(0, 10, 0.5));
    assert.ok(delaySeconds(0, 50, 0.9) > delaySeconds(0, 50, 0.1));
    assert.equal(delaySeconds(1, 100_000, 0.99), 300);
    // Nine events of the branch's history for each poll: 25,000 of them must last a day of waiting.
    const seconds = Array.from({ length: 2_000 }, (_, polls) => delaySeconds(0, polls, 0)).reduce((sum, each) => sum + each, 0);
    assert.ok(seconds > 24 * 3600);
  });
});
