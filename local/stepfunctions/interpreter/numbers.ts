import { StatesError } from '../language/errors.ts';
import { numberOf, type Json } from '../language/json.ts';
import { readPath } from '../language/path.ts';

/**
 * A field that is given as a number or, in `<field>Path`, as the path of one; undefined when the state has neither.
 * @throws StatesError States.Runtime when what the path finds is no such number
 */
export function integerField(state: object, field: string, input: Json, context: Json): number | undefined {
  const value = signedIntegerField(state, field, input, context);
  if (value === undefined || value >= 0) return value;
  throw new StatesError('States.Runtime', `${field} cannot be negative.`);
}

/** As `integerField`, for what reports a negative number by a name of its own. */
export function signedIntegerField(state: object, field: string, input: Json, context: Json): number | undefined {
  const value = numberField(state, field, input, context);
  if (value === undefined || Number.isInteger(value)) return value;
  throw notAnInteger(`${field}Path`, value, pathOf(state, field));
}

/** As `integerField`, for ToleratedFailurePercentage. */
export function percentageField(state: object, field: string, input: Json, context: Json): number | undefined {
  const value = numberField(state, field, input, context);
  if (value === undefined || (value >= 0 && value <= 100)) return value;
  throw new StatesError('States.Runtime', `${field} must be between 0 and 100.`);
}

function numberField(state: object, field: string, input: Json, context: Json): number | undefined {
  const path = pathOf(state, field);
  if (path === undefined) return (state as Record<string, number | undefined>)[field];
  const value = readPath(path, input, context);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : numberOf(value);
  if (number !== undefined && !Number.isNaN(number)) return number;
  throw notAnInteger(`${field}Path`, value, path);
}

function pathOf(state: object, field: string): string | undefined {
  return (state as Record<string, string | undefined>)[`${field}Path`];
}

function notAnInteger(field: string, value: Json, path: string | undefined): StatesError {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return new StatesError('States.Runtime', `The ${field} field refers to value "${text}" which is not a valid integer: ${path ?? ''}`);
}
