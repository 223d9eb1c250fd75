/** Reads every record of a migration in one query of the index; what else is read of the records is in core/records.ts. */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { FerryError } from '../core/errors.ts';
import { indexedRecordSchema } from '../core/records.ts';
import type { RecordsTable } from '../core/records.ts';
import type { Deployment } from './deployment.ts';

const rowSchema = indexedRecordSchema.extend({ updatedAt: z.string().transform((text) => new Date(text)) });
/** A database as the index has it. */
export type DatabaseRow = z.infer<typeof rowSchema>;

export function recordsTable(deployment: Deployment, migration: string): RecordsTable {
  return { client: deployment.documents, tableName: deployment.tableName, migration };
}

/** Every database of a migration; the index follows the records within moments. */
export async function readDatabaseRows({ client, tableName, migration }: RecordsTable): Promise<DatabaseRow[]> {
  const rows: DatabaseRow[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: 'by-state',
        KeyConditionExpression: 'migration = :migration',
        ExpressionAttributeValues: { ':migration': migration },
        ExclusiveStartKey: from,
      }),
    );
    for (const item of page.Items ?? []) rows.push(parseRow(item));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return rows;
}

function parseRow(item: Record<string, unknown>): DatabaseRow {
  const parsed = rowSchema.safeParse(item);
  if (parsed.success) return parsed.data;
  const flaws = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new FerryError('InternalError', `The record ${JSON.stringify(item['item'])} cannot be read: ${flaws}.`);
}
