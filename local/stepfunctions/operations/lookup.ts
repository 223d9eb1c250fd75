import { AwsError } from '../../endpoint/aws-error.ts';
import type { JsonObject } from '../language/json.ts';
import type { StateMachine } from '../machines.ts';
import type { ExecutionRow, MapRunRow } from '../store/rows.ts';
import type { Operations } from './context.ts';
import { requiredArn } from './input.ts';

/** @throws AwsError InvalidArn, ExecutionDoesNotExist */
export function requiredExecution({ engine }: Operations, input: JsonObject): ExecutionRow {
  const arn = requiredArn(input, 'executionArn', 'execution');
  const row = engine.store.get<ExecutionRow>("SELECT * FROM execution WHERE arn = ? AND status <> 'PENDING'", arn);
  if (row !== undefined) return row;
  throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
}

/** @throws AwsError InvalidArn, StateMachineDoesNotExist */
export function requiredStateMachine({ machines }: Operations, input: JsonObject): StateMachine {
  const arn = requiredArn(input, 'stateMachineArn', 'stateMachine');
  const machine = machines.find(arn);
  if (machine !== undefined) return machine;
  throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}

/** @throws AwsError InvalidArn, ResourceNotFound */
export function requiredMapRun({ engine }: Operations, input: JsonObject): MapRunRow {
  const arn = requiredArn(input, 'mapRunArn', 'mapRun');
  const row = engine.store.get<MapRunRow>('SELECT * FROM map_run WHERE arn = ?', arn);
  if (row !== undefined) return row;
  throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`);
}
