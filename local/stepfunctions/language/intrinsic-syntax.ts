/** Invocations of intrinsic functions. Source: Amazon States Language specification, "Intrinsic Functions". */
import { parseJson, type Json } from './json.ts';
import { parsePath } from './path-syntax.ts';
import { LanguageSyntaxError, Scanner } from './scanner.ts';

export interface Invocation {
  readonly name: string;
  readonly arguments: readonly Argument[];
}

export type Argument =
  | { readonly kind: 'literal'; readonly value: Json }
  /** `escaped` is what stands between the quotes; States.Format tells `{}` from `\{\}` in it. */
  | { readonly kind: 'string'; readonly value: string; readonly escaped: string }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'invocation'; readonly invocation: Invocation };

/** The fewest and the most arguments of each function. */
const argumentCounts: Readonly<Record<string, readonly [least: number, most: number]>> = {
  'States.Array': [0, Infinity],
  'States.ArrayPartition': [2, 2],
  'States.ArrayContains': [2, 2],
  'States.ArrayRange': [3, 3],
  'States.ArrayGetItem': [2, 2],
  'States.ArrayLength': [1, 1],
  'States.ArrayUnique': [1, 1],
  'States.Base64Encode': [1, 1],
  'States.Base64Decode': [1, 1],
  'States.Hash': [2, 2],
  'States.JsonMerge': [3, 3],
  'States.StringToJson': [1, 1],
  'States.JsonToString': [1, 1],
  'States.MathRandom': [2, 3],
  'States.MathAdd': [2, 2],
  'States.StringSplit': [2, 2],
  'States.UUID': [0, 0],
  'States.Format': [1, Infinity],
};

/** Source: AWS Step Functions Developer Guide, "Intrinsic functions". */
const deepestNesting = 10;

/** @throws LanguageSyntaxError */
export function parseIntrinsic(expression: string): Invocation {
  const scanner = new Scanner(expression);
  scanner.skipSpaces();
  const invocation = scanInvocation(scanner, 1);
  scanner.skipSpaces();
  if (!scanner.done) scanner.fail('unexpected text after the closing parenthesis');
  return invocation;
}

function scanInvocation(scanner: Scanner, depth: number): Invocation {
  const name = scanner.takePattern(/States\.\w+/y) ?? scanner.fail('expected an intrinsic function (`States.…`)');
  const counts = Object.hasOwn(argumentCounts, name) ? argumentCounts[name] : undefined;
  if (counts === undefined) throw new LanguageSyntaxError(`there is no intrinsic function \`${name}\``);
  if (depth > deepestNesting) throw new LanguageSyntaxError(`more than ${deepestNesting} functions are nested`);
  scanner.skipSpaces();
  scanner.expect('(');
  const given = scanArguments(scanner, depth);
  if (given.length < counts[0] || given.length > counts[1]) {
    throw new LanguageSyntaxError(`\`${name}\` does not take ${given.length} arguments`);
  }
  return { name, arguments: given };
}

function scanArguments(scanner: Scanner, depth: number): Argument[] {
  const given: Argument[] = [];
  scanner.skipSpaces();
  if (scanner.take(')')) return given;
  do {
    scanner.skipSpaces();
    given.push(scanArgument(scanner, depth));
    scanner.skipSpaces();
  } while (scanner.take(','));
  scanner.expect(')');
  return given;
}

function scanArgument(scanner: Scanner, depth: number): Argument {
  if (scanner.take("'")) return scanString(scanner);
  if (scanner.sees('$')) return { kind: 'path', path: scanArgumentPath(scanner) };
  if (scanner.sees('States.')) return { kind: 'invocation', invocation: scanInvocation(scanner, depth + 1) };
  const literal = scanner.takePattern(/true\b|false\b|null\b|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
  if (literal === undefined) return scanner.fail("expected a path, a 'string', a number, true, false, null or a function");
  return { kind: 'literal', value: parseJson(literal) };
}

function scanString(scanner: Scanner): Argument {
  const escaped = scanner.takePattern(/(?:[^'\\]|\\['{}\\])*/y) ?? '';
  if (scanner.sees('\\')) scanner.fail("only \\', \\{, \\} and \\\\ may be escaped");
  scanner.expect("'");
  return { kind: 'string', value: escaped.replaceAll(/\\(.)/g, '$1'), escaped };
}

/** A path ends at the comma or parenthesis that no bracket, parenthesis or quote of its own encloses. */
function scanArgumentPath(scanner: Scanner): string {
  const start = scanner.position;
  let open = 0;
  while (!scanner.done && (open > 0 || !(scanner.sees(',') || scanner.sees(')')))) {
    if (open > 0 && scanner.takeQuoted() !== undefined) continue;
    if (scanner.sees('[') || scanner.sees('(')) open += 1;
    if (scanner.sees(']') || scanner.sees(')')) open -= 1;
    scanner.position += 1;
  }
  const path = scanner.text.slice(start, scanner.position).trim();
  parsePath(path);
  return path;
}
