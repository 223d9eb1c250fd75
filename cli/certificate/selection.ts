/** Which databases the HTML shows: all of a small migration; of a large one, those that anything is to be said of, and the largest. */
import type { Entry } from './document.ts';
import { isProven, wasProven } from './overview.ts';

/** One line of the HTML. */
export interface Shown {
  readonly database: string;
  readonly state: Entry['state'];
  readonly proven: boolean;
  readonly unverified: boolean;
  readonly verifiedAt: string | null;
  readonly tables: number;
  readonly rows: number | null;
  readonly bytes: number | null;
  readonly digest: string | null;
  readonly conversions: number;
  readonly retries: number;
  readonly failures: Entry['failures'];
  readonly continued: Entry['continued'];
  readonly missing: number;
  /** The moment of the source that it holds. */
  readonly dumpedAt: string | null;
  readonly wasProven: boolean;
  readonly later: NonNullable<Entry['later']>;
  /** Objects that cannot run on the target, the first of them with their causes. */
  readonly cannotRun: NonNullable<Entry['verification']>['cannotRun'];
}

const shownAll = 2_000;
const shownTroubled = 1_000;
const shownLargest = 100;

export class Selection {
  #all: Shown[] | undefined = [];
  readonly #troubled: Shown[] = [];
  #largest: Shown[] = [];
  troubledInAll = 0;

  add(entry: Entry): void {
    const shown = describe(entry);
    this.#all?.push(shown);
    if (this.#all !== undefined && this.#all.length > shownAll) this.#all = undefined;
    if (isTroubled(shown)) {
      this.troubledInAll += 1;
      if (this.#troubled.length < shownTroubled) this.#troubled.push(shown);
    }
    this.#largest.push(shown);
    if (this.#largest.length >= 2 * shownLargest) this.#largest = largestOf(this.#largest);
  }

  /** Undefined when there are too many. */
  get all(): readonly Shown[] | undefined {
    return this.#all;
  }

  /** Not proven, not at the first try, or with objects that cannot run. */
  get troubled(): readonly Shown[] {
    return this.#troubled;
  }

  get largest(): readonly Shown[] {
    return largestOf(this.#largest);
  }
}

function describe(entry: Entry): Shown {
  return {
    database: entry.database,
    state: entry.state,
    proven: isProven(entry),
    unverified: entry.unverified,
    verifiedAt: entry.verifiedAt,
    tables: entry.tables.length,
    rows: entry.rows,
    bytes: entry.dump?.sqlBytes ?? null,
    digest: entry.digest,
    conversions: (entry.conversions?.applied ?? []).reduce((total, { times }) => total + times, 0),
    retries: entry.retries,
    failures: entry.failures,
    continued: entry.continued,
    missing: entry.missing.length,
    dumpedAt: entry.dump?.readAt ?? entry.dump?.createdAt ?? null,
    wasProven: wasProven(entry),
    later: entry.later ?? [],
    cannotRun: entry.verification?.cannotRun,
  };
}

function isTroubled({ proven, failures, retries, cannotRun }: Shown): boolean {
  return !proven || failures.length > 0 || retries > 0 || cannotRun !== undefined;
}

function largestOf(shown: readonly Shown[]): Shown[] {
  return [...shown].sort((one, other) => (other.bytes ?? 0) - (one.bytes ?? 0)).slice(0, shownLargest);
}
