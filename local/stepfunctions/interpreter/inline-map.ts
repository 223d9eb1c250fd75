import { applyInputPath, applyOutputPath, applyResultPath, applyResultSelector } from '../language/data-flow.ts';
import type { MapState } from '../language/definition.ts';
import { StatesError } from '../language/errors.ts';
import type { Json, JsonObject } from '../language/json.ts';
import { readPath } from '../language/path.ts';
import { renderTemplate } from '../language/template.ts';
import type { Scope } from '../history.ts';
import { attemptOf, runBranches } from './branches.ts';
import { withErrorHandling } from './error-handling.ts';
import { runGraph } from './graph.ts';
import { integerField } from './numbers.ts';
import type { StateResult } from './run.ts';
import { retryContextOf, type Visit } from './visit.ts';

/** AWS's limit of an inline Map. Source: Developer Guide, state-map-inline. */
const inlineConcurrency = 40;

/** Source: Amazon States Language, "Map State". */
export function runInlineMap(visit: Visit, state: MapState): Promise<StateResult> {
  const { history } = visit.run;
  let inside = false;
  return withErrorHandling(visit, state, work, () => {
    if (inside) history.follow(visit.scope, 'MapStateFailed');
  });

  async function work(retryCount: number): Promise<Json> {
    const context = retryContextOf(visit, retryCount);
    const effective = applyInputPath(state, visit.input, context);
    const items = itemsOf(state, effective, context);
    const limit = integerField(state, 'MaxConcurrency', effective, context) ?? 0;
    const { attempt, fresh } = attemptOf(visit, retryCount, items.length);
    if (fresh) history.follow(visit.scope, 'MapStateStarted', { length: items.length });
    inside = true;
    const result = await runBranches(visit, {
      count: items.length,
      concurrency: limit === 0 ? inlineConcurrency : limit,
      attempt,
      run: (index, scope) => iterate(index, scope, items[index] as Json, effective, context),
      started: (index, scope) => {
        if (visit.resumed && visit.run.resumption?.position(scope.path) !== undefined) return;
        history.follow(scope, 'MapIterationStarted', { name: visit.name, index });
      },
      ended: (index, scope, outcome) => {
        if (outcome === 'Succeeded' && isDone(scope)) return;
        history.append(`MapIteration${outcome}`, { name: visit.name, index }, scope.last, visit.scope.path);
      },
    });
    history.append('MapStateSucceeded', undefined, visit.scope.last, visit.scope.path);
    const output = applyResultPath(state, visit.input, applyResultSelector(state, result, context));
    return applyOutputPath(state, output, context);
  }

  function iterate(index: number, scope: Scope, value: Json, effective: Json, context: JsonObject): Promise<Json> {
    const map: JsonObject = { Item: { Index: index, Value: value } };
    const selector = state.ItemSelector ?? state.Parameters;
    const input = selector === undefined ? value : renderTemplate(selector, effective, { ...context, Map: map });
    return runGraph(visit.run, state.ItemProcessor, scope, input, map);
  }

  /** The iteration had succeeded before the redrive. */
  function isDone(scope: Scope): boolean {
    return scope.current === undefined && visit.run.resumption?.position(scope.path)?.kind === 'done';
  }
}

/** The array that a Map goes over, by ItemsPath. @throws StatesError States.Runtime */
export function itemsOf(state: MapState, effective: Json, context: Json): Json[] {
  const path = state.ItemsPath ?? '$';
  const items = readPath(path, effective, context);
  if (Array.isArray(items)) return items;
  throw new StatesError('States.Runtime', `Reference path "${path}" must point to array.`);
}
