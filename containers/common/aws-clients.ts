/**
 * The task's AWS clients. Making them takes longer than a small dump's requests, so a process that runs many tasks keeps
 * those of each role, with their idle connections, which do not keep it alive.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Environment } from './task-environment.ts';

export interface AwsClients {
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBDocumentClient;
  readonly stepFunctions: SFNClient;
}

const variables = ['AWS_ENDPOINT_URL', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
const kept = new Map<string, AwsClients>();

export function awsClients(environment: Environment): AwsClients {
  const settings = JSON.stringify(variables.map((name) => environment[name]));
  const clients = kept.get(settings) ?? createAwsClients(environment);
  kept.set(settings, clients);
  return clients;
}

/**
 * What the environment names is passed on; the rest (a Fargate task's role) is left to the SDK's own chain.
 * Responses are not checked against S3's CRC, because every dump is checked against its own SHA-256.
 */
function createAwsClients(environment: Environment): AwsClients {
  const options = {
    ...optional('endpoint', environment['AWS_ENDPOINT_URL']),
    ...optional('region', environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION']),
    ...optional('credentials', staticCredentials(environment)),
    maxAttempts: 4,
    // Of silence, not of the whole request: a request that nobody answers ends and is tried again, whatever is in the way. (The SDK's
    // requestTimeout only warns.) A body that is read slowly is taken up again where it was: see Storage.
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000 },
  };
  const s3 = new S3Client({ ...options, responseChecksumValidation: 'WHEN_REQUIRED' });
  return { s3, dynamodb: DynamoDBDocumentClient.from(new DynamoDBClient(options)), stepFunctions: new SFNClient(options) };
}

function staticCredentials(environment: Environment): { accessKeyId: string; secretAccessKey: string; sessionToken?: string } | undefined {
  const accessKeyId = environment['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY'];
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...optional('sessionToken', environment['AWS_SESSION_TOKEN']) };
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, Value>);
}
