/** A DynamoDB client whose requests go straight to a handler in this process: no HTTP, no signature. */
import { Readable } from 'node:stream';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AwsError } from '../endpoint/aws-error.ts';
import type { JsonHandler } from '../endpoint/handlers.ts';

/** What the SDK hands to its request handler, as far as it is of use here. */
interface Request {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * The state machine's records are written through it: a call costs a third of one over loopback, and there are a dozen
 * of them for each database.
 */
export function createDirectDynamoDbClient(handler: JsonHandler, region: string): DynamoDBClient {
  const noAuth = 'smithy.api#noAuth';
  const handle = async (request: Request): Promise<{ response: object }> => {
    const target = request.headers['x-amz-target'] ?? '';
    const { statusCode, body } = await answer(handler, target.slice(target.lastIndexOf('.') + 1), textOf(request.body));
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    return { response: { statusCode, headers, body: Readable.from([Buffer.from(JSON.stringify(body))]) } };
  };
  return new DynamoDBClient({
    region,
    endpoint: 'http://127.0.0.1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: { handle, updateHttpClientConfig: () => undefined, httpHandlerConfigs: () => ({}) },
    httpAuthSchemeProvider: () => [{ schemeId: noAuth }],
    httpAuthSchemes: [{ schemeId: noAuth, identityProvider: () => () => Promise.resolve({}), signer: { sign: (request) => Promise.resolve(request) } }],
  });
}

function textOf(body: unknown): string {
  return body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString() : (body as string);
}

async function answer(handler: JsonHandler, operation: string, body: string): Promise<{ statusCode: number; body: unknown }> {
  try {
    return { statusCode: 200, body: await handler(operation, JSON.parse(body)) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { statusCode: error.status, body: { ...error.members, __type: error.code, message: error.message } };
  }
}
