import { sleep } from '../clock.ts';
import { applyResultPath } from '../language/data-flow.ts';
import type { Catcher, Retrier } from '../language/definition.ts';
import type { StatesError } from '../language/errors.ts';
import type { Json } from '../language/json.ts';
import { matchCatcher, matchRetrier } from '../language/retry.ts';
import { checkPayload, type StateResult } from './run.ts';
import { failureOf, type Visit } from './visit.ts';

interface Handling {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Next?: string;
}

/**
 * Does the work of a Task, Parallel or Map with its Retry and Catch. Counters begin at 0 on every visit and every redrive.
 * @param work answers the state's output; told how many retries were made
 * @param failed is told of the failure that no retrier took
 */
export async function withErrorHandling(
  visit: Visit,
  state: Handling,
  work: (retryCount: number) => Promise<Json>,
  failed: (failure: StatesError) => void = () => undefined,
): Promise<StateResult> {
  const counters: number[] = state.Retry?.map(() => 0) ?? [];
  for (let retryCount = 0; ; retryCount += 1) {
    try {
      const output = await work(retryCount);
      checkPayload(JSON.stringify(output), visit.name);
      return { output, next: state.Next ?? null };
    } catch (thrown) {
      const failure = failureOf(visit, thrown);
      const retry = matchRetrier(state.Retry, failure.names, counters, visit.run.engine.random);
      if (retry === undefined) {
        failed(failure);
        return handled(visit, state, failure);
      }
      counters[retry.retrier] = (counters[retry.retrier] ?? 0) + 1;
      await visit.run.history.committed();
      await sleep(visit.run.engine.clock, retry.delaySeconds * 1000, visit.scope.signal);
    }
  }
}

function handled(visit: Visit, state: Handling, failure: StatesError): StateResult {
  const caught = matchCatcher(state.Catch, failure.names);
  if (caught === undefined) throw failure;
  const output = applyResultPath(caught.catcher, visit.input, failure.output(caught.name));
  return { output, next: caught.catcher.Next };
}
