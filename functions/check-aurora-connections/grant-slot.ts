/** The gate's decision: one slot on the target, or how long to wait before asking again. */
import { z } from 'zod';
import { type GateAnswer, migrationName } from '../../core/contracts.ts';
import { type Holders, readHolders, type SlotsTable, takeSlot } from '../../core/slots.ts';
import type { IsAlive } from '../shared/executions.ts';
import { sweepSlots } from '../shared/sweep-slots.ts';
import type { ConnectionCounts } from './target-connections.ts';

export const gateQuestionSchema = z.object({
  migration: migrationName,
  database: z.string(),
  /** ARN of the asking branch: the holder of the slot. */
  branch: z.string(),
  limit: z.number().int().min(1),
  polls: z.number().int().min(0),
  /** ISO time of this branch's first question since its last grant; empty before it. */
  since: z.string().default(''),
});
export type GateQuestion = z.infer<typeof gateQuestionSchema>;

export interface Gate {
  readonly table: SlotsTable;
  readonly countConnections: () => Promise<ConnectionCounts>;
  readonly isAlive: IsAlive;
  /** In [0, 1). */
  readonly random: () => number;
  readonly now: () => Date;
  /** When this container last looked for dead holders; kept between invocations. */
  readonly lastSweep: { at: number };
}

/** Holders that one look for dead ones asks about, and the pause between looks: DescribeExecution has a small quota. */
const holdersPerSweep = 5;
const sweepMilliseconds = 10_000;
export const longestDelaySeconds = 300;

/**
 * Grants a slot while the target's connections, and what was granted and has not connected yet, stay under the limit:
 * `others` are the connections that no holder accounts for, so `holders < limit - others` is the rule, decided by one
 * conditional write.
 */
export async function grantSlot(gate: Gate, question: GateQuestion): Promise<GateAnswer> {
  const { table } = gate;
  const { branch, limit, polls } = question;
  const [holders, connections] = await Promise.all([readHolders(table, 'target'), gate.countConnections()]);
  const held = Object.keys(holders).length;
  const others = connections.total - Math.min(connections.ferry, held);
  const answer = { connections: connections.total, holders: held, limit };
  const letIn = { ...answer, granted: true, delaySeconds: 0, polls: 0, since: '' };
  // What is seen to be full is not asked to be written: a refused write costs the item as much as one that is granted.
  const mayHaveRoom = held < limit - others || holders[branch] !== undefined;
  if (mayHaveRoom && (await takeSlot(table, 'target', branch, limit - others, gate.now().toISOString()))) return letIn;
  const freed = await sweepSome(gate, holders);
  if (freed > 0 && (await takeSlot(table, 'target', branch, limit - others, gate.now().toISOString()))) return letIn;
  const since = question.since === '' ? gate.now().toISOString() : question.since;
  return { ...answer, granted: false, delaySeconds: delaySeconds(others / limit, polls, gate.random()), polls: polls + 1, since };
}

/**
 * Longer the more of the target others use (a busy application is not polled every second), and the more often the branch
 * has asked: 2,000 polls, well within the 25,000 events of its history, then last more than two days.
 */
export function delaySeconds(foreignShare: number, polls: number, random: number): number {
  const base = (1 + polls / 10) * (1 + 4 * Math.min(1, Math.max(0, foreignShare)));
  return Math.min(longestDelaySeconds, Math.max(1, Math.round(base * (0.5 + random))));
}

async function sweepSome(gate: Gate, holders: Holders): Promise<number> {
  const now = gate.now().getTime();
  if (now - gate.lastSweep.at < sweepMilliseconds) return 0;
  gate.lastSweep.at = now;
  const shuffled = Object.keys(holders)
    .map((holder) => ({ holder, order: gate.random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, holdersPerSweep);
  return sweepSlots(gate.table, 'target', shuffled.map(({ holder }) => holder), gate.isAlive);
}
