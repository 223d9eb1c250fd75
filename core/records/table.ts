/** The table that the records are in, and the conditional writes that all of them are made with. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { databaseItem } from '../names.ts';

export interface RecordsTable {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly migration: string;
}

export function keyOf(table: RecordsTable, database: string): { migration: string; item: string } {
  return { migration: table.migration, item: databaseItem(database) };
}

/** The migration's items whose names begin so, page by page (1 MB at most), in the order of the names' bytes. */
export async function* itemsUnder(
  { client, tableName, migration }: RecordsTable,
  prefix: string,
  reads: { readonly consistent?: boolean } = {},
): AsyncGenerator<Record<string, unknown>[]> {
  let from: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'migration = :migration AND begins_with(#item, :prefix)',
        ExpressionAttributeNames: { '#item': 'item' },
        ExpressionAttributeValues: { ':migration': migration, ':prefix': prefix },
        ConsistentRead: reads.consistent ?? false,
        ExclusiveStartKey: from,
      }),
    );
    yield page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
}

export async function put(table: RecordsTable, item: Record<string, unknown>): Promise<boolean> {
  return unlessConditionFails(() =>
    table.client.send(
      new PutCommand({
        TableName: table.tableName,
        Item: item,
        ConditionExpression: 'attribute_not_exists(#item)',
        ExpressionAttributeNames: { '#item': 'item' },
      }),
    ),
  );
}

export async function update(table: RecordsTable, database: string, input: Omit<UpdateCommandInput, 'TableName' | 'Key'>): Promise<boolean> {
  return unlessConditionFails(() =>
    table.client.send(new UpdateCommand({ TableName: table.tableName, Key: keyOf(table, database), ...input })),
  );
}

/** @returns false when the write's condition was not fulfilled */
export async function unlessConditionFails(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
