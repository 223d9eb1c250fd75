/** Choice rules, compiled once per state. Source: Amazon States Language specification, "Choice State". */
import { comparisons, typeTests } from './choice-operators.ts';
import type { ChoiceCondition, ChoiceState, VariableTest } from './definition.ts';
import { StatesError } from './errors.ts';
import type { Json } from './json.ts';
import { findPath } from './path.ts';

/**
 * The name of the next state: the first rule that holds, else Default.
 * @throws StatesError States.NoChoiceMatched; States.Runtime when a rule compares a path that finds nothing
 */
export function evaluateChoice(state: ChoiceState, input: Json, context: Json): string {
  const rule = rulesOf(state).find(({ holds }) => holds(input, context));
  const next = rule?.next ?? state.Default;
  if (next !== undefined) return next;
  throw new StatesError('States.NoChoiceMatched', 'Failed to transition out of the state. The state does not point to a next state.');
}

type Test = (input: Json, context: Json) => boolean;

interface CompiledRule {
  readonly holds: Test;
  readonly next: string;
}

const compiledRules = new WeakMap<ChoiceState, readonly CompiledRule[]>();

function rulesOf(state: ChoiceState): readonly CompiledRule[] {
  const known = compiledRules.get(state);
  if (known !== undefined) return known;
  const rules = state.Choices.map((rule) => ({ holds: compileCondition(rule), next: rule.Next }));
  compiledRules.set(state, rules);
  return rules;
}

function compileCondition(condition: ChoiceCondition): Test {
  if ('And' in condition) return everyOf(condition.And.map(compileCondition));
  if ('Or' in condition) return someOf(condition.Or.map(compileCondition));
  if ('Not' in condition) return not(compileCondition(condition.Not));
  return compileComparison(condition);
}

function everyOf(tests: readonly Test[]): Test {
  return (input, context) => tests.every((test) => test(input, context));
}

function someOf(tests: readonly Test[]): Test {
  return (input, context) => tests.some((test) => test(input, context));
}

function not(test: Test): Test {
  return (input, context) => !test(input, context);
}

function compileComparison(test: VariableTest): Test {
  const { Variable: variable, ...operators } = test;
  for (const [operator, operand] of Object.entries(operators)) {
    if (operator === 'IsPresent') return (input, context) => (findPath(variable, input, context) !== undefined) === operand;
    const isOfType = typeTests[operator];
    if (isOfType !== undefined) return (input, context) => isOfType(valueAt(variable, input, context)) === operand;
    const compare = comparisons[operator.replace(/Path$/, '')];
    if (compare === undefined) continue;
    if (!operator.endsWith('Path')) return (input, context) => compare(valueAt(variable, input, context), operand);
    const path = String(operand);
    return (input, context) => compare(valueAt(variable, input, context), valueAt(path, input, context));
  }
  throw new StatesError('States.Runtime', `A choice rule over '${variable}' has no comparison.`);
}

function valueAt(path: string, input: Json, context: Json): Json {
  const value = findPath(path, input, context);
  if (value !== undefined) return value;
  throw new StatesError('States.Runtime', `Invalid path '${path}': The choice state's condition path references an invalid value.`);
}
