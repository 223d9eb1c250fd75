/** The arithmetic of holds: pure, because both functions that decide on them share it. */
import type { Checkpoint } from '../records.ts';
import type { Need } from '../errors.ts';
import type { Stage } from '../names.ts';
import type { SlotServer } from '../slots.ts';
import type { Hold, Recovery } from './recovery.ts';

/** A server is asked by one branch for all, so that a failover of seconds need not cost a minute, nor an outage two. */
const waitsForServer = { shortest: 5, longest: 60 };
/** Of all else each held branch finds out by trying again. */
const waitsForOthers = { shortest: 30, longest: 120 };

/** The server that a branch waits for; undefined for what is no MySQL server. */
export function serverOf(need: Hold['need']): SlotServer | undefined {
  return need === 'source' || need === 'target' ? need : undefined;
}

/** The hold that a failure begins: what the branch was held in the same stage before counts towards its limit. */
export function begunHold(before: Hold, stage: Stage, need: Need, now: Date): Hold {
  return { stage, need, since: now.toISOString(), seconds: before.stage === stage ? before.seconds : 0 };
}

/** Seconds in all that the branch has been held in its stage, the present hold included. */
export function heldSeconds(hold: Hold, now: Date): number {
  return hold.seconds + secondsSince(hold.since, now);
}

/**
 * Before asking or trying again: about half as long as it has lasted, with jitter, so that a branch comes back late by a
 * share of the outage, and held branches do not come back together.
 */
export function holdDelaySeconds(hold: Hold, now: Date, random: number): number {
  const { shortest, longest } = serverOf(hold.need) === undefined ? waitsForOthers : waitsForServer;
  const ceiling = Math.min(longest, Math.max(shortest, heldSeconds(hold, now) / 2));
  return Math.max(1, Math.ceil(ceiling * (0.5 + random / 2)));
}

/** What a record says of a branch that does nothing at present. */
export function restingStateOf(checkpoint: Checkpoint): Recovery['restingState'] {
  if (checkpoint === 'NONE') return 'PENDING';
  return checkpoint === 'DUMPED' ? 'DUMPED' : 'IMPORTED';
}

export function secondsSince(time: string, now: Date): number {
  return time === '' ? 0 : Math.max(0, (now.getTime() - Date.parse(time)) / 1_000);
}
