/**
 * What a Task state's Resource is bound to. The engine looks an integration up once at load and calls it for each try of
 * a Task; it knows nothing of the service behind.
 */
import type { Json } from '../language/json.ts';

export interface TaskContext {
  /** Aborted when the execution is stopped, the state times out, or a sibling's failure ends it. */
  readonly signal: AbortSignal;
  /** The execution the Task belongs to; inside a Distributed Map the child's own ARN. */
  readonly executionArn: string;
  readonly stateName: string;
  /** The role of the state machine. */
  readonly roleArn: string;
  /** Only for resources that end in `.waitForTaskToken`; also `$$.Task.Token`. */
  readonly taskToken?: string;
  /** Records the service's receipt of a `.sync` call (TaskSubmitted in the history); optional to call. */
  readonly submitted?: (receipt: Json) => void;
}

/**
 * Runs one try of a Task with its evaluated Parameters and answers the Task's result.
 * With `.waitForTaskToken` the answer is the service's receipt and the result comes through SendTaskSuccess.
 * @throws StatesError whose `error` and `cause` are the names that AWS reports; anything else becomes States.TaskFailed
 */
export type TaskIntegration = (parameters: Json, task: TaskContext) => Promise<Json>;

/** The integration of a Resource ARN (placeholders resolved), or undefined when there is none: refused at load. */
export type TaskIntegrations = (resource: string) => TaskIntegration | undefined;
