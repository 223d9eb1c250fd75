import type { Json, JsonObject } from '../language/json.ts';
import { failureDetails, type Visit } from './visit.ts';

/** The history events of one try of a Task: a Lambda function's ARN has its own, all else is a service integration. */
export interface TaskEvents {
  /** How AWS names the producer of a result that is too large. */
  readonly producer: string;
  scheduled(parameters: Json, timeouts: JsonObject): void;
  started(): void;
  submitted(receipt: Json): void;
  succeeded(output: string): void;
  failed(failure: { readonly error: string; readonly cause: string }): void;
  timedOut(failure: { readonly error: string; readonly cause: string }): void;
}

export function taskEvents(visit: Visit, resource: string): TaskEvents {
  return resource.includes(':lambda:') && resource.includes(':function:')
    ? lambdaFunctionEvents(visit, resource)
    : serviceEvents(visit, resource);
}

function lambdaFunctionEvents(visit: Visit, resource: string): TaskEvents {
  const follow = follower(visit);
  return {
    producer: resource,
    scheduled: (parameters, timeouts) => {
      follow('LambdaFunctionScheduled', { resource, input: JSON.stringify(parameters), ...timeouts });
    },
    started: () => {
      follow('LambdaFunctionStarted');
    },
    submitted: () => undefined,
    succeeded: (output) => {
      follow('LambdaFunctionSucceeded', { output });
    },
    failed: (failure) => {
      follow('LambdaFunctionFailed', failureDetails(failure));
    },
    timedOut: (failure) => {
      follow('LambdaFunctionTimedOut', failureDetails(failure));
    },
  };
}

function serviceEvents(visit: Visit, arn: string): TaskEvents {
  const follow = follower(visit);
  const names = serviceNames(arn);
  return {
    producer: names.resourceType,
    scheduled: (parameters, timeouts) => {
      const { region } = visit.run.engine;
      follow('TaskScheduled', { ...names, region, parameters: JSON.stringify(parameters), ...timeouts });
    },
    started: () => {
      follow('TaskStarted', names);
    },
    submitted: (receipt) => {
      follow('TaskSubmitted', { ...names, output: JSON.stringify(receipt) });
    },
    succeeded: (output) => {
      follow('TaskSucceeded', { ...names, output });
    },
    failed: (failure) => {
      follow('TaskFailed', { ...names, ...failureDetails(failure) });
    },
    timedOut: (failure) => {
      follow('TaskTimedOut', { ...names, ...failureDetails(failure) });
    },
  };
}

/** `arn:aws:states:::aws-sdk:s3:getObject` is the resource getObject of the type aws-sdk:s3. */
function serviceNames(arn: string): { resourceType: string; resource: string } {
  const parts = arn.split(':').slice(5);
  return { resourceType: parts.slice(0, -1).join(':'), resource: parts.at(-1) ?? '' };
}

function follower(visit: Visit): (type: string, details?: JsonObject) => void {
  return (type, details) => {
    visit.run.history.follow(visit.scope, type, details);
  };
}
