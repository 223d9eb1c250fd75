import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { element } from '../endpoint/xml.ts';
import type { Segment } from './blobs.ts';
import { headerOf } from './checksums.ts';
import { checkWriteConditions } from './conditions.ts';
import { s3Error } from './errors.ts';
import type { ObjectEntry } from './index-store.ts';
import { declaredLength, receiveBody, type ReceivedBody } from './receive-body.ts';
import { copySource, header, quoted, sendEmpty, sendXml, type S3Request } from './requests.ts';
import { commitObject, headersToKeep, requireBucket, type S3State } from './state.ts';

/** Objects up to this size live in the index: most dumps of a large fleet are smaller, and a file costs more CPU. */
const inlineBytes = 64 * 1024;

export async function putObject(state: S3State, request: S3Request, response: ServerResponse): Promise<void> {
  requireBucket(state, request);
  checkWriteConditions(request, state.index.objectSummary(request.bucket, request.key));
  const headers = headersToKeep(request);
  const received = declaredLength(request.http.headers) <= inlineBytes ? await receiveInline(request) : await receiveFile(state, request);
  const object: ObjectEntry = {
    bucket: request.bucket,
    key: request.key,
    id: randomUUID(),
    size: received.size,
    etag: received.md5,
    modified: state.clock().getTime(),
    headers,
    ...(received.checksum === undefined ? {} : { checksum: { ...received.checksum, type: 'FULL_OBJECT' } }),
    ...(received.body === undefined ? {} : { body: received.body }),
    segments: received.segments,
  };
  commitOrDiscard(state, object.segments, () => {
    commitObject(state, request, object, 'PutObject');
  });
  sendEmpty(response, 200, { ETag: quoted(object.etag), ...encryptionHeader(object), ...checksumHeaders(object) });
}

interface Received extends ReceivedBody {
  readonly body?: Buffer;
  readonly segments: readonly Segment[];
}

async function receiveInline(request: S3Request): Promise<Received> {
  const pieces: Buffer[] = [];
  const received = await receiveBody(request, (piece) => {
    pieces.push(piece);
    return undefined;
  });
  return { ...received, body: Buffer.concat(pieces), segments: [] };
}

/** Streams a body into a file of its own; nothing is left of it when that fails. */
export async function receiveFile(state: S3State, request: S3Request): Promise<Received> {
  const writer = await state.blobs.create();
  try {
    const received = await receiveBody(request, (piece) => writer.write(piece));
    await writer.finish();
    return { ...received, segments: [{ file: writer.file, size: received.size }] };
  } catch (thrown) {
    await writer.discard();
    throw thrown;
  }
}

/** Runs a commit of the index, and removes the data that was meant for it when it fails. */
export function commitOrDiscard(state: S3State, segments: readonly Segment[], commit: () => void): void {
  try {
    commit();
  } catch (thrown) {
    state.blobs.remove(segments);
    throw thrown;
  }
}

/** Small objects as AWS means it: up to 5 GiB in one request. Metadata is the source's, unless REPLACE is asked for. */
export async function copyObject(state: S3State, request: S3Request, response: ServerResponse): Promise<void> {
  requireBucket(state, request);
  const source = objectToCopy(state, request);
  const replace = header(request, 'x-amz-metadata-directive') === 'REPLACE';
  const release = state.blobs.hold(source.segments);
  const segments = await state.blobs.copy(source.segments).finally(release);
  const object: ObjectEntry = {
    ...source,
    bucket: request.bucket,
    key: request.key,
    id: randomUUID(),
    modified: state.clock().getTime(),
    headers: replace ? headersToKeep(request) : source.headers,
    segments,
  };
  commitOrDiscard(state, segments, () => {
    commitObject(state, request, object, 'CopyObject');
  });
  const times = element('LastModified', new Date(object.modified).toISOString());
  sendXml(response, `<CopyObjectResult>${times}${element('ETag', quoted(object.etag))}</CopyObjectResult>`);
}

function objectToCopy(state: S3State, request: S3Request): ObjectEntry {
  const conditional = Object.keys(request.http.headers).find((name) => name.startsWith('x-amz-copy-source-'));
  if (conditional !== undefined) throw s3Error('NotImplemented', `The local runtime does not implement ${conditional}.`);
  const { bucket = '', key = '' } = copySource(request) ?? {};
  const source = state.index.object(bucket, key);
  if (source === undefined) throw s3Error('NoSuchKey', `The copy source ${bucket}/${key} does not exist.`);
  return source;
}

export function checksumHeaders(object: ObjectEntry): Record<string, string> {
  if (object.checksum === undefined) return {};
  return { [headerOf(object.checksum.algorithm)]: object.checksum.value, 'x-amz-checksum-type': object.checksum.type };
}

function encryptionHeader(object: ObjectEntry): Record<string, string> {
  const encryption = object.headers['x-amz-server-side-encryption'];
  return encryption === undefined ? {} : { 'x-amz-server-side-encryption': encryption };
}
