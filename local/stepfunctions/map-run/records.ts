import { createHash, randomUUID } from 'node:crypto';
import type { MapState } from '../language/definition.ts';
import type { Json } from '../language/json.ts';
import { integerField, percentageField } from '../interpreter/numbers.ts';
import type { Visit } from '../interpreter/visit.ts';
import type { EventStore } from '../store/event-store.ts';
import type { ExecutionRow, ExecutionStatus, MapRunRow } from '../store/rows.ts';
import type { ChildInput } from './item-inputs.ts';

type Settings = Pick<MapRunRow, 'max_concurrency' | 'tolerated_failure_count' | 'tolerated_failure_percentage'>;

/** Source: Developer Guide, state-map-distributed. @throws StatesError States.Runtime */
export function toleratedFailures(state: MapState, input: Json, context: Json): Omit<Settings, 'max_concurrency'> {
  return {
    tolerated_failure_count: integerField(state, 'ToleratedFailureCount', input, context) ?? null,
    tolerated_failure_percentage: percentageField(state, 'ToleratedFailurePercentage', input, context) ?? null,
  };
}

export function createMapRun(visit: Visit, state: MapState, settings: Settings): MapRunRow {
  const { engine, row: parent } = visit.run;
  const label = state.Label ?? createHash('sha256').update(visit.name).digest('hex').slice(0, 32);
  const machine = parent.state_machine_arn.slice(parent.state_machine_arn.lastIndexOf(':') + 1).split('/')[0] ?? '';
  const row: Omit<MapRunRow, 'id'> = {
    arn: `arn:aws:states:${engine.region}:${engine.accountId}:mapRun:${machine}/${label}:${randomUUID()}`,
    execution: parent.id,
    state_machine_arn: `arn:aws:states:${engine.region}:${engine.accountId}:stateMachine:${machine}/${label}`,
    status: 'RUNNING',
    start_date: engine.clock.now(),
    stop_date: null,
    ...settings,
    state_name: visit.name,
    redrive_count: 0,
    redrive_date: null,
    items_read: 0,
    results_written: 0,
  };
  return { id: engine.store.insertMapRun(row), ...row };
}

/** Records an item as a child that is still to be started. */
export function createChild(store: EventStore, parent: ExecutionRow, mapRun: MapRunRow, index: number, input: ChildInput): void {
  const name = randomUUID();
  store.insertExecution({
    arn: `${mapRun.state_machine_arn.replace(':stateMachine:', ':execution:')}:${name}`,
    name,
    state_machine_arn: mapRun.state_machine_arn,
    definition: parent.definition,
    map_run: mapRun.id,
    item_index: index,
    item_count: input.items,
    status: 'PENDING',
    input: input.text,
    output: null,
    error: null,
    cause: null,
    start_date: mapRun.start_date,
    stop_date: null,
    redrive_count: 0,
    redrive_date: null,
    redrive_token: null,
    announced: 1,
  });
}

export interface Counts {
  readonly executions: Readonly<Record<ExecutionStatus, number>>;
  readonly items: Readonly<Record<ExecutionStatus, number>>;
}

export function countChildren(store: EventStore, mapRun: number): Counts {
  const executions = zeroes();
  const items = zeroes();
  const groups = store.all<{ status: ExecutionStatus; executions: number; items: number }>(
    'SELECT status, count(*) AS executions, sum(item_count) AS items FROM execution WHERE map_run = ? GROUP BY status',
    mapRun,
  );
  for (const group of groups) {
    executions[group.status] = group.executions;
    items[group.status] = group.items;
  }
  return { executions, items };
}

function zeroes(): Record<ExecutionStatus, number> {
  return { PENDING: 0, RUNNING: 0, SUCCEEDED: 0, FAILED: 0, TIMED_OUT: 0, ABORTED: 0, PENDING_REDRIVE: 0 };
}
