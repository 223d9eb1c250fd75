import type { Scope } from '../history.ts';
import type { Json } from '../language/json.ts';
import { Interrupt, linkedController } from './run.ts';
import { failureOf, type Visit } from './visit.ts';

export interface Branches {
  readonly count: number;
  /** At most so many at once. */
  readonly concurrency: number;
  /** Which start of the Parallel or Map this is, from 0; a part of the branches' scopes. */
  readonly attempt: number;
  readonly run: (index: number, scope: Scope) => Promise<Json>;
  readonly started?: (index: number, scope: Scope) => void;
  readonly ended?: (index: number, scope: Scope, outcome: 'Succeeded' | 'Failed' | 'Aborted') => void;
}

/**
 * Runs the branches of a Parallel or the iterations of an inline Map; the first failure interrupts the others.
 * Moves the visit's scope on to the last event of the branch that ended last.
 * @returns the outputs in the order of the branches
 */
export async function runBranches(visit: Visit, branches: Branches): Promise<Json> {
  const { controller, release } = linkedController(visit.scope.signal);
  const outputs: Json[] = new Array<Json>(branches.count).fill(null);
  let failure: Error | undefined;
  let following = 0;
  try {
    const workers = Math.min(branches.concurrency, branches.count);
    await Promise.all(Array.from({ length: workers }, worker));
  } finally {
    release();
  }
  if (failure !== undefined) throw failure;
  return outputs;

  async function worker(): Promise<void> {
    while (following < branches.count && failure === undefined) {
      const index = following;
      following += 1;
      await runBranch(index);
    }
  }

  async function runBranch(index: number): Promise<void> {
    const scope: Scope = {
      path: `${visit.scope.path}/${visit.enteredId}.${branches.attempt}:${index}`,
      last: visit.scope.last,
      current: undefined,
      signal: controller.signal,
    };
    try {
      branches.started?.(index, scope);
      outputs[index] = await branches.run(index, scope);
      branches.ended?.(index, scope, 'Succeeded');
      visit.scope.last = scope.last;
    } catch (thrown) {
      endUnsuccessfully(index, scope, thrown);
    }
  }

  function endUnsuccessfully(index: number, scope: Scope, thrown: unknown): void {
    if (thrown instanceof Interrupt) {
      if (thrown.kind === 'SiblingFailed') branches.ended?.(index, scope, 'Aborted');
      failure ??= thrown;
      return;
    }
    // One branch has failed; those that fail after it are reported like those that it interrupts.
    branches.ended?.(index, scope, failure === undefined ? 'Failed' : 'Aborted');
    if (scope.current === 'Task') visit.run.history.append('TaskStateAborted', undefined, scope.last, scope.path);
    if (failure !== undefined) return;
    failure = failureOf(visit, thrown);
    visit.scope.last = scope.last;
    controller.abort(new Interrupt('SiblingFailed'));
  }
}

/** Whether all branches of the start of a Parallel or Map that a redrive finds have succeeded. */
export function allBranchesDone(visit: Visit, attempt: number, count: number): boolean {
  const { resumption } = visit.run;
  for (let index = 0; index < count; index += 1) {
    if (resumption?.position(`${visit.scope.path}/${visit.enteredId}.${attempt}:${index}`)?.kind !== 'done') return false;
  }
  return true;
}

/**
 * The start that a (re)entered Parallel or inline Map belongs to. A redrive goes on in the last one, with the branches
 * that succeeded left as they are; only after States.DataLimitExceeded of the whole it runs all of them again.
 * @returns `fresh` when the start is to be recorded
 */
export function attemptOf(visit: Visit, retryCount: number, count: number): { attempt: number; fresh: boolean } {
  const earlier = visit.resumed ? (visit.run.resumption?.attempts(visit.scope.path) ?? 0) : 0;
  if (earlier === 0) return { attempt: retryCount, fresh: true };
  const tooLarge = visit.run.resumption?.error === 'States.DataLimitExceeded' && allBranchesDone(visit, earlier - 1, count);
  const first = tooLarge ? earlier : earlier - 1;
  return { attempt: first + retryCount, fresh: tooLarge || retryCount > 0 };
}
