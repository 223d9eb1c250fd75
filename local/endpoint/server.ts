/** The one loopback port on which the local runtime answers for every AWS service. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDiskFull } from '../storage/disk-full.ts';
import { AwsError, notImplemented } from './aws-error.ts';
import type { ApiRequest } from '../iam/api-calls.ts';
import { foreignCaller, isPercentEncoded, serviceOfSignature } from './caller.ts';
import type { Handlers, JsonHandler, LambdaInvocation, QueryHandler } from './handlers.ts';
import { readBody } from './read-body.ts';
import { SignatureCheck, type SignatureCheckOptions } from './signatures/check.ts';
import { signedPayload } from './signatures/payload.ts';
import { refusalOf, type Wire } from './signatures/refusals.ts';
import { sha256Of } from './signatures/sha-256.ts';
import { escapeXml } from './xml.ts';

export interface Endpoint {
  readonly url: string;
  readonly port: number;
  /** Stops listening, lets running requests end for two seconds, then cuts them. */
  close(): Promise<void>;
}

export interface EndpointOptions {
  readonly handlers: Handlers;
  /** The secret of each access key that was issued: no other signature counts. */
  readonly secretOf: SignatureCheckOptions['secretOf'];
  /** The system's unless given. */
  readonly now?: SignatureCheckOptions['now'];
  /** 0 (the default) takes any free port. */
  readonly port?: number;
  /** Told of errors that no service would answer with: defects of the runtime, answered with HTTP 500. */
  readonly onError?: (error: unknown, request: string) => void;
}

const closingGraceMilliseconds = 2_000;

/**
 * Listens on 127.0.0.1 only. Requests are routed by what AWS's own clients send: `X-Amz-Target`, Lambda's path, the
 * `Action` of a form; all else is S3 (path style). Nobody is answered whose signature is not right.
 * @throws the listening error (EADDRINUSE) when the port is taken
 */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  let closing = false;
  const check = new SignatureCheck({ secretOf: options.secretOf, now: options.now ?? Date.now });
  const server = createServer((request, response) => {
    void answer(options, check, request, response);
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

async function answer(options: EndpointOptions, check: SignatureCheck, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('x-amzn-requestid', randomUUID());
  try {
    await route({ handlers: options.handlers, check, request, response });
  } catch (thrown) {
    if (!(thrown instanceof AwsError) || response.headersSent) options.onError?.(thrown, `${request.method ?? ''} ${request.url ?? ''}`);
    if (response.headersSent) response.destroy();
    else sendError(response, toAwsError(thrown), request);
  }
}

interface Exchange {
  readonly handlers: Handlers;
  readonly check: SignatureCheck;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function route(exchange: Exchange): Promise<void> {
  const { request } = exchange;
  const foreign = foreignCaller(request);
  if (foreign !== undefined) throw new AwsError('AccessDenied', foreign, 403);
  const wire = wireOf(request);
  if (!isPercentEncoded(request)) {
    throw new AwsError(wire === 's3' ? 'InvalidURI' : 'ValidationException', 'The path or query is not percent-encoded UTF-8.');
  }
  await answers[wire](exchange);
}

function wireOf({ headers, method, url = '/' }: IncomingMessage): Wire {
  if (typeof headers['x-amz-target'] === 'string') return 'json';
  if (url.startsWith('/2015-03-31/')) return 'lambda';
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return method === 'POST' && url === '/' && form ? 'query' : 's3';
}

/** The body of a request whose signature is right, and whose it is. @throws AwsError as the service refuses what is not signed so */
async function readSigned({ check, request }: Exchange, wire: Wire, service: string): Promise<{ accessKeyId: string; body: string }> {
  const claim = check.claim(request, wire, service);
  const body = await readBody(request);
  const { accessKeyId } = await check.verify(request, claim, sha256Of(body));
  return { accessKeyId, body: body.toString() };
}

async function answerS3({ handlers, check, request, response }: Exchange): Promise<void> {
  const service = serviceOfSignature(request);
  if (handlers.s3 === undefined || (service !== undefined && service !== 's3')) {
    throw notImplemented(service ?? 's3', `${request.method ?? ''} ${request.url ?? '/'}`);
  }
  const claim = check.claim(request, 's3', 's3');
  const signed = await check.verify(request, claim, signedPayload(request, claim));
  await handlers.s3(request, response, signed);
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

async function answerJson(exchange: Exchange): Promise<void> {
  const { handlers, request, response } = exchange;
  const target = String(request.headers['x-amz-target']);
  const dot = target.lastIndexOf('.');
  const service = jsonServices.get(target.slice(0, dot));
  const operation = target.slice(dot + 1);
  const handler = service?.handler(handlers);
  if (service === undefined || handler === undefined) throw notImplemented(service?.name ?? target.slice(0, dot), operation);
  const { accessKeyId, body } = await readSigned(exchange, 'json', service.prefix);
  const input = parseJson(body);
  handlers.authorize?.(accessKeyId, { service: service.prefix, operation, input });
  const result = await handler(operation, input);
  send(response, 200, request.headers['content-type'] ?? 'application/x-amz-json-1.0', JSON.stringify(result ?? {}));
}

/** Source: AWS Lambda API Reference, "Invoke". */
async function answerLambda(exchange: Exchange): Promise<void> {
  const { request, response, handlers: { lambda: handler, authorize } } = exchange;
  const url = request.url ?? '/';
  const invoke = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?|$)/.exec(url);
  if (handler === undefined || request.method !== 'POST' || invoke?.[1] === undefined) {
    throw notImplemented('Lambda', `${request.method ?? ''} ${url}`);
  }
  const { accessKeyId, body: payload } = await readSigned(exchange, 'lambda', 'lambda');
  const invocationType = invocationTypeOf(request.headers['x-amz-invocation-type']);
  const functionName = decodeURIComponent(invoke[1]);
  authorize?.(accessKeyId, { service: 'lambda', operation: 'Invoke', input: { FunctionName: functionName } });
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

/** By the name with which a request is signed. */
const queryServices = new Map<string, QueryService>([
  ['sns', { prefix: 'sns', handler: (handlers) => handlers.sns }],
  ['cloudformation', { prefix: 'cloudformation', handler: (handlers) => handlers.cloudFormation }],
  ['sts', { prefix: 'sts', handler: (handlers) => handlers.sts }],
]);

interface QueryService {
  readonly prefix: ApiRequest['service'];
  readonly handler: (handlers: Handlers) => QueryHandler | undefined;
}

async function answerQuery(exchange: Exchange): Promise<void> {
  const { handlers, request, response } = exchange;
  const name = serviceOfSignature(request);
  if (name === undefined) throw refusalOf('query', 'unsigned');
  const { accessKeyId, body } = await readSigned(exchange, 'query', name);
  const parameters = new URLSearchParams(body);
  const operation = parameters.get('Action') ?? '';
  const service = queryServices.get(name);
  const handler = service?.handler(handlers);
  if (service === undefined || handler === undefined) throw notImplemented(name, operation);
  handlers.authorize?.(accessKeyId, { service: service.prefix, operation, input: Object.fromEntries(parameters) });
  send(response, 200, 'text/xml', await handler(operation, parameters));
}

const answers: Readonly<Record<Wire, (exchange: Exchange) => Promise<void>>> = {
  json: answerJson, lambda: answerLambda, query: answerQuery, s3: answerS3,
};

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
  if (isDiskFull(thrown)) {
    return new AwsError('ServiceUnavailable', 'There is no space left where the local runtime keeps its state; nothing was done.', 503);
  }
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
