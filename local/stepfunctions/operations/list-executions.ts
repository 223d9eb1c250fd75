import { AwsError } from '../../endpoint/aws-error.ts';
import type { JsonObject } from '../language/json.ts';
import type { ExecutionRow, MapRunRow } from '../store/rows.ts';
import type { Operation, Operations } from './context.ts';
import { date, invalid, optionalText, paged, pageOf } from './input.ts';
import { requiredMapRun, requiredStateMachine } from './lookup.ts';

const statuses = new Set(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE']);

/** Source: API_ListExecutions. The newest come first. */
export const listExecutions: Operation = (operations, input) => {
  const filter = ownerFilter(operations, input);
  const status = optionalText(input, 'statusFilter');
  if (status !== undefined && !statuses.has(status)) {
    throw invalid(`Value '${status}' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [${[...statuses].join(', ')}]`);
  }
  if (status === 'PENDING_REDRIVE' && filter.mapRun === undefined) {
    throw new AwsError('ValidationException', 'The status PENDING_REDRIVE can be used only with mapRunArn');
  }
  const page = pageOf(input);
  const rows = operations.engine.store.all<ExecutionRow>(
    `SELECT * FROM execution WHERE ${filter.sql} AND status ${status === undefined ? "<> 'PENDING'" : '= ?'}` +
      ` AND ${redriveCondition(input)} AND id < ? ORDER BY id DESC LIMIT ?`,
    filter.value, ...(status === undefined ? [] : [status]), page.after ?? Number.MAX_SAFE_INTEGER, page.size + 1,
  );
  const shown = paged(rows, page, (row) => row.id);
  return { executions: shown.rows.map((row) => listed(row, filter.mapRun)), ...shown.next };
};

function ownerFilter(operations: Operations, input: JsonObject): { sql: string; value: string | number; mapRun: MapRunRow | undefined } {
  const [machine, mapRun] = [optionalText(input, 'stateMachineArn'), optionalText(input, 'mapRunArn')];
  if ((machine === undefined) === (mapRun === undefined)) {
    throw new AwsError('ValidationException', 'You must specify either a state machine ARN or a Map Run ARN, but not both');
  }
  if (mapRun === undefined) {
    return { sql: 'map_run IS NULL AND state_machine_arn = ?', value: requiredStateMachine(operations, input).arn, mapRun: undefined };
  }
  const row = requiredMapRun(operations, input);
  return { sql: 'map_run = ?', value: row.id, mapRun: row };
}

function redriveCondition(input: JsonObject): string {
  const filter = optionalText(input, 'redriveFilter');
  if (filter === undefined) return 'true';
  if (filter === 'REDRIVEN') return 'redrive_count > 0';
  if (filter === 'NOT_REDRIVEN') return 'redrive_count = 0';
  throw invalid(`Value '${filter}' at 'redriveFilter' failed to satisfy constraint: Member must satisfy enum value set: [REDRIVEN, NOT_REDRIVEN]`);
}

function listed(row: ExecutionRow, mapRun: MapRunRow | undefined): JsonObject {
  return {
    executionArn: row.arn,
    stateMachineArn: row.state_machine_arn,
    name: row.name,
    status: row.status,
    startDate: row.start_date / 1000,
    ...date('stopDate', row.stop_date),
    ...(mapRun === undefined ? {} : { mapRunArn: mapRun.arn, itemCount: row.item_count }),
    redriveCount: row.redrive_count,
    ...date('redriveDate', row.redrive_date),
  };
}
