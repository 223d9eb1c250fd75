/** Whether the source was frozen from before its dump until now: after the comparison the keeper of the lock is asked, and has to answer. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Manifest, Verification } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import { askKeeper, readFreeze } from '../../core/freezes.ts';
import type { Freeze } from '../../core/freezes.ts';
import { withRecords } from '../common/records.ts';
import type { TaskContext } from '../common/task.ts';

/** A keeper looks every 2 s; it may have to try DynamoDB again. */
const patienceMilliseconds = 30_000;
const pollMilliseconds = 500;

/** @throws FerryError FreezeLost; RecordsFailed; AbortError */
export async function confirmFreeze({ slots: table, task, signal }: TaskContext, frozen: Manifest['freeze']): Promise<Verification['freeze']> {
  if (frozen === undefined) return undefined;
  const question = randomUUID();
  const read = (): Promise<Freeze | undefined> => withRecords('Reading the freeze', () => readFreeze(table, task.database));
  const asked = await withRecords('Asking for the freeze', () => askKeeper(table, task.database, frozen.id, question));
  const patience = Date.now() + patienceMilliseconds;
  for (let freeze = await read(); ; freeze = await read()) {
    const holds = asked && freeze?.id === frozen.id && freeze.endedAt === undefined;
    if (holds && freeze?.answered === question) return { mode: frozen.mode, since: frozen.since, confirmedAt: new Date().toISOString() };
    if (!holds || Date.now() > patience) throw lost(task.database, freeze, frozen.id);
    await sleep(pollMilliseconds, undefined, { signal });
  }
}

/**
 * Before a frozen dump is loaded, so that nothing is loaded in vain. A freeze that ended in order leaves nothing on record: its branch
 * was stopped, and goes on with a redrive, or with a later run that does not freeze; the dump is then made again. One that was lost
 * leaves its reason, and to freeze again is the operator's to decide.
 * @throws FerryError DumpMissing, FreezeLost; RecordsFailed
 */
export async function checkFreeze({ slots: table, task }: TaskContext, frozen: Manifest['freeze']): Promise<void> {
  if (frozen === undefined) return;
  const freeze = await withRecords('Reading the freeze', () => readFreeze(table, task.database));
  if (freeze === undefined) {
    throw new FerryError('DumpMissing', `The freeze under which \`${task.database}\` was dumped ended when its branch was stopped or given up, so that the dump may be out of date: it has to be made again.`);
  }
  if (freeze.id === frozen.id && freeze.endedAt === undefined) return;
  throw new FerryError('FreezeLost', `\`${task.database}\` did not stay frozen until it was imported: ${reasonOf(freeze, frozen.id)}. It was not imported, because the source may have changed since.`);
}

function lost(database: string, freeze: Freeze | undefined, id: string): FerryError {
  return new FerryError('FreezeLost', `\`${database}\` did not stay frozen until it was verified: ${reasonOf(freeze, id)}. What arrived is what was dumped, but the source may have changed since.`);
}

function reasonOf(freeze: Freeze | undefined, id: string): string {
  if (freeze === undefined) return 'it has been let go';
  if (freeze.id !== id) return 'a later freeze has taken its place';
  return freeze.reason ?? 'the task that held the lock does not answer';
}
