/**
 * The freeze of a database: one item beside its record, from when writers are shut out until they are let in again. A freeze that was
 * lost before its time leaves its reason; one that has done its work leaves nothing. Its keeper (the task that holds the
 * lock) and a verification meet here: the verification asks, and only a keeper that still holds the lock answers.
 */
import { DeleteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { freezeModes } from './contracts.ts';
import { freezeItem, freezeItemPrefix } from './names.ts';
import type { RecordsTable } from './records.ts';
import { itemsUnder, unlessConditionFails } from './records/table.ts';

/** A privilege that was taken away, as the statement that gives it back; neither has a password or a hash. */
const withdrawalSchema = z.object({ account: z.string(), revoke: z.string(), grant: z.string() });
export type Withdrawal = z.infer<typeof withdrawalSchema>;

export const freezeSchema = z.object({
  database: z.string(),
  /** Of the freeze; a later one of the same database has another. */
  id: z.string(),
  mode: z.enum(freezeModes),
  /** ARN of the branch that it was made for, and the attempt. */
  branch: z.string(),
  attempt: z.number().int(),
  since: z.string(),
  until: z.string(),
  /** The newest question of a verification, and the newest that the keeper has answered. */
  asked: z.string().optional(),
  answered: z.string().optional(),
  /** The lock is gone, and why. */
  endedAt: z.string().optional(),
  reason: z.string().optional(),
  /** Privileges that are to be given back; what is not written here was not taken away. */
  withdrawn: z.array(withdrawalSchema).optional(),
});
export type Freeze = z.infer<typeof freezeSchema>;
export type NewFreeze = Pick<Freeze, 'database' | 'id' | 'mode' | 'branch' | 'attempt' | 'since' | 'until'>;

export async function readFreeze(table: RecordsTable, database: string): Promise<Freeze | undefined> {
  const { Item } = await table.client.send(new GetCommand({ TableName: table.tableName, Key: keyOf(table, database), ConsistentRead: true }));
  return Item === undefined ? undefined : freezeSchema.parse(Item);
}

/** Those that hold, those that were lost, and those whose privileges are still withdrawn, in the order of the names' bytes. */
export async function listFreezes(table: RecordsTable): Promise<Freeze[]> {
  const freezes: Freeze[] = [];
  for await (const items of itemsUnder(table, freezeItemPrefix)) freezes.push(...items.map((item) => freezeSchema.parse(item)));
  return freezes;
}

/**
 * Puts a freeze in the place of an earlier one, whose withdrawn privileges it takes over.
 * @returns false when a later attempt has frozen the database
 */
export async function writeFreeze(table: RecordsTable, freeze: NewFreeze): Promise<boolean> {
  const names = Object.keys(freeze);
  return update(table, freeze.database, {
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')} REMOVE asked, answered, endedAt, reason`,
    ConditionExpression: 'attribute_not_exists(#attempt) OR #attempt <= :attempt',
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(Object.entries(freeze).map(([name, value]) => [`:${name}`, value])),
  });
}

/** Before privileges are taken away. @returns false when the freeze is another's, or over */
export function writeWithdrawn(table: RecordsTable, { database, id }: Pick<Freeze, 'database' | 'id'>, withdrawn: readonly Withdrawal[]): Promise<boolean> {
  return set(table, database, id, { withdrawn });
}

/** Asks the keeper whether it holds the lock. @returns false when the freeze is another's, or over */
export function askKeeper(table: RecordsTable, database: string, id: string, question: string): Promise<boolean> {
  return set(table, database, id, { asked: question });
}

/** @returns false when the freeze is another's, or over */
export function answerVerification(table: RecordsTable, database: string, id: string, question: string): Promise<boolean> {
  return set(table, database, id, { answered: question });
}

/** From here on nobody is told that the freeze holds. @returns false when it is another's, or over already */
export function endFreeze(table: RecordsTable, database: string, id: string, ending: { readonly endedAt: string; readonly reason: string }): Promise<boolean> {
  return set(table, database, id, ending);
}

/** After privileges were given back: what could not be. */
export async function writeLeft(table: RecordsTable, database: string, id: string, left: readonly Withdrawal[]): Promise<void> {
  const change = left.length === 0 ? 'REMOVE withdrawn' : 'SET withdrawn = :withdrawn';
  await update(table, database, { UpdateExpression: change, ...conditionOf(id, left.length === 0 ? {} : { withdrawn: left }) });
}

/** Of a freeze that has done its work. */
export async function forgetFreeze(table: RecordsTable, database: string, id: string): Promise<void> {
  await unlessConditionFails(() => table.client.send(new DeleteCommand({ TableName: table.tableName, Key: keyOf(table, database), ...conditionOf(id, {}) })));
}

function set(table: RecordsTable, database: string, id: string, values: Readonly<Record<string, unknown>>): Promise<boolean> {
  const names = Object.keys(values);
  const { ConditionExpression, ...condition } = conditionOf(id, values);
  return update(table, database, {
    UpdateExpression: `SET ${names.map((name) => `${name} = :${name}`).join(', ')}`,
    ConditionExpression: `${ConditionExpression} AND attribute_not_exists(endedAt)`,
    ...condition,
  });
}

function conditionOf(id: string, values: Readonly<Record<string, unknown>>) {
  return {
    ConditionExpression: '#id = :id',
    ExpressionAttributeNames: { '#id': 'id' },
    ExpressionAttributeValues: { ':id': id, ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])) },
  };
}

type Update = Omit<ConstructorParameters<typeof UpdateCommand>[0], 'TableName' | 'Key'>;

function update(table: RecordsTable, database: string, input: Update): Promise<boolean> {
  return unlessConditionFails(() => table.client.send(new UpdateCommand({ TableName: table.tableName, Key: keyOf(table, database), ...input })));
}

function keyOf(table: RecordsTable, database: string): { migration: string; item: string } {
  return { migration: table.migration, item: freezeItem(database) };
}
