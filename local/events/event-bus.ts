/** EventBridge's default bus: hands an event to the functions whose rules match it. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../stepfunctions/language/json.ts';
import type { LocalRule } from '../template/stack-types.ts';
import { compilePattern, type EventMatcher } from './event-pattern.ts';
import { inputOf, unsupported } from './rule-input.ts';

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

  /** @throws FerryError UnsupportedDefinition for unknown comparisons, and targets that are no functions */
  constructor(options: EventBusOptions) {
    this.#invoke = options.invoke;
    for (const rule of options.rules) checkTargets(rule);
    this.#rules = options.rules.flatMap((definition) =>
      // A rule on a schedule has no pattern: `Schedules` sees to it.
      definition.enabled && definition.pattern !== undefined ? [{ definition, matches: compilePattern(definition.pattern, definition.name) }] : [],
    );
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

function checkTargets(rule: LocalRule): void {
  const other = rule.targets.find(({ arn }) => !arn.includes(':lambda:'));
  if (other !== undefined && rule.enabled) throw unsupported(rule, `its target ${other.id} is no function`);
}

/** An event of S3 for whoever only asks whether it is awaited. */
export function objectCreatedProbe(bucket: string, key: string): JsonObject {
  return { version: '0', id: randomUUID(), 'detail-type': 'Object Created', source: 'aws.s3', detail: { bucket: { name: bucket }, object: { key } } };
}
