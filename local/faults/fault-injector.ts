/** Stands before the runtime's services and does wrong what a test's file of faults says (fault-settings.ts). */
import { appendFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError } from '../endpoint/aws-error.ts';
import type { HttpHandler, JsonHandler } from '../endpoint/handlers.ts';
import type { Watch } from '../runtime.ts';
import { systemClock, type Clock } from '../stepfunctions/clock.ts';
import type { TaskContext, TaskIntegration, TaskIntegrations } from '../stepfunctions/integrations/types.ts';
import { StatesError } from '../stepfunctions/language/errors.ts';
import { isJsonObject, type Json } from '../stepfunctions/language/json.ts';
import { cutBody } from './cut-body.ts';
import { FaultSettingsFile, type Fault, type FaultService } from './fault-settings.ts';

interface Call {
  readonly service: FaultService;
  readonly operation: string;
  readonly about: string;
}

/** How a service says that it is asked too often, and that it has failed. */
interface Refusals {
  readonly throttled: () => Error;
  readonly failed: () => Error;
}

const minute = 60_000;

export class FaultInjector implements Required<Watch> {
  readonly #file: string;
  readonly #settings: FaultSettingsFile;
  /** By the faults' ids: how many calls each has matched, and how many it has met. */
  readonly #matched = new Map<string, number>();
  readonly #met = new Map<string, number>();

  /** @throws FerryError InvalidInput */
  constructor(file: string) {
    this.#file = file;
    this.#settings = new FaultSettingsFile(file);
  }

  readonly clock: Clock = {
    now: () => systemClock.now() + this.#settings.read().clock.offsetMilliseconds,
    schedule: (milliseconds, callback) => {
      const { shortWaits } = this.#settings.read().clock;
      return systemClock.schedule(milliseconds < minute ? milliseconds * shortWaits : milliseconds, callback);
    },
  };

  readonly dynamodb = (handler: JsonHandler): JsonHandler => (operation, body) =>
    this.#around({ service: 'dynamodb', operation, about: '' }, awsRefusals('ProvisionedThroughputExceededException', 400, 'InternalServerError'), () => handler(operation, body));

  readonly stepFunctions = (handler: JsonHandler): JsonHandler => (operation, body) =>
    this.#around({ service: 'states', operation, about: '' }, awsRefusals('ThrottlingException', 400, 'InternalFailure'), () => handler(operation, body));

  readonly s3 = (handler: HttpHandler): HttpHandler => (request, response, signed) => {
    const call = callOfS3(request);
    const fault = this.#metBy(call);
    if (fault?.answer === 'truncated' || fault?.answer === 'stalled') cutBody(response, fault.answer);
    return perform(fault, awsRefusals('SlowDown', 503, 'InternalError'), () => handler(request, response, signed));
  };

  readonly integrations = (integrations: TaskIntegrations): TaskIntegrations => (resource) => {
    const integration = integrations(resource);
    const service = serviceOfResource(resource);
    if (integration === undefined || service === undefined) return integration;
    return (parameters, task) => this.#integrate(integration, service, parameters, task);
  };

  readonly deliver = (invoke: (functionArn: string, event: string) => Promise<void>) => (functionArn: string, event: string): Promise<void> => {
    const fault = this.#metBy({ service: 'events', operation: 'deliver', about: functionArn });
    if (fault?.answer === 'dropped') return Promise.resolve();
    return perform(fault, awsRefusals('ThrottlingException', 400, 'InternalException'), () => invoke(functionArn, event));
  };

  async #integrate(integration: TaskIntegration, service: IntegratedService, parameters: Json, task: TaskContext): Promise<Json> {
    const about = isJsonObject(parameters) && typeof parameters['FunctionName'] === 'string' ? parameters['FunctionName'] : '';
    const fault = this.#metBy({ service, operation: task.stateName, about });
    const refusals = stateRefusals[service];
    // A task that runs on AWS is not waited for when the answer to its start was lost: it goes on beside the next one.
    if (fault?.answer !== 'lost' || service !== 'ecs') return perform(fault, refusals, () => integration(parameters, task));
    void integration(parameters, { ...task, signal: new AbortController().signal }).catch(() => undefined);
    throw refusals.failed();
  }

  #around<Result>(call: Call, refusals: Refusals, work: () => Promise<Result>): Promise<Result> {
    return perform(this.#metBy(call), refusals, work);
  }

  #metBy(call: Call): Fault | undefined {
    const fault = this.#settings.read().faults.find((each) => matches(each, call));
    if (fault === undefined) return undefined;
    const { id, every, passing = Infinity, times = Infinity } = fault;
    const matched = this.#matched.get(id) ?? 0;
    const met = this.#met.get(id) ?? 0;
    this.#matched.set(id, matched + 1);
    if (matched % every !== 0 || (matched + 1) % passing === 0 || met >= times) return undefined;
    this.#met.set(id, met + 1);
    appendFileSync(`${this.#file}.met`, `${id} ${call.service} ${call.operation}\n`);
    return fault;
  }
}

function matches({ service, operations, about }: Fault, call: Call): boolean {
  return service === call.service && (operations === undefined || operations.includes(call.operation)) && (about === undefined || call.about.includes(about));
}

async function perform<Result>(fault: Fault | undefined, { throttled, failed }: Refusals, work: () => Promise<Result>): Promise<Result> {
  switch (fault?.answer) {
    case 'throttled':
      throw throttled();
    case 'failed':
      throw failed();
    case 'slow':
      await sleep(fault.milliseconds);
      return work();
    case 'lost':
      await work();
      throw failed();
    case 'twice':
      await work();
      return work();
    default:
      return work();
  }
}

function awsRefusals(throttling: string, status: number, failure: string): Refusals {
  return {
    throttled: () => new AwsError(throttling, 'A test has this request refused: too many requests.', status),
    failed: () => new AwsError(failure, 'A test has this request fail.', 500),
  };
}

type IntegratedService = 'ecs' | 'lambda' | 'sqs' | 'sns';

/** Under the names that Step Functions gives to these. */
const stateRefusals: Readonly<Record<IntegratedService, Refusals>> = {
  ecs: refusalsOf('ECS.ThrottlingException', 'ECS.ServerException'),
  lambda: refusalsOf('Lambda.TooManyRequestsException', 'Lambda.ServiceException'),
  sqs: refusalsOf('SQS.AmazonSQSException', 'SQS.SdkClientException'),
  sns: refusalsOf('SNS.AmazonSNSException', 'SNS.SdkClientException'),
};

function refusalsOf(throttled: string, failed: string): Refusals {
  const refusal = (error: string) => () => new StatesError(error, 'A test has this call fail.');
  return { throttled: refusal(throttled), failed: refusal(failed) };
}

/** DynamoDB and S3 are met behind the machine's own clients. */
function serviceOfResource(resource: string): IntegratedService | undefined {
  const service = /^arn:aws:states:::(ecs|lambda|sqs|sns):/.exec(resource)?.[1];
  return service as IntegratedService | undefined;
}

function callOfS3({ method = '', url = '' }: IncomingMessage): Call {
  return { service: 's3', operation: method, about: url };
}
