/**
 * EventBridge event patterns: exact values, prefix, suffix, equals-ignore-case, wildcard, anything-but, exists, numeric,
 * `$or`. Source: Amazon EventBridge User Guide, "Comparison operators for use in event patterns".
 */
import { FerryError } from '../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../stepfunctions/language/json.ts';

export type EventMatcher = (event: JsonObject) => boolean;
type ValueMatcher = (value: Json | undefined) => boolean;

/** @throws FerryError UnsupportedDefinition for a comparison that is not implemented */
export function compilePattern(pattern: JsonObject, rule: string): EventMatcher {
  const fields = Object.entries(pattern).map(([name, condition]) => compileField(name, condition, rule));
  return (event) => fields.every((field) => field(event));
}

function compileField(name: string, condition: Json, rule: string): EventMatcher {
  if (name === '$or' && Array.isArray(condition)) {
    const alternatives = condition.map((each) => compilePattern(isJsonObject(each) ? each : {}, rule));
    return (event) => alternatives.some((alternative) => alternative(event));
  }
  if (isJsonObject(condition)) {
    const nested = compilePattern(condition, rule);
    return (event) => {
      const value = event[name];
      return nested(isJsonObject(value) ? value : {});
    };
  }
  if (!Array.isArray(condition)) throw unsupported(rule, name, condition);
  const matchers = condition.map((each) => compileValue(each, rule, name));
  return (event) => {
    const value = event[name];
    // A list in the event matches when any of its members does.
    const values = Array.isArray(value) ? value : [value];
    return matchers.some((matcher) => values.some(matcher));
  };
}

function compileValue(condition: Json, rule: string, field: string): ValueMatcher {
  if (!isJsonObject(condition)) return (value) => value === condition;
  const [[operator, argument] = []] = Object.entries(condition);
  if (operator === undefined || argument === undefined || Object.keys(condition).length !== 1) throw unsupported(rule, field, condition);
  return compileOperator(operator, argument) ?? fail(rule, field, condition);
}

function compileOperator(operator: string, argument: Json): ValueMatcher | undefined {
  switch (operator) {
    case 'exists':
      return (value) => (value !== undefined) === argument;
    case 'prefix':
      return ofText(argument, (text, prefix) => text.startsWith(prefix));
    case 'suffix':
      return ofText(argument, (text, suffix) => text.endsWith(suffix));
    case 'equals-ignore-case':
      return ofText(argument, (text, other) => text.toLowerCase() === other.toLowerCase());
    case 'wildcard': {
      if (typeof argument !== 'string') return undefined;
      const expression = wildcardExpression(argument);
      return (value) => typeof value === 'string' && expression.test(value);
    }
    case 'numeric':
      return numericMatcher(argument);
    case 'anything-but':
      return anythingBut(argument);
    default:
      return undefined;
  }
}

/** `*` is any number of characters; `\*` and `\\` are themselves. */
function wildcardExpression(pattern: string): RegExp {
  const source = pattern.replaceAll(/\\([*\\])|(\*)|([.+?^${}()|[\]\\])/g, (_match, escaped?: string, star?: string, special?: string) => {
    if (star !== undefined) return '[^]*';
    return `\\${escaped ?? special ?? ''}`;
  });
  return new RegExp(`^${source}$`);
}

/** A list of values, one value, or one other comparison; a field that is not there does not match. */
function anythingBut(argument: Json): ValueMatcher | undefined {
  if (isJsonObject(argument)) {
    const [[operator, operand] = []] = Object.entries(argument);
    if (operator === undefined || operand === undefined) return undefined;
    const operands = Array.isArray(operand) ? operand : [operand];
    const matchers = operands.map((each) => compileOperator(operator, each));
    if (matchers.includes(undefined)) return undefined;
    return (value) => value !== undefined && !matchers.some((matcher) => matcher?.(value));
  }
  const excluded = Array.isArray(argument) ? argument : [argument];
  return (value) => value !== undefined && !excluded.includes(value);
}

const comparisons: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '=': (left, right) => left === right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

/** `["=", 5]`, or a range: `[">", 0, "<=", 5]`. */
function numericMatcher(argument: Json): ValueMatcher | undefined {
  if (!Array.isArray(argument) || argument.length === 0 || argument.length % 2 !== 0) return undefined;
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < argument.length; index += 2) {
    const [operator, bound] = [argument[index], argument[index + 1]];
    const compare = typeof operator === 'string' ? comparisons[operator] : undefined;
    if (compare === undefined || typeof bound !== 'number') return undefined;
    tests.push((value) => compare(value, bound));
  }
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function ofText(argument: Json, compare: (value: string, argument: string) => boolean): ValueMatcher | undefined {
  if (typeof argument !== 'string') return undefined;
  return (value) => typeof value === 'string' && compare(value, argument);
}

function fail(rule: string, field: string, condition: Json): never {
  throw unsupported(rule, field, condition);
}

function unsupported(rule: string, field: string, condition: Json): FerryError {
  const message = `The rule ${rule} has a condition on ${field} that the local runtime does not implement: ${JSON.stringify(condition)}.`;
  return new FerryError('UnsupportedDefinition', message);
}
