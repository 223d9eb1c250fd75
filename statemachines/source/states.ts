/** What every state machine of the Amazon States Language is made of, as far as this one uses it. */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy: 'FULL';
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath: string;
  readonly Next: string;
}

interface Described {
  /** Shown in the console beside the state. */
  readonly Comment: string;
}

export interface TaskState extends Described {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
  readonly HeartbeatSeconds?: number;
  readonly Parameters: Json;
  readonly ResultSelector?: Json;
  readonly ResultPath?: string | null;
  readonly OutputPath?: string;
  readonly Retry: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Next: string;
}

export interface ChoiceState extends Described {
  readonly Type: 'Choice';
  readonly Choices: readonly Readonly<Record<string, Json>>[];
  readonly Default: string;
}

export interface WaitState extends Described {
  readonly Type: 'Wait';
  readonly SecondsPath: string;
  readonly Next: string;
}

export interface SucceedState extends Described {
  readonly Type: 'Succeed';
}

export interface FailState extends Described {
  readonly Type: 'Fail';
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly CausePath: string;
}

export interface MapState extends Described {
  readonly Type: 'Map';
  readonly [field: string]: unknown;
}

export type State = TaskState | ChoiceState | WaitState | SucceedState | FailState | MapState;

/** States in the order in which a person reads them. */
export type States = Readonly<Record<string, State>>;

export interface StateMachine {
  readonly Comment?: string;
  readonly StartAt: string;
  readonly States: States;
}
