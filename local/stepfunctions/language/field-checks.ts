/** Checks of single fields of a definition, from which `state-checks.ts` makes its tables. */
import { parseIntrinsic } from './intrinsic-syntax.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { isReferencePath, parsePath, type PathSyntax } from './path-syntax.ts';
import type { Place } from './place.ts';
import { LanguageSyntaxError } from './scanner.ts';
import { parseTimestamp } from './timestamp.ts';

export type FieldCheck = (value: Json, place: Place) => void;

export type FieldChecks = Readonly<Record<string, FieldCheck>>;

/** Any JSON at all, or what another check looks at. */
export function anything(): void {
  return;
}

export const text: FieldCheck = (value, place) => {
  if (typeof value !== 'string') place.refuse('must be a string');
};

export const boolean: FieldCheck = (value, place) => {
  if (typeof value !== 'boolean') place.refuse('must be true or false');
};

export const onlyTrue: FieldCheck = (value, place) => {
  if (value !== true) place.refuse('must be true where it is given');
};

export const timestamp: FieldCheck = (value, place) => {
  if (parseTimestamp(value) === undefined) place.refuse('must be a timestamp such as 2026-01-31T08:00:00Z');
};

export function oneOf(...words: readonly string[]): FieldCheck {
  return (value, place) => {
    if (typeof value === 'string' && words.includes(value)) return;
    place.refuse(`must be one of ${words.join(', ')}; ${JSON.stringify(value)} is not implemented`);
  };
}

export function number(least: number, most: number): FieldCheck {
  return (value, place) => {
    if (typeof value !== 'number' || value < least || value > most) place.refuse(`must be a number ${limits(least, most)}`);
  };
}

export function integer(least: number, most: number): FieldCheck {
  return (value, place) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return;
    place.refuse(`must be an integer ${limits(least, most)}`);
  };
}

function limits(least: number, most: number): string {
  return most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
}

export function nullable(check: FieldCheck): FieldCheck {
  return (value, place) => {
    if (value !== null) check(value, place);
  };
}

export function listOf(check: FieldCheck): FieldCheck {
  return (value, place) => {
    if (!Array.isArray(value) || value.length === 0) {
      place.refuse('must be a list with at least one item');
      return;
    }
    value.forEach((item, index) => {
      check(item, place.item(index));
    });
  };
}

/** An object of exactly these fields; `further` looks at the whole of it. */
export function objectOf(checks: FieldChecks, further: (value: JsonObject, place: Place) => void = anything): FieldCheck {
  return (value, place) => {
    if (!isJsonObject(value)) {
      place.refuse('must be an object');
      return;
    }
    checkFields(value, checks, place);
    further(value, place);
  };
}

const unsupportedFields: Readonly<Record<string, string>> = {
  Assign: 'sets variables, which the local runtime does not implement',
  Arguments: 'belongs to JSONata, which the local runtime does not implement; use Parameters',
  Output: 'belongs to JSONata, which the local runtime does not implement',
  Items: 'belongs to JSONata, which the local runtime does not implement; use ItemsPath',
  Condition: 'belongs to JSONata, which the local runtime does not implement',
};

export function checkFields(value: JsonObject, checks: FieldChecks, place: Place): void {
  for (const [name, field] of Object.entries(value)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) place.field(name).refuse(unsupportedFields[name] ?? 'is not a field that belongs here, or is not implemented');
    else check(field, place.field(name));
  }
}

export function requireFields(value: JsonObject, names: readonly string[], place: Place): void {
  for (const name of names) if (!Object.hasOwn(value, name)) place.field(name).refuse('is missing');
}

export function atMostOneOf(value: JsonObject, names: readonly string[], place: Place): void {
  const given = names.filter((name) => Object.hasOwn(value, name));
  if (given.length > 1) place.refuse(`has ${given.join(' and ')}; only one of them may be given`);
}

export function exactlyOneOf(value: JsonObject, names: readonly string[], place: Place): void {
  atMostOneOf(value, names, place);
  if (!names.some((name) => Object.hasOwn(value, name))) place.refuse(`needs one of ${names.join(', ')}`);
}

export const path: FieldCheck = (value, place) => {
  parsed(value, place);
};

export const referencePath: FieldCheck = (value, place) => {
  const syntax = parsed(value, place);
  if (syntax !== undefined && !isReferencePath(syntax)) place.refuse(notAReference(value));
};

/** Where a result may be written: a reference path into the input, never into the context object. */
export const resultPath: FieldCheck = (value, place) => {
  const syntax = parsed(value, place);
  if (syntax === undefined) return;
  if (syntax.root === 'context') place.refuse('cannot write to the context object');
  else if (!isReferencePath(syntax)) place.refuse(notAReference(value));
};

function notAReference(value: Json): string {
  return `must be a reference path (names and single indexes only), not ${JSON.stringify(value)}`;
}

function parsed(value: Json, place: Place): PathSyntax | undefined {
  if (typeof value === 'string') return withoutSyntaxError(() => parsePath(value), value, 'path', place);
  place.refuse('must be a path');
  return undefined;
}

/** A path or an intrinsic function, as behind `.$`. */
export const expression: FieldCheck = (value, place) => {
  if (typeof value !== 'string') {
    place.refuse('must be a string that holds a path or an intrinsic function');
  } else if (value.startsWith('$')) {
    path(value, place);
  } else {
    withoutSyntaxError(() => parseIntrinsic(value), value, 'path or intrinsic function', place);
  }
};

function withoutSyntaxError<T>(parse: () => T, value: string, kind: string, place: Place): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof LanguageSyntaxError)) throw error;
    place.refuse(`is no valid ${kind}: ${JSON.stringify(value)}: ${error.message}`);
    return undefined;
  }
}

/** A payload template; `.$` counts at any depth, within lists too. */
export const template: FieldCheck = (value, place) => {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      template(item, place.item(index));
    });
  } else if (isJsonObject(value)) {
    for (const [name, field] of Object.entries(value)) checkTemplateField(name, field, value, place);
  }
};

export const objectTemplate: FieldCheck = (value, place) => {
  if (isJsonObject(value)) template(value, place);
  else place.refuse('must be an object');
};

function checkTemplateField(name: string, field: Json, whole: JsonObject, place: Place): void {
  if (!name.endsWith('.$')) {
    template(field, place.field(name));
    return;
  }
  if (Object.hasOwn(whole, name.slice(0, -2))) place.field(name).refuse(`stands beside \`${name.slice(0, -2)}\`, whose value it would replace`);
  expression(field, place.field(name));
}
