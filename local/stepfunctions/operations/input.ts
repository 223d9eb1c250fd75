import { AwsError } from '../../endpoint/aws-error.ts';
import type { Json, JsonObject } from '../language/json.ts';

/** @throws AwsError ValidationException */
export function requiredText(input: JsonObject, field: string): string {
  const value = optionalText(input, field);
  if (value !== undefined) return value;
  throw invalid(`Value null at '${field}' failed to satisfy constraint: Member must not be null`);
}

export function optionalText(input: JsonObject, field: string): string | undefined {
  const value = input[field] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(`Value at '${field}' failed to satisfy constraint: Member must be a string`);
}

export function optionalNumber(input: JsonObject, field: string): number | undefined {
  const value = input[field] ?? undefined;
  if (value === undefined || typeof value === 'number') return value;
  throw invalid(`Value at '${field}' failed to satisfy constraint: Member must be a number`);
}

/** @param kind the resource's type, `execution` or another of `arn:aws:states:R:A:<kind>:…` */
export function requiredArn(input: JsonObject, field: string, kind: string): string {
  const arn = requiredText(input, field);
  if (new RegExp(`^arn:aws[a-z-]*:states:[a-z0-9-]*:\\d{12}:${kind}:[^\\s]+$`).test(arn)) return arn;
  throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
}

export interface Page {
  readonly size: number;
  /** Where the page before ended. */
  readonly after: number | undefined;
}

/** maxResults and nextToken. Source: API reference: 0 and absent mean 100, at most 1,000. */
export function pageOf(input: JsonObject): Page {
  const size = optionalNumber(input, 'maxResults') ?? 0;
  if (size < 0 || size > 1000) {
    throw invalid(`Value '${size}' at 'maxResults' failed to satisfy constraint: Member must be between 0 and 1000`);
  }
  const token = optionalText(input, 'nextToken');
  return { size: size === 0 ? 100 : size, after: token === undefined ? undefined : decodeToken(token) };
}

/** The rows of a page, of which one more than its size was asked for, and the token of the next one. */
export function paged<Row>(rows: Row[], page: Page, position: (row: Row) => number): { rows: Row[]; next: { nextToken?: string } } {
  if (rows.length <= page.size) return { rows, next: {} };
  const shown = rows.slice(0, page.size);
  const last = shown.at(-1) as Row;
  return { rows: shown, next: { nextToken: Buffer.from(JSON.stringify({ after: position(last) })).toString('base64') } };
}

function decodeToken(token: string): number {
  try {
    const { after } = JSON.parse(Buffer.from(token, 'base64').toString()) as { after: Json };
    if (typeof after === 'number') return after;
  } catch {
    // Falls through to the same answer as a token of another shape.
  }
  throw new AwsError('InvalidToken', `Invalid Token: 'Invalid token'`);
}

export function invalid(problem: string): AwsError {
  return new AwsError('ValidationException', `1 validation error detected: ${problem}`);
}

/** Milliseconds of the records as the API's epoch seconds; absent stays absent. */
export function date(field: string, milliseconds: number | null): Record<string, number> {
  return milliseconds === null ? {} : { [field]: milliseconds / 1000 };
}
