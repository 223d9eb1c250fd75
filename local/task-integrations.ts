/** Which service answers which Task resource of the state machine. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { createDirectDynamoDbClient } from './dynamodb/direct-client.ts';
import { AwsError } from './endpoint/aws-error.ts';
import type { JsonHandler } from './endpoint/handlers.ts';
import type { EcsService } from './ecs/ecs-service.ts';
import { ecsRunTask, ecsRunTaskSync } from './ecs/run-task-integration.ts';
import { lambdaFunction, lambdaInvoke } from './lambda/invoke-integration.ts';
import type { LambdaService } from './lambda/lambda-service.ts';
import type { Queues } from './messaging/create-queues.ts';
import type { Topics } from './messaging/create-topics.ts';
import { sdkIntegrations, type SdkClients } from './stepfunctions/integrations/sdk.ts';
import type { TaskIntegration, TaskIntegrations } from './stepfunctions/integrations/types.ts';
import type { JsonObject } from './stepfunctions/language/json.ts';

export interface IntegratedServices {
  readonly clients: EngineClients;
  readonly queues: Queues;
  readonly topics: Topics;
  readonly ecs: EcsService;
  readonly lambda: LambdaService;
}

export interface EngineClients {
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  close(): void;
}

/** The engine's own clients. */
export function createEngineClients(endpoint: string, region: string, dynamodbHandler: JsonHandler): EngineClients {
  const dynamodb = createDirectDynamoDbClient(dynamodbHandler, region);
  const s3 = new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    forcePathStyle: true,
    // One connection for each branch that reads a report; below that, the SDK prints warnings.
    requestHandler: { httpAgent: { keepAlive: true, maxSockets: 512 } },
  });
  return {
    dynamodb,
    s3,
    close: () => {
      dynamodb.destroy();
      s3.destroy();
    },
  };
}

export function taskIntegrations({ clients, queues, topics, ecs, lambda }: IntegratedServices): TaskIntegrations {
  const sdkClients: SdkClients = {
    dynamodb: clients.dynamodb,
    s3: clients.s3,
    sendMessage: (input) => asSdk(() => queues.handler('SendMessage', input)),
    publish: (input) => asSdk(() => topics.publish(publishInput(input))),
  };
  const sdk = sdkIntegrations(sdkClients);
  const own = new Map<string, TaskIntegration>([
    ['arn:aws:states:::lambda:invoke', lambdaInvoke(lambda)],
    ['arn:aws:states:::ecs:runTask', ecsRunTask(ecs)],
    ['arn:aws:states:::ecs:runTask.sync', ecsRunTaskSync(ecs)],
  ]);
  return (resource) => (resource.startsWith('arn:aws:lambda:') ? lambdaFunction(lambda, resource) : (own.get(resource) ?? sdk(resource)));
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
    if (!(error instanceof AwsError)) throw error;
    throw Object.assign(new Error(error.message, { cause: error }), { name: error.code, $metadata: { httpStatusCode: error.status } });
  }
}
