/** A local DynamoDB behind a real endpoint, with a table like the product's, and real clients of it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoDb } from '../../../local/dynamodb/create-dynamodb.ts';
import { startEndpoint } from '../../../local/endpoint/server.ts';
import { credentials, secretOf } from '../../support/keys.ts';

export const tableName = 'ferry-records';

/** `Properties` of an AWS::DynamoDB::Table, with what CloudFormation takes and the local runtime has no use for. */
export const tableProperties = {
  TableName: tableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'migration', AttributeType: 'S' },
    { AttributeName: 'item', AttributeType: 'S' },
    { AttributeName: 'state', AttributeType: 'S' },
  ],
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
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  SSESpecification: { SSEEnabled: true },
  TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
  DeletionProtectionEnabled: true,
  Tags: [{ Key: 'a', Value: 'b' }],
};

export interface RunningDynamoDb {
  readonly client: DynamoDBClient;
  readonly documents: DynamoDBDocumentClient;
  readonly url: string;
  stop(): Promise<void>;
}

/** @param file kept by `stop`; without one, a new file that `stop` removes */
export async function startDynamoDb(file?: string): Promise<RunningDynamoDb> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ferry-test-'));
  const dynamoDb = createDynamoDb({ file: file ?? path.join(folder, 'tables.sqlite') });
  await dynamoDb.createTables([tableProperties]);
  const endpoint = await startEndpoint({ secretOf, handlers: { dynamodb: dynamoDb.handler } });
  const client = new DynamoDBClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
  });
  return {
    client,
    documents: DynamoDBDocumentClient.from(client),
    url: endpoint.url,
    stop: async () => {
      client.destroy();
      await endpoint.close();
      dynamoDb.close();
      await rm(folder, { recursive: true });
    },
  };
}
