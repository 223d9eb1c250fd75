/** EventBridge's default bus: hands an event to the functions whose rules match it. */
import { randomUUID } from 'node:crypto';
import { FerryError } from '../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../stepfunctions/language/json.ts';
import type { LocalRule, LocalRuleTarget } from '../template/stack-types.ts';
import { compilePattern, type EventMatcher } from './event-pattern.ts';

export interface EventBusOptions {
  readonly rules: readonly LocalRule[];
  /** Invokes a function asynchronously; settles when it has succeeded or has been given up. */
  readonly invoke: (functionArn: string, event: string) => Promise<void>;
}

interface Rule {
  readonly matches: EventMatcher;
  readonly definition: LocalRule;
}

export class EventBus {
  readonly #rules: readonly Rule[];
  readonly #invoke: EventBusOptions['invoke'];

  /** @throws FerryError UnsupportedDefinition for schedules, unknown comparisons, and targets that are no functions */
  constructor(options: EventBusOptions) {
    this.#invoke = options.invoke;
    this.#rules = options.rules.filter(({ enabled }) => enabled).map((definition) => ({ definition, matches: matcherOf(definition) }));
  }

  /** Whether any rule matches: events that nobody waits for need not be kept. */
  isAwaited(event: JsonObject): boolean {
    return this.#rules.some(({ matches }) => matches(event));
  }

  /** Settles when every target of every matching rule has; rejects when one of them could not be invoked. */
  async publish(event: JsonObject): Promise<void> {
    const matching = this.#rules.filter(({ matches }) => matches(event));
    await Promise.all(
      matching.flatMap(({ definition }) =>
        definition.targets.map((target) => this.#invoke(target.arn, inputOf(target, event, definition))),
      ),
    );
  }
}

function matcherOf(rule: LocalRule): EventMatcher {
  const other = rule.targets.find(({ arn }) => !arn.includes(':lambda:'));
  if (other !== undefined) throw unsupported(rule, `its target ${other.id} is no function`);
  if (rule.pattern === undefined) throw unsupported(rule, 'it has a schedule instead of an event pattern');
  return compilePattern(rule.pattern, rule.name);
}

/** What the target receives, as JSON text. */
function inputOf(target: LocalRuleTarget, event: JsonObject, rule: LocalRule): string {
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

function unsupported(rule: LocalRule, flaw: string): FerryError {
  return new FerryError('UnsupportedDefinition', `The rule ${rule.name} cannot run here: ${flaw}.`);
}

/** An event of S3 for whoever only asks whether it is awaited. */
export function objectCreatedProbe(bucket: string, key: string): JsonObject {
  return { version: '0', id: randomUUID(), 'detail-type': 'Object Created', source: 'aws.s3', detail: { bucket: { name: bucket }, object: { key } } };
}
