/** The comparisons of Choice. A value of another type than the operator's never matches. */
import { numberOf, type Json } from './json.ts';
import { compareTimestamps, parseTimestamp } from './timestamp.ts';

type Comparison = (value: Json, operand: Json) => boolean;

export const typeTests: Readonly<Record<string, (value: Json) => boolean>> = {
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === 'string',
  IsNumeric: (value) => numberOf(value) !== undefined,
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => parseTimestamp(value) !== undefined,
};

export const comparisons: Readonly<Record<string, Comparison>> = {
  BooleanEquals: (value, operand) => typeof value === 'boolean' && value === operand,
  StringMatches: (value, operand) => typeof value === 'string' && typeof operand === 'string' && matchesWildcards(value, operand),
  ...ordering('String', (value, operand) => {
    if (typeof value !== 'string' || typeof operand !== 'string') return undefined;
    return value < operand ? -1 : Number(value > operand);
  }),
  ...ordering('Numeric', (value, operand) => {
    const [left, right] = [numberOf(value), numberOf(operand)];
    return left === undefined || right === undefined ? undefined : left - right;
  }),
  ...ordering('Timestamp', (value, operand) => {
    const [left, right] = [parseTimestamp(value), parseTimestamp(operand)];
    return left === undefined || right === undefined ? undefined : compareTimestamps(left, right);
  }),
};

/** @param order negative, 0 or positive; undefined when the two cannot be compared */
function ordering(type: string, order: (value: Json, operand: Json) => number | undefined): Record<string, Comparison> {
  const when = (accepts: (difference: number) => boolean): Comparison => {
    return (value, operand) => {
      const difference = order(value, operand);
      return difference !== undefined && accepts(difference);
    };
  };
  return {
    [`${type}Equals`]: when((difference) => difference === 0),
    [`${type}LessThan`]: when((difference) => difference < 0),
    [`${type}LessThanEquals`]: when((difference) => difference <= 0),
    [`${type}GreaterThan`]: when((difference) => difference > 0),
    [`${type}GreaterThanEquals`]: when((difference) => difference >= 0),
  };
}

/** `*` stands for any text; `\*` and `\\` for the characters themselves. Linear in the text, whatever the pattern. */
function matchesWildcards(text: string, pattern: string): boolean {
  const literals = literalsOf(pattern);
  const first = literals[0] ?? '';
  const last = literals.at(-1) ?? '';
  if (literals.length === 1) return text === first;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let position = first.length;
  for (const literal of literals.slice(1, -1)) {
    const found = text.indexOf(literal, position);
    if (found === -1 || found + literal.length > end) return false;
    position = found + literal.length;
  }
  return true;
}

/** The texts before, between and after the wildcards of a pattern. */
function literalsOf(pattern: string): string[] {
  const literals = [''];
  for (const [token] of pattern.matchAll(/\\[*\\]|[^]/g)) {
    if (token === '*') literals.push('');
    else literals.push(`${literals.pop() ?? ''}${token.length === 2 ? token.slice(1) : token}`);
  }
  return literals;
}
