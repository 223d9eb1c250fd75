/** States.Format: its template, and JSON in the words of Java's collections, which is how AWS prints it. */
import { StatesError } from './errors.ts';
import { IntrinsicProblem } from './intrinsic-functions.ts';
import { isJsonObject, type Json } from './json.ts';

/** @param template with escapes (`\{`, `\}`, `\'`, `\\`) still in it */
export function formatText(template: string, values: readonly Json[]): string {
  let used = 0;
  const text = template.replaceAll(/\\([\\'{}])|\{\}/g, (_, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    used += 1;
    return shown(values[used - 1] ?? null);
  });
  if (used !== values.length) {
    throw new IntrinsicProblem(`the template has ${used} placeholders and there are ${values.length} arguments for them`);
  }
  return text;
}

function shown(value: Json): string {
  // What AWS prints for numbers, texts, null, lists and objects was recorded; nothing was of booleans.
  if (typeof value === 'boolean') {
    throw new StatesError('States.Runtime', 'States.Format of a boolean is not implemented by the local runtime; use States.JsonToString.');
  }
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (!isJsonObject(value)) return String(value);
  return `{${Object.entries(value).map(([key, item]) => `${key}=${shown(item)}`).join(', ')}}`;
}
