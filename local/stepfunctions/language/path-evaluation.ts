/** What a path selects. Order and duplicates are Jayway's: a deep scan visits a value before what lies within it. */
import type { Condition, FilterOperator, Operand } from './filter-syntax.ts';
import { isJsonObject, numberOf, sameJson, type Json } from './json.ts';
import { isDefinite, type PathSyntax, type Segment } from './path-syntax.ts';

/** The selected value of a definite path, undefined when there is none; of any other path the list of what it selects. */
export function evaluatePath(path: PathSyntax, root: Json): Json | undefined {
  return evaluateFrom(path, root, root);
}

/** `object[key]` without what every JavaScript object inherits. */
export function ownProperty(object: Json, key: string): Json | undefined {
  return isJsonObject(object) && Object.hasOwn(object, key) ? object[key] : undefined;
}

export function element(list: Json, index: number): Json | undefined {
  return Array.isArray(list) ? list.at(index) : undefined;
}

function evaluateFrom(path: PathSyntax, start: Json, root: Json): Json | undefined {
  let selected: Json[] = [start];
  path.segments.forEach((segment, at) => {
    const last = at === path.segments.length - 1;
    selected = selected.flatMap((value) => select(segment, value, root, last));
  });
  return isDefinite(path) ? selected[0] : selected;
}

function select(segment: Segment, value: Json, root: Json, last: boolean): Json[] {
  switch (segment.kind) {
    case 'properties':
      return selectProperties(segment.names, value, last);
    case 'indexes':
      return present(segment.indexes.map((index) => element(value, index)));
    case 'slice':
      return Array.isArray(value) ? slice(value, segment.from, segment.to) : [];
    case 'wildcard':
      return childrenOf(value);
    case 'filter':
      return (Array.isArray(value) ? value : [value]).filter((item) => holds(segment.condition, item, root));
    case 'scan':
      return [...withDescendants(value)].flatMap((node) => selectInScan(segment.each, node, root, last));
    case 'length':
      return Array.isArray(value) || isJsonObject(value) ? [childrenOf(value).length] : [];
  }
}

function selectProperties(names: readonly string[], value: Json, last: boolean): Json[] {
  if (names.length === 1 || !last) return present(names.map((name) => ownProperty(value, name)));
  if (!isJsonObject(value)) return [];
  return [Object.fromEntries(names.filter((name) => Object.hasOwn(value, name)).map((name) => [name, value[name] ?? null]))];
}

/** A list is tested element by element where it stands itself, so a scan tests only the objects it meets. */
function selectInScan(segment: Segment, node: Json, root: Json, last: boolean): Json[] {
  if (segment.kind === 'filter' && Array.isArray(node)) {
    return node.filter((item) => !isJsonObject(item) && !Array.isArray(item) && holds(segment.condition, item, root));
  }
  if (segment.kind === 'filter' && !isJsonObject(node)) return [];
  if (segment.kind === 'properties' && !segment.names.every((name) => ownProperty(node, name) !== undefined)) return [];
  return select(segment, node, root, last);
}

function* withDescendants(value: Json): Generator<Json> {
  yield value;
  for (const child of childrenOf(value)) yield* withDescendants(child);
}

function childrenOf(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  return isJsonObject(value) ? Object.values(value) : [];
}

/** As Jayway: with both bounds given, negative ones count from the end one by one. */
function slice(list: Json[], from: number | undefined, to: number | undefined): Json[] {
  if (from === undefined || to === undefined) return list.slice(from ?? 0, to);
  const indexes = Array.from({ length: Math.max(0, Math.min(list.length, to) - from) }, (_, at) => from + at);
  return present(indexes.map((index) => list.at(index)));
}

function present(values: (Json | undefined)[]): Json[] {
  return values.filter((value) => value !== undefined);
}

function holds(condition: Condition, item: Json, root: Json): boolean {
  switch (condition.kind) {
    case 'or':
      return condition.parts.some((part) => holds(part, item, root));
    case 'and':
      return condition.parts.every((part) => holds(part, item, root));
    case 'not':
      return !holds(condition.part, item, root);
    case 'exists':
      return evaluateOperand({ kind: 'path', path: condition.path }, item, root) !== undefined;
    case 'matches': {
      const text = evaluateOperand(condition.left, item, root);
      return typeof text === 'string' && condition.pattern.test(text);
    }
    case 'compares': {
      const left = evaluateOperand(condition.left, item, root);
      return comparisons[condition.operator](left, evaluateOperand(condition.right, item, root));
    }
  }
}

function evaluateOperand(operand: Operand, item: Json, root: Json): Json | undefined {
  if (operand.kind === 'literal') return operand.value;
  return evaluateFrom(operand.path, operand.path.root === 'item' ? item : root, root);
}

type Comparison = (left: Json | undefined, right: Json | undefined) => boolean;

const comparisons: Readonly<Record<FilterOperator, Comparison>> = {
  '==': equal,
  '!=': (left, right) => !equal(left, right),
  '<': (left, right) => order(left, right, (difference) => difference < 0),
  '<=': (left, right) => order(left, right, (difference) => difference <= 0),
  '>': (left, right) => order(left, right, (difference) => difference > 0),
  '>=': (left, right) => order(left, right, (difference) => difference >= 0),
  in: (left, right) => Array.isArray(right) && right.some((one) => equal(left, one)),
  nin: (left, right) => Array.isArray(right) && !right.some((one) => equal(left, one)),
  contains: (left, right) =>
    typeof left === 'string' ? typeof right === 'string' && left.includes(right) : Array.isArray(left) && left.some((one) => equal(one, right)),
  size: (left, right) => sizeOf(left) !== undefined && sizeOf(left) === numberOf(right),
  empty: (left, right) => sizeOf(left) !== undefined && (sizeOf(left) === 0) === right,
};

/** Jayway compares a number and a string as whichever of them stands on the left. */
function equal(left: Json | undefined, right: Json | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  const number = numberOf(left);
  if (number !== undefined && typeof right === 'string') return right.trim() !== '' && number === Number(right);
  if (typeof left === 'string' && numberOf(right) !== undefined) return left === JSON.stringify(right);
  return sameJson(left, right);
}

function order(left: Json | undefined, right: Json | undefined, wanted: (difference: number) => boolean): boolean {
  const [number, other] = [numberOf(left), numberOf(right)];
  if (number !== undefined && other !== undefined) return wanted(number - other);
  return typeof left === 'string' && typeof right === 'string' && wanted(left < right ? -1 : left > right ? 1 : 0);
}

function sizeOf(value: Json | undefined): number | undefined {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return isJsonObject(value) ? Object.keys(value).length : undefined;
}
