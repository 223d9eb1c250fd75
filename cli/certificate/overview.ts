/** What all databases of a certificate add up to, taken entry by entry, so that no more than one is held. */
import type { Entry, Overview } from './document.ts';

type Tally = Record<string, number>;

export class OverviewCounter {
  readonly #states: Tally = {};
  readonly #comparedBy: Tally = {};
  readonly #sourceVersions: Tally = {};
  readonly #targetVersions: Tally = {};
  readonly #conversions: Tally = {};
  readonly #failures: Tally = {};
  readonly #sums = { databases: 0, proven: 0, tables: 0, rows: 0, objects: 0, dumpBytes: 0, sqlBytes: 0, retries: 0, continued: 0 };
  readonly #cannotRun = { objects: 0, databases: 0 };
  #startedAt: string | null = null;
  #endedAt: string | null = null;

  add(entry: Entry): void {
    const sums = this.#sums;
    sums.databases += 1;
    sums.proven += isProven(entry) ? 1 : 0;
    sums.tables += entry.tables.length;
    sums.rows += entry.rows ?? 0;
    sums.objects += entry.verification?.objects ?? 0;
    const dead = entry.verification?.cannotRun?.objects ?? 0;
    this.#cannotRun.objects += dead;
    this.#cannotRun.databases += dead > 0 ? 1 : 0;
    sums.dumpBytes += entry.dump?.bytes ?? 0;
    sums.sqlBytes += entry.dump?.sqlBytes ?? 0;
    sums.retries += entry.retries;
    sums.continued += entry.continued.length;
    add(this.#states, entry.state);
    if (entry.verification !== null) add(this.#comparedBy, entry.verification.comparedBy);
    if (entry.source !== null) add(this.#sourceVersions, entry.source.version);
    if (entry.target !== null) add(this.#targetVersions, entry.target.version);
    for (const { rule, times } of entry.conversions?.applied ?? []) add(this.#conversions, rule, times);
    for (const { error } of entry.failures) add(this.#failures, error);
    for (const { at } of entry.transitions) {
      if (this.#startedAt === null || at < this.#startedAt) this.#startedAt = at;
      if (this.#endedAt === null || at > this.#endedAt) this.#endedAt = at;
    }
  }

  overview(): Overview {
    return {
      ...this.#sums,
      // A certificate of before there was such a thing is checked by the same sums.
      ...(this.#cannotRun.objects === 0 ? {} : { cannotRun: this.#cannotRun }),
      states: this.#states,
      comparedBy: this.#comparedBy,
      sourceVersions: this.#sourceVersions,
      targetVersions: this.#targetVersions,
      conversions: this.#conversions,
      failures: this.#failures,
      startedAt: this.#startedAt,
      endedAt: this.#endedAt,
    };
  }
}

/** VERIFIED, the target's digest is the source's, and nothing that says so is missing. */
export function isProven({ state, verification, digest, missing }: Entry): boolean {
  return state === 'VERIFIED' && missing.length === 0 && digest !== null && digest === verification?.digest;
}

function add(tally: Tally, name: string, times = 1): void {
  tally[name] = (Object.hasOwn(tally, name) ? (tally[name] ?? 0) : 0) + times;
}
