/** Whether the source was frozen from before its dump until now: the keeper of the lock is asked, after the comparison, and has to answer. */
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

function lost(database: string, freeze: Freeze | undefined, id: string): FerryError {
  const why =
    freeze === undefined ? 'it has been let go'
    : freeze.id !== id ? 'a later freeze has taken its place'
    : (freeze.reason ?? 'the task that held the lock does not answer');
  return new FerryError('FreezeLost', `\`${database}\` did not stay frozen until it was verified: ${why}. What arrived is what was dumped, but the source may have changed since.`);
}
