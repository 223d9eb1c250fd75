/** What a task tells of its stage: the beginning, a sign of life each minute, and how it ended, with its metrics. */
import { EventLog, serviceVariable } from '../../core/event-log.ts';
import type { FerryError } from '../../core/errors.ts';
import type { MetricValues } from '../../core/events.ts';
import type { Environment, Task } from './task-environment.ts';
import type { TaskContext, TaskResult } from './task.ts';

type StageFields = 'migration' | 'database' | 'attempt' | 'stage' | 'executionArn';
export type StageLog = EventLog<StageFields>;

/** Of a task whose environment may not be readable yet: then the name of the stack is taken as far as it goes. */
export function taskLog({ POWERTOOLS_SERVICE_NAME: service }: Environment): EventLog {
  return EventLog.of(serviceVariable.POWERTOOLS_SERVICE_NAME.safeParse(service).data ?? 'aurora-ferry');
}

export function stageLog(log: EventLog, { branch: executionArn, ...task }: Task): StageLog {
  return log.with({ ...task, executionArn });
}

/** Bytes of SQL that a stage has moved, counted while it moves them: a large database shows in the metrics before its end. */
export class MovedBytes {
  #reported = 0;
  /** Bytes so far; set by a stage that moves any. */
  count: () => number = () => 0;

  /** Those since the last time. */
  take(): number {
    const moved = this.count();
    const fresh = Math.max(0, moved - this.#reported);
    this.#reported = Math.max(moved, this.#reported);
    return fresh;
  }
}

export type StageContext = Pick<TaskContext, 'task' | 'log' | 'moved' | 'stopwatch'>;

const progressMilliseconds = 60_000;
type Repeat = (callback: () => void, milliseconds: number) => () => void;

/** @returns ends it */
export function logProgress(context: StageContext, elapsedSeconds: () => number, repeat: Repeat = repeatUnref): () => void {
  const { task, log, moved } = context;
  return repeat(() => {
    log.write('StageProgress', `The ${task.stage} is at work.`, { seconds: elapsedSeconds() }, movedMetrics(task, moved.take()));
  }, progressMilliseconds);
}

export function logSuccess({ task, log, moved, stopwatch }: StageContext, seconds: number, result: TaskResult | undefined): void {
  const message = `The ${task.stage} has succeeded.`;
  // An earlier run of the same attempt has been counted already.
  if (result === undefined) log.write('StageSucceeded', message, { seconds });
  else {
    const { tables, rows, sqlBytes, dumpBytes } = result;
    const slotWaitSeconds = (stopwatch.read()['slot'] ?? 0) / 1_000;
    const measured = { ...resultMetrics(task, result, seconds, slotWaitSeconds), ...movedMetrics(task, moved.take()) };
    const waited = task.stage === 'dump' ? { slotWaitSeconds } : {};
    log.write('StageSucceeded', message, { seconds, ...waited, tables, rows, sqlBytes, dumpBytes }, measured);
  }
}

export function logFailure({ task, log, moved }: StageContext, seconds: number, failure: FerryError): void {
  log.write('StageFailed', failure.message, { ...failureFields(failure), seconds }, movedMetrics(task, moved.take()));
}

export function failureFields(failure: FerryError) {
  const thrown = failure.cause instanceof Error ? failure.cause : failure;
  return { error: failure.name, exitCode: failure.exitCode, stack: failure.name === 'InternalError' ? thrown.stack : undefined };
}

function resultMetrics({ stage }: Task, { rows, dumpBytes }: TaskResult, seconds: number, slotWaitSeconds: number): MetricValues {
  switch (stage) {
    case 'dump':
      return { DumpSeconds: Math.max(0, seconds - slotWaitSeconds), SourceSlotWaitSeconds: slotWaitSeconds, DumpedRows: rows, DumpStoredBytes: dumpBytes };
    case 'import':
      return { ImportSeconds: seconds, ImportedRows: rows };
    case 'verify':
      return { VerifySeconds: seconds, Verifications: 1 };
  }
}

function movedMetrics({ stage }: Task, bytes: number): MetricValues {
  if (stage === 'verify') return {};
  return stage === 'dump' ? { DumpedSqlBytes: bytes } : { ImportedSqlBytes: bytes };
}

/** Does not keep the process alive. */
function repeatUnref(callback: () => void, milliseconds: number): () => void {
  const timer = setInterval(callback, milliseconds).unref();
  return () => {
    clearInterval(timer);
  };
}
