/** The recorded outcomes of an execution's Tasks, answered again in their order: the engine is compared, not the services. */
import type { TaskIntegration } from '../../local/stepfunctions/integrations/types.ts';
import { StatesError } from '../../local/stepfunctions/language/errors.ts';
import { parseJson, type Json, type JsonObject } from '../../local/stepfunctions/language/json.ts';
import { isMask } from './masks.ts';

export interface RecordedEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  readonly [details: string]: Json;
}

export interface Callbacks {
  succeed(token: string, output: Json): Promise<unknown>;
  fail(token: string, error: Json | undefined, cause: Json | undefined): Promise<unknown>;
  /** Lets no time pass until the answer is called. */
  hold(): () => void;
}

interface Outcome {
  readonly receipt: Json | undefined;
  readonly end: RecordedEvent | undefined;
}

/** An integration for any resource that answers what AWS recorded, call after call. */
export function replayed(history: readonly RecordedEvent[], callbacks: Callbacks): TaskIntegration {
  const outcomes = history.filter((event) => /^(Task|LambdaFunction)Scheduled$/.test(event.type)).map((event) => outcomeOf(history, event));
  return async (parameters, task) => {
    const outcome = outcomes.shift();
    // The children of a Map Run were not recorded; their functions returned what they were given.
    if (outcome === undefined) return parameters;
    if (task.taskToken === undefined) return ended(outcome);
    const token = task.taskToken;
    if (outcome.receipt === undefined) return ended(outcome);
    const release = callbacks.hold();
    setImmediate(() => void callBack(token, outcome.end, callbacks).finally(release));
    return outcome.receipt;
  };
}

function outcomeOf(history: readonly RecordedEvent[], scheduled: RecordedEvent): Outcome {
  // Within a Parallel the recorder dropped the ids: the ends are then taken in the order of the starts.
  if (typeof scheduled.id !== 'number') return { receipt: undefined, end: endInOrder(history, scheduled) };
  let [last, receipt] = [scheduled, undefined as Json | undefined];
  for (;;) {
    const next = history.find((event) => event.previousEventId === last.id && /^(Task|LambdaFunction)(Started|Submitted|Succeeded|Failed|TimedOut)$/.test(event.type));
    if (next === undefined) return { receipt, end: undefined };
    if (/Succeeded$|Failed$|TimedOut$/.test(next.type)) return { receipt, end: next };
    if (next.type === 'TaskSubmitted') receipt = valueOf(detailsOf(next)['output']);
    last = next;
  }
}

function endInOrder(history: readonly RecordedEvent[], scheduled: RecordedEvent): RecordedEvent | undefined {
  const withoutId = history.filter((event) => typeof event.id !== 'number');
  const at = withoutId.filter((event) => event.type === scheduled.type).indexOf(scheduled);
  return withoutId.filter((event) => /^(Task|LambdaFunction)(Succeeded|Failed|TimedOut)$/.test(event.type))[at];
}

async function ended(outcome: Outcome): Promise<Json> {
  const { end } = outcome;
  if (end === undefined || end.type.endsWith('TimedOut')) return new Promise<Json>(() => undefined);
  const details = detailsOf(end);
  if (end.type.endsWith('Succeeded')) return valueOf(details['output']);
  await Promise.resolve();
  throw new StatesError(textOf(details['error']), textOf(details['cause']));
}

async function callBack(token: string, end: RecordedEvent | undefined, callbacks: Callbacks): Promise<void> {
  if (end === undefined) return;
  const details = detailsOf(end);
  if (end.type === 'TaskSucceeded') await callbacks.succeed(token, valueOf(details['output']));
  if (end.type === 'TaskFailed') await callbacks.fail(token, details['error'], details['cause']);
}

function detailsOf(event: RecordedEvent): JsonObject {
  const key = Object.keys(event).find((name) => name.endsWith('EventDetails'));
  return key === undefined ? {} : (event[key] as JsonObject);
}

/** Objects and lists in JSON strings were parsed by the recorder, scalars were left as JSON text, but for masks. */
function valueOf(recorded: Json | undefined): Json {
  if (typeof recorded !== 'string') return recorded ?? null;
  return isMask(recorded) ? recorded : parseJson(recorded);
}

function textOf(recorded: Json | undefined): string {
  return typeof recorded === 'string' ? recorded : recorded === undefined ? '' : JSON.stringify(recorded);
}
