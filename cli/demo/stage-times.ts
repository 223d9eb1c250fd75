/** How long the stages of each database took, from the transitions on record. */
import { listRecords, withHistory } from '../../core/records.ts';
import type { DatabaseRecord, DatabaseState, RecordsTable } from '../../core/records.ts';

export interface StageTime {
  readonly stage: string;
  readonly databases: number;
  readonly medianSeconds: number;
  readonly percentile95Seconds: number;
  readonly longestSeconds: number;
}

/** A stage lasts from the one state to the other, when they follow each other. */
const stages: readonly { readonly stage: string; readonly from: DatabaseState; readonly to: DatabaseState }[] = [
  // The wait for one of the source's slots is part of it.
  { stage: 'wait, dump', from: 'DUMPING', to: 'DUMPED' },
  { stage: 'gate', from: 'DUMPED', to: 'IMPORTING' },
  // The import's task verifies too.
  { stage: 'import, verify', from: 'IMPORTING', to: 'IMPORTED' },
];

export function computeStageTimes(records: readonly Pick<DatabaseRecord, 'transitions'>[]): StageTime[] {
  return stages.flatMap(({ stage, from, to }) => {
    const seconds = records.flatMap(({ transitions }) =>
      transitions.flatMap((transition, index) => {
        const next = transitions[index + 1];
        return transition.state === from && next?.state === to ? [(Date.parse(next.at) - Date.parse(transition.at)) / 1000] : [];
      }),
    );
    if (seconds.length === 0) return [];
    seconds.sort((a, b) => a - b);
    return [
      {
        stage,
        databases: seconds.length,
        medianSeconds: percentile(seconds, 50),
        percentile95Seconds: percentile(seconds, 95),
        longestSeconds: seconds.at(-1) ?? 0,
      },
    ];
  });
}

/** The nearest rank. */
function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent * sorted.length) / 100) - 1)] ?? 0;
}

export async function readAllRecords(table: RecordsTable): Promise<DatabaseRecord[]> {
  const records: DatabaseRecord[] = [];
  for await (const page of listRecords(table)) for (const record of page) records.push(await withHistory(table, record));
  return records;
}
