/** Random numbers of a seed, in the distributions that the simulation needs. */
import { Random } from '../../local/fleet/random.ts';

export class Dice {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  /** In [0, 1). */
  readonly uniform = (): number => this.#random.int(0, 0xfffffffe) / 0xffffffff;

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  exponential(mean: number): number {
    return -Math.log(1 - this.uniform()) * mean;
  }

  /** Box and Muller's. `sigma` is the standard deviation of the logarithm. */
  logNormal(median: number, sigma: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
    return median * Math.exp(sigma * normal);
  }

  shuffle<Item>(items: Item[]): Item[] {
    for (let index = items.length - 1; index > 0; index -= 1) {
      const other = this.#random.int(0, index);
      const [a, b] = [items[index], items[other]];
      if (a !== undefined && b !== undefined) [items[index], items[other]] = [b, a];
    }
    return items;
  }
}
