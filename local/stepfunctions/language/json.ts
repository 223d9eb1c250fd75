/**
 * JSON as the states pass it on. Values are shared between states, never changed in place. A number that JavaScript would
 * write differently from how it was given (`0.0`, `1e3`, an integer beyond 2^53) is kept with its text, as AWS keeps it.
 */
export type Json = null | boolean | number | WrittenNumber | string | Json[] | JsonObject;

export interface JsonObject {
  [key: string]: Json;
}

/** A number that keeps its text. */
export interface WrittenNumber {
  valueOf(): number;
  toString(): string;
  toJSON(): unknown;
}

class NumberWithText implements WrittenNumber {
  readonly #value: number;
  readonly #text: string;

  constructor(value: number, text: string) {
    this.#value = value;
    this.#text = text;
  }

  valueOf(): number {
    return this.#value;
  }

  toString(): string {
    return this.#text;
  }

  toJSON(): unknown {
    return JSON.rawJSON(this.#text);
  }
}

/** What only a number can look like that may have to keep its text; a match within a string does no harm. */
const unusualNumber = /(?:^|[[:,\s])-?(?:\d+\.\d*0(?!\d)|\d+(?:\.\d+)?[eE]|\d+\.\d{15}|\d{16})|-0(?![.\d])/;

/** As `JSON.parse`, but for numbers that have to keep their text. @throws SyntaxError */
export function parseJson(text: string): Json {
  if (!unusualNumber.test(text)) return JSON.parse(text) as Json;
  return JSON.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? asWritten(value, source) : value,
  ) as Json;
}

function asWritten(value: number, text: string): Json {
  if (text === '-0') return 0;
  return String(value) === text ? value : writtenNumber(value, text);
}

export function writtenNumber(value: number, text: string): WrittenNumber {
  return new NumberWithText(value, text);
}

/** The value of a number, however it is written; undefined for all else. */
export function numberOf(value: Json | undefined): number | undefined {
  if (value instanceof NumberWithText) return value.valueOf();
  return typeof value === 'number' ? value : undefined;
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberWithText);
}

/** Equality of JSON: the order of an object's fields does not count. */
export function sameJson(left: Json, right: Json): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) {
    return Array.isArray(right) && left.length === right.length && left.every((one, at) => sameJson(one, right[at] ?? null));
  }
  const number = numberOf(left);
  if (number !== undefined) return number === numberOf(right);
  if (!isJsonObject(left) || !isJsonObject(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key] ?? null, right[key] ?? null))
  );
}
