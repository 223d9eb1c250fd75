import { applyInputPath, applyOutputPath, applyParameters, applyResultPath, applyResultSelector } from '../language/data-flow.ts';
import type { ParallelState, StateGraph } from '../language/definition.ts';
import type { Json } from '../language/json.ts';
import { attemptOf, runBranches } from './branches.ts';
import { withErrorHandling } from './error-handling.ts';
import { runGraph } from './graph.ts';
import type { StateResult } from './run.ts';
import { retryContextOf, type Visit } from './visit.ts';

/** Source: Amazon States Language, "Parallel State". */
export function runParallel(visit: Visit, state: ParallelState): Promise<StateResult> {
  const { history } = visit.run;
  return withErrorHandling(visit, state, work, () => history.follow(visit.scope, 'ParallelStateFailed'));

  async function work(retryCount: number): Promise<Json> {
    const context = retryContextOf(visit, retryCount);
    const input = applyParameters(state, applyInputPath(state, visit.input, context), context);
    const { attempt, fresh } = attemptOf(visit, retryCount, state.Branches.length);
    if (fresh) history.follow(visit.scope, 'ParallelStateStarted');
    const result = await runBranches(visit, {
      count: state.Branches.length,
      concurrency: state.Branches.length,
      attempt,
      run: (index, scope) => runGraph(visit.run, branchOf(state, index), scope, input, visit.map),
    });
    history.append('ParallelStateSucceeded', undefined, visit.scope.last, visit.scope.path);
    const output = applyResultPath(state, visit.input, applyResultSelector(state, result, context));
    return applyOutputPath(state, output, context);
  }
}

function branchOf(state: ParallelState, index: number): StateGraph {
  const branch = state.Branches[index];
  if (branch === undefined) throw new Error(`There is no branch ${index}.`);
  return branch;
}
