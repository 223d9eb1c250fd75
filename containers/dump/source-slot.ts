/** The dump's place among the dumps that run on the source at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createSlots, freeSlot, takeSlot } from '../../core/slots.ts';
import { withRecords } from '../common/records.ts';
import type { TaskContext } from '../common/task.ts';

export const shortestPollMilliseconds = 250;
export const longestPollMilliseconds = 2_000;
/** A dump that was told to stop does not wait longer for its slot to be freed: a dead holder's slot is swept. */
const freeMilliseconds = 5_000;

/**
 * Waits for a slot.
 * @returns frees it: may be called twice, and never fails
 * @throws FerryError RecordsFailed; AbortError
 */
export async function takeSourceSlot(context: TaskContext, limit: number): Promise<() => Promise<void>> {
  const { slots, task, signal, activity } = context;
  const take = (): Promise<boolean> =>
    withRecords('Taking a source slot', () => takeSlot(slots, 'source', task.branch, limit, new Date().toISOString()));
  let taken = await take();
  if (!taken) {
    await withRecords('Making the source slots', () => createSlots(slots, 'source'));
    taken = await take();
  }
  while (!taken) {
    // Random, so that dumps that wait together do not ask together.
    // To wait for a turn is not to stand still, however long it takes.
    activity.mark();
    await sleep(shortestPollMilliseconds + Math.random() * (longestPollMilliseconds - shortestPollMilliseconds), undefined, { signal });
    taken = await take();
  }
  let freed: Promise<void> | undefined;
  return () => (freed ??= free(context));
}

async function free({ slots, task, log }: TaskContext): Promise<void> {
  const freeing = withRecords('Freeing the source slot', () => freeSlot(slots, 'source', task.branch)).catch((error: unknown) => {
    log.write('StageWarning', `The source slot stays held until it is swept: ${String(error)}`, {});
  });
  await Promise.race([freeing, sleep(freeMilliseconds, undefined, { ref: false })]);
}
