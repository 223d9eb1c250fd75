/**
 * A branch that was stopped and redriven runs its Task again without passing claim and gate: before the target is
 * touched, the import makes sure that the record is still its branch's, and that its slot is counted.
 */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { FerryError } from '../../core/errors.ts';
import { databaseItem } from '../../core/names.ts';
import { takeSlot } from '../../core/slots.ts';
import { refuseWhileAccessDenied } from '../../core/recovery/outages.ts';
import { withRecords } from '../common/records.ts';
import type { TaskContext } from '../common/task.ts';

/** @throws FerryError DatabaseClaimed when another branch, or a later attempt of this one, works on the database */
export async function checkClaim({ slots, task }: TaskContext): Promise<void> {
  const key = { migration: task.migration, item: databaseItem(task.database) };
  const { Item } = await withRecords('Reading the record', () =>
    slots.client.send(new GetCommand({ TableName: slots.tableName, Key: key, ConsistentRead: true })),
  );
  if (Item?.['owner'] === task.branch && Item['attempt'] === task.attempt) return;
  const owner = typeof Item?.['owner'] === 'string' ? `${Item['owner']}, attempt ${String(Item['attempt'])}` : 'nobody';
  throw new FerryError('DatabaseClaimed', `\`${task.database}\` belongs to ${owner}, not to attempt ${task.attempt} of ${task.branch}. The target was not touched.`);
}

/** Holds the slot that the gate granted, also where an abort has freed it since: what connects must be counted. */
export async function holdTargetSlot({ slots, task }: TaskContext): Promise<void> {
  const now = new Date().toISOString();
  await withRecords('Holding the target slot', () => takeSlot(slots, 'target', task.branch, Number.MAX_SAFE_INTEGER, now));
}

/** @throws FerryError TargetAccessDenied while the target refuses the account: a login of each branch could lock it */
export async function mayLogIn({ slots }: TaskContext): Promise<void> {
  await withRecords('Reading the outage of the target', () => refuseWhileAccessDenied(slots, 'target'));
}
