/** The run's clock, the account's quotas and the migration's slots; branches act on it. */
import { readMeasured, type Measured } from '../count/counts.ts';
import { writeUnits } from '../count/item-size.ts';
import { type LaunchRetry, readLaunchRetry } from './definition.ts';
import { Dice } from './dice.ts';
import { type Durations, durations } from './durations.ts';
import { EventQueue } from './event-queue.ts';
import { Ledger, type Place, type Refusal } from './ledger.ts';
import type { Settings } from './settings.ts';
import { SourceSlots } from './source-slots.ts';
import { TokenBucket } from './token-bucket.ts';

/** A branch yields how long it waits (seconds), or what will resume it. */
export type Wait = number | ((resume: () => void) => void);
/** AWS's SDK gives up after a few tries within about this time; what then fails is RecordsFailed. */
const patienceSeconds = 2;

export type Process = Generator<Wait, void, void>;

export class World {
  readonly settings: Settings;
  readonly measured: Measured;
  readonly dice: Dice;
  readonly ledger = new Ledger();
  readonly durations: Durations;
  readonly launchRetry: LaunchRetry = readLaunchRetry();
  readonly sourceSlots: SourceSlots;
  readonly dispatch: TokenBucket;
  now = 0;
  verified = 0;
  deadLettered = 0;
  importing = 0;
  lambdaSeconds = 0;
  billedTaskSeconds = 0;
  launched = 0;
  /** Writes that DynamoDB would refuse for longer than a client tries again. */
  throttledWrites = 0;
  readonly #events = new EventQueue<() => void>();
  readonly #transitions: TokenBucket;
  readonly #runTask: TokenBucket;
  readonly #launches: TokenBucket;
  readonly #partition: TokenBucket;

  constructor(settings: Settings) {
    this.settings = settings;
    this.measured = readMeasured();
    this.dice = new Dice(settings.seed);
    this.durations = durations(settings, this.measured);
    this.dispatch = new TokenBucket(settings.dispatchRate, settings.dispatchRate);
    this.#transitions = new TokenBucket(settings.transitionRate, settings.transitionRate);
    this.#runTask = new TokenBucket(settings.runTaskRate, settings.runTaskRate);
    this.#launches = new TokenBucket(settings.launchBurst, settings.launchRate);
    this.#partition = new TokenBucket(settings.partitionUnits, settings.partitionUnits);
    this.sourceSlots = new SourceSlots({
      limit: settings.dumpThreads,
      dice: this.dice,
      ledger: this.ledger,
      write: (rate, questions) => { this.write(rate, questions * this.slotUnits(settings.dumpThreads)); },
      after: (seconds, then) => { this.#events.push(this.now + seconds, then); },
    });
  }

  start(process: Process): void {
    const advance = (): void => {
      const { value, done } = process.next();
      if (done === true) return;
      if (typeof value === 'number') this.#events.push(this.now + value, advance);
      else value(advance);
    };
    advance();
  }

  /** Until nothing happens any more. */
  run(): void {
    for (let next = this.#events.pop(); next !== undefined; next = this.#events.pop()) {
      this.now = next.time;
      next.event();
    }
    this.ledger.settle(this.now);
  }

  /** Why ECS refuses to launch a task now; undefined when it does launch it. */
  launch(): Refusal | undefined {
    const refusal = this.#refusal();
    if (refusal === undefined) {
      this.ledger.vcpus.change(this.now, this.settings.taskVcpus);
      this.ledger.rates.launches.add(this.now, 1);
      this.launched += 1;
    } else this.ledger.refusals[refusal].add(this.now, 1);
    return refusal;
  }

  stopped(billedSeconds: number): void {
    this.ledger.vcpus.change(this.now, -this.settings.taskVcpus);
    this.billedTaskSeconds += billedSeconds;
  }

  /** @returns seconds that Step Functions makes them wait */
  enterStates(count: number): number {
    this.ledger.rates.transitions.add(this.now, count);
    return this.#transitions.reserve(this.now, count);
  }

  move(from: Place | undefined, to: Place | undefined): void {
    if (from !== undefined) this.ledger.places[from].change(this.now, -1);
    if (to !== undefined) this.ledger.places[to].change(this.now, 1);
  }

  /** A write of the branch's record, with the units that one takes on average. @returns seconds that it has to wait */
  writeRecord(): number {
    const { recordWrites, recordWriteUnits, indexWriteUnits } = this.measured.perDatabase;
    this.ledger.rates.indexUnits.add(this.now, indexWriteUnits / recordWrites);
    return this.write('recordUnits', recordWriteUnits / recordWrites);
  }

  /** @returns seconds that it has to wait */
  writeTargetSlots(refused = false): number {
    if (refused && this.settings.slots !== 'one-item') return 0;
    return this.write('slotUnits', this.slotUnits(this.ledger.targetSlots.value));
  }

  /** To the partition of the migration; what it cannot take at once waits, as if DynamoDB's refusals were retried for ever. */
  write(rate: 'recordUnits' | 'slotUnits' | 'sourcePollUnits', units: number): number {
    this.ledger.rates[rate].add(this.now, units);
    const wait = this.#partition.reserve(this.now, units);
    if (wait > patienceSeconds) this.throttledWrites += 1;
    return wait;
  }

  /** Write units of the slots item with so many holders. */
  slotUnits(holders: number): number {
    if (this.settings.slots === 'item-each') return 1;
    return writeUnits(0, this.measured.emptySlotsBytes + holders * this.measured.holderBytes);
  }

  #refusal(): Refusal | undefined {
    if (!this.#runTask.tryTake(this.now)) return 'RunTask rate';
    if (this.ledger.vcpus.value + this.settings.taskVcpus > this.settings.vcpuQuota) return 'vCPU quota';
    if (!this.#launches.tryTake(this.now)) return 'Fargate launch rate';
    return undefined;
  }
}
