import { sleep } from '../clock.ts';
import { evaluateChoice } from '../language/choice.ts';
import { applyInputPath, applyOutputPath, applyParameters, applyResultPath } from '../language/data-flow.ts';
import type { ChoiceState, FailState, PassState, SucceedState, WaitState } from '../language/definition.ts';
import { StatesError } from '../language/errors.ts';
import { numberOf, type Json } from '../language/json.ts';
import { renderTemplate } from '../language/template.ts';
import { readPath } from '../language/path.ts';
import type { StateResult } from './run.ts';
import { contextOf, type Visit } from './visit.ts';

export function runPass(visit: Visit, state: PassState): StateResult {
  const context = contextOf(visit);
  const effective = applyParameters(state, applyInputPath(state, visit.input, context), context);
  const output = applyResultPath(state, visit.input, state.Result ?? effective);
  return { output: applyOutputPath(state, output, context), next: state.Next ?? null };
}

export function runChoice(visit: Visit, state: ChoiceState): StateResult {
  const context = contextOf(visit);
  const effective = applyInputPath(state, visit.input, context);
  const next = evaluateChoice(state, effective, context);
  return { output: applyOutputPath(state, effective, context), next };
}

export function runSucceed(visit: Visit, state: SucceedState): StateResult {
  const context = contextOf(visit);
  return { output: applyOutputPath(state, applyInputPath(state, visit.input, context), context), next: null };
}

export function runFail(visit: Visit, state: FailState): never {
  const context = contextOf(visit);
  const error = state.ErrorPath === undefined ? (state.Error ?? '') : textAt(state.ErrorPath, 'ErrorPath');
  const cause = state.CausePath === undefined ? (state.Cause ?? '') : textAt(state.CausePath, 'CausePath');
  throw new StatesError(error, cause);

  function textAt(expression: string, field: string): string {
    const value = expression.startsWith('$')
      ? readPath(expression, visit.input, context)
      : (renderTemplate({ 'value.$': expression }, visit.input, context) as { value: Json }).value;
    if (typeof value === 'string') return value;
    throw new StatesError('States.Runtime', `The ${field} field does not refer to a string: ${expression}`);
  }
}

/** AWS's recorded answers: a wait of 24,855 days begins, one of 24,856 (seconds beyond a signed 32-bit integer) fails. */
const longestWait = (2 ** 31 - 1) * 1000;

export async function runWait(visit: Visit, state: WaitState): Promise<StateResult> {
  const context = contextOf(visit);
  const effective = applyInputPath(state, visit.input, context);
  const { clock } = visit.run.engine;
  // The deadline counts from the entry, also when the state is redriven: what has passed is not waited for again.
  const milliseconds = deadlineOf(state, visit, effective) - clock.now();
  if (milliseconds > longestWait) throw new StatesError('States.Runtime', 'Wait state delay is too long.');
  if (milliseconds > 0) {
    await visit.run.history.committed();
    await sleep(clock, milliseconds, visit.scope.signal);
  }
  return { output: applyOutputPath(state, effective, context), next: state.Next ?? null };
}

function deadlineOf(state: WaitState, visit: Visit, input: Json): number {
  const context = contextOf(visit);
  if (state.Timestamp !== undefined) return Date.parse(state.Timestamp);
  if (state.TimestampPath !== undefined) return timestampAt(state.TimestampPath, readPath(state.TimestampPath, input, context));
  if (state.SecondsPath === undefined) return visit.enteredAt + (state.Seconds ?? 0) * 1000;
  return visit.enteredAt + secondsAt(state.SecondsPath, readPath(state.SecondsPath, input, context)) * 1000;
}

const timestampPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

function timestampAt(path: string, value: Json): number {
  const time = typeof value === 'string' && timestampPattern.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new StatesError(
    'States.Runtime',
    `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${path} == ${JSON.stringify(value)}`,
  );
}

function secondsAt(path: string, value: Json): number {
  const seconds = numberOf(value);
  if (seconds === undefined || !Number.isInteger(seconds)) {
    throw new StatesError('States.Runtime', `The SecondsPath parameter cannot be parsed as a long value: ${path} == ${JSON.stringify(value)}`);
  }
  if (seconds < 0) throw new StatesError('States.Runtime', `The SecondsPath parameter references a negative value: ${path} == ${seconds}`);
  return seconds;
}
