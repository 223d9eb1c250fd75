/**
 * The life of a task, the same for all stages: read the environment, do the work, write `report.json` whatever happened,
 * and answer with the exit code of what happened. Nothing of a run but its AWS clients stays in the process.
 */
import type { Report, reportSchema } from '../../core/contracts.ts';
import { readEnvironment } from '../../core/environment.ts';
import { FerryError } from '../../core/errors.ts';
import type { EventLog } from '../../core/event-log.ts';
import { reportKey } from '../../core/names.ts';
import type { SlotsTable } from '../../core/slots.ts';
import type { z } from 'zod';
import { awsClients } from './aws-clients.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { areAtWork } from './sessions-at-work.ts';
import { failureFields, logFailure, logProgress, logSuccess, MovedBytes, stageLog } from './stage-log.ts';
import type { StageLog } from './stage-log.ts';
import { Activity, watchForStalls } from './stall-watch.ts';
import { Stopwatch } from './stopwatch.ts';
import { Storage } from './storage.ts';
import { taskEnvironmentSchema } from './task-environment.ts';
import type { Environment, Task } from './task-environment.ts';

/** What a program's `run` is called with. */
export interface TaskCall {
  readonly environment: Environment;
  readonly signal: AbortSignal;
  readonly log: EventLog;
  readonly clock?: Clock;
}

export interface TaskContext {
  readonly task: Task;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  readonly storage: Storage;
  readonly slots: SlotsTable;
  readonly stopwatch: Stopwatch;
  readonly moved: MovedBytes;
  readonly activity: Activity;
  readonly log: StageLog;
}

export type TaskResult = NonNullable<z.infer<typeof reportSchema>['result']>;

export interface TaskOutcome {
  /** Undefined when an earlier run of the same attempt has reported already. */
  readonly result?: TaskResult | undefined;
  /** What is safe only once the report is stored. When it fails, the report of success stays. */
  readonly afterReport?: () => Promise<void>;
  /** What outlives the stage: done after its success was reported and counted. */
  readonly keep?: () => Promise<void>;
  /** Lets go of what the stage still holds, whatever came of the report. */
  readonly close?: () => Promise<void>;
  /** Where the task has gone on with another stage since: when this one ended. */
  readonly endedAt?: Date;
}

type Stage = (context: TaskContext) => Promise<TaskOutcome>;
export type Stages = Partial<Record<Task['stage'], Stage>>;

/** A report written while the task is told to stop has this long; the container is killed some time after. */
const reportMilliseconds = 5_000;

/** @returns the exit code: 0, or that of the error in the report */
export async function runTask({ environment, signal, log, clock = systemClock }: TaskCall, stages: Stages): Promise<number> {
  const startedAt = new Date();
  let parsed;
  try {
    parsed = readEnvironment(taskEnvironmentSchema, environment);
  } catch (error) {
    // Without its environment a task does not know where to report.
    const failure = FerryError.from(error);
    log.write('StageFailed', failure.message, failureFields(failure));
    return failure.exitCode;
  }
  const task: Task = {
    stage: parsed.STAGE,
    migration: parsed.MIGRATION,
    database: parsed.DATABASE,
    attempt: parsed.ATTEMPT,
    branch: parsed.BRANCH,
  };
  const clients = awsClients(environment);
  const stalled = new AbortController();
  const context: TaskContext = {
    task,
    environment,
    signal: AbortSignal.any([signal, stalled.signal]),
    storage: new Storage(clients.s3, parsed.BUCKET_NAME),
    slots: { client: clients.dynamodb, tableName: parsed.TABLE_NAME, migration: task.migration },
    stopwatch: new Stopwatch(),
    moved: new MovedBytes(),
    activity: new Activity(),
    log: stageLog(log, task),
  };
  const { moved, activity } = context;
  const endWatch = watchForStalls({ task, moved, activity, minutes: parsed.STALL_MINUTES, clock, isAtWork: areAtWork }, (failure) => {
    stalled.abort(failure);
  });
  return runReported(context, stages, startedAt, endWatch);
}

/** @param onEnd called when the stage has ended, whatever it still keeps */
async function runReported(context: TaskContext, stages: Stages, startedAt: Date, onEnd: () => void): Promise<number> {
  const { task, log } = context;
  let outcome: TaskOutcome | undefined;
  const elapsedSeconds = (): number => secondsBetween(startedAt, outcome?.endedAt ?? new Date());
  log.write('StageStarted', `The ${task.stage} begins.`, {});
  const endLog = logProgress(context, elapsedSeconds);
  const endProgress = (): void => {
    endLog();
    onEnd();
  };
  try {
    outcome = await runStage(context, stages);
    if (outcome.result !== undefined) await writeReport(context, startedAt, { result: outcome.result }, outcome.endedAt);
    await outcome.afterReport?.();
    logSuccess(context, elapsedSeconds(), outcome.result);
    endProgress();
    await outcome.keep?.();
    return 0;
  } catch (error) {
    const failure = failureOf(error, context);
    logFailure(context, elapsedSeconds(), failure);
    const { name, message, retryable, resumeAt } = failure;
    const reported = { name, message, retryable, ...(resumeAt === undefined ? {} : { resumeAt }) };
    if (!(error instanceof AfterReportError)) {
      await writeReport(context, startedAt, { error: reported }).catch((unwritten: unknown) => {
        const { name: cause, message } = FerryError.from(unwritten);
        log.write('ReportNotWritten', message, { error: cause });
      });
    }
    return failure.exitCode;
  } finally {
    endProgress();
    await outcome?.close?.();
  }
}

/**
 * Does another stage in the task of this one, and reports its success as its own task would. A failure is no failure of this
 * stage, and is not reported: it is left to a task of that stage to meet it again and name it, and to be retried.
 * @returns undefined when it failed, or the task was told to stop
 */
export async function runStageWithin(context: TaskContext, stage: Task['stage'], work: Stage): Promise<TaskOutcome | undefined> {
  const startedAt = new Date();
  const inner: TaskContext = {
    ...context,
    task: { ...context.task, stage },
    stopwatch: new Stopwatch(),
    moved: new MovedBytes(),
    log: context.log.with({ stage }),
  };
  inner.log.write('StageStarted', `The ${stage} begins, in the task of the ${context.task.stage}.`, {});
  let outcome: TaskOutcome | undefined;
  try {
    outcome = await work(inner);
    if (outcome.result !== undefined) await writeReport(inner, startedAt, { result: outcome.result });
    logSuccess(inner, secondsBetween(startedAt, new Date()), outcome.result);
    return outcome;
  } catch (error) {
    await outcome?.close?.();
    const failure = failureOf(error, inner);
    inner.log.write('StageWarning', `The ${stage} in the task of the ${context.task.stage} failed, and gets a task of its own: ${failure.name}: ${failure.message}`, {});
    return undefined;
  }
}

function secondsBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1_000;
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
  if (signal.reason instanceof FerryError) return signal.reason;
  return new FerryError('TaskInterrupted', `The ${task.stage} of \`${task.database}\` was told to stop, and has cleaned up.`);
}

async function writeReport(context: TaskContext, startedAt: Date, content: Pick<Report, 'error' | 'result'>, endedAt = new Date()): Promise<void> {
  const { task, storage, stopwatch } = context;
  const report: Report = {
    stage: task.stage,
    database: task.database,
    attempt: task.attempt,
    startedAt: startedAt.toISOString(),
    finishedAt: endedAt.toISOString(),
    milliseconds: stopwatch.read(),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    ...content,
  };
  const key = reportKey(task.migration, task.database, task.attempt, task.stage);
  await storage.putJson(key, report, AbortSignal.timeout(reportMilliseconds));
}
