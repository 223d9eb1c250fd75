/** Retry and Catch of a state. Limits: AWS Step Functions Developer Guide, "Handling errors in Step Functions workflows". */
import { checkFields, integer, listOf, nullable, number, oneOf, requireFields, resultPath, text, type FieldCheck } from './field-checks.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import type { Place } from './place.ts';

const most = 99_999_999;

export const retriers: FieldCheck = handlers(
  {
    Comment: text,
    ErrorEquals: listOf(text),
    IntervalSeconds: integer(1, most),
    MaxAttempts: integer(0, most),
    BackoffRate: number(1, Infinity),
    MaxDelaySeconds: integer(1, 31_622_400),
    JitterStrategy: oneOf('FULL', 'NONE'),
  },
  ['ErrorEquals'],
  checkLongestDelay,
);

export const catchers: FieldCheck = handlers(
  { Comment: text, ErrorEquals: listOf(text), Next: text, ResultPath: nullable(resultPath) },
  ['ErrorEquals', 'Next'],
);

function handlers(
  checks: Readonly<Record<string, FieldCheck>>,
  required: readonly string[],
  further?: (handler: JsonObject, place: Place) => void,
): FieldCheck {
  return (value, place) => {
    if (!Array.isArray(value)) {
      place.refuse('must be a list');
      return;
    }
    value.forEach((handler, index) => {
      if (!isJsonObject(handler)) {
        place.item(index).refuse('must be an object');
        return;
      }
      checkFields(handler, checks, place.item(index));
      requireFields(handler, required, place.item(index));
      checkWildcard(handler['ErrorEquals'], index === value.length - 1, place.item(index).field('ErrorEquals'));
      further?.(handler, place.item(index));
    });
  };
}

function checkWildcard(errors: Json | undefined, isLast: boolean, place: Place): void {
  if (!Array.isArray(errors) || !errors.includes('States.ALL')) return;
  if (errors.length > 1) place.refuse('must hold States.ALL alone');
  if (!isLast) place.refuse('may hold States.ALL only in the last entry');
}

function checkLongestDelay(retrier: JsonObject, place: Place): void {
  const { IntervalSeconds: interval = 1, MaxDelaySeconds: longest = Infinity } = retrier;
  if (typeof interval === 'number' && typeof longest === 'number' && longest <= interval) {
    place.field('MaxDelaySeconds').refuse('must be greater than IntervalSeconds');
  }
}
