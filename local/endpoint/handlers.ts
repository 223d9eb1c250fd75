/** What the endpoint calls for each service. A handler throws AwsError for whatever the service would refuse. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiRequest } from '../iam/api-calls.ts';
import type { SignedRequest } from './signatures/check.ts';

/**
 * A service with its own wire form (S3): it reads the request, compares its body with what was signed, and writes the response
 * itself.
 */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse, signed: SignedRequest) => Promise<void>;

/** A service with an AWS JSON protocol: `body` is the parsed request, the result is sent as JSON. */
export type JsonHandler = (operation: string, body: unknown) => Promise<unknown>;

/** A service with the AWS query protocol: the result is the XML of the whole response. */
export type QueryHandler = (operation: string, parameters: URLSearchParams) => Promise<string>;

export interface LambdaInvocation {
  /** Name or ARN, as the caller gave it. */
  readonly functionName: string;
  /** JSON text; empty when the caller sent none. */
  readonly payload: string;
  readonly invocationType: 'RequestResponse' | 'Event' | 'DryRun';
}

export interface LambdaResult {
  /** JSON text: the function's result, or its error object when `functionError` is set. */
  readonly payload: string;
  readonly functionError?: 'Handled' | 'Unhandled';
}

export type LambdaHandler = (invocation: LambdaInvocation) => Promise<LambdaResult>;

/** Any service that is left out answers that the local runtime does not implement it. */
export interface Handlers {
  /** Asked before each request but S3's, which asks itself. @throws AwsError for what the caller may not do */
  readonly authorize?: (accessKeyId: string, request: ApiRequest) => void;
  readonly s3?: HttpHandler;
  readonly dynamodb?: JsonHandler;
  readonly stepFunctions?: JsonHandler;
  readonly ecs?: JsonHandler;
  readonly secretsManager?: JsonHandler;
  readonly sqs?: JsonHandler;
  readonly events?: JsonHandler;
  readonly sns?: QueryHandler;
  readonly cloudFormation?: QueryHandler;
  readonly sts?: QueryHandler;
  readonly lambda?: LambdaHandler;
}
