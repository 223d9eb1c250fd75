/** A request made by hand, byte by byte, and signed: for what no client would send. */
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../../local/endpoint/signatures/sha-256.ts';
import { credentials as ownCredentials } from './keys.ts';

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly date?: Date;
  /** What is signed in the place of the body's SHA-256. */
  readonly payload?: string;
}

export interface Answer {
  readonly status: number;
  /** Of an error, from the XML or JSON. */
  readonly code: string | undefined;
  readonly text: string;
}

/** @param url its path goes out as it is, unlike in `new URL` */
export async function signedHeaders(url: string, service: string, options: RequestOptions = {}): Promise<Record<string, string>> {
  const { method = 'GET', headers = {}, body = '', credentials = ownCredentials, date } = options;
  const [host, target] = partsOf(url);
  const [path = '/', search = ''] = target.split('?');
  const query = Object.fromEntries(new URLSearchParams(search));
  const signer = new SignatureV4({ service, region: 'us-east-1', credentials, sha256: Sha256, uriEscapePath: service !== 's3' });
  const payload = options.payload ?? createHash('sha256').update(body).digest('hex');
  const signable = { method, protocol: 'http:', hostname: host, path, query, headers: { host, 'x-amz-content-sha256': payload, ...headers } };
  return (await signer.sign(signable, date === undefined ? {} : { signingDate: date })).headers;
}

export async function sendSigned(url: string, service: string, options: RequestOptions = {}): Promise<Answer> {
  return send(url, { ...options, headers: await signedHeaders(url, service, options) });
}

export function send(url: string, { method = 'GET', headers = {}, body = '' }: Pick<RequestOptions, 'method' | 'headers' | 'body'> = {}): Promise<Answer> {
  const [host, path] = partsOf(url);
  const [hostname = '', port = ''] = host.split(':');
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, path, method, headers: { ...headers, 'content-length': Buffer.byteLength(body) }, agent: false }, (response) => {
      text(response).then((answer) => {
        resolve({ status: response.statusCode ?? 0, code: codeOf(answer), text: answer });
      }, reject);
    });
    outgoing.once('error', reject).end(body);
  });
}

function partsOf(url: string): [host: string, target: string] {
  const [, host = '', target = '/'] = /^http:\/\/([^/]+)(\/.*)?$/.exec(url) ?? [];
  return [host, target];
}

function codeOf(answer: string): string | undefined {
  return /<Code>(.*?)<\/Code>/.exec(answer)?.[1] ?? /"__type":"(.*?)"/.exec(answer)?.[1];
}
