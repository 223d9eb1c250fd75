/** EventBridge's rules on a schedule: invokes their functions at a rate, as long as the runtime runs. */
import { randomUUID } from 'node:crypto';
import { FerryError } from '../../core/errors.ts';
import type { Clock } from '../stepfunctions/clock.ts';
import type { JsonObject } from '../stepfunctions/language/json.ts';
import type { LocalRule } from '../template/stack-types.ts';
import { inputOf } from './rule-input.ts';

export interface SchedulesOptions {
  readonly rules: readonly LocalRule[];
  /** Nobody waits for it: a schedule never holds anything up. */
  readonly invoke: (functionArn: string, event: string) => Promise<void>;
  readonly onError: (error: unknown, rule: string) => void;
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
}

interface Schedule {
  readonly rule: LocalRule;
  readonly milliseconds: number;
}

export class Schedules {
  readonly #options: SchedulesOptions;
  readonly #schedules: readonly Schedule[];
  readonly #cancels = new Map<Schedule, () => void>();
  #stopped = false;

  /** @throws FerryError UnsupportedDefinition for what is not `rate(…)` */
  constructor(options: SchedulesOptions) {
    this.#options = options;
    this.#schedules = options.rules.flatMap((rule) => (rule.enabled && rule.schedule !== undefined ? [{ rule, milliseconds: rateMilliseconds(rule, rule.schedule) }] : []));
  }

  /** The first time after one interval. Source: Amazon EventBridge User Guide, "Rate expressions reference". */
  start(): void {
    for (const schedule of this.#schedules) this.#wait(schedule, this.#options.clock.now() + schedule.milliseconds);
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }

  #wait(schedule: Schedule, at: number): void {
    const { clock } = this.#options;
    const cancel = clock.schedule(Math.max(0, at - clock.now()), () => {
      this.#fire(schedule.rule, at);
      const next = at + schedule.milliseconds;
      // A machine that slept does not make up for the times that it missed.
      this.#wait(schedule, next > clock.now() ? next : clock.now() + schedule.milliseconds);
    });
    this.#cancels.set(schedule, cancel);
  }

  #fire(rule: LocalRule, at: number): void {
    const event = scheduledEvent(rule, new Date(at), this.#options);
    for (const target of rule.targets) {
      this.#options.invoke(target.arn, inputOf(target, event, rule)).catch((error: unknown) => {
        // Told to stop, the runtime gives up what nobody waits for.
        if (!this.#stopped) this.#options.onError(error, rule.name);
      });
    }
  }
}

/** Source: Amazon EventBridge User Guide, "EventBridge events detail reference": `Scheduled Event`. */
function scheduledEvent(rule: LocalRule, at: Date, { account, region }: SchedulesOptions): JsonObject {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account,
    time: `${at.toISOString().slice(0, 19)}Z`,
    region,
    resources: [rule.arn],
    detail: {},
  };
}

const unitMilliseconds = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** `rate(1 minute)`, `rate(5 minutes)`: singular for one, plural for more. */
function rateMilliseconds(rule: LocalRule, expression: string): number {
  const [, digits = '', unit = '', plural = ''] = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  const value = Number(digits);
  if (value < 1 || (value === 1) !== (plural === '')) {
    throw new FerryError('UnsupportedDefinition', `The rule ${rule.name} cannot run here: its schedule is ${expression}; only rate(…) is implemented.`);
  }
  return value * unitMilliseconds[unit as keyof typeof unitMilliseconds];
}
