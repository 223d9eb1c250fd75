/**
 * JSONPath as AWS Step Functions reads it, which is the dialect of Jayway's JsonPath for Java.
 * Source: https://github.com/json-path/JsonPath, README; of its functions only `length()` is here.
 */
import { parseCondition, type Condition } from './filter-syntax.ts';
import { LanguageSyntaxError, Scanner } from './scanner.ts';

export type PathRoot = 'input' | 'context' | 'item';

export interface PathSyntax {
  readonly root: PathRoot;
  readonly segments: readonly Segment[];
}

export type Segment =
  | { readonly kind: 'properties'; readonly names: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'filter'; readonly condition: Condition }
  | { readonly kind: 'scan'; readonly each: Segment }
  | { readonly kind: 'length' };

/** @throws LanguageSyntaxError */
export function parsePath(text: string): PathSyntax {
  const scanner = new Scanner(text);
  const path = scanPath(scanner, false);
  if (!scanner.done) scanner.fail(`unexpected \`${text.charAt(scanner.position)}\``);
  return path;
}

/** Only properties by name and elements by a single index: what may be written to (Amazon States Language, "Reference Paths"). */
export function isReferencePath(path: PathSyntax): boolean {
  return path.segments.every(isSingular);
}

/** True when the path names at most one value, so that finding nothing is an error and not an empty list. */
export function isDefinite(path: PathSyntax): boolean {
  return path.segments.every((segment, at) => {
    const mergesProperties = segment.kind === 'properties' && at === path.segments.length - 1;
    return isSingular(segment) || segment.kind === 'length' || mergesProperties;
  });
}

function isSingular(segment: Segment): boolean {
  if (segment.kind === 'properties') return segment.names.length === 1;
  return segment.kind === 'indexes' && segment.indexes.length === 1;
}

/** @param nested within a filter, where a name also ends before an operator */
export function scanPath(scanner: Scanner, nested: boolean): PathSyntax {
  const root = scanRoot(scanner, nested);
  const segments: Segment[] = [];
  for (;;) {
    const segment = scanSegment(scanner, nested);
    if (segment === undefined) break;
    if (segments.at(-1)?.kind === 'length') scanner.fail('nothing may follow `length()`');
    segments.push(segment);
  }
  const path = { root, segments };
  if (segments.at(-1)?.kind === 'length' && !isDefinite(path)) {
    scanner.fail('`length()` after a path of many values is not implemented');
  }
  return path;
}

function scanRoot(scanner: Scanner, nested: boolean): PathRoot {
  const root = nested && scanner.take('@') ? 'item' : scanner.take('$$') ? 'context' : 'input';
  if (root === 'input') scanner.expect('$');
  if (scanner.takePattern(/[A-Za-z_]\w*/y) !== undefined) {
    throw new LanguageSyntaxError('variables (`$name`) are not implemented');
  }
  return root;
}

function scanSegment(scanner: Scanner, nested: boolean): Segment | undefined {
  if (scanner.take('..')) return { kind: 'scan', each: scanner.sees('[') ? scanBrackets(scanner) : scanName(scanner, nested) };
  if (scanner.take('.')) return scanName(scanner, nested);
  return scanner.sees('[') ? scanBrackets(scanner) : undefined;
}

function scanName(scanner: Scanner, nested: boolean): Segment {
  if (scanner.take('*')) return { kind: 'wildcard' };
  const name = scanner.takePattern(nested ? /[^.[\]()'"\s,*?=<>!&|~]+/y : /[^.[\]()'"\s,*?]+/y);
  if (name === undefined) return scanner.fail('expected a name');
  if (!scanner.take('(')) return { kind: 'properties', names: [name] };
  if (name !== 'length' || !scanner.take(')')) scanner.fail(`the function \`${name}()\` is not implemented`);
  return { kind: 'length' };
}

function scanBrackets(scanner: Scanner): Segment {
  scanner.expect('[');
  scanner.skipSpaces();
  const segment = scanSelector(scanner);
  scanner.skipSpaces();
  scanner.expect(']');
  return segment;
}

function scanSelector(scanner: Scanner): Segment {
  if (scanner.take('*')) return { kind: 'wildcard' };
  if (scanner.take('?')) return scanFilter(scanner);
  if (scanner.sees("'") || scanner.sees('"')) {
    return { kind: 'properties', names: scanList(scanner, () => scanner.takeQuoted() ?? scanner.fail('expected a quoted name')) };
  }
  const from = scanInteger(scanner);
  scanner.skipSpaces();
  if (scanner.take(':')) return scanSliceEnd(scanner, from);
  if (from === undefined) return scanner.fail('expected a quoted name, an index, a slice, `*` or a filter');
  const further = scanner.take(',') ? scanList(scanner, () => scanInteger(scanner) ?? scanner.fail('expected an index')) : [];
  return { kind: 'indexes', indexes: [from, ...further] };
}

function scanSliceEnd(scanner: Scanner, from: number | undefined): Segment {
  scanner.skipSpaces();
  const to = scanInteger(scanner);
  if (from === undefined && to === undefined) scanner.fail('a slice needs a start or an end');
  return { kind: 'slice', from, to };
}

function scanFilter(scanner: Scanner): Segment {
  scanner.expect('(');
  const condition = parseCondition(scanner);
  scanner.skipSpaces();
  scanner.expect(')');
  return { kind: 'filter', condition };
}

function scanInteger(scanner: Scanner): number | undefined {
  const digits = scanner.takePattern(/-?\d+/y);
  return digits === undefined ? undefined : Number(digits);
}

function scanList<T>(scanner: Scanner, scanOne: () => T): T[] {
  const list: T[] = [];
  do {
    scanner.skipSpaces();
    list.push(scanOne());
    scanner.skipSpaces();
  } while (scanner.take(','));
  return list;
}
