/** The recorded outcomes of an execution's Tasks, answered again in their order: the engine is compared, not the services. */
import type { TaskIntegration } from '../../local/stepfunctions/integrations/types.ts';
import { StatesError } from '../../local/stepfunctions/language/errors.ts';
import type { Json, JsonObject } from '../../local/stepfunctions/language/json.ts';

export interface RecordedEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  readonly [details: string]: Json;
}

export interface Callbacks {
  succeed(token: string, output: Json): void;
  fail(token: string, error: string, cause: string): void;
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
    setImmediate(() => {
      callBack(token, outcome.end, callbacks);
    });
    return outcome.receipt;
  };
}

function outcomeOf(history: readonly RecordedEvent[], scheduled: RecordedEvent): Outcome {
  let [last, receipt] = [scheduled, undefined as Json | undefined];
  for (;;) {
    const next = history.find((event) => event.previousEventId === last.id && /^(Task|LambdaFunction)(Started|Submitted|Succeeded|Failed|TimedOut)$/.test(event.type));
    if (next === undefined) return { receipt, end: undefined };
    if (/Succeeded$|Failed$|TimedOut$/.test(next.type)) return { receipt, end: next };
    if (next.type === 'TaskSubmitted') receipt = valueOf(detailsOf(next)['output']);
    last = next;
  }
}

async function ended(outcome: Outcome): Promise<Json> {
  const { end } = outcome;
  if (end === undefined || end.type.endsWith('TimedOut')) return new Promise<Json>(() => undefined);
  const details = detailsOf(end);
  if (end.type.endsWith('Succeeded')) return valueOf(details['output']);
  await Promise.resolve();
  throw new StatesError(textOf(details['error']), textOf(details['cause']));
}

function callBack(token: string, end: RecordedEvent | undefined, callbacks: Callbacks): void {
  if (end === undefined) return;
  const details = detailsOf(end);
  if (end.type === 'TaskSucceeded') callbacks.succeed(token, valueOf(details['output']));
  if (end.type === 'TaskFailed') callbacks.fail(token, textOf(details['error']), textOf(details['cause']));
}

function detailsOf(event: RecordedEvent): JsonObject {
  const key = Object.keys(event).find((name) => name.endsWith('EventDetails'));
  return key === undefined ? {} : (event[key] as JsonObject);
}

/** Objects and lists in JSON strings were parsed by the recorder, scalars were left as JSON text. */
function valueOf(recorded: Json | undefined): Json {
  return typeof recorded === 'string' ? (JSON.parse(recorded) as Json) : (recorded ?? null);
}

function textOf(recorded: Json | undefined): string {
  return typeof recorded === 'string' ? recorded : recorded === undefined ? '' : JSON.stringify(recorded);
}
