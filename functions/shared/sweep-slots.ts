/** Takes slots from holders that are dead: branches that ended without giving them back. */
import { mapConcurrently } from '../../core/concurrency.ts';
import { freeSlot, type SlotServer, type SlotsTable } from '../../core/slots.ts';
import type { IsAlive } from './executions.ts';

/** @returns how many of these holders were dead and have lost their slots */
export async function sweepSlots(table: SlotsTable, server: SlotServer, holders: readonly string[], isAlive: IsAlive): Promise<number> {
  const freed = await mapConcurrently(holders, 5, async (holder) => {
    if (await isAlive(holder)) return false;
    await freeSlot(table, server, holder);
    return true;
  });
  return freed.filter(Boolean).length;
}
