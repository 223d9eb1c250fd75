/**
 * An AWS account as a test wants it: one loopback port that answers the operations of the JSON protocols from a table, the query
 * protocol's from handlers, and S3's HEAD and GET from a map of objects. What is not in the table is AccessDenied, as for a caller
 * without a policy.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { AwsError } from '../../../local/endpoint/aws-error.ts';
import { serviceOfSignature } from '../../../local/endpoint/caller.ts';
import type { QueryHandler } from '../../../local/endpoint/handlers.ts';

/** Answers with the result, or with the error, of one operation. */
export type Answer = (body: Readonly<Record<string, unknown>>) => object;

export interface AwsAccount {
  readonly url: string;
  /** By operation: `DescribeImages`. */
  readonly answers: Record<string, Answer>;
  readonly objects: Map<string, string>;
  /** Operations that were asked for, in order. */
  readonly asked: string[];
  close(): Promise<void>;
}

export async function startAwsAccount(queries: Readonly<Record<'sts' | 'cloudformation', QueryHandler>>): Promise<AwsAccount> {
  const answers: Record<string, Answer> = {};
  const objects = new Map<string, string>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      const refusal = error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 400);
      const isJson = request.headers['x-amz-target'] !== undefined;
      response.writeHead(refusal.status, isJson ? { 'x-amzn-errortype': refusal.code, 'content-type': 'application/x-amz-json-1.1' } : { 'content-type': 'text/xml' });
      const fields = `<Code>${refusal.code}</Code><Message>${refusal.message}</Message>`;
      response.end(isJson ? JSON.stringify({ __type: refusal.code, message: refusal.message }) : request.method === 'POST' ? `<ErrorResponse><Error>${fields}</Error></ErrorResponse>` : `<Error>${fields}</Error>`);
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const target = request.headers['x-amz-target'];
    if (typeof target === 'string') {
      const operation = target.slice(target.lastIndexOf('.') + 1);
      asked.push(operation);
      const known = answers[operation];
      const service = serviceOfSignature(request) ?? '';
      if (known === undefined) throw new AwsError('AccessDeniedException', `User: arn:aws:iam::111122223333:user/me is not authorized to perform: ${service}:${operation} on resource: *`);
      const result = JSON.stringify(known(JSON.parse(body) as Record<string, unknown>));
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(result);
      return;
    }
    if (request.method === 'POST') {
      const parameters = new URLSearchParams(body);
      const service = serviceOfSignature(request) === 'sts' ? 'sts' : 'cloudformation';
      const xml = await queries[service](parameters.get('Action') ?? '', parameters);
      response.writeHead(200, { 'content-type': 'text/xml' }).end(xml);
      return;
    }
    const key = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
    const object = objects.get(key.replace(/\/$/, ''));
    if (object === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
    response.writeHead(200, { 'content-type': 'application/json' }).end(request.method === 'HEAD' ? '' : object);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    objects,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
