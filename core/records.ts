/**
 * The record of each database: one item of the table, whose `state` makes it appear in the index `by-state`. The state
 * machine writes most of them itself (ClaimDatabase and the Record… states); what Lambda functions write and read is here.
 * Every write is conditional on what its writer read, and appends to `transitions`.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type BatchGetCommandOutput,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { chunksOf, mapConcurrently } from './concurrency.ts';
import { type ErrorName, needs } from './errors.ts';
import type { Stage } from './names.ts';
import { databaseItem, databaseItemPrefix, databaseKey, handMadeAttempt, parseManifestKey } from './names.ts';

export const databaseStateSchema = z.enum([
  'PENDING',
  'DUMPING',
  'DUMPED',
  'IMPORTING',
  'IMPORTED',
  'VERIFIED',
  'RETRYING',
  'DEAD_LETTERED',
]);
export type DatabaseState = z.infer<typeof databaseStateSchema>;
export const databaseStates: readonly DatabaseState[] = databaseStateSchema.options;

/**
 * The last stage whose work is kept: a branch resumes after it. UNVERIFIED is the end of a database that was not to be
 * verified: its state stays IMPORTED.
 */
export const checkpointSchema = z.enum(['NONE', 'DUMPED', 'IMPORTED', 'VERIFIED', 'UNVERIFIED']);
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** What the index `by-state` holds of a record. It follows the table within moments, not at once. */
export const indexedRecordSchema = z.object({
  database: z.string(),
  state: databaseStateSchema,
  attempt: z.number().int(),
  updatedAt: z.string(),
  rows: z.number().optional(),
  sqlBytes: z.number().optional(),
  error: z.string().optional(),
  errorMessage: z.string().optional(),
  errorStage: z.string().optional(),
  checkpoint: checkpointSchema.optional(),
  /** Of a branch that is held: ISO time of the failure since which it is, and what it waits for. */
  heldSince: z.string().optional(),
  heldFor: z.enum(needs).optional(),
  /** Objects that its newest verification found to be as on the source, and not to run on the target. */
  cannotRun: z.number().int().optional(),
});
export type IndexedRecord = z.infer<typeof indexedRecordSchema>;

export const recordSummarySchema = indexedRecordSchema.extend({
  checkpoint: checkpointSchema,
  dumpManifest: z.string(),
  /** A VERIFIED database that is being replaced: its import may drop what is on the target. */
  replace: z.boolean(),
  /** The run that last sent it through the whole way again, so that the run's later passes do not. */
  replacedIn: z.string().optional(),
  /** ARN of the branch that works on it, or of one that died and has not been released. */
  owner: z.string().optional(),
  /** Name of the run of the branch that claimed it last. */
  run: z.string().optional(),
});
export type RecordSummary = z.infer<typeof recordSummarySchema>;

export const transitionSchema = z.object({
  state: databaseStateSchema,
  at: z.string(),
  attempt: z.number().int(),
  /** ARN of the execution, or name of the function, that wrote it. */
  by: z.string(),
  error: z.string().optional(),
  message: z.string().optional(),
  /** What the branch was held for, where a hold begins with this. */
  heldFor: z.enum(needs).optional(),
});
export type Transition = z.infer<typeof transitionSchema>;

export const databaseRecordSchema = recordSummarySchema.extend({
  tables: z.number().optional(),
  dumpBytes: z.number().optional(),
  conversions: z.number().optional(),
  transitions: z.array(transitionSchema),
});
export type DatabaseRecord = z.infer<typeof databaseRecordSchema>;

export interface RecordsTable {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly migration: string;
}

/** Who writes, and when (ISO 8601). */
export interface Writer {
  readonly by: string;
  readonly now: string;
}

/** What a dump is known by: its manifest's key, and its sizes. */
export interface DumpFacts {
  readonly dumpManifest: string;
  readonly sqlBytes: number;
  readonly dumpBytes: number;
  readonly tables?: number;
  readonly rows?: number;
}

const stateIndex = 'by-state';
/** Failures after which a new dump is needed. */
const spoiltDump: ReadonlySet<string> = new Set<ErrorName>(['ImportRejected', 'DumpCorrupt', 'DumpMissing', 'VerificationMismatch', 'FreezeLost']);
/** DynamoDB's own limit for BatchGetItem. */
const batchSize = 100;

/** @returns false when the database is registered already; its record is left as it is */
export async function registerDatabase(table: RecordsTable, database: string, writer: Writer): Promise<boolean> {
  return put(table, newRecord(table, database, writer, 'PENDING', 'NONE', { dumpManifest: '' }));
}

/**
 * Registers a dump that someone made by hand: the database enters at the import.
 * @returns false when a branch owns the record, or the database is done: nothing was changed then
 */
export async function registerDump(table: RecordsTable, database: string, dump: DumpFacts, writer: Writer): Promise<boolean> {
  if (await put(table, newRecord(table, database, writer, 'DUMPED', 'DUMPED', dump))) return true;
  const known = await readRecord(table, database);
  if (known === undefined || known.owner !== undefined || isDone(known)) return false;
  return change(table, known, writer, { state: 'DUMPED', set: { checkpoint: 'DUMPED', ...dump }, clearError: true });
}

/**
 * Readies an unfinished record for a pass: releases it from an owner that the caller has found dead, and puts it back to
 * where its next branch will resume.
 * @returns false when the record has changed since it was read
 */
export async function requeueRecord(table: RecordsTable, known: RecordSummary, writer: Writer): Promise<boolean> {
  const checkpoint = resumeCheckpoint(known);
  const set = checkpoint === known.checkpoint ? {} : { checkpoint, dumpManifest: '' };
  return change(table, known, writer, { state: restingState(checkpoint), set, release: true, clearError: true });
}

/** Nothing is left to do, unless the database is to be replaced. */
export function isDone({ checkpoint }: { readonly checkpoint?: Checkpoint | undefined }): boolean {
  return checkpoint === 'VERIFIED' || checkpoint === 'UNVERIFIED';
}

/** Its branch has ended, because a database that it refers to was not there; a later pass takes it up. */
export function isWaiting({ state, error }: Pick<IndexedRecord, 'state' | 'error'>): boolean {
  return state === 'IMPORTED' && error === ('WaitsForDatabase' satisfies ErrorName);
}

/** Whether `requeueRecord` would change anything. */
export function isAtRest(record: RecordSummary): boolean {
  return record.owner === undefined && record.state === restingState(record.checkpoint);
}

/** Sends a database that is done through the whole way again; its import may replace what is on the target. */
export async function replaceRecord(table: RecordsTable, known: RecordSummary, run: string, writer: Writer): Promise<boolean> {
  return change(table, known, writer, {
    state: 'PENDING',
    set: { checkpoint: 'NONE', dumpManifest: '', replace: true, replacedIn: run },
    release: true,
    clearError: true,
  });
}

/**
 * Has an unfinished database dumped again, whatever dump it has: the source has changed since. Nothing is replaced on the target
 * but what carries this migration's marker.
 * @returns false when the record has changed since it was read
 */
export async function redumpRecord(table: RecordsTable, known: RecordSummary, run: string, writer: Writer): Promise<boolean> {
  return change(table, known, writer, {
    state: 'PENDING',
    set: { checkpoint: 'NONE', dumpManifest: '', replacedIn: run },
    release: true,
    clearError: true,
  });
}

/**
 * Dead-letters a record whose branch ended without doing so itself. Owner and attempt stay, so that the branch's next
 * write passes if it is redriven; a later pass releases the owner.
 */
export async function recordBranchFailure(
  table: RecordsTable,
  known: RecordSummary,
  failure: { readonly error: string; readonly message: string; readonly stage: Stage },
  writer: Writer,
): Promise<boolean> {
  return change(table, known, writer, {
    state: 'DEAD_LETTERED',
    set: { error: failure.error, errorMessage: failure.message, errorStage: failure.stage },
    failure: { error: failure.error, message: failure.message },
  });
}

/**
 * What a later pass need not do again. A dump that the target refused, that proved unreadable, or that is not what the
 * source holds now, is made again: the operator's remedy was applied to the source. One made by hand is all there is.
 */
export function resumeCheckpoint(record: Pick<RecordSummary, 'checkpoint' | 'dumpManifest' | 'error'>): Checkpoint {
  const byHand = parseManifestKey(record.dumpManifest)?.attempt === handMadeAttempt;
  return spoiltDump.has(record.error ?? '') && !byHand ? 'NONE' : record.checkpoint;
}

/** The stage that a branch is in, or would begin with, after its last checkpoint. */
export function stageAfter(checkpoint: Checkpoint): Stage {
  return checkpoint === 'NONE' ? 'dump' : checkpoint === 'DUMPED' ? 'import' : 'verify';
}

/** The whole record, read consistently. */
export async function readRecord(table: RecordsTable, database: string): Promise<DatabaseRecord | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.tableName, Key: keyOf(table, database), ConsistentRead: true }),
  );
  return Item === undefined ? undefined : databaseRecordSchema.parse(Item);
}

/** The records of these databases, without their transitions, read consistently; those not registered are not in it. */
export async function readRecords(table: RecordsTable, databases: readonly string[]): Promise<Map<string, RecordSummary>> {
  const records = new Map<string, RecordSummary>();
  await mapConcurrently(chunksOf(databases, batchSize), 8, async (chunk) => {
    for (const item of await readBatch(table, chunk)) {
      const record = recordSummarySchema.parse(item);
      records.set(record.database, record);
    }
  });
  return records;
}

/** Every record of the migration with its transitions, page by page (1 MB at most), in the order of the names' bytes. */
export async function* listRecords(table: RecordsTable): AsyncGenerator<DatabaseRecord[]> {
  let from: Record<string, unknown> | undefined;
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.tableName,
        KeyConditionExpression: 'migration = :migration AND begins_with(#item, :prefix)',
        ExpressionAttributeNames: { '#item': 'item' },
        ExpressionAttributeValues: { ':migration': table.migration, ':prefix': databaseItemPrefix },
        ExclusiveStartKey: from,
      }),
    );
    yield (page.Items ?? []).map((item) => databaseRecordSchema.parse(item));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
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
  let requests: BatchGetCommandInput['RequestItems'] = {
    [table.tableName]: {
      Keys: databases.map((database) => keyOf(table, database)),
      ConsistentRead: true,
      ProjectionExpression: Object.keys(names).join(', '),
      ExpressionAttributeNames: names,
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

function newRecord(
  table: RecordsTable,
  database: string,
  writer: Writer,
  state: DatabaseState,
  checkpoint: Checkpoint,
  dump: Partial<DumpFacts> & Pick<DumpFacts, 'dumpManifest'>,
): Record<string, unknown> {
  return {
    ...keyOf(table, database),
    database,
    databaseKey: databaseKey(database),
    state,
    checkpoint,
    attempt: 0,
    replace: false,
    updatedAt: writer.now,
    transitions: [{ state, at: writer.now, attempt: 0, by: writer.by }],
    ...dump,
  };
}

interface Change {
  readonly state: DatabaseState;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly release?: boolean;
  readonly clearError?: boolean;
  readonly failure?: { readonly error: string; readonly message: string };
}

/** One conditional write on the attempt and owner that were read. */
async function change(table: RecordsTable, known: RecordSummary, writer: Writer, what: Change): Promise<boolean> {
  const transition: Transition = { state: what.state, at: writer.now, attempt: known.attempt, by: writer.by, ...what.failure };
  const set = { ...what.set, state: what.state, updatedAt: writer.now };
  const removed = [
    'heldSince',
    'heldFor',
    ...(what.release === true ? ['owner'] : []),
    ...(what.clearError === true ? ['error', 'errorMessage', 'errorStage'] : []),
  ];
  const attributes = [...Object.keys(set), ...removed, 'transitions', 'attempt', 'owner'];
  const sets = [...Object.keys(set).map((name) => `#${name} = :${name}`), '#transitions = list_append(#transitions, :transition)'];
  const owned = known.owner === undefined ? 'attribute_not_exists(#owner)' : '#owner = :owner';
  return update(table, known.database, {
    UpdateExpression: `SET ${sets.join(', ')} REMOVE ${removed.map((name) => `#${name}`).join(', ')}`,
    ConditionExpression: `#attempt = :attempt AND #state = :before AND ${owned}`,
    ExpressionAttributeNames: Object.fromEntries(attributes.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
      ':transition': [transition],
      ':attempt': known.attempt,
      ':before': known.state,
      ...(known.owner === undefined ? {} : { ':owner': known.owner }),
    },
  });
}

async function put(table: RecordsTable, item: Record<string, unknown>): Promise<boolean> {
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

async function update(table: RecordsTable, database: string, input: Omit<UpdateCommandInput, 'TableName' | 'Key'>): Promise<boolean> {
  return unlessConditionFails(() =>
    table.client.send(new UpdateCommand({ TableName: table.tableName, Key: keyOf(table, database), ...input })),
  );
}

async function unlessConditionFails(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function restingState(checkpoint: Checkpoint): DatabaseState {
  if (checkpoint === 'UNVERIFIED') return 'IMPORTED';
  return checkpoint === 'NONE' ? 'PENDING' : checkpoint;
}

function keyOf(table: RecordsTable, database: string): { migration: string; item: string } {
  return { migration: table.migration, item: databaseItem(database) };
}
