/** AWS clients of a function, made once for each container. Endpoint and region come from the SDK's own environment. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { RecordsTable } from '../../core/records.ts';

/** DescribeExecution refills 10 to 15 a second for the whole account: what is throttled is tried again for long. */
const options = { maxAttempts: 8 };

export function recordsOf(tableName: string): (migration: string) => RecordsTable {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(options));
  return (migration) => ({ client, tableName, migration });
}

export function s3Client(): S3Client {
  return new S3Client(options);
}

export function stepFunctionsClient(): SFNClient {
  return new SFNClient(options);
}

export function secretsClient(): SecretsManagerClient {
  return new SecretsManagerClient(options);
}
