/**
 * The progress of a migration as a struct, computed from what was read in one look. What is not known is null, never 0.
 * Rendering is in render/. Units: seconds and bytes unless a name says otherwise.
 */
import { errorKinds, isErrorName } from '../core/errors.ts';
import type { Freeze } from '../core/freezes.ts';
import { databaseStates, isWaiting } from '../core/records.ts';
import type { DatabaseState } from '../core/records.ts';
import { computeEstimate, computeThroughput, computeWindow, isFinished, secondsBetween, sum } from './estimate.ts';
import { groupHolds, type HoldGroup, isHeldRow } from './holds/holds.ts';
import type { DatabaseRow } from './records.ts';

export type RunStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'PENDING_REDRIVE';

export interface RunSnapshot {
  readonly name: string;
  readonly arn: string;
  readonly migration: string;
  readonly status: RunStatus;
  readonly startedAt: Date;
  readonly endedAt?: Date | undefined;
  readonly redrives: number;
  readonly redrivenAt?: Date | undefined;
  /** Of an execution that failed: States Language's error and cause. */
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  readonly limits: { readonly source: number; readonly target: number };
}

export interface SlotHolder {
  readonly holder: string;
  readonly grantedAt: Date;
}

/** What one look at a deployment found. */
export interface Snapshot {
  readonly at: Date;
  readonly migration: string;
  readonly run?: RunSnapshot | undefined;
  /** Children of the newest Map Run that have not ended, while it runs. */
  readonly unfinishedInPass?: number | undefined;
  readonly passes: number;
  readonly databases: readonly DatabaseRow[];
  readonly slots: { readonly source: readonly SlotHolder[]; readonly target: readonly SlotHolder[] };
  readonly freezes?: readonly Freeze[] | undefined;
  /** Branch (execution ARN) to the database that it works on, where that was asked for. */
  readonly owners?: ReadonlyMap<string, string> | undefined;
}

export interface Failure {
  readonly database: string;
  readonly stage: string | null;
  readonly attempt: number;
  readonly at: string;
  readonly message: string;
}

export interface FailureGroup {
  readonly error: string;
  readonly remedy: string | null;
  readonly failures: readonly Failure[];
}

export type Estimate =
  | { readonly state: 'none' | 'measuring' | 'finishing' }
  | { readonly state: 'ready'; readonly seconds: number };

export interface SlotUse {
  readonly held: number;
  readonly limit: number | null;
  readonly holders: readonly { readonly database: string | null; readonly holder: string; readonly grantedAt: string; readonly heldSeconds: number }[];
}

export interface Progress {
  readonly at: string;
  readonly migration: string;
  readonly run: {
    readonly name: string;
    readonly arn: string;
    readonly status: RunStatus;
    readonly startedAt: string;
    readonly endedAt: string | null;
    readonly redrives: number;
    readonly redrivenAt: string | null;
    readonly passes: number;
    readonly error: string | null;
    readonly cause: string | null;
  } | null;
  /** Since the run was started, until its end or now. */
  readonly elapsedSeconds: number | null;
  /** Since it was last started or redriven. */
  readonly sinceRedriveSeconds: number | null;
  readonly total: number;
  readonly counts: Readonly<Record<DatabaseState, number>>;
  /** Of those in IMPORTED: done, by a run that was told not to verify. */
  readonly unverified: number;
  /** Of those in VERIFIED: databases with objects that cannot run on the target, those objects, and the first of the databases. */
  readonly cannotRun: { readonly databases: number; readonly objects: number; readonly first: readonly { readonly database: string; readonly objects: number }[] };
  /** Sums over the databases that are done. */
  readonly moved: { readonly rows: number; readonly sqlBytes: number };
  readonly throughput: { readonly databasesPerMinute: number; readonly bytesPerSecond: number; readonly overSeconds: number } | null;
  readonly estimate: Estimate;
  readonly window: { readonly seconds: number; readonly leftSeconds: number; readonly fits: boolean | null; readonly spareSeconds: number | null } | null;
  readonly slots: { readonly source: SlotUse; readonly target: SlotUse };
  /** Databases that writers are shut out of, the first deadline among them, and databases whose freeze is over and whose privileges are still withdrawn. */
  readonly frozen: { readonly held: number; readonly nextDeadline: string | null; readonly withdrawn: number };
  /** Databases that a branch works on, the one longest in its state first. */
  readonly inProgress: readonly { readonly database: string; readonly state: DatabaseState; readonly attempt: number; readonly since: string; readonly seconds: number }[];
  readonly deadLetters: readonly FailureGroup[];
  readonly retrying: readonly FailureGroup[];
  /** Branches that wait, without spending a try, for a server or service that all branches need; they are in RETRYING. */
  readonly held: readonly HoldGroup[];
  /** Databases that are imported, and wait for others that they refer to. */
  readonly waiting: readonly FailureGroup[];
}

/** @param windowSeconds the downtime window that the operator has, counted from the run's start */
export function computeProgress(snapshot: Snapshot, at: Date, windowSeconds?: number): Progress {
  const { run, databases } = snapshot;
  const end = run?.endedAt ?? at;
  const elapsedSeconds = run === undefined ? null : secondsBetween(run.startedAt, end);
  const throughput = computeThroughput(snapshot, at);
  const estimate = computeEstimate(snapshot, throughput);
  const done = databases.filter(isFinished);
  return {
    at: at.toISOString(),
    migration: snapshot.migration,
    run: run === undefined ? null : describeRun(run, snapshot.passes),
    elapsedSeconds,
    sinceRedriveSeconds: run === undefined ? null : secondsBetween(run.redrivenAt ?? run.startedAt, end),
    total: databases.length,
    counts: countStates(databases),
    unverified: done.filter(({ state }) => state !== 'VERIFIED').length,
    cannotRun: countCannotRun(databases),
    moved: {
      rows: sum(done, (row) => row.rows),
      sqlBytes: sum(done, (row) => row.sqlBytes),
    },
    throughput,
    estimate,
    window: computeWindow(windowSeconds, elapsedSeconds, estimate, run?.status),
    slots: {
      source: describeSlots(snapshot, 'source', at),
      target: describeSlots(snapshot, 'target', at),
    },
    frozen: countFreezes(snapshot.freezes ?? [], at),
    inProgress: databases
      .filter((row) => workingStates.has(row.state) && !isFinished(row) && !isWaiting(row))
      .map((row) => ({
        database: row.database,
        state: row.state,
        attempt: row.attempt,
        since: row.updatedAt.toISOString(),
        seconds: secondsBetween(row.updatedAt, at),
      }))
      .sort((a, b) => b.seconds - a.seconds || compareNames(a.database, b.database)),
    deadLetters: groupFailures(databases, 'DEAD_LETTERED'),
    retrying: groupFailures(databases.filter((row) => !isHeldRow(row)), 'RETRYING'),
    held: groupHolds(databases, at),
    waiting: groupFailures(databases.filter((row) => isWaiting(row) && !isFinished(row)), 'IMPORTED'),
  };
}

const firstNamed = 10;

function countCannotRun(databases: readonly DatabaseRow[]): Progress['cannotRun'] {
  const concerned = databases.filter(({ state, cannotRun = 0 }) => state === 'VERIFIED' && cannotRun > 0);
  const named = concerned.map(({ database, cannotRun = 0 }) => ({ database, objects: cannotRun })).sort((a, b) => b.objects - a.objects || compareNames(a.database, b.database));
  return { databases: concerned.length, objects: sum(concerned, (row) => row.cannotRun), first: named.slice(0, firstNamed) };
}

/** A freeze past its deadline is none: its keeper died before it could say so. */
export function isHeld({ endedAt, until }: Freeze, at: Date): boolean {
  return endedAt === undefined && Date.parse(until) > at.getTime();
}

function countFreezes(freezes: readonly Freeze[], at: Date): Progress['frozen'] {
  const held = freezes.filter((freeze) => isHeld(freeze, at));
  return {
    held: held.length,
    nextDeadline: held.map(({ until }) => until).sort()[0] ?? null,
    withdrawn: freezes.filter((freeze) => !isHeld(freeze, at) && (freeze.withdrawn ?? []).length > 0).length,
  };
}

const workingStates: ReadonlySet<DatabaseState> = new Set<DatabaseState>(['DUMPING', 'IMPORTING', 'IMPORTED']);

function describeRun(run: RunSnapshot, passes: number): NonNullable<Progress['run']> {
  return {
    name: run.name,
    arn: run.arn,
    status: run.status,
    startedAt: run.startedAt.toISOString(),
    endedAt: run.endedAt?.toISOString() ?? null,
    redrives: run.redrives,
    redrivenAt: run.redrivenAt?.toISOString() ?? null,
    passes,
    error: run.error ?? null,
    cause: run.cause ?? null,
  };
}

function countStates(databases: readonly DatabaseRow[]): Record<DatabaseState, number> {
  const counts = Object.fromEntries(databaseStates.map((state) => [state, 0])) as Record<DatabaseState, number>;
  for (const { state } of databases) counts[state] += 1;
  return counts;
}

function describeSlots(snapshot: Snapshot, server: 'source' | 'target', at: Date): SlotUse {
  const holders = [...snapshot.slots[server]].sort((a, b) => a.grantedAt.getTime() - b.grantedAt.getTime());
  return {
    held: holders.length,
    limit: snapshot.run?.limits[server] ?? null,
    holders: holders.map(({ holder, grantedAt }) => ({
      database: snapshot.owners?.get(holder) ?? null,
      holder,
      grantedAt: grantedAt.toISOString(),
      heldSeconds: secondsBetween(grantedAt, at),
    })),
  };
}

function groupFailures(databases: readonly DatabaseRow[], state: DatabaseState): FailureGroup[] {
  const groups = new Map<string, Failure[]>();
  for (const row of databases) {
    if (row.state !== state) continue;
    const error = row.error ?? 'InternalError';
    const failures = groups.get(error) ?? [];
    groups.set(error, failures);
    failures.push({
      database: row.database,
      stage: row.errorStage ?? null,
      attempt: row.attempt,
      at: row.updatedAt.toISOString(),
      message: row.errorMessage ?? '',
    });
  }
  return [...groups]
    .map(([error, failures]) => ({
      error,
      remedy: isErrorName(error) ? errorKinds[error].remedy : null,
      failures: failures.sort((a, b) => compareNames(a.database, b.database)),
    }))
    .sort((a, b) => b.failures.length - a.failures.length || compareNames(a.error, b.error));
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
