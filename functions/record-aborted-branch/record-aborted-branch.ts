/**
 * The third net, under retries and dead letters: a branch that was stopped, timed out, or failed where no state could
 * catch it (its own bookkeeping, say) leaves a record that looks as if it were still at work, and perhaps a slot.
 */
import { DescribeExecutionCommand, ExecutionDoesNotExist, type DescribeExecutionCommandOutput, type SFNClient } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { migrationName } from '../../core/contracts.ts';
import { isErrorName } from '../../core/errors.ts';
import { readRecord, recordBranchFailure, type RecordsTable, stageAfter } from '../../core/records.ts';
import { freeSlot } from '../../core/slots.ts';

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
  const execution = owned ? await describe(stepFunctions, detail.executionArn) : undefined;
  // Events arrive late and out of order: a branch that was redriven meanwhile is at work again.
  if (execution?.status === 'RUNNING' || execution?.status === 'PENDING_REDRIVE') return { recorded: false };
  await freeSlot(table, 'source', detail.executionArn);
  await freeSlot(table, 'target', detail.executionArn);
  if (record === undefined || !owned) return { recorded: false, ...(record?.state === 'DEAD_LETTERED' ? { error: record.error ?? 'InternalError' } : {}) };
  const failure = { ...describeFailure(detail.status, branch.database, execution), stage: stageAfter(record.checkpoint) };
  const recorded = await recordBranchFailure(table, record, failure, { by: 'recordAbortedBranch', now: now().toISOString() });
  return recorded ? { recorded, error: failure.error } : { recorded };
}

function describeFailure(
  status: 'ABORTED' | 'TIMED_OUT' | 'FAILED',
  database: string,
  execution: DescribeExecutionCommandOutput | undefined,
): { readonly error: string; readonly message: string } {
  const { error, cause } = execution ?? {};
  const because = [error, cause].filter((text) => text !== undefined && text !== '').join(': ');
  const detail = because === '' ? '.' : `: ${because.slice(0, 500)}`;
  if (status !== 'FAILED') {
    return { error: 'BranchAborted', message: `The branch of \`${database}\` ${status === 'ABORTED' ? 'was stopped' : 'timed out'}${detail}` };
  }
  const name = error !== undefined && isErrorName(error) ? error : 'InternalError';
  return { error: name, message: `The branch of \`${database}\` failed outside its own failure path${detail}` };
}

async function describe(client: SFNClient, executionArn: string): Promise<DescribeExecutionCommandOutput | undefined> {
  try {
    return await client.send(new DescribeExecutionCommand({ executionArn }));
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return undefined;
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
