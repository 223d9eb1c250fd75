/** DynamoDB, S3, Step Functions, and Secrets Manager of the local runtime on one loopback port, and clients for them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createSlots } from '../../../../core/slots.ts';
import type { RecordsTable } from '../../../../core/records.ts';
import { createDynamoDb } from '../../../../local/dynamodb/create-dynamodb.ts';
import type { JsonHandler } from '../../../../local/endpoint/handlers.ts';
import { startEndpoint } from '../../../../local/endpoint/server.ts';
import { createS3 } from '../../../../local/s3/create-s3.ts';
import { createSecrets } from '../../../../local/secrets/create-secrets.ts';
import { credentials, secretOf } from '../../../support/keys.ts';

export interface Cloud {
  readonly directory: string;
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  readonly stepFunctions: SFNClient;
  readonly secrets: SecretsManagerClient;
  readonly bucket: string;
  readonly tableName: string;
  table(migration: string): RecordsTable;
  putText(key: string, text: string): Promise<void>;
  getText(key: string): Promise<string>;
  /** From now on answers Step Functions' API. */
  serveStepFunctions(handler: JsonHandler): void;
}

/** Of `resources/table.yml`, as far as DynamoDB needs it. */
const tableProperties = {
  TableName: 'ferry',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['migration', 'item', 'state'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: [
    { AttributeName: 'migration', KeyType: 'HASH' },
    { AttributeName: 'item', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-state',
      KeySchema: [
        { AttributeName: 'migration', KeyType: 'HASH' },
        { AttributeName: 'state', KeyType: 'RANGE' },
      ],
      Projection: {
        ProjectionType: 'INCLUDE',
        NonKeyAttributes: ['database', 'error', 'errorMessage', 'errorStage', 'updatedAt', 'rows', 'sqlBytes', 'attempt', 'checkpoint', 'cannotRun'],
      },
    },
  ],
};

/** @param secrets texts by name */
export async function startCloud(t: TestContext, secrets: Readonly<Record<string, string>> = {}): Promise<Cloud> {
  const directory = await mkdtemp(join(tmpdir(), 'ferry-test-'));
  const dynamo = createDynamoDb({ file: join(directory, 'dynamodb.sqlite') });
  await dynamo.createTables([tableProperties]);
  const storage = createS3({ directory: join(directory, 's3'), clock: () => new Date() });
  storage.createBucket('ferry-bucket');
  const states: { handler: JsonHandler } = { handler: () => Promise.reject(new Error('No state machine was started.')) };
  const endpoint = await startEndpoint({ secretOf,
    handlers: {
      s3: storage.handler,
      dynamodb: dynamo.handler,
      secretsManager: createSecrets({ secrets }).handler,
      stepFunctions: (operation, body) => states.handler(operation, body),
    },
  });
  const options = { endpoint: endpoint.url, region: 'us-east-1', credentials };
  const clients = {
    dynamodb: new DynamoDBClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    stepFunctions: new SFNClient(options),
    secrets: new SecretsManagerClient(options),
  };
  t.after(async () => {
    for (const client of Object.values(clients)) client.destroy();
    await endpoint.close();
    dynamo.close();
    storage.close();
    await rm(directory, { recursive: true, force: true });
  });
  const documents = DynamoDBDocumentClient.from(clients.dynamodb);
  return {
    ...clients,
    directory,
    bucket: 'ferry-bucket',
    tableName: 'ferry',
    table: (migration) => ({ client: documents, tableName: 'ferry', migration }),
    putText: async (key, text) => {
      await clients.s3.send(new PutObjectCommand({ Bucket: 'ferry-bucket', Key: key, Body: text }));
    },
    getText: async (key) => {
      const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: 'ferry-bucket', Key: key }));
      return (await Body?.transformToString()) ?? '';
    },
    serveStepFunctions: (handler) => {
      states.handler = handler;
    },
  };
}

/** A table of one migration whose slots exist. */
export async function tableWithSlots(cloud: Cloud, migration = 'spring'): Promise<RecordsTable> {
  const table = cloud.table(migration);
  await createSlots(table, 'source');
  await createSlots(table, 'target');
  return table;
}
