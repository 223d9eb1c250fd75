/** The rules of a Choice state. */
import { boolean, checkFields, listOf, number, path, text, timestamp, type FieldCheck, type FieldChecks } from './field-checks.ts';
import { isJsonObject, type Json } from './json.ts';
import type { Place } from './place.ts';

export const choices: FieldCheck = listOf((value, place) => {
  checkRule(value, place, { Next: text });
  if (isJsonObject(value) && !Object.hasOwn(value, 'Next')) place.field('Next').refuse('is missing');
});

const nestedRule: FieldCheck = (value, place) => {
  checkRule(value, place, {});
};

const combinations: FieldChecks = { And: listOf(nestedRule), Or: listOf(nestedRule), Not: nestedRule };

const operators: FieldChecks = {
  BooleanEquals: boolean,
  BooleanEqualsPath: path,
  StringMatches: text,
  IsPresent: boolean,
  IsNull: boolean,
  IsString: boolean,
  IsNumeric: boolean,
  IsBoolean: boolean,
  IsTimestamp: boolean,
  ...orderOperators('String', text),
  ...orderOperators('Numeric', number(-Infinity, Infinity)),
  ...orderOperators('Timestamp', timestamp),
};

function orderOperators(type: string, operand: FieldCheck): FieldChecks {
  const orders = ['Equals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'];
  return Object.fromEntries(
    orders.flatMap((order): [string, FieldCheck][] => [
      [`${type}${order}`, operand],
      [`${type}${order}Path`, path],
    ]),
  );
}

function checkRule(rule: Json, place: Place, ofItsLevel: FieldChecks): void {
  if (!isJsonObject(rule)) {
    place.refuse('must be an object');
    return;
  }
  const known = { Comment: text, Variable: path, ...combinations, ...operators, ...ofItsLevel };
  checkFields(rule, known, place);
  const fields = Object.keys(rule);
  if (!fields.every((name) => Object.hasOwn(known, name))) return;
  const combined = fields.filter((name) => Object.hasOwn(combinations, name));
  const compared = fields.filter((name) => Object.hasOwn(operators, name));
  if (combined.length + compared.length !== 1) place.refuse('needs exactly one operator (a comparison, And, Or or Not)');
  if (compared.length > 0 && !Object.hasOwn(rule, 'Variable')) place.field('Variable').refuse('is missing');
  if (combined.length > 0 && Object.hasOwn(rule, 'Variable')) place.field('Variable').refuse('does not go with And, Or or Not');
}
