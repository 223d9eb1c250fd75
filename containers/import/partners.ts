/** Whether the databases that another one waits for can still come, as their records say. */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { databaseItem } from '../../core/names.ts';
import { checkpointSchema, databaseStateSchema, isDone } from '../../core/records.ts';
import { withRecords } from '../common/records.ts';
import type { TaskContext } from '../common/task.ts';

const recordSchema = z.object({ state: databaseStateSchema, checkpoint: checkpointSchema, error: z.string().optional() });

/** @returns why they will not come, for each of those that will not; @throws FerryError RecordsFailed */
export async function absentPartners(context: TaskContext, databases: readonly string[]): Promise<string[]> {
  const reasons = await Promise.all(databases.map((database) => reasonOf(context, database)));
  return reasons.filter((reason) => reason !== undefined);
}

export async function isInMigration(context: TaskContext, database: string): Promise<boolean> {
  return (await readPartner(context, database)) !== undefined;
}

async function readPartner({ slots, task }: TaskContext, database: string): Promise<z.infer<typeof recordSchema> | undefined> {
  const key = { migration: task.migration, item: databaseItem(database) };
  const { Item } = await withRecords('Reading the record of a database that another refers to', () =>
    slots.client.send(new GetCommand({ TableName: slots.tableName, Key: key, ConsistentRead: true })),
  );
  return Item === undefined ? undefined : recordSchema.parse(Item);
}

async function reasonOf(context: TaskContext, database: string): Promise<string | undefined> {
  const partner = await readPartner(context, database);
  if (partner === undefined) return `\`${database}\` is not a database of this migration`;
  const { state, checkpoint, error } = partner;
  if (state === 'DEAD_LETTERED') return `\`${database}\` is dead-lettered (${error ?? 'no reason'})`;
  return isDone({ checkpoint }) ? `\`${database}\` is ${state}, and has no such object` : undefined;
}
