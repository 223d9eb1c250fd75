/** Names the failure of a stage, says whether trying again can help and when, and frees the slot that the branch held. */
import type { S3Client } from '@aws-sdk/client-s3';
import type { z } from 'zod';
import type { Classification, classifyInputSchema, Report } from '../../core/contracts.ts';
import { type ErrorName, errorKinds, isErrorName } from '../../core/errors.ts';
import { reportKey } from '../../core/names.ts';
import { freeSlot, type SlotsTable } from '../../core/slots.ts';
import { readReport } from './read-report.ts';
import { lambdaMessage, nameStoppedTask, parseStoppedTask, type StoppedTask } from './task-cause.ts';

export type ClassifyInput = z.infer<typeof classifyInputSchema>;

export interface ClassifyDependencies {
  readonly table: SlotsTable;
  readonly s3: S3Client;
  readonly bucket: string;
  /** In [0, 1). */
  readonly random: () => number;
}

interface Named {
  readonly error: ErrorName;
  readonly message: string;
  readonly retryable: boolean;
}

/** Messages enter the record's transitions, and a record is read whole by the state machine, whose payloads end at 256 KiB. */
const longestMessage = 600;
const firstDelaySeconds = 5;
const longestDelaySeconds = 300;

export async function classifyFailure(dependencies: ClassifyDependencies, input: ClassifyInput): Promise<Classification> {
  const named = await nameFailure(dependencies, input);
  await freeSlot(dependencies.table, input.stage === 'dump' ? 'source' : 'target', input.branch);
  return { ...named, message: shortened(named.message), delaySeconds: named.retryable ? retryDelaySeconds(input.tries, dependencies.random()) : 0 };
}

/**
 * Exponential, with full jitter. Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
 * @param tries failed ones so far, from 1
 */
export function retryDelaySeconds(tries: number, random: number): number {
  const ceiling = Math.min(longestDelaySeconds, firstDelaySeconds * 2 ** (tries - 1));
  return Math.max(1, Math.ceil(ceiling * random));
}

async function nameFailure(dependencies: ClassifyDependencies, input: ClassifyInput): Promise<Named> {
  const { stage, migration, database, attempt, failure } = input;
  const subject = `The ${stage} of \`${database}\``;
  if (failure.Error === 'States.Timeout') return named('TaskTimedOut', `${subject} did not end within the time limit of its state.`);
  if (isErrorName(failure.Error)) return named(failure.Error, lambdaMessage(failure.Cause));
  const task = parseStoppedTask(failure.Cause);
  if (failure.Error === 'States.TaskFailed' && task !== undefined) {
    const report = await readReport(dependencies.s3, dependencies.bucket, reportKey(migration, database, attempt, stage));
    const reported = fits(report, input, task) ? report?.error : undefined;
    if (reported !== undefined) {
      const { name, message, retryable } = reported;
      return isErrorName(name) ? { error: name, message, retryable } : named('InternalError', `${name}: ${message}`);
    }
    const { name, what } = nameStoppedTask(task);
    return named(name, `${subject} ${what}.`);
  }
  if (failure.Error.startsWith('S3.NoSuchKey')) return named('TaskCrashed', `${subject} ended without leaving a report.`);
  return named(nameOfService(failure.Error), `${subject} could not be carried out: ${failure.Error}: ${lambdaMessage(failure.Cause)}`);
}

/** A redriven Task has the attempt of the one before it: a report from before this task began is the other's. */
function fits(report: Report | undefined, input: ClassifyInput, task: StoppedTask): boolean {
  if (report?.attempt !== input.attempt || report.database !== input.database) return false;
  const began = task.CreatedAt ?? task.StartedAt;
  return began === undefined || Date.parse(report.finishedAt) >= Math.floor(began / 1000) * 1000;
}

/** The services' own errors, after the state machine's retries. */
function nameOfService(error: string): ErrorName {
  if (/^(Amazon)?ECS\./i.test(error)) return 'TaskFailedToStart';
  if (/^DynamoDB\./i.test(error)) return 'RecordsFailed';
  if (/^S3\./i.test(error)) return 'StorageFailed';
  if (/^(Lambda|Sandbox)\./.test(error)) return 'AwsUnavailable';
  return 'InternalError';
}

function named(error: ErrorName, message: string): Named {
  return { error, message, retryable: errorKinds[error].retryable };
}

function shortened(message: string): string {
  return message.length > longestMessage ? `${message.slice(0, longestMessage - 1)}…` : message;
}
