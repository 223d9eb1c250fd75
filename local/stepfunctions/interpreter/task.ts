import type { TaskIntegration } from '../integrations/types.ts';
import { applyInputPath, applyOutputPath, applyParameters, applyResultPath, applyResultSelector } from '../language/data-flow.ts';
import type { TaskState } from '../language/definition.ts';
import { StatesError } from '../language/errors.ts';
import type { Json, JsonObject } from '../language/json.ts';
import { runAttempt } from './attempt.ts';
import { withErrorHandling } from './error-handling.ts';
import { integerField } from './numbers.ts';
import type { StateResult } from './run.ts';
import { taskEvents } from './task-events.ts';
import { retryContextOf, type Visit } from './visit.ts';

/** Source: Amazon States Language, "Task State". A redrive starts it again with its counters and timeouts at 0. */
export function runTask(visit: Visit, state: TaskState): Promise<StateResult> {
  return withErrorHandling(visit, state, (retryCount) => tryOnce(visit, state, retryCount));
}

async function tryOnce(visit: Visit, state: TaskState, retryCount: number): Promise<Json> {
  const { engine } = visit.run;
  const token = state.Resource.endsWith('.waitForTaskToken') ? engine.tokens.create(visit.run.row.state_machine_arn) : undefined;
  const context = retryContextOf(visit, retryCount, token === undefined ? {} : { Task: { Token: token } });
  const effective = applyInputPath(state, visit.input, context);
  const parameters = applyParameters(state, effective, context);
  const timeoutSeconds = positive('TimeoutSeconds', integerField(state, 'TimeoutSeconds', effective, context));
  const heartbeatSeconds = positive('HeartbeatSeconds', integerField(state, 'HeartbeatSeconds', effective, context));
  const result = await runAttempt(visit, {
    integration: integrationOf(visit, state.Resource),
    events: taskEvents(visit, state.Resource),
    parameters,
    token,
    timeoutSeconds,
    heartbeatSeconds,
  });
  return outputOf(visit, state, result, context);
}

function outputOf(visit: Visit, state: TaskState, result: Json, context: JsonObject): Json {
  const output = applyResultPath(state, visit.input, applyResultSelector(state, result, context));
  return applyOutputPath(state, output, context);
}

function positive(field: string, seconds: number | undefined): number | undefined {
  if (seconds !== 0) return seconds;
  throw new StatesError('States.Runtime', `${field} must be a positive integer.`);
}

function integrationOf(visit: Visit, resource: string): TaskIntegration {
  const integration = visit.run.engine.integrations(resource);
  if (integration === undefined) throw new StatesError('States.Runtime', `The resource ${resource} is not implemented by the local runtime.`);
  return integration;
}
