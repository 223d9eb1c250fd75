import { randomUUID } from 'node:crypto';
import { AwsError } from '../../endpoint/aws-error.ts';
import { maximumPayload } from '../interpreter/run.ts';
import type { StateMachine } from '../machines.ts';
import type { ExecutionRow } from '../store/rows.ts';
import type { Operation, Operations } from './context.ts';
import { invalid, optionalText } from './input.ts';
import { requiredStateMachine } from './lookup.ts';

/** Source: API_StartExecution. Idempotent by name and input while the execution runs. */
export const startExecution: Operation = async (operations, input) => {
  const machine = requiredStateMachine(operations, input);
  const name = checkedName(optionalText(input, 'name') ?? randomUUID());
  const text = checkedInput(optionalText(input, 'input') ?? '{}');
  const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
  const { store } = operations.engine;
  const known = store.get<ExecutionRow>('SELECT * FROM execution WHERE arn = ?', arn);
  if (known !== undefined && (known.status !== 'RUNNING' || known.input !== text)) {
    throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
  }
  const row = known ?? begin(operations, machine, arn, name, text);
  await store.committed();
  return { executionArn: row.arn, startDate: row.start_date / 1000 };
};

function begin(operations: Operations, machine: StateMachine, arn: string, name: string, text: string): ExecutionRow {
  const { engine, executor, machines } = operations;
  const fresh: Omit<ExecutionRow, 'id'> = {
    arn,
    name,
    state_machine_arn: machine.arn,
    definition: machine.definitionId,
    map_run: null,
    item_index: null,
    item_count: 1,
    status: 'RUNNING',
    input: text,
    output: null,
    error: null,
    cause: null,
    start_date: engine.clock.now(),
    stop_date: null,
    redrive_count: 0,
    redrive_date: null,
    redrive_token: null,
    announced: 0,
  };
  const row = { id: engine.store.insertExecution(fresh), ...fresh };
  const graph = machines.definition(machine.definitionId);
  void executor.start(row, { graph, roleArn: machine.roleArn, timeoutSeconds: graph.TimeoutSeconds });
  return row;
}

/** Source: API_StartExecution, name. */
function checkedName(name: string): string {
  if (name.length === 0 || name.length > 80) {
    throw invalid(`Value '${name}' at 'name' failed to satisfy constraint: Member must have length between 1 and 80`);
  }
  // eslint-disable-next-line no-control-regex -- control characters are what the API refuses
  if (/[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
  return name;
}

function checkedInput(text: string): string {
  if (Buffer.byteLength(text) > maximumPayload) {
    throw new AwsError('InvalidExecutionInput', 'Invalid State Machine Execution Input: the input exceeds the maximum of 262144 bytes.');
  }
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${(error as Error).message}'`);
  }
}
