/** The shape of a check: one file, one thing that can go wrong, found by looking at facts that were read before. */
import type { DatabaseFacts, Servers } from './facts.ts';

/**
 * `blocks`: the import would fail, or data would be lost. `converted`: Ferry changes it on the way. `warning`: it arrives, and
 * may behave otherwise. `information`: good to know.
 */
export const severities = ['blocks', 'converted', 'warning', 'information'] as const;
export type Severity = (typeof severities)[number];

export interface Occurrence {
  /** `table orders`, `column orders.note`, `view v`; '' for a server or a database as a whole. */
  readonly object: string;
  /** What was seen, without any value of a row. */
  readonly detail?: string | undefined;
}

interface CheckTexts {
  /** Stable, in kebab case, also the file's name. A rule of the rewriter that speaks of the same thing has the same name. */
  readonly id: string;
  readonly severity: Severity;
  /** Rows of the failure catalogue that it covers: `I1`. */
  readonly catalogue: readonly string[];
  readonly cause: string;
  readonly consequence: string;
  readonly remedy: string;
}

export interface ServerCheck extends CheckTexts {
  readonly scope: 'server';
  readonly find: (servers: Servers) => Iterable<Occurrence>;
}

export interface DatabaseCheck extends CheckTexts {
  readonly scope: 'database' | 'table' | 'object';
  readonly find: (database: DatabaseFacts, servers: Servers) => Iterable<Occurrence>;
}

export type Check = ServerCheck | DatabaseCheck;

/** A check and where it was met; never without an occurrence. */
export interface Finding {
  readonly check: string;
  readonly severity: Severity;
  readonly occurrences: readonly Occurrence[];
}
