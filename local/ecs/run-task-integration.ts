/**
 * The Task resources `ecs:runTask`, `ecs:runTask.sync` and `ecs:runTask.waitForTaskToken`.
 * Source: AWS Step Functions Developer Guide, "Run Amazon ECS or Fargate tasks with Step Functions"; the shapes of
 * results and causes as AWS's own service returns them: one task object, in PascalCase.
 */
import { AwsError } from '../endpoint/aws-error.ts';
import type { TaskContext, TaskIntegration } from '../stepfunctions/integrations/types.ts';
import { StatesError } from '../stepfunctions/language/errors.ts';
import { isJsonObject, numberOf, type Json, type JsonObject } from '../stepfunctions/language/json.ts';
import type { EcsService } from './ecs-service.ts';
import { describeTask, type LocalTask } from './task.ts';

/** @throws AwsError AccessDeniedException when the state machine's role may not do it */
export type EcsAuthorizer = (operation: 'RunTask' | 'DescribeTasks' | 'StopTask', request: JsonObject) => void;

/** Waits for the task; a task that does not end with exit code 0 is States.TaskFailed with the task object as cause. */
export function ecsRunTaskSync(service: EcsService, authorize: EcsAuthorizer = () => undefined): TaskIntegration {
  return async (parameters, task) => {
    const started = startTask({ service, authorize }, parameters, task);
    task.submitted?.({ Tasks: [describe(started)], Failures: [] });
    const named = { cluster: started.clusterArn, task: started.arn, tasks: [started.arn] };
    const stop = (): void => {
      if (isAllowed(() => { authorize('StopTask', named); })) service.stopTask(started.arn, 'Task stopped by AWS Step Functions');
    };
    task.signal.addEventListener('abort', stop, { once: true });
    await service.untilStopped(started);
    task.signal.removeEventListener('abort', stop);
    task.signal.throwIfAborted();
    // Events can be lost: Step Functions looks at the task too.
    asStatesError(() => { authorize('DescribeTasks', named); });
    const result = describe(started);
    if (started.stopCode === 'EssentialContainerExited' && started.exitCode === 0) return result;
    throw new StatesError('States.TaskFailed', JSON.stringify(result));
  };
}

/** Request and response: the result is RunTask's own response. */
export function ecsRunTask(service: EcsService, authorize: EcsAuthorizer = () => undefined): TaskIntegration {
  return (parameters, task) => Promise.resolve({ Tasks: [describe(startTask({ service, authorize }, parameters, task))], Failures: [] });
}

/** As `ecsRunTask`; the task answers by its token, is not stopped with the execution, and may live on after its answer. */
export function ecsRunTaskForToken(service: EcsService, authorize: EcsAuthorizer = () => undefined): TaskIntegration {
  return (parameters, task) => Promise.resolve({ Tasks: [describe(startTask({ service, authorize, livesOn: true }, parameters, task))], Failures: [] });
}

interface Ecs {
  readonly service: EcsService;
  readonly authorize: EcsAuthorizer;
  readonly livesOn?: boolean;
}

/** @throws StatesError ECS.<code>, as Step Functions prefixes the service's errors */
function startTask({ service, authorize, livesOn = false }: Ecs, parameters: Json, task: TaskContext): LocalTask {
  task.signal.throwIfAborted();
  return asStatesError(() => {
    const given = withFirstLetter(parameters, 'lower');
    const request = { ...(isJsonObject(given) ? given : {}), startedBy: 'AWS Step Functions', count: 1 };
    authorize('RunTask', request);
    const [started] = service.runTask(request, task.executionArn, livesOn);
    if (started === undefined) throw new StatesError('AmazonECS.Unknown', 'RunTask started no task.');
    return started;
  });
}

function isAllowed(authorize: () => void): boolean {
  try {
    authorize();
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}

function asStatesError<Result>(call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new StatesError(`ECS.${error.code}`, `${error.message} (Service: AmazonECS; Status Code: ${error.status}; Error Code: ${error.code})`);
  }
}

function describe(task: LocalTask): Json {
  return withFirstLetter(describeTask(task), 'upper');
}

/** The same value with the names of its members, at any depth, starting with an upper- or lower-case letter. */
function withFirstLetter(value: Json, letterCase: 'upper' | 'lower'): Json {
  if (Array.isArray(value)) return value.map((member) => withFirstLetter(member, letterCase));
  if (!isJsonObject(value)) return numberOf(value) ?? value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [recased(name, letterCase), withFirstLetter(member, letterCase)]));
}

function recased(name: string, letterCase: 'upper' | 'lower'): string {
  const first = name.charAt(0);
  return (letterCase === 'upper' ? first.toUpperCase() : first.toLowerCase()) + name.slice(1);
}
