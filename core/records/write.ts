/** What Lambda functions write into records. Every write is conditional on what its writer read, and appends to `transitions`. */
import { databaseKey, type Stage } from '../names.ts';
import { readRecord } from './read.ts';
import type { Checkpoint, DatabaseState, RecordSummary, Transition } from './record.ts';
import { isDone, restingState, resumeCheckpoint } from './resume.ts';
import { keyOf, put, type RecordsTable, update } from './table.ts';

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
 * @param ended how that owner ended, for the history, where nobody has recorded it
 * @returns false when the record has changed since it was read
 */
export async function requeueRecord(table: RecordsTable, known: RecordSummary, writer: Writer, ended?: Change['failure']): Promise<boolean> {
  const checkpoint = resumeCheckpoint(known);
  const set = checkpoint === known.checkpoint ? {} : { checkpoint, dumpManifest: '' };
  return change(table, known, writer, { state: restingState(checkpoint), set, release: true, clearError: true, ...(ended && { failure: ended }) });
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
 * @param ended as of `requeueRecord`
 * @returns false when the record has changed since it was read
 */
export async function redumpRecord(table: RecordsTable, known: RecordSummary, run: string, writer: Writer, ended?: Change['failure']): Promise<boolean> {
  return change(table, known, writer, {
    state: 'PENDING',
    set: { checkpoint: 'NONE', dumpManifest: '', replacedIn: run },
    release: true,
    clearError: true,
    ...(ended && { failure: ended }),
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
