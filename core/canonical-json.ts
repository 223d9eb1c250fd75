/**
 * The one text of a JSON value that a hash can be taken of: RFC 8785, JSON Canonicalization Scheme. No whitespace, members in
 * the order of their names' UTF-16 code units, strings and numbers as ECMAScript's JSON.stringify writes them.
 */

/** @throws TypeError for what I-JSON (RFC 7493) does not have: a number that is not finite, half of a surrogate pair, undefined */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (typeof value === 'string') return canonicalString(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError(`JSON has no ${typeof value}.`);
  // The default order of sort() is that of UTF-16 code units, as the scheme wants it.
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${canonicalString(name)}:${canonicalJson(member)}`).join(',')}}`;
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`JSON has no number ${value}.`);
  return JSON.stringify(value);
}

function canonicalString(value: string): string {
  if (!value.isWellFormed()) throw new TypeError(`${JSON.stringify(value)} holds half of a surrogate pair.`);
  return JSON.stringify(value);
}
