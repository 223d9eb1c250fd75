/** What happened when: counters by second, and how many branches were where by interval. */

/** Where a branch is; the first three are not on any task. */
export const places = [
  'starting dump',
  'waiting for the source',
  'dumping',
  'at the gate',
  'starting import',
  'importing',
  'verifying',
] as const;
export type Place = (typeof places)[number];

export const rates = ['transitions', 'launches', 'gateCalls', 'recordUnits', 'slotUnits', 'sourcePollUnits', 'indexUnits', 'verified'] as const;
export type Rate = (typeof rates)[number];

export const refusals = ['RunTask rate', 'Fargate launch rate', 'vCPU quota'] as const;
export type Refusal = (typeof refusals)[number];

/** A number for each second of the run. */
export class PerSecond {
  readonly #values: number[] = [];
  total = 0;

  add(time: number, amount: number): void {
    const second = Math.floor(time);
    while (this.#values.length <= second) this.#values.push(0);
    this.#values[second] = (this.#values[second] ?? 0) + amount;
    this.total += amount;
  }

  /** Spreads an amount evenly over a span of time. */
  spread(from: number, to: number, perSecond: number): void {
    for (let at = from; at < to; ) {
      const next = Math.min(to, Math.floor(at) + 1);
      this.add(at, (next - at) * perSecond);
      at = next;
    }
  }

  static sum(all: readonly PerSecond[]): PerSecond {
    const sum = new PerSecond();
    for (const one of all) for (const [second, value] of one.#values.entries()) sum.add(second, value);
    return sum;
  }

  at(second: number): number {
    return this.#values[second] ?? 0;
  }

  sum(from: number, to: number): number {
    let total = 0;
    for (let second = from; second < to; second += 1) total += this.at(second);
    return total;
  }

  /** The largest mean over `seconds` in a row, from a second on. */
  peak(seconds = 1, from = 0): number {
    let running = 0;
    let largest = 0;
    for (let second = from; second < this.#values.length; second += 1) {
      running += this.at(second) - (second - seconds >= from ? this.at(second - seconds) : 0);
      largest = Math.max(largest, running / seconds);
    }
    return largest;
  }
}

/** A level that goes up and down, integrated over time. */
export class Level {
  readonly #area = new PerSecond();
  #value = 0;
  #since = 0;
  peak = 0;

  get value(): number {
    return this.#value;
  }

  change(time: number, by: number): void {
    this.settle(time);
    this.#value += by;
    this.peak = Math.max(this.peak, this.#value);
  }

  settle(time: number): void {
    if (this.#value !== 0) this.#area.spread(this.#since, time, this.#value);
    this.#since = time;
  }

  mean(from: number, to: number): number {
    return this.#area.sum(from, to) / Math.max(1, to - from);
  }
}

export class Ledger {
  readonly rates = Object.fromEntries(rates.map((name) => [name, new PerSecond()])) as Record<Rate, PerSecond>;
  readonly refusals = Object.fromEntries(refusals.map((name) => [name, new PerSecond()])) as Record<Refusal, PerSecond>;
  readonly places = Object.fromEntries(places.map((name) => [name, new Level()])) as Record<Place, Level>;
  readonly vcpus = new Level();
  readonly inFlight = new Level();
  readonly sourceSlots = new Level();
  readonly targetSlots = new Level();

  /** Brings every level up to the end of the run. */
  settle(time: number): void {
    for (const level of [...Object.values(this.places), this.vcpus, this.inFlight, this.sourceSlots, this.targetSlots]) level.settle(time);
  }
}
