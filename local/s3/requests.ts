import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SignedRequest } from '../endpoint/signatures/check.ts';
import { s3Error } from './errors.ts';

/** A path-style request: `/<bucket>/<key>?<query>`. Both names are empty where the path has none. */
export interface S3Request {
  readonly http: IncomingMessage;
  readonly signed: SignedRequest;
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
}

/** Source: Amazon S3 User Guide, "Naming Amazon S3 objects". */
const longestKeyBytes = 1_024;

/** @throws AwsError InvalidURI, KeyTooLongError */
export function parseRequest(http: IncomingMessage, signed: SignedRequest): S3Request {
  const url = http.url ?? '/';
  const mark = url.indexOf('?');
  // Not `new URL`, which would fold `//` and `..`: both may stand in a key.
  const path = mark === -1 ? url : url.slice(0, mark);
  const slash = path.indexOf('/', 1);
  const bucket = decoded(slash === -1 ? path.slice(1) : path.slice(1, slash));
  const key = slash === -1 ? '' : decoded(path.slice(slash + 1));
  if (Buffer.byteLength(key) > longestKeyBytes) {
    throw s3Error('KeyTooLongError', `The key has ${Buffer.byteLength(key)} bytes; ${longestKeyBytes} are allowed.`);
  }
  const query = new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1));
  return { http, signed, method: http.method ?? 'GET', bucket, key, query };
}

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw s3Error('InvalidURI', 'The path is not percent-encoded UTF-8.');
  }
}

/** One header of a request as text. */
export function header(request: S3Request, name: string): string | undefined {
  const value = request.http.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** The object that a copy reads; undefined for a request that copies nothing. */
export function copySource(request: S3Request): { readonly bucket: string; readonly key: string } | undefined {
  const source = header(request, 'x-amz-copy-source');
  if (source === undefined) return undefined;
  const path = decoded(source.replace(/^\//, ''));
  const slash = path.indexOf('/');
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

export function sendXml(response: ServerResponse, body: string): void {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n${body}`;
  response.writeHead(200, { 'Content-Type': 'application/xml', 'Content-Length': Buffer.byteLength(xml) });
  response.end(xml);
}

export function sendEmpty(response: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, status === 204 || status === 304 ? headers : { ...headers, 'Content-Length': '0' });
  response.end();
}

/** ETags stand in quotes on the wire; callers may leave them off. */
export function quoted(etag: string): string {
  return `"${etag}"`;
}

export function unquoted(etag: string): string {
  return etag.trim().replace(/^(?:W\/)?"(.*)"$/, '$1');
}
