/**
 * Outages: what is known of a server that held branches wait for. One item for each server of a migration, so that the
 * server is asked once in a while for all of them, whether it answers again, and a login that is refused is not repeated
 * by each: MySQL locks accounts after some refused logins.
 */
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { FerryError } from '../errors.ts';
import type { RecordsTable } from '../records.ts';
import { unlessConditionFails } from '../records/table.ts';
import type { SlotServer } from '../slots.ts';

const outageSchema = z.object({
  /** ISO times. The outage is over where `overAt` is there. */
  since: z.string(),
  overAt: z.string().optional(),
  error: z.string(),
  message: z.string(),
  /** ARN of the branch that met it first. */
  reporter: z.string(),
  /** Another branch has met it too. */
  shared: z.boolean(),
  /** How often the server was asked in vain. */
  failedChecks: z.number().int(),
  nextCheckAt: z.string(),
  /** The version of the secret that the last refused login was made with. */
  secretVersion: z.string().optional(),
});
export type Outage = z.infer<typeof outageSchema>;

export async function readOutage(table: RecordsTable, server: SlotServer): Promise<Outage | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.tableName, Key: keyOf(table, server), ConsistentRead: true }),
  );
  return Item === undefined ? undefined : outageSchema.parse(Item);
}

export interface OutageReport {
  readonly branch: string;
  readonly error: string;
  readonly message: string;
  /** ISO. */
  readonly now: string;
}

/** Opens an outage, or joins the one that is open. */
export async function reportOutage(table: RecordsTable, server: SlotServer, report: OutageReport): Promise<void> {
  const opened = await updateIf(table, server, {
    UpdateExpression:
      'SET #since = :now, #error = :error, #message = :message, #reporter = :branch, #shared = :no, #failedChecks = :zero, ' +
      '#nextCheckAt = :now REMOVE #overAt, #secretVersion',
    ConditionExpression: 'attribute_not_exists(#since) OR attribute_exists(#overAt)',
    ExpressionAttributeValues: {
      ':now': report.now,
      ':error': report.error,
      ':message': report.message,
      ':branch': report.branch,
      ':no': false,
      ':zero': 0,
    },
  });
  if (opened) return;
  await updateIf(table, server, {
    UpdateExpression: 'SET #shared = :yes',
    ConditionExpression: '#reporter <> :branch AND attribute_not_exists(#overAt)',
    ExpressionAttributeValues: { ':yes': true, ':branch': report.branch },
  });
}

/**
 * Takes the turn to ask the server, which nobody else has until `nextCheckAt`.
 * @returns false when another branch was faster, or the outage is over
 */
export async function takeCheck(table: RecordsTable, server: SlotServer, known: Outage, nextCheckAt: string): Promise<boolean> {
  return updateIf(table, server, {
    UpdateExpression: 'SET #nextCheckAt = :next',
    ConditionExpression: 'attribute_not_exists(#overAt) AND #nextCheckAt = :known',
    ExpressionAttributeValues: { ':next': nextCheckAt, ':known': known.nextCheckAt },
  });
}

export interface FailedCheck {
  readonly error: string;
  readonly message: string;
  readonly nextCheckAt: string;
  readonly secretVersion: string;
}

export async function noteFailedCheck(table: RecordsTable, server: SlotServer, check: FailedCheck): Promise<void> {
  await updateIf(table, server, {
    UpdateExpression:
      'SET #error = :error, #message = :message, #nextCheckAt = :next, #secretVersion = :version ADD #failedChecks :one',
    ConditionExpression: 'attribute_exists(#since) AND attribute_not_exists(#overAt)',
    ExpressionAttributeValues: {
      ':error': check.error,
      ':message': check.message,
      ':next': check.nextCheckAt,
      ':version': check.secretVersion,
      ':one': 1,
    },
  });
}

/**
 * For whoever is about to log in to the server: while its account is refused, nobody but CheckOutage tries.
 * @throws FerryError SourceAccessDenied, TargetAccessDenied, as the refused login said
 */
export async function refuseWhileAccessDenied(table: RecordsTable, server: SlotServer): Promise<void> {
  const outage = await readOutage(table, server);
  if (outage?.overAt !== undefined || outage?.error.endsWith('AccessDenied') !== true) return;
  throw new FerryError(server === 'source' ? 'SourceAccessDenied' : 'TargetAccessDenied', outage.message);
}

/** The server answers. What is not open is left as it is. */
export async function endOutage(table: RecordsTable, server: SlotServer, now: string): Promise<void> {
  await updateIf(table, server, {
    UpdateExpression: 'SET #overAt = :now',
    ConditionExpression: 'attribute_exists(#since) AND attribute_not_exists(#overAt)',
    ExpressionAttributeValues: { ':now': now },
  });
}

type Update = Pick<
  ConstructorParameters<typeof UpdateCommand>[0],
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeValues'
>;

async function updateIf(table: RecordsTable, server: SlotServer, update: Update): Promise<boolean> {
  const ExpressionAttributeNames = namesIn(`${update.UpdateExpression ?? ''} ${update.ConditionExpression ?? ''}`);
  return unlessConditionFails(() =>
    table.client.send(
      new UpdateCommand({ TableName: table.tableName, Key: keyOf(table, server), ExpressionAttributeNames, ...update }),
    ),
  );
}

/** Some of the attributes are words that DynamoDB reserves. */
function namesIn(expressions: string): Record<string, string> {
  return Object.fromEntries((expressions.match(/#[A-Za-z]+/g) ?? []).map((name) => [name, name.slice(1)]));
}

function keyOf(table: RecordsTable, server: SlotServer): Record<string, string> {
  return { migration: table.migration, item: `outage#${server}` };
}
