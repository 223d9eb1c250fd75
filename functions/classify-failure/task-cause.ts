/** What ECS says of a task that failed. Source: Step Functions Developer Guide, "Manage Amazon ECS or Fargate tasks". */
import { z } from 'zod';
import type { ErrorName } from '../../core/errors.ts';
import { errorNameOfExitCode } from '../../core/errors.ts';

/** The task object that Step Functions writes, as text, into the Cause of States.TaskFailed. Times are milliseconds since 1970. */
const text = z.string().optional().catch(undefined);
const time = z.union([z.number(), z.iso.datetime({ offset: true }).transform((iso) => Date.parse(iso))]).optional().catch(undefined);
const containerSchema = z.object({ ExitCode: z.number().int().optional().catch(undefined), Reason: text });
const taskSchema = z.object({
  StopCode: text,
  StoppedReason: text,
  StartedAt: time,
  CreatedAt: time,
  Containers: z.array(containerSchema.catch({})).default([]).catch([]),
});
export type StoppedTask = z.infer<typeof taskSchema>;

/** Undefined when the text is no task object. A member of another type than documented is left out, not the whole. */
export function parseStoppedTask(cause: string): StoppedTask | undefined {
  const value = parseJson(cause);
  if (typeof value !== 'object' || value === null || !('Containers' in value || 'StopCode' in value)) return undefined;
  return taskSchema.safeParse(value).data;
}

/** When the task began, in milliseconds since 1970; undefined where the text does not say. */
export function beganAt(cause: string): number | undefined {
  const task = parseStoppedTask(cause);
  return task?.CreatedAt ?? task?.StartedAt;
}

export interface StopReason {
  readonly name: ErrorName;
  readonly what: string;
}

/**
 * The failure as far as ECS knows it; the task's own report says more, where it tells of one.
 * @param succeeded whether there is a report, of success: what came after it has failed, giving the target back say
 */
export function nameStoppedTask(task: StoppedTask, succeeded = false): StopReason {
  const [container] = task.Containers;
  const exitCode = container?.ExitCode;
  const reason = [container?.Reason, task.StoppedReason].filter((text) => text !== undefined && text !== '').join('; ');
  const because = reason === '' ? '' : `: ${reason}`;
  const left = succeeded ? 'after its work was done (its log says why)' : 'and left no report';
  if (exitCode === undefined) {
    return task.StopCode === 'TaskFailedToStart' || task.StartedAt === undefined
      ? { name: 'TaskFailedToStart', what: `did not start${because}` }
      : { name: 'TaskInterrupted', what: `was stopped (${task.StopCode ?? 'no stop code'})${because}` };
  }
  const known = errorNameOfExitCode(exitCode);
  if (known !== undefined) return { name: known, what: `ended with exit code ${exitCode} ${left}${because}` };
  // 128 and the signal's number: 9 is what the kernel sends when memory has run out, 15 is how a task is told to stop.
  if (exitCode === 137) return { name: 'TaskCrashed', what: `was killed (exit code 137: out of memory, or stopped by force)${because}` };
  if (exitCode === 143) return { name: 'TaskInterrupted', what: `was told to stop (exit code 143)${because}` };
  return { name: 'TaskCrashed', what: `ended with exit code ${exitCode} ${left}${because}` };
}

/** What a Lambda function's error object, the Cause of its failure, says; the text itself when it is none. */
export function lambdaMessage(cause: string): string {
  const value = parseJson(cause);
  if (typeof value === 'object' && value !== null && 'errorMessage' in value && typeof value.errorMessage === 'string') return value.errorMessage;
  return cause;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
