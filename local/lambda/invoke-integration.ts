/** The Task resources of AWS Lambda: `lambda:invoke`, and a function's own ARN. */
import { AwsError } from '../endpoint/aws-error.ts';
import type { TaskContext, TaskIntegration } from '../stepfunctions/integrations/types.ts';
import { StatesError } from '../stepfunctions/language/errors.ts';
import { isJsonObject, parseJson, type Json } from '../stepfunctions/language/json.ts';
import type { LambdaService } from './lambda-service.ts';
import type { FunctionError } from './messages.ts';

/** @throws AwsError AccessDeniedException when the state machine's role may not invoke the function */
export type InvocationAuthorizer = (functionName: string) => void;

/**
 * `arn:aws:states:::lambda:invoke`: the result has Payload and StatusCode.
 * Source: AWS Step Functions Developer Guide, "Invoke an AWS Lambda function with Step Functions".
 */
export function lambdaInvoke(service: LambdaService, authorize: InvocationAuthorizer = () => undefined): TaskIntegration {
  return async (parameters, task) => {
    const functionName = isJsonObject(parameters) ? parameters['FunctionName'] : undefined;
    if (!isJsonObject(parameters) || typeof functionName !== 'string') {
      throw new StatesError('States.Runtime', 'The Parameters of lambda:invoke have no FunctionName.');
    }
    const event = JSON.stringify(parameters['Payload'] ?? {});
    if (parameters['InvocationType'] === 'Event') {
      await call(functionName, async (name) => {
        authorize(name);
        return service.handler({ functionName: name, payload: event, invocationType: 'Event' });
      });
      return { ExecutedVersion: '$LATEST', Payload: '', StatusCode: 202 };
    }
    return { ExecutedVersion: '$LATEST', Payload: await result({ service, authorize }, functionName, event, task), StatusCode: 200 };
  };
}

/** A function's ARN as the Resource: input and result are the function's own. */
export function lambdaFunction(service: LambdaService, functionArn: string, authorize: InvocationAuthorizer = () => undefined): TaskIntegration {
  return (parameters, task) => result({ service, authorize }, functionArn, JSON.stringify(parameters), task);
}

interface Lambda {
  readonly service: LambdaService;
  readonly authorize: InvocationAuthorizer;
}

async function result({ service, authorize }: Lambda, functionName: string, event: string, task: TaskContext): Promise<Json> {
  const outcome = await untilAborted(
    call(functionName, async (name) => {
      authorize(name);
      return service.invoke(name, event);
    }),
    task.signal,
  );
  if ('result' in outcome) return parseJson(outcome.result);
  throw failureOf(outcome.error);
}

/** @throws StatesError with the names that Step Functions gives to Lambda's own refusals */
async function call<Answer>(functionName: string, invoke: (name: string) => Promise<Answer>): Promise<Answer> {
  try {
    return await invoke(functionName);
  } catch (error) {
    // Not modelled in the API: Step Functions gives it the name of the service's own exception.
    const code = error instanceof AwsError && error.code === 'AccessDeniedException' ? 'AWSLambdaException' : undefined;
    if (error instanceof AwsError) throw new StatesError(`Lambda.${code ?? error.code}`, `${error.message} (Service: Lambda, Status Code: ${error.status})`);
    throw error;
  }
}

/** Step Functions reports the function's errorType; Lambda.Unknown where there is none. */
function failureOf(error: FunctionError): StatesError {
  const cause = JSON.stringify(error);
  if (error.errorType !== undefined && error.errorType !== '') return new StatesError(error.errorType, cause);
  const unknown = `The cause could not be determined because Lambda did not return an error type. Returned payload: ${cause}`;
  return new StatesError('Lambda.Unknown', unknown);
}

/** The invocation runs on, as on AWS; only nobody waits for it any more. */
function untilAborted<Answer>(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  return new Promise((resolve, reject) => {
    const aborted = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', aborted, { once: true });
    void answer.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', aborted);
    });
  });
}
