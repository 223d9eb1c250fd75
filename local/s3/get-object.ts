import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { checkReadConditions } from './conditions.ts';
import { s3Error } from './errors.ts';
import type { ObjectEntry } from './index-store.ts';
import { checksumHeaders } from './put-object.ts';
import { header, quoted, type S3Request } from './requests.ts';
import { requireBucket, type S3State } from './state.ts';

/** GetObject and HeadObject. */
export async function getObject(state: S3State, request: S3Request, response: ServerResponse): Promise<void> {
  requireBucket(state, request);
  const object = state.index.object(request.bucket, request.key);
  if (object === undefined) throw s3Error('NoSuchKey', `The key ${request.key} does not exist in the bucket ${request.bucket}.`);
  checkReadConditions(request, object);
  const range = parseRange(header(request, 'range'), object.size);
  const { start, end } = range ?? { start: 0, end: object.size - 1 };
  response.writeHead(range === undefined ? 200 : 206, {
    'content-type': 'binary/octet-stream',
    ...object.headers,
    ...overrides(request),
    'content-length': end - start + 1,
    'accept-ranges': 'bytes',
    'last-modified': new Date(object.modified).toUTCString(),
    etag: quoted(object.etag),
    ...(range === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${object.size}` }),
    // A checksum of the whole says nothing of a part of it.
    ...(range === undefined && header(request, 'x-amz-checksum-mode') === 'ENABLED' ? checksumHeaders(object) : {}),
  });
  if (request.method === 'HEAD') response.end();
  else await sendData(state, object, start, end, response);
}

/** Source: RFC 9110, section 14. Undefined for the whole: no range, several, or one that makes no sense. */
function parseRange(value: string | undefined, size: number): { start: number; end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(value ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < start) return undefined;
  if (start >= size || (first === '' && Number(last) === 0)) {
    throw s3Error('InvalidRange', `The range ${value ?? ''} lies outside the object of ${size} bytes.`);
  }
  return { start, end };
}

/** `response-content-type` and its sisters, which presigned links use. */
function overrides(request: S3Request): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of request.query) {
    if (name.startsWith('response-')) headers[name.slice('response-'.length)] = value;
  }
  return headers;
}

async function sendData(state: S3State, object: ObjectEntry, start: number, end: number, response: ServerResponse): Promise<void> {
  if (object.segments.length === 0) {
    response.end(object.body?.subarray(start, end + 1));
    return;
  }
  const release = state.blobs.hold(object.segments);
  try {
    await pipeline(dataOf(state, object, start, end), response);
  } finally {
    release();
  }
}

async function* dataOf(state: S3State, object: ObjectEntry, start: number, end: number): AsyncGenerator<Buffer> {
  let offset = 0;
  for (const segment of object.segments) {
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, segment.size - 1);
    if (from <= to) yield* state.blobs.read(segment, from, to) as AsyncIterable<Buffer>;
    offset += segment.size;
  }
}
