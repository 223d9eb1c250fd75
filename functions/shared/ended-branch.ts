/**
 * A branch that was stopped, timed out, or failed where no state could catch it (its own bookkeeping, say) leaves a record that
 * looks as if it were still at work. Whoever finds it puts the record right: the event of its end, the tally, the next pass.
 */
import { DescribeExecutionCommand, ExecutionDoesNotExist, InvalidArn, type SFNClient } from '@aws-sdk/client-sfn';
import { type ErrorName, isErrorName } from '../../core/errors.ts';
import { isDone, type RecordSummary, recordBranchFailure, type RecordsTable, stageAfter, type Writer } from '../../core/records.ts';

/** How an execution ended; nothing is known of one that the service has forgotten. */
export interface BranchEnd {
  readonly status?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

export interface BranchFailure {
  readonly error: ErrorName;
  readonly message: string;
}

/** Undefined while the branch is at work, or about to be redriven. */
export async function readBranchEnd(client: SFNClient, executionArn: string): Promise<BranchEnd | undefined> {
  try {
    const { status, error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'RUNNING' || status === 'PENDING_REDRIVE' ? undefined : { status, error, cause };
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist || error instanceof InvalidArn) return {};
    throw error;
  }
}

/** Its owner has written neither an end nor a dead letter. */
export function looksAtWork(record: RecordSummary): boolean {
  return record.owner !== undefined && record.state !== 'DEAD_LETTERED' && !isDone(record);
}

export function failureOfEnd(database: string, { status, error, cause }: BranchEnd): BranchFailure {
  const because = [error, cause].filter((text) => text !== undefined && text !== '').join(': ');
  const detail = because === '' ? '.' : `: ${because.slice(0, 500)}`;
  if (status === 'FAILED') {
    const name = error !== undefined && isErrorName(error) ? error : 'InternalError';
    return { error: name, message: `The branch of \`${database}\` failed outside its own failure path${detail}` };
  }
  const what = status === 'ABORTED' ? 'was stopped' : status === 'TIMED_OUT' ? 'timed out' : 'has ended without recording it';
  return { error: 'BranchAborted', message: `The branch of \`${database}\` ${what}${detail}` };
}

/** @returns why the database is a dead letter now; undefined when the record has changed since it was read */
export async function recordBranchEnd(table: RecordsTable, record: RecordSummary, end: BranchEnd, writer: Writer): Promise<BranchFailure | undefined> {
  const failure = failureOfEnd(record.database, end);
  const isRecorded = await recordBranchFailure(table, record, { ...failure, stage: stageAfter(record.checkpoint) }, writer);
  return isRecorded ? failure : undefined;
}
