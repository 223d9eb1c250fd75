/** The conditions within `[?(...)]` of a path: Jayway's JsonPath README, "Filter Operators". */
import type { Json } from './json.ts';
import { scanPath, type PathSyntax } from './path-syntax.ts';
import type { Scanner } from './scanner.ts';

export type Condition =
  | { readonly kind: 'or' | 'and'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'exists'; readonly path: PathSyntax }
  | { readonly kind: 'matches'; readonly left: Operand; readonly pattern: RegExp }
  | { readonly kind: 'compares'; readonly operator: FilterOperator; readonly left: Operand; readonly right: Operand };

export type Operand =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'path'; readonly path: PathSyntax };

const operators = ['==', '!=', '<=', '>=', '<', '>', 'in', 'nin', 'contains', 'size', 'empty'] as const;
export type FilterOperator = (typeof operators)[number];

/** @throws LanguageSyntaxError */
export function parseCondition(scanner: Scanner): Condition {
  return scanJoined(scanner, '||', 'or', () => scanJoined(scanner, '&&', 'and', () => scanTerm(scanner)));
}

function scanJoined(scanner: Scanner, token: string, kind: 'or' | 'and', scanPart: () => Condition): Condition {
  const first = scanPart();
  const parts = [first];
  scanner.skipSpaces();
  while (scanner.take(token)) {
    parts.push(scanPart());
    scanner.skipSpaces();
  }
  return parts.length === 1 ? first : { kind, parts };
}

function scanTerm(scanner: Scanner): Condition {
  scanner.skipSpaces();
  if (scanner.take('!')) return { kind: 'not', part: scanTerm(scanner) };
  if (!scanner.take('(')) return scanComparison(scanner);
  const inner = parseCondition(scanner);
  scanner.skipSpaces();
  scanner.expect(')');
  return inner;
}

function scanComparison(scanner: Scanner): Condition {
  const left = scanOperand(scanner);
  scanner.skipSpaces();
  if (scanner.take('=~')) return { kind: 'matches', left, pattern: scanPattern(scanner) };
  const operator = scanOperator(scanner);
  if (operator !== undefined) return { kind: 'compares', operator, left, right: scanOperand(scanner) };
  if (left.kind === 'literal') return scanner.fail('a filter needs a path or a comparison');
  return { kind: 'exists', path: left.path };
}

function scanOperator(scanner: Scanner): FilterOperator | undefined {
  const written = scanner.takePattern(/[=!<>~]+|[a-z]+/y);
  if (written === undefined) return undefined;
  return operators.find((known) => known === written) ?? scanner.fail(`the filter operator \`${written}\` is not implemented`);
}

function scanPattern(scanner: Scanner): RegExp {
  scanner.skipSpaces();
  const source = scanner.takePattern(/\/(?:[^/\\]|\\.)+\//y);
  if (source === undefined) return scanner.fail('expected /a regular expression/');
  const flags = scanner.takePattern(/[a-z]+/y) ?? '';
  try {
    // Java's matches(), which Jayway calls, wants the whole text.
    return new RegExp(`^(?:${source.slice(1, -1)})$`, flags);
  } catch (error) {
    return scanner.fail(error instanceof Error ? error.message : String(error));
  }
}

function scanOperand(scanner: Scanner): Operand {
  scanner.skipSpaces();
  if (scanner.sees('@') || scanner.sees('$')) return { kind: 'path', path: scanPath(scanner, true) };
  return { kind: 'literal', value: scanLiteral(scanner) };
}

const words: Readonly<Record<string, Json>> = { true: true, false: false, null: null };

function scanLiteral(scanner: Scanner): Json {
  const quoted = scanner.takeQuoted();
  if (quoted !== undefined) return quoted;
  const number = scanner.takePattern(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
  if (number !== undefined) return Number(number);
  const word = scanner.takePattern(/true|false|null/y);
  if (word !== undefined) return words[word] ?? null;
  return scanner.take('[') ? scanArray(scanner) : scanner.fail('expected a path, a number, a string, true, false, null or a list');
}

function scanArray(scanner: Scanner): Json[] {
  const list: Json[] = [];
  scanner.skipSpaces();
  if (scanner.take(']')) return list;
  do {
    scanner.skipSpaces();
    list.push(scanLiteral(scanner));
    scanner.skipSpaces();
  } while (scanner.take(','));
  scanner.expect(']');
  return list;
}
