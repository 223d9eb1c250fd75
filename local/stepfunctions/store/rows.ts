/** PENDING is ours: an item of a Map Run whose child execution has not been started; the API does not show it. */
export type ExecutionStatus = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'PENDING_REDRIVE';
export type MapRunStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';

export interface ExecutionRow {
  id: number;
  arn: string;
  name: string;
  /** Of a child: the state machine's ARN, a slash and the Map's label. */
  state_machine_arn: string;
  definition: number;
  map_run: number | null;
  item_index: number | null;
  item_count: number;
  status: ExecutionStatus;
  input: string;
  output: string | null;
  error: string | null;
  cause: string | null;
  start_date: number;
  stop_date: number | null;
  redrive_count: number;
  redrive_date: number | null;
  redrive_token: string | null;
  /** 0 until the status-change event of the present status was handed over. */
  announced: number;
}

export interface MapRunRow {
  id: number;
  arn: string;
  /** The execution that started it. */
  execution: number;
  state_machine_arn: string;
  status: MapRunStatus;
  start_date: number;
  stop_date: number | null;
  max_concurrency: number;
  tolerated_failure_count: number | null;
  tolerated_failure_percentage: number | null;
  state_name: string;
  redrive_count: number;
  redrive_date: number | null;
  /** 1 once all items have their rows; before that a redrive reads the items again. */
  items_read: number;
  results_written: number;
}

export interface EventRow {
  execution: number;
  id: number;
  previous: number;
  type: string;
  timestamp: number;
  details: string | null;
  /** The branch it belongs to, see history.ts; not shown by the API. */
  scope: string;
  /** Of an exit: the next state, null at the end of a branch; not shown by the API. */
  next: string | null;
}

export function isOpen(status: ExecutionStatus): boolean {
  return status === 'RUNNING' || status === 'PENDING' || status === 'PENDING_REDRIVE';
}
