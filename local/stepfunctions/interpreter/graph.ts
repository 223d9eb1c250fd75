import type { Scope } from '../history.ts';
import type { State, StateGraph } from '../language/definition.ts';
import type { Json, JsonObject } from '../language/json.ts';
import { runInlineMap } from './inline-map.ts';
import { runParallel } from './parallel.ts';
import { Interrupt, checkPayload, type Run, type StateResult } from './run.ts';
import { runChoice, runFail, runPass, runSucceed, runWait } from './simple-states.ts';
import { runTask } from './task.ts';
import { runDistributedMap } from '../map-run/distributed-map.ts';
import { failureOf, type Visit } from './visit.ts';

/**
 * Runs the states of an execution, a branch or an iteration to their end, from StartAt or from where a redrive finds it.
 * @returns the output of the last state
 * @throws StatesError, Interrupt
 */
export async function runGraph(run: Run, graph: StateGraph, scope: Scope, input: Json, map?: JsonObject): Promise<Json> {
  const position = run.resumption?.position(scope.path);
  if (position?.kind === 'done') return position.output;
  let name = position?.state ?? graph.StartAt;
  let data = position?.input ?? input;
  let entered = position?.entered;
  for (;;) {
    const state = graph.States[name];
    if (state === undefined) throw new Error(`There is no state '${name}'.`);
    const result = await visitState({ run, scope, name, state, input: data, entered, map });
    if (result.next === null) return result.output;
    name = result.next;
    data = result.output;
    entered = undefined;
  }
}

interface Arrival {
  readonly run: Run;
  readonly scope: Scope;
  readonly name: string;
  readonly state: State;
  readonly input: Json;
  readonly entered: { readonly id: number; readonly at: number } | undefined;
  readonly map: JsonObject | undefined;
}

async function visitState(arrival: Arrival): Promise<StateResult> {
  const { run, scope, name, state } = arrival;
  if (scope.signal.aborted) throw scope.signal.reason;
  scope.current = state.Type;
  const visit = enter(arrival);
  try {
    const result = await runState(visit, state);
    const output = JSON.stringify(result.output);
    checkPayload(output, name);
    if (state.Type !== 'Fail') run.history.follow(scope, `${state.Type}StateExited`, { name, output }, result.next);
    return result;
  } catch (thrown) {
    if (thrown instanceof Interrupt && thrown.kind === 'SiblingFailed' && abortable.has(state.Type)) {
      run.history.append(`${state.Type}StateAborted`, undefined, scope.last, scope.path);
    }
    throw failureOf(visit, thrown);
  }
}

const abortable = new Set(['Task', 'Wait', 'Parallel', 'Map']);

function enter(arrival: Arrival): Visit {
  const { run, scope, name, state, input, map } = arrival;
  // A redrive goes on in the state that was entered; only Fail is entered again. Source: Developer Guide, redrive-executions.
  if (arrival.entered !== undefined && state.Type !== 'Fail') {
    return { run, scope, name, input, enteredId: arrival.entered.id, enteredAt: arrival.entered.at, resumed: true, map };
  }
  const enteredAt = run.engine.clock.now();
  const enteredId = run.history.follow(scope, `${state.Type}StateEntered`, { name, input: JSON.stringify(input) });
  return { run, scope, name, input, enteredId, enteredAt, resumed: false, map };
}

function runState(visit: Visit, state: State): StateResult | Promise<StateResult> {
  switch (state.Type) {
    case 'Pass':
      return runPass(visit, state);
    case 'Choice':
      return runChoice(visit, state);
    case 'Succeed':
      return runSucceed(visit, state);
    case 'Fail':
      return runFail(visit, state);
    case 'Wait':
      return runWait(visit, state);
    case 'Task':
      return runTask(visit, state);
    case 'Parallel':
      return runParallel(visit, state);
    case 'Map':
      return state.ItemProcessor.ProcessorConfig?.Mode === 'DISTRIBUTED' ? runDistributedMap(visit, state) : runInlineMap(visit, state);
  }
}
