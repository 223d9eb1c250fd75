/** Comparison with recordings in which what differs from run to run was masked, and JSON texts were parsed. */
import type { Json, JsonObject } from '../../local/stepfunctions/language/json.ts';
import { isJsonObject } from '../../local/stepfunctions/language/json.ts';

const times = new Set(['timestamp', '<timestamp>', 'date', 'start-date', 'stop-date', 'start-time', 'entered-time']);
const masks = new Set([...times, 'snf_role_arn', 'map_run_arn', 'a_task_token', 'RandomNumberGenerated', 'stateExitedEventDetails.output', 'executionSucceededEventDetails.output']);
const inlineMasks = /<(?:<[^<>]*>|[^<>])*>|lambda_function(?:_\d+)?_name/;

export function isMaskedTime(recorded: Json): boolean {
  return typeof recorded === 'string' && times.has(recorded);
}

/** Whether it stands for a whole value of whatever kind. */
export function isMask(recorded: string): boolean {
  return masks.has(recorded);
}

/** Whether `actual` is what was recorded. */
export function matches(expected: Json | undefined, actual: Json | undefined): boolean {
  if (typeof expected === 'string') return matchesText(expected, actual);
  if (typeof actual === 'string' && typeof expected === 'object' && expected !== null) return matches(expected, parsed(actual));
  if (Array.isArray(expected)) {
    return Array.isArray(actual) && actual.length === expected.length && expected.every((value, index) => matches(value, actual[index]));
  }
  if (!isJsonObject(expected)) return expected === actual;
  if (!isJsonObject(actual)) return false;
  return sameKeys(expected, actual) && Object.entries(expected).every(([name, value]) => matches(value, actual[name]));
}

function sameKeys(expected: JsonObject, actual: JsonObject): boolean {
  // RedriveCount came to the context object after some of the recordings.
  const names = Object.keys(actual).filter((name) => name !== 'RedriveCount' || name in expected);
  return names.length === Object.keys(expected).length && names.every((name) => name in expected);
}

function matchesText(expected: string, actual: Json | undefined): boolean {
  if (masks.has(expected)) return actual !== undefined;
  if (expected === actual) return true;
  const [left, right] = [parsed(expected), typeof actual === 'string' ? parsed(actual) : undefined];
  // JSON texts that the recorder left as they were differ in spaces and in the order of keys.
  if (typeof left === 'object' && left !== null && matches(left, right)) return true;
  const pattern = expected.split(inlineMasks);
  if (pattern.length === 1) return false;
  const text = typeof actual === 'string' ? actual : JSON.stringify(actual);
  return new RegExp(`^${pattern.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`, 's').test(text);
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
