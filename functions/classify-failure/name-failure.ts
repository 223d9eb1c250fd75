/** What a failure is called, and what is said of it. */
import type { S3Client } from '@aws-sdk/client-s3';
import type { Report } from '../../core/contracts.ts';
import { type ErrorName, errorKinds, isErrorName } from '../../core/errors.ts';
import { reportKey, type Stage } from '../../core/names.ts';
import { launchFailure } from './launch-failure.ts';
import { readReport } from './read-report.ts';
import { beganAt, lambdaMessage, nameStoppedTask, parseStoppedTask } from './task-cause.ts';

export interface FailedStage {
  readonly stage: Stage;
  readonly migration: string;
  readonly database: string;
  readonly attempt: number;
  /** A task that answers by its token may leave either text out. */
  readonly failure: { readonly Error?: string | null | undefined; readonly Cause?: string | null | undefined };
}

export interface NamedFailure {
  readonly error: ErrorName;
  readonly message: string;
  readonly retryable: boolean;
  /** The stage that has to be done again, where it is not the one that failed. */
  readonly resumeAt?: Stage;
}

/** Messages enter the record's transitions, and a record is read whole by the state machine, whose payloads end at 256 KiB. */
const longestMessage = 600;

/**
 * The task's own report is read first, whatever Step Functions or ECS say: it knows what happened. They are asked where
 * there is none, or where it was left by an earlier run of the same attempt.
 */
export async function nameFailure(
  bucket: { readonly s3: S3Client; readonly bucket: string },
  failed: FailedStage,
): Promise<NamedFailure> {
  const report = await reportOf(bucket, failed);
  const named = report?.error === undefined ? nameByCause(failed, report !== undefined) : nameByReport(report.error);
  return { ...named, message: shortened(named.message) };
}

export function shortened(message: string): string {
  return message.length > longestMessage ? `${message.slice(0, longestMessage - 1)}…` : message;
}

function nameByReport({ name, message, retryable, resumeAt }: NonNullable<Report['error']>): NamedFailure {
  if (!isErrorName(name)) return ofKind('InternalError', `${name}: ${message}`);
  return { error: name, message, retryable, ...(resumeAt === undefined ? {} : { resumeAt }) };
}

/** What the task itself has said; undefined where no task failed, or it has left nothing. */
async function reportOf(
  { s3, bucket }: { readonly s3: S3Client; readonly bucket: string },
  failed: FailedStage,
): Promise<Report | undefined> {
  const { stage, migration, database, attempt } = failed;
  if (!isOfTask(failed.failure.Error ?? '', stage)) return undefined;
  const report = await readReport(s3, bucket, reportKey(migration, database, attempt, stage));
  return fits(report, failed) ? report : undefined;
}

/**
 * Whether a task has failed. Where a function failed, or a service before any task ran, a report would be of an earlier
 * task; and a task that was stopped at its time limit reports no more than that it was told to stop.
 */
function isOfTask(error: string, stage: Stage): boolean {
  // Only the dump of a frozen database answers by its token, with a name of ours; else the gate has failed with it.
  if (isErrorName(error)) return stage === 'dump';
  return error !== 'States.Timeout' && !/^(Lambda|Sandbox|ECS|AmazonECS|S3|DynamoDB)\./i.test(error);
}

/** A redriven Task has the attempt of the one before it: a report from before this task began is the other's. */
function fits(report: Report | undefined, { attempt, database, failure }: FailedStage): boolean {
  if (report?.attempt !== attempt || report.database !== database) return false;
  const began = beganAt(failure.Cause ?? '');
  return began === undefined || Date.parse(report.finishedAt) >= Math.floor(began / 1000) * 1000;
}

/** @param succeeded whether the task has reported success before it failed */
function nameByCause({ stage, database, failure }: FailedStage, succeeded: boolean): NamedFailure {
  const [error, cause] = [failure.Error ?? '', failure.Cause ?? ''];
  const subject = `The ${stage} of \`${database}\``;
  if (isErrorName(error)) return ofKind(error, lambdaMessage(cause));
  if (error === 'States.HeartbeatTimeout') return ofKind('TaskCrashed', `${subject} was not heard of any more: its container has died.`);
  if (error === 'States.Timeout') return ofKind('TaskTimedOut', `${subject} did not end within the time limit of its state, or was not heard of for ten minutes.`);
  const launch = launchFailure(subject, error, lambdaMessage(cause));
  if (launch !== undefined) return launch;
  if (error === 'States.TaskFailed' || error === '') {
    const task = parseStoppedTask(cause);
    if (task === undefined) return ofKind('TaskCrashed', `${subject} failed, and nothing says why${cause === '' ? '' : `: ${cause}`}.`);
    const { name, what } = nameStoppedTask(task, succeeded);
    return launchFailure(subject, name, what) ?? ofKind(name, `${subject} ${what}.`);
  }
  if (error.startsWith('S3.NoSuchKey')) return ofKind('TaskCrashed', `${subject} ended without leaving a report.`);
  return ofKind(nameOfService(error), `${subject} could not be carried out: ${error}: ${lambdaMessage(cause)}`);
}

/** The services' own errors, after the state machine's retries. */
function nameOfService(error: string): ErrorName {
  if (/^DynamoDB\./i.test(error)) return 'RecordsFailed';
  if (/^S3\./i.test(error)) return 'StorageFailed';
  if (/^(Lambda|Sandbox)\./.test(error)) return 'AwsUnavailable';
  return 'InternalError';
}

function ofKind(error: ErrorName, message: string): NamedFailure {
  return { error, message, retryable: errorKinds[error].retryable };
}
