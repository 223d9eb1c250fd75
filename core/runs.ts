/** The item of each run beside the records: which pass it is in, and how many redrives its tally had seen. */
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { runItem, runItemPrefix } from './names.ts';
import type { RecordsTable } from './records.ts';
import { itemsUnder } from './records/table.ts';

const runSchema = z.object({
  runArn: z.string(),
  startedAt: z.string(),
  updatedAt: z.string(),
  /** Passes begun. */
  pass: z.number().int(),
  /** The execution's redriveCount at the last tally, or at the redrive that HoldForRedrive let pass. */
  redriveCount: z.number().int(),
  /** The next pass is over what waits for other databases alone: nobody has redriven the run since its tally said so. */
  waitingPass: z.boolean().default(false),
  /** The redrive that HoldForRedrive let pass last, and at the end of which pass. */
  continued: z.object({ pass: z.number().int(), redriveCount: z.number().int() }).optional(),
});
export type Run = z.infer<typeof runSchema>;

export async function readRun(table: RecordsTable, run: string): Promise<Run | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.tableName, Key: keyOf(table, run), ConsistentRead: true }),
  );
  return Item === undefined ? undefined : runSchema.parse(Item);
}

export interface NamedRun extends Run {
  readonly run: string;
}

/** All runs of the migration that began a pass, the first first. */
export async function readRuns(table: RecordsTable): Promise<NamedRun[]> {
  const runs: NamedRun[] = [];
  for await (const items of itemsUnder(table, runItemPrefix)) {
    for (const item of items) runs.push({ ...runSchema.parse(item), run: String(item['item']).slice(runItemPrefix.length) });
  }
  return runs.sort((one, other) => (one.startedAt < other.startedAt ? -1 : 1));
}

/** Begins the run's next pass. @returns its number, from 1 */
export async function beginPass(table: RecordsTable, run: string, runArn: string, now: string): Promise<number> {
  const { Attributes } = await table.client.send(
    new UpdateCommand({
      TableName: table.tableName,
      Key: keyOf(table, run),
      UpdateExpression:
        'SET runArn = :runArn, updatedAt = :now, startedAt = if_not_exists(startedAt, :now), redriveCount = if_not_exists(redriveCount, :none) ADD #pass :one',
      ExpressionAttributeNames: { '#pass': 'pass' },
      ExpressionAttributeValues: { ':runArn': runArn, ':now': now, ':none': 0, ':one': 1 },
      ReturnValues: 'ALL_NEW',
    }),
  );
  return runSchema.parse(Attributes).pass;
}

/** Notes that this redrive has continued the run after this pass, and that the next pass is over everything that is not done. */
export async function storeContinued(table: RecordsTable, run: string, continued: NonNullable<Run['continued']>, now: string): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.tableName,
      Key: keyOf(table, run),
      UpdateExpression: 'SET continued = :continued, redriveCount = :redriveCount, waitingPass = :no, updatedAt = :now',
      ExpressionAttributeValues: { ':continued': continued, ':redriveCount': continued.redriveCount, ':no': false, ':now': now },
    }),
  );
}

/** What a run goes on with: the redrives that it knows of, and whether the next pass is of what waits for other databases. */
export async function storeRedriveCount(table: RecordsTable, run: string, redriveCount: number, now: string, waitingPass = false): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.tableName,
      Key: keyOf(table, run),
      UpdateExpression: 'SET redriveCount = :redriveCount, waitingPass = :waitingPass, updatedAt = :now',
      ExpressionAttributeValues: { ':redriveCount': redriveCount, ':waitingPass': waitingPass, ':now': now },
    }),
  );
}

function keyOf(table: RecordsTable, run: string): { migration: string; item: string } {
  return { migration: table.migration, item: runItem(run) };
}
