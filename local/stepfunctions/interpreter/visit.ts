import type { Scope } from '../history.ts';
import { StatesError } from '../language/errors.ts';
import type { Json, JsonObject } from '../language/json.ts';
import { Interrupt, type Run } from './run.ts';

/** One stay in a state. */
export interface Visit {
  readonly run: Run;
  readonly scope: Scope;
  readonly name: string;
  /** The state's raw input. */
  readonly input: Json;
  /** Id and time (ms) of the entered event. */
  readonly enteredId: number;
  readonly enteredAt: number;
  /** The state was entered before a redrive, and not left. */
  readonly resumed: boolean;
  /** `$$.Map`, within an iteration of an inline Map. */
  readonly map: JsonObject | undefined;
}

/** The context object. Source: Developer Guide, "Accessing execution data from the Context object". */
export function contextOf(visit: Visit, additions: JsonObject = {}): JsonObject {
  return {
    ...visit.run.context,
    State: { Name: visit.name, EnteredTime: new Date(visit.enteredAt).toISOString() },
    ...(visit.map === undefined ? {} : { Map: visit.map }),
    ...additions,
  };
}

/** The context of a state that can be retried. */
export function retryContextOf(visit: Visit, retryCount: number, additions: JsonObject = {}): JsonObject {
  const state = { Name: visit.name, EnteredTime: new Date(visit.enteredAt).toISOString(), RetryCount: retryCount };
  return contextOf(visit, { State: state, ...additions });
}

/** Errors of the interpreter itself: AWS's cause then begins with the state that was executed. */
const located = new Set([
  'States.Runtime',
  'States.NoChoiceMatched',
  'States.ParameterPathFailure',
  'States.ResultPathMatchFailure',
  'States.IntrinsicFailure',
]);
const locatedPrefix = 'An error occurred while executing the state ';

/** What was thrown as a StatesError; interrupts pass through. */
export function failureOf(visit: Visit, thrown: unknown): StatesError {
  if (thrown instanceof Interrupt) throw thrown;
  if (!(thrown instanceof StatesError)) {
    const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return locate(visit, new StatesError('States.Runtime', `Defect of the local runtime: ${message}`));
  }
  return locate(visit, thrown);
}

function locate(visit: Visit, failure: StatesError): StatesError {
  if (!located.has(failure.error) || failure.cause.startsWith(locatedPrefix)) return failure;
  const where = `${locatedPrefix}'${visit.name}' (entered at the event id #${visit.enteredId}).`;
  return new StatesError(failure.error, `${where} ${failure.cause}`);
}

/** `{error, cause}` of a failed event; AWS leaves out an empty cause. */
export function failureDetails(failure: { readonly error: string; readonly cause: string }): JsonObject {
  return {
    ...(failure.error === '' ? {} : { error: failure.error }),
    ...(failure.cause === '' ? {} : { cause: failure.cause }),
  };
}
