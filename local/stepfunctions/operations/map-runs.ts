import type { JsonObject } from '../language/json.ts';
import { maximumEvents } from '../history.ts';
import { countChildren } from '../map-run/records.ts';
import { redrivablePeriod } from '../redrive.ts';
import type { ExecutionStatus, MapRunRow } from '../store/rows.ts';
import type { Operation, Operations } from './context.ts';
import { date, invalid, optionalNumber, paged, pageOf } from './input.ts';
import { requiredExecution, requiredMapRun } from './lookup.ts';

/** Source: API_DescribeMapRun. */
export const describeMapRun: Operation = (operations, input) => {
  const row = requiredMapRun(operations, input);
  const { executions, items } = countChildren(operations.engine.store, row.id);
  const hopeless = failuresNotRedrivable(operations, row);
  return {
    mapRunArn: row.arn,
    executionArn: operations.engine.store.execution(row.execution).arn,
    status: row.status,
    startDate: row.start_date / 1000,
    ...date('stopDate', row.stop_date),
    maxConcurrency: row.max_concurrency,
    toleratedFailurePercentage: row.tolerated_failure_percentage ?? 0,
    toleratedFailureCount: row.tolerated_failure_count ?? 0,
    itemCounts: { ...counts(items), resultsWritten: row.results_written, failuresNotRedrivable: hopeless.items },
    executionCounts: {
      ...counts(executions),
      resultsWritten: row.results_written === 0 ? 0 : executions.SUCCEEDED + executions.FAILED + executions.TIMED_OUT + executions.ABORTED,
      failuresNotRedrivable: hopeless.executions,
    },
    redriveCount: row.redrive_count,
    ...date('redriveDate', row.redrive_date),
  };
};

function counts(of: Readonly<Record<ExecutionStatus, number>>): JsonObject {
  return {
    pending: of.PENDING,
    running: of.RUNNING,
    succeeded: of.SUCCEEDED,
    failed: of.FAILED,
    timedOut: of.TIMED_OUT,
    aborted: of.ABORTED,
    pendingRedrive: of.PENDING_REDRIVE,
    total: Object.values(of).reduce((sum, count) => sum + count, 0),
  };
}

function failuresNotRedrivable({ engine }: Operations, row: MapRunRow): { executions: number; items: number } {
  const found = engine.store.get<{ executions: number; items: number | null }>(
    `SELECT count(*) AS executions, sum(item_count) AS items FROM execution
     WHERE map_run = ? AND status IN ('FAILED', 'TIMED_OUT', 'ABORTED')
     AND (stop_date < ? OR (SELECT max(id) FROM event WHERE event.execution = execution.id) >= ?)`,
    row.id, engine.clock.now() - redrivablePeriod, maximumEvents - 1,
  );
  return { executions: found?.executions ?? 0, items: found?.items ?? 0 };
}

/** Source: API_ListMapRuns. The newest come first. */
export const listMapRuns: Operation = (operations, input) => {
  const execution = requiredExecution(operations, input);
  const page = pageOf(input);
  const rows = operations.engine.store.all<MapRunRow>(
    'SELECT * FROM map_run WHERE execution = ? AND id < ? ORDER BY id DESC LIMIT ?',
    execution.id, page.after ?? Number.MAX_SAFE_INTEGER, page.size + 1,
  );
  const shown = paged(rows, page, (row) => row.id);
  const mapRuns = shown.rows.map((row) => ({
    executionArn: execution.arn,
    mapRunArn: row.arn,
    stateMachineArn: execution.state_machine_arn,
    startDate: row.start_date / 1000,
    ...date('stopDate', row.stop_date),
  }));
  return { mapRuns, ...shown.next };
};

/** Source: API_UpdateMapRun. Takes effect at once on a Map Run that is under way. */
export const updateMapRun: Operation = async (operations, input) => {
  const { store, mapRuns } = operations.engine;
  const row = requiredMapRun(operations, input);
  const change: Partial<MapRunRow> = {};
  const concurrency = optionalNumber(input, 'maxConcurrency');
  const count = optionalNumber(input, 'toleratedFailureCount');
  const percentage = optionalNumber(input, 'toleratedFailurePercentage');
  for (const [field, value] of Object.entries({ maxConcurrency: concurrency, toleratedFailureCount: count, toleratedFailurePercentage: percentage })) {
    if (value !== undefined && value < 0) {
      throw invalid(`Value '${value}' at '${field}' failed to satisfy constraint: Member must have value greater than or equal to 0`);
    }
  }
  if (concurrency !== undefined) change.max_concurrency = concurrency;
  if (count !== undefined) change.tolerated_failure_count = count;
  if (percentage !== undefined) change.tolerated_failure_percentage = percentage;
  if (Object.keys(change).length > 0) store.updateMapRun(row.id, change);
  mapRuns.get(row.arn)?.update();
  await store.committed();
  return {};
};
