/**
 * What each intrinsic function does with its arguments, except States.Format.
 * Source: AWS Step Functions Developer Guide, "Intrinsic functions for JSONPath states", and AWS's recorded answers.
 */
import { createHash, randomInt, randomUUID } from 'node:crypto';
import { isJsonObject, numberOf, parseJson, sameJson, type Json, type JsonObject } from './json.ts';

/** Why a function refuses its arguments. */
export class IntrinsicProblem extends Error {
  override readonly name = 'IntrinsicProblem';
}

type IntrinsicFunction = (given: readonly Json[]) => Json;

export const intrinsicFunctions: Readonly<Record<string, IntrinsicFunction>> = {
  'States.Array': (given) => [...given],
  'States.ArrayPartition': (given) => partition(list(given, 0), integer(given, 1)),
  'States.ArrayContains': (given) => list(given, 0).some((item) => sameJson(item, value(given, 1))),
  'States.ArrayRange': (given) => range(integer(given, 0), integer(given, 1), integer(given, 2)),
  'States.ArrayGetItem': (given) => item(list(given, 0), integer(given, 1)),
  'States.ArrayLength': (given) => list(given, 0).length,
  'States.ArrayUnique': (given) => unique(list(given, 0)),
  'States.Base64Encode': (given) => Buffer.from(shortText(given, 0), 'utf8').toString('base64'),
  'States.Base64Decode': (given) => decodeBase64(shortText(given, 0)),
  'States.Hash': (given) => hash(value(given, 0), text(given, 1)),
  'States.JsonMerge': (given) => merge(object(given, 0), object(given, 1), value(given, 2)),
  'States.StringToJson': (given) => fromText(text(given, 0)),
  'States.JsonToString': (given) => JSON.stringify(value(given, 0)),
  'States.MathRandom': (given) => random(integer(given, 0), integer(given, 1), given.length > 2 ? integer(given, 2) : undefined),
  'States.MathAdd': (given) => add(integer(given, 0), integer(given, 1)),
  'States.StringSplit': (given) => split(text(given, 0), text(given, 1)),
  'States.UUID': () => randomUUID(),
};

function partition(whole: Json[], size: number): Json[] {
  if (size < 1) throw new IntrinsicProblem('the size of a part must be positive');
  return Array.from({ length: Math.ceil(whole.length / size) }, (_, at) => whole.slice(at * size, (at + 1) * size));
}

const longestRange = 1000;

function range(first: number, last: number, step: number): Json[] {
  if (step === 0) throw new IntrinsicProblem('the step must not be 0');
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > longestRange) throw new IntrinsicProblem(`a range has at most ${longestRange} items, not ${length}`);
  return Array.from({ length }, (_, at) => first + at * step);
}

function item(whole: Json[], index: number): Json {
  const found = index < 0 ? undefined : whole[index];
  if (found === undefined) throw new IntrinsicProblem(`there is no item ${index} in an array of ${whole.length}`);
  return found;
}

/** Linear for scalars; objects and arrays are compared with those found before them. */
function unique(whole: Json[]): Json[] {
  const scalars = new Set<Json>();
  const composites: Json[] = [];
  return whole.filter((candidate) => {
    const scalar = numberOf(candidate) ?? candidate;
    if (typeof scalar !== 'object' || scalar === null) return scalars.size !== scalars.add(scalar).size;
    if (composites.some((known) => sameJson(known, candidate))) return false;
    composites.push(candidate);
    return true;
  });
}

function decodeBase64(encoded: string): string {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/.test(encoded)) {
    throw new IntrinsicProblem('the argument is not Base64');
  }
  return Buffer.from(encoded, 'base64').toString('utf8');
}

const hashAlgorithms = new Map([
  ['MD5', 'md5'],
  ['SHA-1', 'sha1'],
  ['SHA-256', 'sha256'],
  ['SHA-384', 'sha384'],
  ['SHA-512', 'sha512'],
]);

function hash(data: Json, algorithm: string): string {
  const name = hashAlgorithms.get(algorithm);
  if (name === undefined) throw new IntrinsicProblem(`the algorithm is one of ${[...hashAlgorithms.keys()].join(', ')}, not '${algorithm}'`);
  const hashed = typeof data === 'string' ? data : JSON.stringify(data);
  return createHash(name).update(withinLimit(hashed), 'utf8').digest('hex');
}

function merge(left: JsonObject, right: JsonObject, deep: Json): JsonObject {
  if (deep !== false) throw new IntrinsicProblem('only the shallow merge (third argument false) exists');
  return { ...left, ...right };
}

function fromText(json: string): Json {
  if (json.trim() === '') return null;
  try {
    return parseJson(json);
  } catch {
    throw new IntrinsicProblem('the argument is not JSON');
  }
}

/** `end` itself is never drawn. A seed makes the draw repeatable here; AWS draws other numbers from the same seed. */
function random(start: number, end: number, seed: number | undefined): number {
  if (end <= start) throw new IntrinsicProblem('the end must be above the start');
  if (seed === undefined) return start + randomInt(end - start);
  const digest = createHash('sha256').update(String(seed)).digest();
  return start + Math.floor((digest.readUInt32BE(0) / 2 ** 32) * (end - start));
}

function add(left: number, right: number): number {
  const sum = left + right;
  if (sum !== Math.trunc(sum) || Math.abs(sum) > 2 ** 31) throw new IntrinsicProblem('the sum is outside of a 32-bit integer');
  return sum;
}

/** Every character of `delimiters` separates; what is empty between two of them is left out. */
function split(whole: string, delimiters: string): Json[] {
  const separators = new Set(delimiters);
  const parts: string[] = [''];
  for (const character of whole) {
    if (separators.has(character)) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${character}`);
  }
  return parts.filter((part) => part !== '');
}

function value(given: readonly Json[], at: number): Json {
  return given[at] ?? null;
}

function list(given: readonly Json[], at: number): Json[] {
  const found = value(given, at);
  return Array.isArray(found) ? found : refuse(at, 'an array', found);
}

function object(given: readonly Json[], at: number): JsonObject {
  const found = value(given, at);
  return isJsonObject(found) ? found : refuse(at, 'an object', found);
}

function text(given: readonly Json[], at: number): string {
  const found = value(given, at);
  return typeof found === 'string' ? found : refuse(at, 'a string', found);
}

function shortText(given: readonly Json[], at: number): string {
  return withinLimit(text(given, at));
}

const longestText = 10_000;

function withinLimit(long: string): string {
  if (long.length > longestText) throw new IntrinsicProblem(`the argument has ${long.length} characters; ${longestText} are allowed`);
  return long;
}

/** Fractions are rounded to the nearest integer, as AWS does. */
function integer(given: readonly Json[], at: number): number {
  const found = value(given, at);
  const number = numberOf(found);
  return number === undefined ? refuse(at, 'a number', found) : Math.round(number) + 0;
}

function refuse(at: number, wanted: string, found: Json): never {
  throw new IntrinsicProblem(`argument ${at + 1} must be ${wanted}, not ${JSON.stringify(found).slice(0, 200)}`);
}
