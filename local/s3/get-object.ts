import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { checkReadConditions } from './conditions.ts';
import type { Segment } from './blobs.ts';
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
  const head = (): void => {
    response.writeHead(range === undefined ? 200 : 206, headersOf(request, object, range));
  };
  if (request.method === 'HEAD') {
    head();
    response.end();
    return;
  }
  // From here on, so that what replaces the object leaves these files until they were sent.
  const release = state.blobs.hold(object.segments);
  try {
    const data = await checkedData(state, object, start, end);
    head();
    if (Buffer.isBuffer(data)) response.end(data);
    else await pipeline(bytesOf(state, data), response);
  } finally {
    release();
  }
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function headersOf(request: S3Request, object: ObjectEntry, range: Range | undefined): Record<string, string | number> {
  const { start, end } = range ?? { start: 0, end: object.size - 1 };
  return {
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
  };
}

/** Source: RFC 9110, section 14. Undefined for the whole: no range, several, or one that makes no sense. */
function parseRange(value: string | undefined, size: number): Range | undefined {
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

interface Slice extends Range {
  readonly segment: Segment;
}

/** What is to be sent, looked at before the answer begins: afterwards only the connection can be cut. @throws AwsError InternalError */
async function checkedData(state: S3State, { body, segments, size }: ObjectEntry, start: number, end: number): Promise<Buffer | readonly Slice[]> {
  if (segments.length === 0) {
    const stored = Buffer.from(body ?? []);
    if (stored.length === size) return stored.subarray(start, end + 1);
    throw s3Error('InternalError', `The data of the object is not what was stored: ${stored.length} bytes instead of ${size}.`);
  }
  const slices: Slice[] = [];
  let offset = 0;
  for (const segment of segments) {
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, segment.size - 1);
    if (from <= to) slices.push({ segment, start: from, end: to });
    offset += segment.size;
  }
  await state.blobs.check(slices.map(({ segment }) => segment));
  return slices;
}

async function* bytesOf(state: S3State, slices: readonly Slice[]): AsyncGenerator<Buffer> {
  for (const { segment, start, end } of slices) yield* state.blobs.read(segment, start, end);
}
