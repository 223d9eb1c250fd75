import { eventCount, maximumEvents } from './history.ts';
import type { EventStore } from './store/event-store.ts';
import type { ExecutionRow } from './store/rows.ts';

const day = 86_400_000;
/** Source: API_RedriveExecution: "has not exceeded the redrivable period of 14 days", from the close of the execution. */
export const redrivablePeriod = 14 * day;
const maximumOpenTime = 365 * day;

export interface RedriveStatus {
  readonly status: 'REDRIVABLE' | 'NOT_REDRIVABLE' | 'REDRIVABLE_BY_MAP_RUN';
  readonly reason: string | undefined;
}

/** Source: API_DescribeExecution, redriveStatus and redriveStatusReason, whose words these are. */
export function redriveStatusOf(store: EventStore, row: ExecutionRow, now: number): RedriveStatus {
  const reason = reasonAgainst(store, row, now);
  if (reason !== undefined) return { status: 'NOT_REDRIVABLE', reason };
  return { status: row.map_run === null ? 'REDRIVABLE' : 'REDRIVABLE_BY_MAP_RUN', reason: undefined };
}

function reasonAgainst(store: EventStore, row: ExecutionRow, now: number): string | undefined {
  if (row.status === 'SUCCEEDED') return 'Execution is SUCCEEDED and cannot be redriven';
  if (row.stop_date === null) return 'Execution is RUNNING and cannot be redriven';
  if (now - row.stop_date > redrivablePeriod) return 'Execution redrivable period exceeded';
  if (now - row.start_date > maximumOpenTime) return 'Execution has exceeded the max execution time';
  // ExecutionRedriven and at least one more must fit.
  if (eventCount(store, row.id) >= maximumEvents - 1) return 'Execution history event limit exceeded';
  return undefined;
}
