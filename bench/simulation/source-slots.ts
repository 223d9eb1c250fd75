/**
 * The slots of the source as `containers/dump/source-slot.ts` takes them: whoever waits asks again after a random time.
 * With thousands waiting, each question would be an event; here the time until the next question after a slot
 * is freed is drawn at once, and the questions in vain are counted by the time that was waited.
 */
import { longestPollMilliseconds, shortestPollMilliseconds } from '../../containers/dump/source-slot.ts';
import type { Dice } from './dice.ts';
import type { Ledger } from './ledger.ts';

const meanPollSeconds = (shortestPollMilliseconds + longestPollMilliseconds) / 2_000;

export class SourceSlots {
  readonly #limit: number;
  readonly #dice: Dice;
  readonly #ledger: Ledger;
  readonly #write: (rate: 'slotUnits' | 'sourcePollUnits', questions: number) => void;
  readonly #after: (seconds: number, then: () => void) => void;
  readonly #waiting: (() => void)[] = [];
  #held = 0;
  /** Slots that are free and about to be found so. */
  #promised = 0;
  #since = 0;

  constructor(options: { readonly limit: number; readonly dice: Dice; readonly ledger: Ledger; readonly write: (rate: 'slotUnits' | 'sourcePollUnits', questions: number) => void; readonly after: (seconds: number, then: () => void) => void }) {
    this.#limit = options.limit;
    this.#dice = options.dice;
    this.#ledger = options.ledger;
    this.#write = options.write;
    this.#after = options.after;
  }

  get held(): number {
    return this.#held;
  }

  take(now: number, granted: () => void): void {
    this.#write('slotUnits', 1);
    if (this.#held < this.#limit) {
      this.#grant(now, granted);
      return;
    }
    this.#settle(now);
    this.#waiting.push(granted);
  }

  free(now: number): void {
    this.#write('slotUnits', 1);
    this.#held -= 1;
    this.#ledger.sourceSlots.change(now, -1);
    const count = this.#waiting.length - this.#promised;
    if (count <= 0) return;
    this.#promised += 1;
    const delay = Math.min(meanPollSeconds, this.#dice.exponential(meanPollSeconds / count));
    this.#after(delay, () => {
      this.#promised -= 1;
      // A dump that came meanwhile, and asked for the first time, has found it.
      if (this.#held >= this.#limit) return;
      this.#settle(now + delay);
      const index = Math.floor(this.#dice.uniform() * this.#waiting.length);
      const granted = this.#waiting[index];
      const last = this.#waiting.pop();
      if (granted === undefined || last === undefined) return;
      if (index < this.#waiting.length) this.#waiting[index] = last;
      this.#grant(now + delay, granted);
    });
  }

  #grant(now: number, granted: () => void): void {
    this.#held += 1;
    this.#ledger.sourceSlots.change(now, 1);
    granted();
  }

  #settle(now: number): void {
    if (this.#waiting.length > 0) this.#write('sourcePollUnits', (this.#waiting.length * (now - this.#since)) / meanPollSeconds);
    this.#since = now;
  }
}
