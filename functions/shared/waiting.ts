/** What databases that wait for others wait for. */
import { createHash } from 'node:crypto';
import type { RecordSummary } from '../../core/records.ts';

/** The same as long as no database has got any further: their messages count and name what they lack. */
export function waitingDigest(records: readonly RecordSummary[]): string {
  const lines = records.map(({ database, errorMessage = '' }) => JSON.stringify([database, errorMessage])).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
