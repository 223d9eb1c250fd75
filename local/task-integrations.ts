/** Which service answers which Task resource of the state machine. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { AwsError } from './endpoint/aws-error.ts';
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

/** The engine's own clients of the loopback endpoint. */
export function createEngineClients(endpoint: string, region: string): EngineClients {
  const options = {
    endpoint,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    // One connection for each branch that writes; below that, the SDK prints warnings.
    requestHandler: { httpAgent: { keepAlive: true, maxSockets: 512 } },
  };
  const dynamodb = new DynamoDBClient(options);
  const s3 = new S3Client({ ...options, forcePathStyle: true });
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
