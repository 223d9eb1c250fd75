import { functionRetry } from './retries.ts';
import type { Catcher, Json, Retrier, TaskState } from './states.ts';

interface FunctionCall {
  readonly comment: string;
  /** The name that CloudFormation substitutes with the function's ARN. */
  readonly function: string;
  readonly timeoutSeconds: number;
  readonly payload: Readonly<Record<string, Json>>;
  /** Members of the answer that go on in the data at `resultPath`; none: the data goes on as it is. */
  readonly selects?: readonly string[];
  readonly resultSelector?: Json;
  readonly resultPath?: string;
  readonly retry?: readonly Retrier[];
  readonly catches?: readonly Catcher[];
  readonly next: string;
}

/** A Task that calls one of our Lambda functions. */
export function functionCall(call: FunctionCall): TaskState {
  const selector = call.resultSelector ?? (call.selects === undefined ? undefined : selectorOf(call.selects));
  return {
    Type: 'Task',
    Comment: call.comment,
    Resource: 'arn:aws:states:::lambda:invoke',
    TimeoutSeconds: call.timeoutSeconds,
    Parameters: { FunctionName: `\${${call.function}}`, Payload: call.payload },
    ...(selector === undefined ? {} : { ResultSelector: selector }),
    ResultPath: call.resultPath ?? null,
    Retry: call.retry ?? functionRetry,
    ...(call.catches === undefined ? {} : { Catch: call.catches }),
    Next: call.next,
  };
}

function selectorOf(members: readonly string[]): Json {
  return Object.fromEntries(members.map((name) => [`${name}.$`, `$.Payload.${name}`]));
}
