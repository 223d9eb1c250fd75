import { AwsError } from '../endpoint/aws-error.ts';
import type { StatesAuthorizer } from './authorize.ts';
import type { Clock } from './clock.ts';
import { Executor } from './executor.ts';
import type { TaskIntegrations } from './integrations/types.ts';
import type { Engine } from './interpreter/run.ts';
import { isJsonObject, type Json, type JsonObject } from './language/json.ts';
import { StateMachines, checkStateMachines, type StateMachineConfiguration } from './machines.ts';
import type { ObjectStore } from './objects.ts';
import type { Operation, Operations } from './operations/context.ts';
import { describeExecution, redriveExecution, stopExecution } from './operations/executions.ts';
import { getExecutionHistory } from './operations/get-execution-history.ts';
import { listExecutions } from './operations/list-executions.ts';
import { describeMapRun, listMapRuns, updateMapRun } from './operations/map-runs.ts';
import { sendTaskFailure, sendTaskHeartbeat, sendTaskSuccess } from './operations/send-task.ts';
import { startExecution } from './operations/start-execution.ts';
import { describeStateMachine, describeStateMachineForExecution, listStateMachines } from './operations/state-machines.ts';
import { closeInterrupted } from './recovery.ts';
import { StatusEvents, type StatusChangeEvent } from './status-events.ts';
import { EventStore } from './store/event-store.ts';
import { TaskTokens } from './task-tokens.ts';

export interface StepFunctionsOptions {
  /** Folder of executions.sqlite; one process at a time. */
  readonly directory: string;
  readonly region: string;
  readonly accountId: string;
  readonly stateMachines: readonly StateMachineConfiguration[];
  readonly integrations: TaskIntegrations;
  /** As a role of state machines reaches it. */
  readonly objects: (roleArn: string) => ObjectStore;
  /** Every role may do everything unless given. */
  readonly authorize?: StatesAuthorizer;
  readonly clock: Clock;
  /** A number in [0, 1), for the jitter of retries. */
  readonly random: () => number;
  /** Told of each status change at least once, after it is on disk; a rejection brings the event again at the next start. */
  readonly onStatusChange: (event: StatusChangeEvent) => void | Promise<void>;
  /** Whether the children of Map Runs announce their status changes too, as they do unless this is false. */
  readonly childStatusEvents?: boolean;
}

const operationsByName: Readonly<Record<string, Operation>> = {
  StartExecution: startExecution,
  DescribeExecution: describeExecution,
  ListExecutions: listExecutions,
  GetExecutionHistory: getExecutionHistory,
  StopExecution: stopExecution,
  RedriveExecution: redriveExecution,
  ListMapRuns: listMapRuns,
  DescribeMapRun: describeMapRun,
  UpdateMapRun: updateMapRun,
  DescribeStateMachine: describeStateMachine,
  ListStateMachines: listStateMachines,
  DescribeStateMachineForExecution: describeStateMachineForExecution,
  SendTaskSuccess: sendTaskSuccess,
  SendTaskFailure: sendTaskFailure,
  SendTaskHeartbeat: sendTaskHeartbeat,
};

/** What waits for its record before it is answered, and is refused while there is no space for one. */
const beginning = new Set(['StartExecution', 'RedriveExecution', 'StopExecution', 'UpdateMapRun']);

/** AWS Step Functions for Standard workflows, over one folder. `start()` before the first `handle()`. */
export class StepFunctionsService {
  readonly #operations: Operations;
  readonly #statusEvents: StatusEvents;

  /** @throws FerryError UnsupportedDefinition */
  constructor(options: StepFunctionsOptions) {
    const { clock, random, integrations, objects, region, accountId } = options;
    checkStateMachines(options.stateMachines, integrations);
    const store = new EventStore(options.directory);
    const machines = new StateMachines(store, options.stateMachines, clock.now());
    const statusEvents = new StatusEvents({
      store, clock, receive: options.onStatusChange, ofChildren: options.childStatusEvents ?? true,
    });
    const engine: Engine = {
      authorize: options.authorize ?? (() => undefined),
      region, accountId, integrations, objects, clock, random, store,
      tokens: new TaskTokens(),
      mapRuns: new Map(),
      runChild: (child, parent, graph, signal) => executor.runChild(child, { graph, roleArn: parent.roleArn, timeoutSeconds: undefined, signal }),
    };
    const executor = new Executor(engine, (row) => { statusEvents.announce(row); });
    this.#operations = { engine, machines, executor };
    this.#statusEvents = statusEvents;
  }

  /** Closes what an earlier process left running (ABORTED, Local.RuntimeStopped) and announces it. */
  async start(): Promise<void> {
    closeInterrupted(this.#operations.engine);
    await this.#operations.engine.store.committed();
    this.#statusEvents.announceMissed();
  }

  /**
   * One call of the API.
   * @param name of the action: what follows `AWSStepFunctions.` in X-Amz-Target
   * @throws AwsError with the code of the API
   */
  async handle(name: string, body: unknown): Promise<Json> {
    const operation = Object.hasOwn(operationsByName, name) ? operationsByName[name] : undefined;
    if (operation === undefined) {
      throw new AwsError('UnknownOperationException', `The local runtime does not implement the Step Functions action ${name}.`);
    }
    if (beginning.has(name) && this.#operations.engine.store.isFull) {
      throw new AwsError('ServiceUnavailable', 'There is no space left where the local runtime keeps its executions; nothing was done.', 503);
    }
    return operation(this.#operations, isJsonObject(body as Json) ? (body as JsonObject) : {});
  }

  /** Interrupts all executions without ending them: the next start closes them, and a redrive goes on with them. */
  async close(): Promise<void> {
    // On a full disk, what is under way would wait for its records for ever.
    await Promise.race([this.#operations.executor.abandon(), this.#operations.engine.store.untilFull()]);
    this.#operations.engine.store.close();
  }
}
