/** Dumps made by hand that could not be registered: each is an item of its own, so that an operator sees it, until it is put right. */
import { createHash } from 'node:crypto';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { itemsUnder, type RecordsTable } from './table.ts';

const rejectedDumpSchema = z.object({ key: z.string(), error: z.string(), message: z.string(), at: z.string() });
export type RejectedDump = z.infer<typeof rejectedDumpSchema>;

/** Where a key that names no migration is kept: no migration can have this name. */
export const noMigration = '_none';
const prefix = 'rejected#';
/** DynamoDB's own limit for a sort key is 1,024 bytes, and S3's for a key as well. */
const longestKey = 900;

export async function storeRejectedDump({ client, tableName, migration }: RecordsTable, rejected: RejectedDump): Promise<void> {
  await client.send(new PutCommand({ TableName: tableName, Item: { migration, item: itemOf(rejected.key), ...rejected } }));
}

/** Of a key that was not rejected: nothing happens. */
export async function clearRejectedDump({ client, tableName, migration }: RecordsTable, key: string): Promise<void> {
  await client.send(new DeleteCommand({ TableName: tableName, Key: { migration, item: itemOf(key) } }));
}

/** In the order of their keys; those whose keys name no migration are at the end of every migration's. */
export async function listRejectedDumps(table: RecordsTable): Promise<RejectedDump[]> {
  const found = await Promise.all([table.migration, noMigration].map((migration) => query({ ...table, migration })));
  return found.flat();
}

async function query(table: RecordsTable): Promise<RejectedDump[]> {
  const rejected: RejectedDump[] = [];
  for await (const items of itemsUnder(table, prefix)) rejected.push(...items.map((item) => rejectedDumpSchema.parse(item)));
  return rejected;
}

function itemOf(key: string): string {
  return Buffer.byteLength(key) <= longestKey ? `${prefix}${key}` : `${prefix}sha256:${createHash('sha256').update(key).digest('hex')}`;
}
