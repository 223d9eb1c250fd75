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
}

export async function recordAbortedBranch(
  { records, stepFunctions, now }: AbortedDependencies,
  { detail }: z.infer<typeof branchEndedSchema>,
): Promise<AbortedOutcome> {
  const branch = branchInputSchema.safeParse(parseJson(detail.input ?? ''));
  if (!branch.success) return { recorded: false };
  const table = records(branch.data.migration);
  const record = await readRecord(table, branch.data.database);
  const owned = record?.owner === detail.executionArn;
  const execution = owned ? await describe(stepFunctions, detail.executionArn) : undefined;
  // Events arrive late and out of order: a branch that was redriven meanwhile is at work again.
  if (execution?.status === 'RUNNING' || execution?.status === 'PENDING_REDRIVE') return { recorded: false };
  await freeSlot(table, 'source', detail.executionArn);
  await freeSlot(table, 'target', detail.executionArn);
  if (record === undefined || !owned) return { recorded: false };
  const failure = { ...describeFailure(detail.status, branch.data.database, execution), stage: stageAfter(record.checkpoint) };
  return { recorded: await recordBranchFailure(table, record, failure, { by: 'recordAbortedBranch', now: now().toISOString() }) };
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
