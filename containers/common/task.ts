/**
 * The life of a task, the same for all stages: read the environment, do the work, write `report.json` whatever happened,
 * and answer with the exit code of what happened. Nothing of a run but its AWS clients stays in the process.
 */
import type { Report, reportSchema } from '../../core/contracts.ts';
import { readEnvironment } from '../../core/environment.ts';
import { FerryError } from '../../core/errors.ts';
import { reportKey } from '../../core/names.ts';
import type { SlotsTable } from '../../core/slots.ts';
import type { z } from 'zod';
import { awsClients } from './aws-clients.ts';
import { Stopwatch } from './stopwatch.ts';
import { Storage } from './storage.ts';
import { taskEnvironmentSchema } from './task-environment.ts';
import type { Environment, Task } from './task-environment.ts';

export interface TaskContext {
  readonly task: Task;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  readonly storage: Storage;
  readonly slots: SlotsTable;
  readonly stopwatch: Stopwatch;
  readonly log: (message: string) => void;
}

export type TaskResult = NonNullable<z.infer<typeof reportSchema>['result']>;

export interface TaskOutcome {
  /** Undefined when an earlier run of the same attempt has reported already. */
  readonly result?: TaskResult | undefined;
  /** What is safe only once the report is stored. When it fails, the report of success stays. */
  readonly afterReport?: () => Promise<void>;
  /** Lets go of what the stage still holds, whatever came of the report. */
  readonly close?: () => Promise<void>;
}

export type Stages = Partial<Record<Task['stage'], (context: TaskContext) => Promise<TaskOutcome>>>;

/** A report written while the task is told to stop has this long; the container is killed some time after. */
const reportMilliseconds = 5_000;

/** @returns the exit code: 0, or that of the error in the report */
export async function runTask(environment: Environment, signal: AbortSignal, stages: Stages): Promise<number> {
  const startedAt = new Date();
  let parsed;
  try {
    parsed = readEnvironment(taskEnvironmentSchema, environment);
  } catch (error) {
    // Without its environment a task does not know where to report.
    return logged({}, FerryError.from(error)).exitCode;
  }
  const task: Task = {
    stage: parsed.STAGE,
    migration: parsed.MIGRATION,
    database: parsed.DATABASE,
    attempt: parsed.ATTEMPT,
    branch: parsed.BRANCH,
  };
  const clients = awsClients(environment);
  const context: TaskContext = {
    task,
    environment,
    signal,
    storage: new Storage(clients.s3, parsed.BUCKET_NAME),
    slots: { client: clients.dynamodb, tableName: parsed.TABLE_NAME, migration: task.migration },
    stopwatch: new Stopwatch(),
    log: (message) => {
      console.log(JSON.stringify({ time: new Date().toISOString(), ...task, message }));
    },
  };
  return runReported(context, stages, startedAt);
}

async function runReported(context: TaskContext, stages: Stages, startedAt: Date): Promise<number> {
  let outcome: TaskOutcome | undefined;
  try {
    outcome = await runStage(context, stages);
    if (outcome.result !== undefined) await writeReport(context, startedAt, { result: outcome.result });
    await outcome.afterReport?.();
    return 0;
  } catch (error) {
    const failure = logged(context.task, failureOf(error, context));
    const reported = { name: failure.name, message: failure.message, retryable: failure.retryable };
    if (!(error instanceof AfterReportError)) {
      await writeReport(context, startedAt, { error: reported }).catch((unwritten: unknown) => logged(context.task, FerryError.from(unwritten)));
    }
    return failure.exitCode;
  } finally {
    await outcome?.close?.();
  }
}

/** What failed after the report of success was stored: it must not replace that report. */
class AfterReportError extends Error {}

async function runStage(context: TaskContext, stages: Stages): Promise<TaskOutcome> {
  context.signal.throwIfAborted();
  const stage = stages[context.task.stage];
  if (stage === undefined) throw new FerryError('InvalidInput', `This program has no stage ${context.task.stage}.`);
  const outcome = await stage(context);
  const { afterReport } = outcome;
  if (afterReport === undefined) return outcome;
  return {
    ...outcome,
    afterReport: () =>
      afterReport().catch((error: unknown) => {
        throw new AfterReportError(undefined, { cause: error });
      }),
  };
}

function failureOf(error: unknown, { signal, task }: TaskContext): FerryError {
  const thrown = error instanceof AfterReportError ? error.cause : error;
  if (!signal.aborted) return FerryError.from(thrown);
  return new FerryError('TaskInterrupted', `The ${task.stage} of \`${task.database}\` was told to stop, and has cleaned up.`);
}

function logged(task: Partial<Task>, failure: FerryError): FerryError {
  const unexpected = failure.name === 'InternalError' ? { stack: failure.cause instanceof Error ? failure.cause.stack : failure.stack } : {};
  console.error(JSON.stringify({ time: new Date().toISOString(), ...task, error: failure.name, message: failure.message, ...unexpected }));
  return failure;
}

async function writeReport(context: TaskContext, startedAt: Date, content: Pick<Report, 'error' | 'result'>): Promise<void> {
  const { task, storage, stopwatch } = context;
  const report: Report = {
    stage: task.stage,
    database: task.database,
    attempt: task.attempt,
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    milliseconds: stopwatch.read(),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    ...content,
  };
  const key = reportKey(task.migration, task.database, task.attempt, task.stage);
  await storage.putJson(key, report, AbortSignal.timeout(reportMilliseconds));
}
