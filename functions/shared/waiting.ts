/** Databases that wait for others: what a pass over them takes, and whether it has brought them on. */
import { createHash } from 'node:crypto';
import type { ErrorName } from '../../core/errors.ts';
import type { RecordSummary } from '../../core/records.ts';

export function isWaiting({ state, error }: Pick<RecordSummary, 'state' | 'error'>): boolean {
  return state === 'IMPORTED' && error === ('WaitsForDatabase' satisfies ErrorName);
}

/** The same as long as no database has got any further: their messages count and name what they lack. */
export function waitingDigest(records: readonly RecordSummary[]): string {
  const lines = records.map(({ database, errorMessage = '' }) => JSON.stringify([database, errorMessage])).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
