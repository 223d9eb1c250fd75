/**
 * What passes between the state machine and the two functions that decide how a branch goes on after a failure:
 * ClassifyFailure, and CheckOutage while the branch is held. Both answer a `Recovery`, which stands in the state's data
 * as `$.recovery` and is given back with the next question.
 */
import { z } from 'zod';
import { migrationName, stageSchema } from '../contracts.ts';
import { needs } from '../errors.ts';
import { checkpointSchema } from '../records.ts';

/** Failed tries in this pass, by stage; `reload` counts how often a dump was loaded again after a mismatch. */
const triesSchema = z.object({
  dump: z.number().int(),
  import: z.number().int(),
  verify: z.number().int(),
  reload: z.number().int(),
});
export type Tries = z.infer<typeof triesSchema>;

/** How long a branch has been held. The texts are empty before its first hold: States Language has no absent values. */
const holdSchema = z.object({
  /** The stage that it was held in last: each stage has its own time to be held. */
  stage: z.union([stageSchema, z.literal('')]),
  need: z.union([z.enum(needs), z.literal('')]),
  /** ISO time of the failure that the present hold, or the last one, began with. */
  since: z.string(),
  /** Of earlier holds in this stage. */
  seconds: z.number(),
});
export type Hold = z.infer<typeof holdSchema>;

export const recoveryStateSchema = z.object({ tries: triesSchema, hold: holdSchema });
export type RecoveryState = z.infer<typeof recoveryStateSchema>;

export const firstRecovery: RecoveryState = {
  tries: { dump: 0, import: 0, verify: 0, reload: 0 },
  hold: { stage: '', need: '', since: '', seconds: 0 },
};

/**
 * HOLD: the branch begins to wait for what all branches need. HELD: it goes on waiting. RESUME: what it waited for is
 * back. RETRY: the next try. WAIT: the branch ends, and a later pass takes it up. DEAD_LETTER: it is given up.
 */
export const recoveryOutcomes = ['HOLD', 'HELD', 'RESUME', 'RETRY', 'WAIT', 'DEAD_LETTER'] as const;

/** Where the branch is, as its record says. */
const branchSchema = z.object({
  migration: migrationName,
  database: z.string(),
  /** ARN of the branch's execution. */
  branch: z.string(),
  attempt: z.number().int(),
  checkpoint: checkpointSchema,
  dumpManifest: z.string(),
  maxAttempts: z.number().int(),
  holdMinutes: z.number().int(),
});

/**
 * The States Language error object of the failed Task. A task that answers by its token may leave either text out.
 * Source: Step Functions API Reference, SendTaskFailure.
 */
const failureSchema = z.object({ Error: z.string().nullish(), Cause: z.string().nullish() });

export const classifyInputSchema = branchSchema.extend({ recovery: recoveryStateSchema, failure: failureSchema });
export type ClassifyInput = z.infer<typeof classifyInputSchema>;

/** What state machines of before the one failure path ask; a run that began with one is redriven with it. */
export const earlierClassifyInputSchema = z.object({
  stage: stageSchema,
  migration: migrationName,
  database: z.string(),
  attempt: z.number().int(),
  branch: z.string(),
  tries: z.number().int().min(1).default(1),
  failure: failureSchema,
});
export type EarlierClassifyInput = z.infer<typeof earlierClassifyInputSchema>;

export const recoverySchema = recoveryStateSchema.extend({
  outcome: z.enum(recoveryOutcomes),
  stage: stageSchema,
  error: z.string(),
  message: z.string(),
  /** Before the next try, or before asking again whether an outage is over. */
  delaySeconds: z.number().int(),
  /** Of the next try: what is late from this one can write no record any more. */
  attempt: z.number().int(),
  /** Where the next try begins. */
  checkpoint: checkpointSchema,
  dumpManifest: z.string(),
  /** What the record's state is while nothing is done: it follows from the checkpoint. */
  restingState: z.enum(['PENDING', 'DUMPED', 'IMPORTED']),
});
export type Recovery = z.infer<typeof recoverySchema>;

export const checkOutageInputSchema = branchSchema.extend({ recovery: recoverySchema });
export type CheckOutageInput = z.infer<typeof checkOutageInputSchema>;
