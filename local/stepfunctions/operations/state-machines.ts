import type { JsonObject } from '../language/json.ts';
import type { StateMachine } from '../machines.ts';
import type { ExecutionRow, MapRunRow } from '../store/rows.ts';
import type { Operation, Operations } from './context.ts';
import { requiredExecution, requiredStateMachine } from './lookup.ts';

/** Source: API_DescribeStateMachine. */
export const describeStateMachine: Operation = (operations, input) => {
  const machine = requiredStateMachine(operations, input);
  return {
    ...summary(machine),
    status: 'ACTIVE',
    definition: machine.definition,
    roleArn: machine.roleArn,
    loggingConfiguration: { level: 'OFF', includeExecutionData: false },
    tracingConfiguration: { enabled: false },
  };
};

/** Source: API_ListStateMachines. */
export const listStateMachines: Operation = ({ machines }) => ({ stateMachines: machines.all.map(summary) });

function summary(machine: StateMachine): JsonObject {
  return { stateMachineArn: machine.arn, name: machine.name, type: 'STANDARD', creationDate: machine.creationDate / 1000 };
}

/** Source: API_DescribeStateMachineForExecution: the definition that the execution was started with. */
export const describeStateMachineForExecution: Operation = (operations, input) => {
  const row = requiredExecution(operations, input);
  const name = row.state_machine_arn.slice(row.state_machine_arn.lastIndexOf(':') + 1);
  const machine = operations.machines.find(row.state_machine_arn.split('/')[0] ?? '');
  return {
    stateMachineArn: row.state_machine_arn,
    name,
    definition: operations.machines.text(row.definition),
    roleArn: machine?.roleArn ?? '',
    updateDate: (machine?.creationDate ?? row.start_date) / 1000,
    ...mapRunOf(operations, row),
  };
};

function mapRunOf({ engine }: Operations, row: ExecutionRow): JsonObject {
  if (row.map_run === null) return {};
  const mapRun = engine.store.get<MapRunRow>('SELECT * FROM map_run WHERE id = ?', row.map_run);
  return mapRun === undefined ? {} : { mapRunArn: mapRun.arn, label: mapRun.state_machine_arn.split('/')[1] ?? '' };
}
