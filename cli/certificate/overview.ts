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
  /** Undefined of certificates of format 1, which know no later looks. */
  #later: { changedSince: number; lookedAtAgain: number; dumped: readonly string[]; verified: readonly string[] } | undefined;
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
    if (entry.later !== undefined) this.#addLater(entry);
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

  #addLater(entry: Entry): void {
    const so = (this.#later ??= { changedSince: 0, lookedAtAgain: 0, dumped: [], verified: [] });
    if ((entry.later?.length ?? 0) > 0) so.lookedAtAgain += 1;
    if (!wasProven(entry)) return;
    if (!isProven(entry)) so.changedSince += 1;
    so.dumped = widened(so.dumped, entry.dump?.readAt ?? entry.dump?.createdAt);
    so.verified = widened(so.verified, entry.verification?.finishedAt);
  }

  overview(): Overview {
    return {
      ...this.#sums,
      ...this.#describeLater(),
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

  #describeLater(): Pick<Overview, 'changedSince' | 'lookedAtAgain' | 'moments'> {
    if (this.#later === undefined) return {};
    const { changedSince: changed, lookedAtAgain, dumped, verified } = this.#later;
    return { changedSince: changed, lookedAtAgain, moments: { dumped: [...dumped], verified: [...verified] } };
  }
}

/** Whether the newest comparison of the target, since it was verified, found it different or gone; that its tables are there compares nothing. */
export function changedSince({ later }: Entry): boolean {
  const newest = later?.findLast(({ kind, outcome }) => kind !== 'drift' && outcome !== 'unknown' && outcome !== 'there');
  return newest?.outcome === 'differs' || newest?.outcome === 'gone';
}

/** Proven at its moment, and not found otherwise since. */
export function isProven(entry: Entry): boolean {
  return wasProven(entry) && !changedSince(entry);
}

/** The first and the last. */
function widened(times: readonly string[], at: string | undefined): readonly string[] {
  if (at === undefined) return times;
  const sorted = [...times, at].sort();
  return [...new Set([sorted[0] ?? at, sorted.at(-1) ?? at])];
}

/** VERIFIED, the target's digest is the source's, and nothing that says so is missing. */
export function wasProven({ state, verification, digest, missing }: Entry): boolean {
  return state === 'VERIFIED' && missing.length === 0 && digest !== null && digest === verification?.digest;
}

function add(tally: Tally, name: string, times = 1): void {
  tally[name] = (Object.hasOwn(tally, name) ? (tally[name] ?? 0) : 0) + times;
}
