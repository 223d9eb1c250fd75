import { History } from './history.ts';
import type { Engine } from './interpreter/run.ts';
import type { ExecutionRow, MapRunRow } from './store/rows.ts';

export const runtimeStopped = {
  error: 'Local.RuntimeStopped',
  cause: 'The local runtime was stopped or killed while this execution ran. Redrive it: it goes on where its history ends.',
} as const;

/**
 * Closes what a killed process left running, as ABORTED, so that a redrive can go on with it. The records are committed
 * by the caller; the status events are still to be announced.
 */
export function closeInterrupted(engine: Engine): void {
  const { store, clock } = engine;
  const now = clock.now();
  const open = store.all<ExecutionRow>("SELECT * FROM execution WHERE status IN ('RUNNING', 'PENDING_REDRIVE') ORDER BY id");
  for (const row of open) {
    if (row.status === 'RUNNING') new History(store, clock, row.id).end('ExecutionAborted', { ...runtimeStopped }, 0);
    store.updateExecution(row.id, { status: 'ABORTED', stop_date: row.stop_date ?? now, ...runtimeStopped, announced: 0 });
  }
  for (const row of store.all<MapRunRow>("SELECT * FROM map_run WHERE status = 'RUNNING'")) {
    store.updateMapRun(row.id, { status: 'ABORTED', stop_date: now });
  }
}
