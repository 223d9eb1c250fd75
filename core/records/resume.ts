/** What is left to do for a database, as its record says: nothing, to wait, or to go on from a stage. */
import type { ErrorName } from '../errors.ts';
import { handMadeAttempt, parseManifestKey, type Stage } from '../names.ts';
import type { Checkpoint, DatabaseState, IndexedRecord, RecordSummary } from './record.ts';

/** Failures after which a new dump is needed. */
const spoiltDump: ReadonlySet<string> = new Set<ErrorName>(['ImportRejected', 'DumpCorrupt', 'DumpMissing', 'VerificationMismatch', 'FreezeLost']);

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

export function restingState(checkpoint: Checkpoint): DatabaseState {
  if (checkpoint === 'UNVERIFIED') return 'IMPORTED';
  return checkpoint === 'NONE' ? 'PENDING' : checkpoint;
}
