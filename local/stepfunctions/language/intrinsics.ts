/** The 18 intrinsic functions over a state's input; expressions are parsed once and kept by their text. */
import { StatesError } from './errors.ts';
import { intrinsicFunctions, IntrinsicProblem } from './intrinsic-functions.ts';
import { formatText } from './intrinsic-format.ts';
import { parseIntrinsic, type Argument, type Invocation } from './intrinsic-syntax.ts';
import type { Json } from './json.ts';
import { findPath } from './path.ts';
import { LanguageSyntaxError } from './scanner.ts';

/**
 * The value of an expression such as `States.Format('{}', $.name)`.
 * Source: AWS Step Functions Developer Guide, "Intrinsic functions for JSONPath states".
 * @throws StatesError States.IntrinsicFailure when a function refuses its arguments, States.Runtime when a path finds nothing
 */
export function evaluateIntrinsic(expression: string, input: Json, context: Json): Json {
  return invoke(compiled(expression), { expression, input, context });
}

interface Scope {
  readonly expression: string;
  readonly input: Json;
  readonly context: Json;
}

const invocations = new Map<string, Invocation>();

function compiled(expression: string): Invocation {
  const known = invocations.get(expression);
  if (known !== undefined) return known;
  try {
    const invocation = parseIntrinsic(expression);
    invocations.set(expression, invocation);
    return invocation;
  } catch (error) {
    if (!(error instanceof LanguageSyntaxError)) throw error;
    throw new StatesError('States.Runtime', `Invalid intrinsic function '${expression}': ${error.message}`);
  }
}

function invoke(invocation: Invocation, scope: Scope): Json {
  const values = invocation.arguments.map((argument) => evaluateArgument(argument, scope));
  try {
    if (invocation.name === 'States.Format') return formatText(templateOf(invocation.arguments[0], values[0]), values.slice(1));
    const apply = intrinsicFunctions[invocation.name];
    if (apply === undefined) throw new IntrinsicProblem('there is no such function');
    return apply(values);
  } catch (error) {
    if (!(error instanceof IntrinsicProblem)) throw error;
    throw new StatesError('States.IntrinsicFailure', `The function '${scope.expression}' had the following error: ${error.message}`);
  }
}

function evaluateArgument(argument: Argument, scope: Scope): Json {
  if (argument.kind === 'invocation') return invoke(argument.invocation, scope);
  if (argument.kind !== 'path') return argument.value;
  const value = findPath(argument.path, scope.input, scope.context);
  if (value !== undefined) return value;
  throw new StatesError(
    'States.Runtime',
    `The function '${scope.expression}' had the following error: The JsonPath argument for the field '${argument.path}' could not be found in the input`,
  );
}

function templateOf(argument: Argument | undefined, value: Json | undefined): string {
  if (argument?.kind === 'string') return argument.escaped;
  if (typeof value !== 'string') throw new IntrinsicProblem('States.Format needs a string as its first argument');
  return value;
}
