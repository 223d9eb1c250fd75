/**
 * The service integrations that go through SDK clients: `dynamodb:*`, `aws-sdk:dynamodb:*`, `aws-sdk:s3:getObject` and
 * `putObject`, `sqs:sendMessage`, `sns:publish`, with the results and error names that Step Functions gives.
 */
import {
  DeleteItemCommand, GetItemCommand, PutItemCommand, QueryCommand, UpdateItemCommand,
  type DeleteItemCommandInput, type DynamoDBClient, type GetItemCommandInput, type PutItemCommandInput,
  type QueryCommandInput, type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, type GetObjectCommandInput, type PutObjectCommandInput, type S3Client } from '@aws-sdk/client-s3';
import { StatesError } from '../language/errors.ts';
import { isJsonObject, numberOf, type Json, type JsonObject } from '../language/json.ts';
import type { TaskIntegration, TaskIntegrations } from './types.ts';

export interface SdkClients {
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  /** `sqs:SendMessage`; the input and answer of the API. */
  readonly sendMessage: (input: JsonObject, signal: AbortSignal) => Promise<object>;
  /** `sns:Publish`; the input and answer of the API. */
  readonly publish: (input: JsonObject, signal: AbortSignal) => Promise<object>;
}

type Call = (input: JsonObject, signal: AbortSignal) => Promise<object>;

/** The integrations above, by Resource ARN; undefined for any other resource. */
export function sdkIntegrations(clients: SdkClients): TaskIntegrations {
  const integrations = new Map<string, TaskIntegration>([
    ...Object.entries(dynamodbCalls(clients.dynamodb)).flatMap(([action, call]) => [
      ...(action === 'query' ? [] : [[`dynamodb:${action}`, integration(call, optimized('DynamoDB', 'AmazonDynamoDBException', 'AmazonDynamoDBv2'))] as const]),
      [`aws-sdk:dynamodb:${action}`, integration(call, awsSdk('DynamoDb'))] as const,
    ]),
    ...Object.entries(s3Calls(clients.s3)).map(([action, call]) => [`aws-sdk:s3:${action}`, integration(call, awsSdk('S3'))] as const),
    ...['sqs:sendMessage', 'sqs:sendMessage.waitForTaskToken'].map(
      (name) => [name, integration((input, signal) => clients.sendMessage(textFields(input, ['MessageBody']), signal), optimized('SQS', 'AmazonSQSException', 'AmazonSQS'))] as const,
    ),
    ['sns:publish', integration((input, signal) => clients.publish(textFields(input, ['Message']), signal), optimized('SNS', 'AmazonSNSException', 'AmazonSNS'))],
  ]);
  return (resource) => (resource.startsWith('arn:aws:states:::') ? integrations.get(resource.slice('arn:aws:states:::'.length)) : undefined);
}

function dynamodbCalls(client: DynamoDBClient): Record<string, Call> {
  return {
    getItem: (input, abortSignal) => client.send(new GetItemCommand(attributes(input) as unknown as GetItemCommandInput), { abortSignal }),
    putItem: (input, abortSignal) => client.send(new PutItemCommand(attributes(input) as unknown as PutItemCommandInput), { abortSignal }),
    updateItem: (input, abortSignal) => client.send(new UpdateItemCommand(attributes(input) as unknown as UpdateItemCommandInput), { abortSignal }),
    deleteItem: (input, abortSignal) => client.send(new DeleteItemCommand(attributes(input) as unknown as DeleteItemCommandInput), { abortSignal }),
    query: (input, abortSignal) => client.send(new QueryCommand(attributes(input) as unknown as QueryCommandInput), { abortSignal }),
  };
}

function s3Calls(client: S3Client): Record<string, Call> {
  return {
    getObject: async (input, abortSignal) => {
      const answer = await client.send(new GetObjectCommand(input as unknown as GetObjectCommandInput), { abortSignal });
      return { ...answer, Body: (await answer.Body?.transformToString()) ?? '' };
    },
    putObject: (input, abortSignal) => {
      const { Body: body = '' } = input;
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return client.send(new PutObjectCommand({ ...(input as unknown as PutObjectCommandInput), Body: text }), { abortSignal });
    },
  };
}

function integration(call: Call, errorOf: (error: Error) => StatesError): TaskIntegration {
  return async (parameters, { signal }) => {
    try {
      const answer = await call(isJsonObject(parameters) ? parameters : {}, signal);
      return resultOf(answer);
    } catch (error) {
      throw errorOf(error instanceof Error ? error : new Error(String(error)));
    }
  };
}

interface Metadata {
  readonly httpStatusCode?: number;
  readonly requestId?: string;
}

/** The answer as Step Functions gives it: its fields, and the metadata under the names of the Java SDK. */
function resultOf(answer: object): Json {
  const { $metadata, ...fields } = answer as { $metadata?: Metadata };
  const metadata = {
    SdkHttpMetadata: { AllHttpHeaders: {}, HttpHeaders: {}, HttpStatusCode: $metadata?.httpStatusCode ?? 200 },
    SdkResponseMetadata: { RequestId: $metadata?.requestId ?? '' },
  };
  return JSON.parse(JSON.stringify({ ...fields, ...metadata })) as Json;
}

/** Errors that every service can answer with: no exception of an API has their name. */
const unmodelled = new Set(['ValidationException', 'AccessDeniedException', 'AccessDenied']);

/** Errors of the optimized integrations are prefixed with the service, and unnamed ones are the service's own exception. */
function optimized(prefix: string, fallback: string, service: string): (error: Error) => StatesError {
  return (error) => {
    const { name, status, requestId, cause } = describe(error);
    const known = name.endsWith('Exception') && !unmodelled.has(name);
    const detail = `(Service: ${service}; Status Code: ${status}; Error Code: ${name}; Request ID: ${requestId}; Proxy: null)`;
    return new StatesError(`${prefix}.${known ? name : fallback}`, status === 0 ? cause : `${cause} ${detail}`);
  };
}

/** Errors of `aws-sdk:` integrations are named like the exceptions of the Java SDK, which all end in Exception. */
function awsSdk(prefix: string): (error: Error) => StatesError {
  return (error) => {
    const { name, status, requestId, cause } = describe(error);
    const exception = name.endsWith('Exception') ? name : `${name}Exception`;
    const known = unmodelled.has(name) || status === 0 ? `${prefix}Exception` : exception;
    const detail = `(Service: ${prefix}, Status Code: ${status}, Request ID: ${requestId})`;
    return new StatesError(`${prefix}.${known}`, status === 0 ? cause : `${cause} ${detail}`);
  };
}

function describe(error: Error): { name: string; status: number; requestId: string; cause: string } {
  const metadata = (error as { $metadata?: Metadata }).$metadata;
  return { name: error.name, status: metadata?.httpStatusCode ?? 0, requestId: metadata?.requestId ?? '', cause: error.message };
}

/** Numbers may be given as numbers where DynamoDB wants their text: `{ "N": 1 }`. */
function attributes(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, attribute(name, field)]));
}

function attribute(name: string, value: Json): Json {
  const number = numberOf(value);
  if (number !== undefined) return name === 'N' ? JSON.stringify(value) : number;
  if (Array.isArray(value)) return value.map((element) => attribute('', element));
  return isJsonObject(value) ? attributes(value) : value;
}

/** A message that is given as JSON goes out as its text. */
function textFields(input: JsonObject, names: readonly string[]): JsonObject {
  const changed = names.filter((name) => input[name] !== undefined && typeof input[name] !== 'string');
  return { ...input, ...Object.fromEntries(changed.map((name) => [name, JSON.stringify(input[name])])) };
}
