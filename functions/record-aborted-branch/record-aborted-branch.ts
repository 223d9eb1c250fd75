/**
 * The third net, under retries and dead letters: a branch that was stopped, timed out, or failed where no state could
 * catch it (its own bookkeeping, say) leaves a record that looks as if it were still at work, and perhaps a slot.
 */
import type { SFNClient } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { migrationName } from '../../core/contracts.ts';
import { mostTransitions, readRecord, type RecordsTable, shortenHistory } from '../../core/records.ts';
import { freeSlot } from '../../core/slots.ts';
import { readBranchEnd, recordBranchEnd } from '../shared/ended-branch.ts';

/** Source: Step Functions Developer Guide, "Automating Step Functions event delivery with EventBridge". */
export const branchEndedSchema = z.object({
  detail: z.object({
    executionArn: z.string(),
    status: z.enum(['ABORTED', 'TIMED_OUT', 'FAILED']),
    /** Left out by Step Functions when it is long; a branch's never is. */
    input: z.string().nullish(),
  }),
});

const branchInputSchema = z.object({ migration: migrationName, database: z.string() });

export interface AbortedDependencies {
  readonly records: (migration: string) => RecordsTable;
  readonly stepFunctions: SFNClient;
  readonly now: () => Date;
}

export interface AbortedOutcome {
  readonly recorded: boolean;
  /** Why the database is a dead letter, whoever recorded it; absent when it is none. */
  readonly error?: string;
}

/** Whose branch it was; undefined when its input does not say. */
export function branchOf({ detail }: z.infer<typeof branchEndedSchema>): z.infer<typeof branchInputSchema> | undefined {
  return branchInputSchema.safeParse(parseJson(detail.input ?? '')).data;
}

export async function recordAbortedBranch(
  { records, stepFunctions, now }: AbortedDependencies,
  event: z.infer<typeof branchEndedSchema>,
): Promise<AbortedOutcome> {
  const { detail } = event;
  const branch = branchOf(event);
  if (branch === undefined) return { recorded: false };
  const table = records(branch.migration);
  const record = await readRecord(table, branch.database);
  const owned = record?.owner === detail.executionArn;
  // Events arrive late and out of order: a branch that was redriven meanwhile is at work again.
  const end = owned ? await readBranchEnd(stepFunctions, detail.executionArn) : {};
  if (end === undefined) return { recorded: false };
  await freeSlot(table, 'source', detail.executionArn);
  await freeSlot(table, 'target', detail.executionArn);
  if (record === undefined || !owned) return { recorded: false, ...(record?.state === 'DEAD_LETTERED' ? { error: record.error ?? 'InternalError' } : {}) };
  const writer = { by: 'recordAbortedBranch', now: now().toISOString() };
  const failure = await recordBranchEnd(table, record, { ...end, status: detail.status }, writer);
  // A run that is stopped and redriven again and again, within its pass, never passes SelectDatabases.
  if (record.transitions.length >= mostTransitions) await shortenHistory(table, branch.database);
  return failure === undefined ? { recorded: false } : { recorded: true, error: failure.error };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
