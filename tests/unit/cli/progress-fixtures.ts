/** Snapshots for the tests of progress and rendering, at a fixed time. */
import type { DatabaseState } from '../../../core/records.ts';
import type { RunSnapshot, Snapshot } from '../../../cli/progress.ts';
import type { DatabaseRow } from '../../../cli/records.ts';

export const now = new Date('2026-11-22T10:30:00.000Z');

export function before(seconds: number): Date {
  return new Date(now.getTime() - seconds * 1000);
}

export function row(database: string, state: DatabaseState, secondsAgo: number, more: Partial<DatabaseRow> = {}): DatabaseRow {
  return { database, state, attempt: 1, updatedAt: before(secondsAgo), ...more };
}

export function run(more: Partial<RunSnapshot> = {}): RunSnapshot {
  return {
    name: 'spring-1',
    arn: 'arn:aws:states:us-east-1:000000000000:execution:ferry:spring-1',
    migration: 'spring',
    status: 'RUNNING',
    startedAt: before(120),
    redrives: 0,
    limits: { source: 4, target: 200 },
    ...more,
  };
}

export function snapshot(databases: readonly DatabaseRow[], more: Partial<Snapshot> = {}): Snapshot {
  return { at: now, migration: 'spring', run: run(), passes: 1, databases, slots: { source: [], target: [] }, ...more };
}

/** `count` databases verified one each second, the last one just now. */
export function verifiedEachSecond(count: number): DatabaseRow[] {
  return Array.from({ length: count }, (_, index) => row(`done_${index}`, 'VERIFIED', index, { rows: 10, sqlBytes: 1_000_000 }));
}
