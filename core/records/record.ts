/** What a record holds. Its `state` makes it appear in the index `by-state`. */
import { z } from 'zod';
import { needs } from '../errors.ts';

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
  /** The newest, in their order; all of them until the first is moved out. */
  transitions: z.array(transitionSchema),
  /** How many are before these, in items of their own (`withHistory` reads them); absent: none. */
  earlierTransitions: z.number().int().optional(),
});
export type DatabaseRecord = z.infer<typeof databaseRecordSchema>;
