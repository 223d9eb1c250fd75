/** What an assessment found, counted: a struct for --json first, then for screen and report. */
import type { Occurrence, Severity } from '../../core/assessment/check.ts';
import { severities } from '../../core/assessment/check.ts';
import type { Servers } from '../../core/assessment/facts.ts';
import { checks } from '../../core/assessment/registry.ts';
import type { AssessmentStore, Totals } from './store.ts';

export interface ServerFinding {
  readonly check: string;
  readonly severity: Severity;
  readonly occurrences: readonly Occurrence[];
}

export interface CheckSummary {
  readonly check: string;
  readonly severity: Severity;
  readonly databases: number;
  readonly objects: number;
}

export interface Summary {
  readonly at: string;
  readonly source: { readonly address: string; readonly version: string };
  readonly target: { readonly address: string; readonly version: string } | null;
  /** Databases that this assessment is about, whether or not they are assessed yet. */
  readonly chosen: number;
  readonly totals: Totals;
  /** Databases by the worst that was found in them: they add up to those that were assessed. */
  readonly outcome: { readonly blocked: number; readonly warnings: number; readonly convertedOnly: number; readonly clean: number; readonly failed: number };
  readonly severities: Readonly<Record<Severity, { readonly databases: number; readonly objects: number }>>;
  readonly servers: readonly ServerFinding[];
  /** In the order of the registry: by scope, severity and name. */
  readonly checks: readonly CheckSummary[];
}

export interface SummarySubject {
  readonly source: string;
  readonly target: string | undefined;
  readonly servers: Servers;
  readonly chosen: number;
  readonly at: Date;
}

export function summarize(store: AssessmentStore, { source, target, servers, chosen, at }: SummarySubject): Summary {
  const totals = store.totals();
  const bySeverity = new Map(store.severityCounts().map((row) => [row.severity, row]));
  const byCheck = new Map(store.checkCounts().map((row) => [row.check, row]));
  return {
    at: at.toISOString(),
    source: { address: source, version: servers.source.version },
    target: target === undefined || servers.target === undefined ? null : { address: target, version: servers.target.version },
    chosen,
    totals,
    outcome: { blocked: totals.blocked, warnings: totals.warned, convertedOnly: totals.convertedOnly, clean: totals.clean, failed: totals.failed },
    severities: Object.fromEntries(severities.map((severity) => [severity, countsOf(bySeverity.get(severity))])) as Summary['severities'],
    servers: store.serverFindings().map(({ check, severity, occurrences }) => ({ check, severity, occurrences })),
    checks: checks.flatMap(({ id }) => byCheck.get(id) ?? []),
  };
}

/** Whether something stands in the way: of a database, or of all of them. */
export function isBlocked({ totals, servers }: Summary): boolean {
  return totals.blocked > 0 || servers.some(({ severity }) => severity === 'blocks');
}

function countsOf(row: { readonly databases: number; readonly objects: number } | undefined): { readonly databases: number; readonly objects: number } {
  return { databases: row?.databases ?? 0, objects: row?.objects ?? 0 };
}
