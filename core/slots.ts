/**
 * Slots: how many branches may use a server at once. One DynamoDB item for each server holds a map of named holders
 * (execution ARN -> when it was granted), so that granting and freeing are idempotent and a dead holder can be swept.
 */
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unlessConditionFails } from './records/table.ts';

export type SlotServer = 'source' | 'target';

export interface SlotsTable {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly migration: string;
}

/** Holder -> ISO time of its grant. */
export type Holders = Readonly<Record<string, string>>;

/** Makes the item if it is not there; `takeSlot` needs it. */
export async function createSlots(table: SlotsTable, server: SlotServer): Promise<void> {
  await updateIf(table, server, {
    UpdateExpression: 'SET holders = :none',
    ConditionExpression: 'attribute_not_exists(holders)',
    ExpressionAttributeValues: { ':none': {} },
  });
}

export async function readHolders(table: SlotsTable, server: SlotServer): Promise<Holders> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.tableName, Key: keyOf(table, server), ConsistentRead: true }),
  );
  return (Item?.['holders'] as Holders | undefined) ?? {};
}

/**
 * Grants `holder` a slot if fewer than `limit` are held; a holder that has one keeps it. One conditional write, so
 * that a hundred branches asking at once cannot overshoot.
 * @returns whether the holder has a slot now
 */
export async function takeSlot(table: SlotsTable, server: SlotServer, holder: string, limit: number, now: string): Promise<boolean> {
  return updateIf(table, server, {
    UpdateExpression: 'SET holders.#holder = if_not_exists(holders.#holder, :now)',
    ConditionExpression: 'attribute_exists(holders.#holder) OR size(holders) < :limit',
    ExpressionAttributeNames: { '#holder': holder },
    ExpressionAttributeValues: { ':now': now, ':limit': limit },
  });
}

/** Freeing what is not held is no error. */
export async function freeSlot(table: SlotsTable, server: SlotServer, holder: string): Promise<void> {
  await updateIf(table, server, {
    UpdateExpression: 'REMOVE holders.#holder',
    ConditionExpression: 'attribute_exists(holders)',
    ExpressionAttributeNames: { '#holder': holder },
  });
}

type Update = Pick<
  ConstructorParameters<typeof UpdateCommand>[0],
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

async function updateIf(table: SlotsTable, server: SlotServer, update: Update): Promise<boolean> {
  return unlessConditionFails(() =>
    table.client.send(new UpdateCommand({ TableName: table.tableName, Key: keyOf(table, server), ...update })),
  );
}

function keyOf(table: SlotsTable, server: SlotServer): Record<string, string> {
  return { migration: table.migration, item: `slots#${server}` };
}
