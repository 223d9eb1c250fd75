/** The one loopback port on which the local runtime answers for every AWS service. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError, notImplemented } from './aws-error.ts';
import type { ApiRequest } from '../iam/api-calls.ts';
import { accessKeyOf, foreignCaller, serviceOfSignature } from './caller.ts';
import type { Handlers, JsonHandler, LambdaInvocation, QueryHandler } from './handlers.ts';
import { readBody } from './read-body.ts';
import { escapeXml } from './xml.ts';

export interface Endpoint {
  readonly url: string;
  readonly port: number;
  /** Stops listening, lets running requests end for two seconds, then cuts them. */
  close(): Promise<void>;
}

export interface EndpointOptions {
  readonly handlers: Handlers;
  /** 0 (the default) takes any free port. */
  readonly port?: number;
  /** Told of errors that no service would answer with: defects of the runtime, answered with HTTP 500. */
  readonly onError?: (error: unknown, request: string) => void;
}

const closingGraceMilliseconds = 2_000;

/**
 * Listens on 127.0.0.1 only. Requests are routed by what AWS's own clients send: `X-Amz-Target`, Lambda's path, the
 * `Action` of a form; all else is S3 (path style). Signatures are not checked.
 * @throws the listening error (EADDRINUSE) when the port is taken
 */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  let closing = false;
  const server = createServer((request, response) => {
    void answer(options, request, response);
    // A client keeps its connection for the next request: it is idle only now.
    response.once('close', () => {
      if (closing) {
        setImmediate(() => {
          server.closeIdleConnections();
        });
      }
    });
  });
  // A dump of hours is one request; a client's pooled connection must not be cut just when it is used again.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 600_000;
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () => {
      closing = true;
      return close(server);
    },
  };
}

async function answer(options: EndpointOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('x-amzn-requestid', randomUUID());
  try {
    await route(options.handlers, request, response);
  } catch (thrown) {
    if (!(thrown instanceof AwsError)) options.onError?.(thrown, `${request.method ?? ''} ${request.url ?? ''}`);
    if (response.headersSent) response.destroy();
    else sendError(response, toAwsError(thrown), request);
  }
}

async function route(handlers: Handlers, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const foreign = foreignCaller(request);
  if (foreign !== undefined) throw new AwsError('AccessDenied', foreign, 403);
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') return answerJson(handlers, target, request, response);
  const url = request.url ?? '/';
  if (url.startsWith('/2015-03-31/')) return answerLambda(handlers, url, request, response);
  const form = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  if (request.method === 'POST' && url === '/' && form) return answerQuery(handlers, request, response);
  const service = serviceOfSignature(request);
  if (handlers.s3 === undefined || (service !== undefined && service !== 's3')) {
    throw notImplemented(service ?? 's3', `${request.method ?? ''} ${url}`);
  }
  return handlers.s3(request, response);
}

/** Source: Smithy, "AWS JSON 1.0 and 1.1 protocols": `X-Amz-Target: <service shape>.<operation>`. */
const jsonServices = new Map<string, JsonService>([
  ['DynamoDB_20120810', { name: 'DynamoDB', prefix: 'dynamodb', handler: (handlers) => handlers.dynamodb }],
  ['AWSStepFunctions', { name: 'Step Functions', prefix: 'states', handler: (handlers) => handlers.stepFunctions }],
  ['AmazonEC2ContainerServiceV20141113', { name: 'ECS', prefix: 'ecs', handler: (handlers) => handlers.ecs }],
  ['secretsmanager', { name: 'Secrets Manager', prefix: 'secretsmanager', handler: (handlers) => handlers.secretsManager }],
  ['AmazonSQS', { name: 'SQS', prefix: 'sqs', handler: (handlers) => handlers.sqs }],
  ['AWSEvents', { name: 'EventBridge', prefix: 'events', handler: (handlers) => handlers.events }],
]);

interface JsonService {
  readonly name: string;
  /** In the names of its actions. */
  readonly prefix: ApiRequest['service'];
  readonly handler: (handlers: Handlers) => JsonHandler | undefined;
}

async function answerJson(handlers: Handlers, target: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const dot = target.lastIndexOf('.');
  const service = jsonServices.get(target.slice(0, dot));
  const operation = target.slice(dot + 1);
  const handler = service?.handler(handlers);
  if (service === undefined || handler === undefined) throw notImplemented(service?.name ?? target.slice(0, dot), operation);
  const input = parseJson((await readBody(request)).toString());
  handlers.authorize?.(accessKeyOf(request), { service: service.prefix, operation, input });
  const result = await handler(operation, input);
  send(response, 200, request.headers['content-type'] ?? 'application/x-amz-json-1.0', JSON.stringify(result ?? {}));
}

/** Source: AWS Lambda API Reference, "Invoke". */
async function answerLambda(
  { lambda: handler, authorize }: Handlers,
  url: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const invoke = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?|$)/.exec(url);
  if (handler === undefined || request.method !== 'POST' || invoke?.[1] === undefined) {
    throw notImplemented('Lambda', `${request.method ?? ''} ${url}`);
  }
  const invocationType = invocationTypeOf(request.headers['x-amz-invocation-type']);
  const payload = (await readBody(request)).toString();
  const functionName = decodeURIComponent(invoke[1]);
  authorize?.(accessKeyOf(request), { service: 'lambda', operation: 'Invoke', input: { FunctionName: functionName } });
  const result = await handler({ functionName, payload, invocationType });
  response.setHeader('X-Amz-Executed-Version', '$LATEST');
  if (result.functionError !== undefined) response.setHeader('X-Amz-Function-Error', result.functionError);
  const status = { RequestResponse: 200, Event: 202, DryRun: 204 }[invocationType];
  send(response, status, 'application/json', invocationType === 'RequestResponse' ? result.payload : '');
}

function invocationTypeOf(header: string | string[] | undefined): LambdaInvocation['invocationType'] {
  if (header === undefined) return 'RequestResponse';
  if (header === 'RequestResponse' || header === 'Event' || header === 'DryRun') return header;
  throw new AwsError('InvalidParameterValueException', `Unknown X-Amz-Invocation-Type ${String(header)}.`);
}

/** By the name with which a request is signed; one that is not signed is for SNS, the first of them here. */
const queryServices = new Map<string, QueryService>([
  ['sns', { prefix: 'sns', handler: (handlers) => handlers.sns }],
  ['cloudformation', { prefix: 'cloudformation', handler: (handlers) => handlers.cloudFormation }],
  ['sts', { prefix: 'sts', handler: (handlers) => handlers.sts }],
]);

interface QueryService {
  readonly prefix: ApiRequest['service'];
  readonly handler: (handlers: Handlers) => QueryHandler | undefined;
}

async function answerQuery(handlers: Handlers, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parameters = new URLSearchParams((await readBody(request)).toString());
  const operation = parameters.get('Action') ?? '';
  const name = serviceOfSignature(request) ?? 'sns';
  const service = queryServices.get(name);
  const handler = service?.handler(handlers);
  if (service === undefined || handler === undefined) throw notImplemented(name, operation);
  handlers.authorize?.(accessKeyOf(request), { service: service.prefix, operation, input: Object.fromEntries(parameters) });
  send(response, 200, 'text/xml', await handler(operation, parameters));
}

function parseJson(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON.');
  }
}

function toAwsError(thrown: unknown): AwsError {
  if (thrown instanceof AwsError) return thrown;
  // SDKs retry what has status 500: right for a passing trouble of the runtime, harmless for a defect.
  return new AwsError('InternalFailure', thrown instanceof Error ? thrown.message : String(thrown), 500);
}

function sendError(response: ServerResponse, error: AwsError, request: IncomingMessage): void {
  const json = request.headers['x-amz-target'] !== undefined || (request.url ?? '').startsWith('/2015-03-31/');
  if (json) {
    response.setHeader('x-amzn-ErrorType', error.code);
    const body = JSON.stringify({ ...error.members, __type: error.code, message: error.message });
    send(response, error.status, request.headers['content-type'] ?? 'application/json', body);
    return;
  }
  const fields = `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>`;
  const query = request.method === 'POST' && request.url === '/';
  const sender = error.status < 500 ? 'Sender' : 'Receiver';
  const xml = query
    ? `<ErrorResponse><Error><Type>${sender}</Type>${fields}</Error></ErrorResponse>`
    : `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${fields}</Error>`;
  send(response, error.status, 'application/xml', request.method === 'HEAD' ? '' : xml);
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, status === 204 ? {} : { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => {
      server.closeAllConnections();
    }, closingGraceMilliseconds);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
