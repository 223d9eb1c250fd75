import type { TaskIntegration } from '../integrations/types.ts';
import { StatesError } from '../language/errors.ts';
import type { Json, JsonObject } from '../language/json.ts';
import { Interrupt, checkPayload, linkedController } from './run.ts';
import type { TaskEvents } from './task-events.ts';
import type { Visit } from './visit.ts';

export interface Attempt {
  readonly integration: TaskIntegration;
  readonly events: TaskEvents;
  readonly parameters: Json;
  readonly token: string | undefined;
  readonly timeoutSeconds: number | undefined;
  readonly heartbeatSeconds: number | undefined;
}

/**
 * One try of a Task. Its call is made only after the history says so on disk; its signal is aborted by timeouts, a
 * stopped execution and a failed sibling, and the state does not wait for the call to notice.
 * @throws StatesError, Interrupt
 */
export async function runAttempt(visit: Visit, attempt: Attempt): Promise<Json> {
  const { events } = attempt;
  events.scheduled(attempt.parameters, {
    ...(attempt.timeoutSeconds === undefined ? {} : { timeoutInSeconds: attempt.timeoutSeconds }),
    ...(attempt.heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: attempt.heartbeatSeconds }),
  });
  events.started();
  try {
    await visit.run.history.committed();
    const result = await callWithTimeouts(visit, attempt);
    const output = JSON.stringify(result);
    checkPayload(output, events.producer);
    events.succeeded(output);
    return result;
  } catch (thrown) {
    if (thrown instanceof Interrupt) throw thrown;
    const failure = taskFailure(thrown);
    if (thrown instanceof Timeout) events.timedOut(failure);
    else events.failed(failure);
    throw failure;
  }
}

/** Marks a timeout of ours, which a StatesError of that name from a service is not. */
class Timeout extends StatesError {
  constructor() {
    super('States.Timeout', '');
  }
}

/**
 * AWS's recorded histories call a missed heartbeat States.Timeout; the name of its own is, as the Developer Guide says,
 * "only available inside the Catch and Retry fields" (concepts-error-handling).
 */
class HeartbeatTimeout extends Timeout {
  override get names(): readonly string[] {
    return ['States.HeartbeatTimeout', this.error];
  }
}

/** What SendTaskFailure reported. Of what it left out, a Catch is given null, as AWS's recorded answers show. */
class ReportedFailure extends StatesError {
  readonly #missing: JsonObject;

  constructor(error: string | undefined, cause: string | undefined) {
    super(error ?? '', cause ?? '');
    this.#missing = { ...(error === undefined ? { Error: null } : {}), ...(cause === undefined ? { Cause: null } : {}) };
  }

  override output(name: string): JsonObject {
    return { ...super.output(name), ...this.#missing };
  }
}

function taskFailure(thrown: unknown): StatesError {
  if (thrown instanceof StatesError) return thrown;
  return new StatesError('States.TaskFailed', thrown instanceof Error ? thrown.message : String(thrown));
}

async function callWithTimeouts(visit: Visit, attempt: Attempt): Promise<Json> {
  const { clock } = visit.run.engine;
  const { controller, release } = linkedController(visit.scope.signal);
  const { signal } = controller;
  const cancelTimeout = attempt.timeoutSeconds === undefined ? undefined : clock.schedule(attempt.timeoutSeconds * 1000, timeOut);
  try {
    const interrupted = rejectionOf(signal);
    return await Promise.race([interrupted, call(visit, attempt, controller)]);
  } finally {
    cancelTimeout?.();
    release();
  }

  function timeOut(): void {
    controller.abort(new Timeout());
  }
}

function rejectionOf(signal: AbortSignal): Promise<never> {
  const rejection = new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    else {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      }, { once: true });
    }
  });
  rejection.catch(() => undefined);
  return rejection;
}

function call(visit: Visit, attempt: Attempt, controller: AbortController): Promise<Json> {
  const { run, scope, name } = visit;
  const { signal } = controller;
  const task = { signal, executionArn: run.row.arn, stateName: name, roleArn: run.roleArn };
  if (attempt.token === undefined) {
    const submitted = (receipt: Json): void => {
      if (!signal.aborted && !scope.signal.aborted) attempt.events.submitted(receipt);
    };
    return attempt.integration(attempt.parameters, { ...task, submitted });
  }
  return callBack(visit, attempt, attempt.token, controller, () =>
    attempt.integration(attempt.parameters, { ...task, taskToken: attempt.token ?? '' }),
  );
}

/** A `.waitForTaskToken` call: the service's answer is its receipt, the result comes through the token. */
async function callBack(
  visit: Visit,
  attempt: Attempt,
  token: string,
  controller: AbortController,
  submit: () => Promise<Json>,
): Promise<Json> {
  const { clock, tokens } = visit.run.engine;
  const { signal } = controller;
  let cancelHeartbeat = expectHeartbeat();
  const result = Promise.withResolvers<Json>();
  result.promise.catch(() => undefined);
  const forget = tokens.wait(token, {
    succeed: result.resolve,
    fail: (error, cause) => {
      result.reject(new ReportedFailure(error, cause));
    },
    heartbeat: () => {
      cancelHeartbeat();
      cancelHeartbeat = expectHeartbeat();
    },
  });
  signal.addEventListener('abort', end, { once: true });
  try {
    const receipt = await submit();
    // After a timeout or stop the state has moved on; a late receipt is no part of its history.
    signal.throwIfAborted();
    attempt.events.submitted(receipt);
    return await result.promise;
  } finally {
    end();
  }

  function end(): void {
    cancelHeartbeat();
    forget();
  }

  function expectHeartbeat(): () => void {
    if (attempt.heartbeatSeconds === undefined) return () => undefined;
    return clock.schedule(attempt.heartbeatSeconds * 1000, () => {
      controller.abort(new HeartbeatTimeout());
    });
  }
}
