/** Reading the records: one whole, many without their histories, all of a migration, or by their state. */
import { BatchGetCommand, type BatchGetCommandInput, type BatchGetCommandOutput, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { chunksOf, mapConcurrently } from '../concurrency.ts';
import { databaseItemPrefix } from '../names.ts';
import {
  type DatabaseRecord,
  databaseRecordSchema,
  type DatabaseState,
  databaseStates,
  type IndexedRecord,
  indexedRecordSchema,
  type RecordSummary,
  recordSummarySchema,
} from './record.ts';
import { itemsUnder, keyOf, type RecordsTable } from './table.ts';

/** A record holds no more transitions than these when a pass begins: it is read whole by the state machine, whose payloads end at 256 KiB. */
export const mostTransitions = 60;

const stateIndex = 'by-state';
/** DynamoDB's own limit for BatchGetItem. */
const batchSize = 100;

/** The record, read consistently; of a long history its newest transitions. */
export async function readRecord(table: RecordsTable, database: string): Promise<DatabaseRecord | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.tableName, Key: keyOf(table, database), ConsistentRead: true }),
  );
  return Item === undefined ? undefined : databaseRecordSchema.parse(Item);
}

export interface KnownRecord extends RecordSummary {
  /** It holds more than `mostTransitions`. */
  readonly hasLongHistory: boolean;
}

/** The records of these databases, without their transitions, read consistently; those not registered are not in it. */
export async function readRecords(table: RecordsTable, databases: readonly string[]): Promise<Map<string, KnownRecord>> {
  const records = new Map<string, KnownRecord>();
  await mapConcurrently(chunksOf(databases, batchSize), 8, async (chunk) => {
    for (const item of await readBatch(table, chunk)) {
      const record = recordSummarySchema.parse(item);
      records.set(record.database, { ...record, hasLongHistory: item['transitions'] !== undefined });
    }
  });
  return records;
}

/** Every record of the migration with its newest transitions, page by page (1 MB at most), in the order of the names' bytes. */
export async function* listRecords(table: RecordsTable): AsyncGenerator<DatabaseRecord[]> {
  for await (const items of itemsUnder(table, databaseItemPrefix)) yield items.map((item) => databaseRecordSchema.parse(item));
}

/** How many records are in each state. */
export async function countsByState(table: RecordsTable): Promise<Record<DatabaseState, number>> {
  const counts = await mapConcurrently(databaseStates, databaseStates.length, async (state) => [state, await countState(table, state)] as const);
  return Object.fromEntries(counts) as Record<DatabaseState, number>;
}

/** The records in one state, page by page, as the index has them. */
export async function* listByState(table: RecordsTable, state: DatabaseState): AsyncGenerator<IndexedRecord[]> {
  for await (const page of queryState(table, state)) yield (page.Items ?? []).map((item) => indexedRecordSchema.parse(item));
}

async function countState(table: RecordsTable, state: DatabaseState): Promise<number> {
  let count = 0;
  for await (const page of queryState(table, state, true)) count += page.Count ?? 0;
  return count;
}

async function* queryState(table: RecordsTable, state: DatabaseState, countOnly = false) {
  let from: Record<string, unknown> | undefined;
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.tableName,
        IndexName: stateIndex,
        KeyConditionExpression: 'migration = :migration AND #state = :state',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':migration': table.migration, ':state': state },
        ...(countOnly ? { Select: 'COUNT' as const } : {}),
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    yield page;
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
}

async function readBatch(table: RecordsTable, databases: readonly string[]): Promise<Record<string, unknown>[]> {
  const attributes = Object.keys(recordSummarySchema.shape);
  const names = Object.fromEntries(attributes.map((attribute) => [`#${attribute}`, attribute]));
  // Of the transitions only whether there is one past the bound.
  const projection = [...Object.keys(names), `#transitions[${mostTransitions}].#at`].join(', ');
  let requests: BatchGetCommandInput['RequestItems'] = {
    [table.tableName]: {
      Keys: databases.map((database) => keyOf(table, database)),
      ConsistentRead: true,
      ProjectionExpression: projection,
      ExpressionAttributeNames: { ...names, '#transitions': 'transitions', '#at': 'at' },
    },
  };
  const items: Record<string, unknown>[] = [];
  // DynamoDB answers at most 16 MB at once and returns the rest as unprocessed.
  while (requests !== undefined && Object.keys(requests).length > 0) {
    const answer: BatchGetCommandOutput = await table.client.send(new BatchGetCommand({ RequestItems: requests }));
    items.push(...(answer.Responses?.[table.tableName] ?? []));
    requests = answer.UnprocessedKeys;
  }
  return items;
}
