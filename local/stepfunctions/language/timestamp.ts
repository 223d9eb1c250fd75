/** Timestamps of the States Language: RFC 3339 with a capital T, and a capital Z or an offset. */
import type { Json } from './json.ts';

export interface Timestamp {
  /** Milliseconds since 1970, whole seconds only. */
  readonly milliseconds: number;
  /** The digits after the decimal point, without trailing zeros. */
  readonly fraction: string;
}

const pattern =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d+))?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** undefined for anything that is no timestamp, a 31st of April included */
export function parseTimestamp(value: Json): Timestamp | undefined {
  const match = typeof value === 'string' ? pattern.exec(value) : null;
  const [, local, fraction, offset] = match ?? [];
  if (local === undefined || offset === undefined) return undefined;
  const milliseconds = Date.parse(`${local}${offset}`);
  if (Number.isNaN(milliseconds) || !new Date(`${local}Z`).toISOString().startsWith(local)) return undefined;
  return { milliseconds, fraction: (fraction ?? '').replace(/0+$/, '') };
}

/** Negative when `left` is earlier, 0 when both are the same moment. */
export function compareTimestamps(left: Timestamp, right: Timestamp): number {
  if (left.milliseconds !== right.milliseconds) return left.milliseconds - right.milliseconds;
  return left.fraction < right.fraction ? -1 : Number(left.fraction > right.fraction);
}
