import { AwsError } from '../../endpoint/aws-error.ts';
import type { JsonObject } from '../language/json.ts';
import { redriveStatusOf } from '../redrive.ts';
import type { ExecutionRow, MapRunRow } from '../store/rows.ts';
import type { Operation, Operations } from './context.ts';
import { date, optionalText } from './input.ts';
import { requiredExecution } from './lookup.ts';

/** Source: API_DescribeExecution. */
export const describeExecution: Operation = (operations, input) => {
  const row = requiredExecution(operations, input);
  const { store, clock } = operations.engine;
  const redrive = redriveStatusOf(store, row, clock.now());
  return {
    executionArn: row.arn,
    stateMachineArn: row.state_machine_arn,
    name: row.name,
    status: row.status,
    startDate: row.start_date / 1000,
    ...date('stopDate', row.stop_date),
    input: row.input,
    inputDetails: { included: true },
    ...(row.output === null ? {} : { output: row.output, outputDetails: { included: true } }),
    ...(row.error === null ? {} : { error: row.error }),
    ...(row.cause === null ? {} : { cause: row.cause }),
    ...mapRunOf(operations, row),
    redriveCount: row.redrive_count,
    ...date('redriveDate', row.redrive_date),
    redriveStatus: redrive.status,
    ...(redrive.reason === undefined ? {} : { redriveStatusReason: redrive.reason }),
  };
};

function mapRunOf({ engine }: Operations, row: ExecutionRow): JsonObject {
  if (row.map_run === null) return {};
  const mapRun = engine.store.get<MapRunRow>('SELECT * FROM map_run WHERE id = ?', row.map_run);
  return mapRun === undefined ? {} : { mapRunArn: mapRun.arn };
}

/** Source: API_StopExecution. Stopping what has ended already changes nothing. */
export const stopExecution: Operation = async (operations, input) => {
  const row = requiredExecution(operations, input);
  const { store, clock } = operations.engine;
  operations.executor.stop(row.id, optionalText(input, 'error') ?? '', optionalText(input, 'cause') ?? '');
  await store.committed();
  const stopped = store.get<ExecutionRow>('SELECT * FROM execution WHERE id = ?', row.id);
  return { stopDate: (stopped?.stop_date ?? clock.now()) / 1000 };
};

/** Source: API_RedriveExecution. A child of a Map Run is redriven through its parent. */
export const redriveExecution: Operation = async (operations, input) => {
  const { executor, machines, engine } = operations;
  const { id, status } = requiredExecution(operations, input);
  // What was stopped is settled first; from here to the redrive nothing else can come between.
  if (status !== 'RUNNING') await executor.settled(id);
  const row = engine.store.execution(id);
  const token = optionalText(input, 'clientToken');
  const repeated = token !== undefined && token === row.redrive_token && row.status === 'RUNNING';
  if (repeated) return { redriveDate: (row.redrive_date ?? 0) / 1000 };
  checkRedrivable(operations, row);
  const graph = machines.definition(row.definition);
  const roleArn = machines.find(row.state_machine_arn)?.roleArn ?? '';
  void executor.redrive(row, { graph, roleArn, timeoutSeconds: graph.TimeoutSeconds }, token ?? null);
  await engine.store.committed();
  return { redriveDate: (row.redrive_date ?? 0) / 1000 };
};

function checkRedrivable({ engine }: Operations, row: ExecutionRow): void {
  if (row.map_run !== null) {
    throw new AwsError('ExecutionNotRedrivable', `Execution '${row.arn}' is a child of a Map Run and is redriven by redriving its parent execution`);
  }
  const { reason } = redriveStatusOf(engine.store, row, engine.clock.now());
  if (reason !== undefined) throw new AwsError('ExecutionNotRedrivable', reason);
}
