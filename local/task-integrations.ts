/** Which service answers which Task resource of the state machine, called with the state machine's role. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { isDiskFull } from './storage/disk-full.ts';
import { createDirectDynamoDbClient } from './dynamodb/direct-client.ts';
import { AwsError } from './endpoint/aws-error.ts';
import type { JsonHandler } from './endpoint/handlers.ts';
import type { EcsService } from './ecs/ecs-service.ts';
import { ecsRunTask, ecsRunTaskForToken, ecsRunTaskSync } from './ecs/run-task-integration.ts';
import type { ApiRequest } from './iam/api-calls.ts';
import type { Credentials } from './iam/key-ring.ts';
import { lambdaFunction, lambdaInvoke } from './lambda/invoke-integration.ts';
import type { LambdaService } from './lambda/lambda-service.ts';
import type { Queues } from './messaging/create-queues.ts';
import type { Topics } from './messaging/create-topics.ts';
import { sdkIntegrations, type SdkClients } from './stepfunctions/integrations/sdk.ts';
import type { TaskIntegration, TaskIntegrations } from './stepfunctions/integrations/types.ts';
import type { JsonObject } from './stepfunctions/language/json.ts';

export interface IntegratedServices {
  readonly queues: Queues;
  readonly topics: Topics;
  readonly ecs: EcsService;
  readonly lambda: LambdaService;
}

/** The engine as one role of state machines: its clients, and the question whether it may do something. */
export interface EngineRole {
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  /** @throws AwsError */
  readonly authorize: (service: ApiRequest['service'], operation: string, input: object) => void;
  close(): void;
}

export interface EngineRoleOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly dynamodbHandler: JsonHandler;
  readonly authorize: (request: ApiRequest) => void;
}

export function createEngineRole({ endpoint, region, credentials, dynamodbHandler, authorize }: EngineRoleOptions): EngineRole {
  const authorized: JsonHandler = async (operation, input) => {
    authorize({ service: 'dynamodb', operation, input });
    return dynamodbHandler(operation, input);
  };
  const dynamodb = createDirectDynamoDbClient(authorized, region);
  const s3 = new S3Client({
    endpoint,
    region,
    credentials,
    forcePathStyle: true,
    // One connection for each branch that reads a report; below that, the SDK prints warnings.
    requestHandler: { httpAgent: { keepAlive: true, maxSockets: 512 } },
  });
  return {
    dynamodb,
    s3,
    authorize: (service, operation, input) => {
      authorize({ service, operation, input });
    },
    close: () => {
      dynamodb.destroy();
      s3.destroy();
    },
  };
}

/** @param roles of the state machines, by their ARNs */
export function taskIntegrations(services: IntegratedServices, roles: ReadonlyMap<string, EngineRole>): TaskIntegrations {
  const byRole = new Map(Array.from(roles, ([arn, role]) => [arn, integrationsOf(services, role)]));
  const known = new Map<string, TaskIntegration | undefined>();
  return (resource) => {
    if (!known.has(resource)) known.set(resource, byTaskRole(new Map(Array.from(byRole, ([arn, integrations]) => [arn, integrations(resource)]))));
    return known.get(resource);
  };
}

function byTaskRole(integrations: ReadonlyMap<string, TaskIntegration | undefined>): TaskIntegration | undefined {
  if ([...integrations.values()].includes(undefined)) return undefined;
  return (parameters, task) => {
    const integration = integrations.get(task.roleArn);
    if (integration === undefined) throw new Error(`No state machine has the role ${task.roleArn}.`);
    return integration(parameters, task);
  };
}

function integrationsOf({ queues, topics, ecs, lambda }: IntegratedServices, role: EngineRole): TaskIntegrations {
  const sdkClients: SdkClients = {
    dynamodb: role.dynamodb,
    s3: role.s3,
    sendMessage: (input) =>
      asSdk(() => {
        role.authorize('sqs', 'SendMessage', input);
        return queues.handler('SendMessage', input);
      }),
    publish: (input) =>
      asSdk(() => {
        role.authorize('sns', 'Publish', input);
        return topics.publish(publishInput(input));
      }),
  };
  const sdk = sdkIntegrations(sdkClients);
  const authorizeTask = role.authorize.bind(undefined, 'ecs');
  const authorizeInvocation = (functionName: string): void => {
    role.authorize('lambda', 'Invoke', { FunctionName: functionName });
  };
  const own = new Map<string, TaskIntegration>([
    ['arn:aws:states:::lambda:invoke', lambdaInvoke(lambda, authorizeInvocation)],
    ['arn:aws:states:::ecs:runTask', ecsRunTask(ecs, authorizeTask)],
    ['arn:aws:states:::ecs:runTask.waitForTaskToken', ecsRunTaskForToken(ecs, authorizeTask)],
    ['arn:aws:states:::ecs:runTask.sync', ecsRunTaskSync(ecs, authorizeTask)],
  ]);
  return (resource) => (resource.startsWith('arn:aws:lambda:') ? lambdaFunction(lambda, resource, authorizeInvocation) : (own.get(resource) ?? sdk(resource)));
}

function publishInput(input: JsonObject): Parameters<Topics['publish']>[0] {
  const text = (name: string): string => (typeof input[name] === 'string' ? input[name] : '');
  return { TopicArn: text('TopicArn'), Message: text('Message'), ...(input['Subject'] === undefined ? {} : { Subject: text('Subject') }) };
}

/** Calls a service without HTTP; its errors look as an SDK client would throw them. */
async function asSdk(call: () => object | Promise<object>): Promise<object> {
  try {
    return await call();
  } catch (error) {
    const failure = isDiskFull(error) ? new AwsError('ServiceUnavailable', 'There is no space left where the local runtime keeps its state.', 503) : error;
    if (!(failure instanceof AwsError)) throw error;
    throw Object.assign(new Error(failure.message, { cause: error }), { name: failure.code, $metadata: { httpStatusCode: failure.status } });
  }
}
