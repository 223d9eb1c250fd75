/** Paths into a state's input and the context object, read and written; parsed once and kept by their text. */
import { StatesError } from './errors.ts';
import { isJsonObject, type Json } from './json.ts';
import { element, evaluatePath, ownProperty } from './path-evaluation.ts';
import { isReferencePath, parsePath, type PathRoot, type PathSyntax, type Segment } from './path-syntax.ts';
import { LanguageSyntaxError } from './scanner.ts';

/**
 * The value at a JSONPath in a state's input, or at `$$.` in the context object.
 * A path that can name many values (wildcard, slice, filter, deep scan) answers a list, empty where nothing is found.
 * @param field the field of the state that holds the path, for the message
 * @throws StatesError States.Runtime when a definite path finds nothing
 */
export function readPath(path: string, input: Json, context: Json, field?: string): Json {
  const value = findPath(path, input, context);
  if (value !== undefined) return value;
  const specified = field === undefined ? '' : ` specified for the field '${field}'`;
  throw new StatesError('States.Runtime', `The JSONPath '${path}'${specified} could not be found in the input '${shown(input)}'`);
}

/** As `readPath`, but undefined where a definite path finds nothing. */
export function findPath(path: string, input: Json, context: Json): Json | undefined {
  const compiled = compilePath(path);
  const root = compiled.root === 'context' ? context : input;
  return compiled.keys === undefined ? evaluatePath(compiled.syntax, root) : follow(compiled.keys, root);
}

export function pathExists(path: string, input: Json, context: Json): boolean {
  return findPath(path, input, context) !== undefined;
}

/**
 * A copy of `document` with `value` at a reference path (ResultPath). Objects on the way that are not there are made;
 * elements of arrays are only replaced.
 * @throws StatesError States.ResultPathMatchFailure when the path leads through something else
 */
export function writeReferencePath(document: Json, path: string, value: Json): Json {
  const { keys } = compilePath(path);
  if (keys === undefined) throw new StatesError('States.Runtime', `'${path}' is not a reference path`);
  return write(document, keys, 0, value, path);
}

function write(document: Json, keys: readonly Key[], at: number, value: Json, path: string): Json {
  const key = keys[at];
  if (key === undefined) return value;
  if (typeof key === 'string' && isJsonObject(document)) {
    const inner = ownProperty(document, key);
    return { ...document, [key]: write(inner === undefined ? {} : inner, keys, at + 1, value, path) };
  }
  const replaced = typeof key === 'number' ? element(document, key) : undefined;
  if (typeof key === 'number' && Array.isArray(document) && replaced !== undefined) {
    return document.with(key, write(replaced, keys, at + 1, value, path));
  }
  throw new StatesError(
    'States.ResultPathMatchFailure',
    `Unable to apply step "${String(key)}" of ResultPath '${path}' to input '${shown(document)}'`,
  );
}

type Key = string | number;

interface CompiledPath {
  readonly root: PathRoot;
  readonly syntax: PathSyntax;
  /** The steps of a reference path, the common case; undefined for all others. */
  readonly keys: readonly Key[] | undefined;
}

const compiledPaths = new Map<string, CompiledPath>();

function compilePath(path: string): CompiledPath {
  const known = compiledPaths.get(path);
  if (known !== undefined) return known;
  const syntax = parseAtRunTime(path);
  const keys = isReferencePath(syntax) ? syntax.segments.map(keyOf) : undefined;
  const compiled = { root: syntax.root, syntax, keys };
  compiledPaths.set(path, compiled);
  return compiled;
}

/** A loaded definition holds no invalid path; a path that came in another way fails as AWS fails. */
function parseAtRunTime(path: string): PathSyntax {
  try {
    return parsePath(path);
  } catch (error) {
    if (!(error instanceof LanguageSyntaxError)) throw error;
    throw new StatesError('States.Runtime', `Invalid path '${path}': ${error.message}`);
  }
}

function keyOf(segment: Segment): Key {
  const key = segment.kind === 'properties' ? segment.names[0] : segment.kind === 'indexes' ? segment.indexes[0] : undefined;
  if (key === undefined) throw new TypeError('A reference path has only names and indexes.');
  return key;
}

function follow(keys: readonly Key[], root: Json): Json | undefined {
  let value: Json | undefined = root;
  for (const key of keys) {
    value = typeof key === 'string' ? ownProperty(value, key) : element(value, key);
    if (value === undefined) return undefined;
  }
  return value;
}

/** Inputs reach 256 KiB; a message holds the beginning. */
function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 1000 ? `${text.slice(0, 1000)}…` : text;
}
