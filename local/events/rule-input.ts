/** What a rule's target receives of an event. */
import { FerryError } from '../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../stepfunctions/language/json.ts';
import type { LocalRule, LocalRuleTarget } from '../template/stack-types.ts';

/** As JSON text. @throws FerryError UnsupportedDefinition */
export function inputOf(target: LocalRuleTarget, event: JsonObject, rule: LocalRule): string {
  if (target.input !== undefined) return target.input;
  if (target.inputPath !== undefined) return JSON.stringify(valueAt(event, target.inputPath) ?? null);
  if (target.inputTransformer === undefined) return JSON.stringify(event);
  return transformed(event, target.inputTransformer, rule);
}

/**
 * Source: Amazon EventBridge User Guide, "Input transformation": `<name>` stands for the value at its path, as text
 * within quotes and as JSON elsewhere; a path that leads nowhere gives an empty string.
 */
function transformed(event: JsonObject, { paths, template }: NonNullable<LocalRuleTarget['inputTransformer']>, rule: LocalRule): string {
  const quotedOrBare = /"(?:[^"\\]|\\.)*"|<([A-Za-z0-9_.-]+)>/g;
  const valueOf = (name: string): Json => {
    if (name === 'aws.events.event' || name === 'aws.events.event.json') return event;
    if (name === 'aws.events.rule-name') return rule.name;
    if (name === 'aws.events.rule-arn') return rule.arn;
    const path = paths[name];
    if (path === undefined) throw unsupported(rule, `its input template names <${name}>, which has no path`);
    return valueAt(event, path) ?? '';
  };
  return template.replaceAll(quotedOrBare, (match, bare?: string) => {
    if (bare !== undefined) return JSON.stringify(valueOf(bare));
    return match.replaceAll(/<([A-Za-z0-9_.-]+)>/g, (_reference, name: string) => {
      const value = valueOf(name);
      return JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)).slice(1, -1);
    });
  });
}

/** `$.detail.status`, `$.resources[0]`. */
function valueAt(event: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = event;
  for (const [, name, index] of path.slice(1).matchAll(/\.([^.[\]]+)|\[(\d+)\]/g)) {
    if (name !== undefined) value = isJsonObject(value) ? value[name] : undefined;
    else value = Array.isArray(value) ? value[Number(index)] : undefined;
  }
  return value;
}

export function unsupported(rule: LocalRule, flaw: string): FerryError {
  return new FerryError('UnsupportedDefinition', `The rule ${rule.name} cannot run here: ${flaw}.`);
}
