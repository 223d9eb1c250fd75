/** Multipart uploads: each part is a file; completing one names the files in the object's row, and copies nothing. */
import { createHash, randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { childrenOf, textOf, type XmlElement } from '../endpoint/read-xml.ts';
import { element } from '../endpoint/xml.ts';
import {
  checksumAlgorithms,
  compositeChecksum,
  fullObjectChecksum,
  headerOf,
  type Checksum,
  type ChecksumAlgorithm,
  type ChecksumType,
} from './checksums.ts';
import { s3Error } from './errors.ts';
import type { ObjectEntry, Part, Upload } from './index-store.ts';
import { commitOrDiscard, receiveFile } from './put-object.ts';
import { header, quoted, sendEmpty, sendXml, unquoted, type S3Request } from './requests.ts';
import { commitObject, headersToKeep, requireBucket, type S3State } from './state.ts';
import { readXmlBody } from './xml-body.ts';

/** Source: Amazon S3 User Guide, "Multipart upload limits". */
const mostParts = 10_000;
/** Part, PartNumber, ETag, and a checksum of each kind that there is on AWS. */
const elementsOfPart = 13;
const smallestPart = 5 * 1024 * 1024;

export function createMultipartUpload(state: S3State, request: S3Request, response: ServerResponse): void {
  requireBucket(state, request);
  const algorithm = parseAlgorithm(header(request, 'x-amz-checksum-algorithm'));
  const type = algorithm === undefined ? undefined : parseType(header(request, 'x-amz-checksum-type'), algorithm);
  const upload: Upload = {
    id: randomUUID(),
    bucket: request.bucket,
    key: request.key,
    started: state.clock().getTime(),
    headers: headersToKeep(request),
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(type === undefined ? {} : { type }),
  };
  state.index.putUpload(upload);
  if (algorithm !== undefined) response.setHeader('x-amz-checksum-algorithm', algorithm);
  if (type !== undefined) response.setHeader('x-amz-checksum-type', type);
  const fields = [element('Bucket', upload.bucket), element('Key', upload.key), element('UploadId', upload.id)];
  sendXml(response, `<InitiateMultipartUploadResult>${fields.join('')}</InitiateMultipartUploadResult>`);
}

function parseAlgorithm(value: string | undefined): ChecksumAlgorithm | undefined {
  if (value === undefined) return undefined;
  const algorithm = checksumAlgorithms.find((name) => name === value.toUpperCase());
  if (algorithm === undefined) throw s3Error('NotImplemented', `The local runtime does not implement the checksum ${value}.`);
  return algorithm;
}

function parseType(value: string | undefined, algorithm: ChecksumAlgorithm): ChecksumType {
  const composite = algorithm !== 'CRC64NVME';
  const full = algorithm.startsWith('CRC');
  if (value === undefined) return composite ? 'COMPOSITE' : 'FULL_OBJECT';
  if (value === 'COMPOSITE' && composite) return 'COMPOSITE';
  if (value === 'FULL_OBJECT' && full) return 'FULL_OBJECT';
  throw s3Error('InvalidRequest', `The checksum type ${value} cannot be used with ${algorithm}.`);
}

export async function uploadPart(state: S3State, request: S3Request, response: ServerResponse): Promise<void> {
  if (header(request, 'x-amz-copy-source') !== undefined) {
    throw s3Error('NotImplemented', 'The local runtime does not implement UploadPartCopy.');
  }
  const { id } = requireUpload(state, request);
  const number = Number(request.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > mostParts) {
    throw s3Error('InvalidArgument', `Part number must be an integer between 1 and ${mostParts}.`);
  }
  const { segments, size, md5, checksum } = await receiveFile(state, request);
  const part: Part = {
    number,
    file: segments[0]?.file ?? '',
    size,
    etag: md5,
    modified: state.clock().getTime(),
    ...(checksum === undefined ? {} : { algorithm: checksum.algorithm, checksum: checksum.value }),
  };
  let replaced: Part | undefined;
  commitOrDiscard(state, segments, () => {
    replaced = state.index.transaction(() => {
      requireUpload(state, request);
      const existing = state.index.part(id, number);
      state.index.putPart(id, part);
      return existing;
    });
  });
  if (replaced !== undefined) state.blobs.remove([replaced]);
  const checksumHeader = checksum === undefined ? {} : { [headerOf(checksum.algorithm)]: checksum.value };
  sendEmpty(response, 200, { ETag: quoted(md5), ...checksumHeader });
}

export async function completeMultipartUpload(state: S3State, request: S3Request, response: ServerResponse): Promise<void> {
  requireBucket(state, request);
  const named = parseCompletion(await readXmlBody(request, 'CompleteMultipartUpload', mostParts * elementsOfPart + 1));
  const id = request.query.get('uploadId') ?? '';
  const upload = state.index.upload(request.bucket, request.key, id);
  const object = upload === undefined ? completedBefore(state, request, id) : objectOf(state, upload, named);
  if (upload !== undefined) {
    const declared = header(request, 'x-amz-mp-object-size');
    if (declared !== undefined && Number(declared) !== object.size) {
      throw s3Error('InvalidRequest', `The parts have ${object.size} bytes together, not ${declared}.`);
    }
    const kept = new Set(object.segments.map(({ file }) => file));
    const unused = state.index.parts(id).filter(({ file }) => !kept.has(file));
    commitObject(state, request, object, 'CompleteMultipartUpload', () => {
      state.index.deleteUpload(id);
    });
    state.blobs.remove(unused);
  }
  const fields = [
    element('Location', `/${object.bucket}/${object.key}`),
    element('Bucket', object.bucket),
    element('Key', object.key),
    element('ETag', quoted(object.etag)),
    ...(object.checksum === undefined
      ? []
      : [element(`Checksum${object.checksum.algorithm}`, object.checksum.value), element('ChecksumType', object.checksum.type)]),
  ];
  sendXml(response, `<CompleteMultipartUploadResult>${fields.join('')}</CompleteMultipartUploadResult>`);
}

interface NamedPart {
  readonly number: number;
  readonly etag: string;
  readonly checksum: string | undefined;
}

function parseCompletion(completion: XmlElement): NamedPart[] {
  const named = childrenOf(completion, 'Part').map((part) => ({
    number: Number(textOf(part, 'PartNumber')),
    etag: unquoted(textOf(part, 'ETag') ?? ''),
    checksum: checksumAlgorithms.map((algorithm) => textOf(part, `Checksum${algorithm}`)).find((value) => value !== undefined),
  }));
  if (named.length === 0 || named.length > mostParts) throw s3Error('MalformedXML', `A completion names 1 to ${mostParts} parts.`);
  if (named.some((part, index) => part.number <= (named[index - 1]?.number ?? 0))) {
    throw s3Error('InvalidPartOrder', 'The parts must be named in ascending order.');
  }
  return named;
}

/** A client that lost the answer asks again: the object that this upload made is answered once more. */
function completedBefore(state: S3State, request: S3Request, id: string): ObjectEntry {
  const object = state.index.object(request.bucket, request.key);
  if (object?.id !== id) throw noSuchUpload(id);
  return object;
}

function objectOf(state: S3State, upload: Upload, named: readonly NamedPart[]): ObjectEntry {
  const stored = new Map(state.index.parts(upload.id).map((part) => [part.number, part]));
  const parts = named.map((name, index) => {
    const part = stored.get(name.number);
    if (part?.etag !== name.etag || (name.checksum !== undefined && name.checksum !== part.checksum)) {
      throw s3Error('InvalidPart', `Part ${name.number} was not uploaded, or its ETag or checksum differs.`);
    }
    if (part.size < smallestPart && index < named.length - 1) {
      throw s3Error('EntityTooSmall', `Part ${part.number} has ${part.size} bytes; all but the last need ${smallestPart}.`);
    }
    return part;
  });
  const md5 = createHash('md5');
  for (const part of parts) md5.update(Buffer.from(part.etag, 'hex'));
  const checksum = checksumOf(upload, parts);
  return {
    bucket: upload.bucket,
    key: upload.key,
    id: upload.id,
    size: parts.reduce((sum, part) => sum + part.size, 0),
    etag: `${md5.digest('hex')}-${parts.length}`,
    modified: state.clock().getTime(),
    headers: upload.headers,
    ...(checksum === undefined ? {} : { checksum }),
    segments: parts.map(({ file, size }) => ({ file, size })),
  };
}

/** Undefined when a part came without the checksum that the upload announced. */
function checksumOf(upload: Upload, parts: readonly Part[]): Checksum | undefined {
  const { algorithm, type } = upload;
  if (algorithm === undefined || type === undefined) return undefined;
  const checked = parts.filter((part) => part.algorithm === algorithm && part.checksum !== undefined);
  if (checked.length < parts.length) return undefined;
  const sums = checked.map(({ checksum = '', size }) => ({ checksum, size }));
  if (type === 'FULL_OBJECT' && algorithm !== 'SHA1' && algorithm !== 'SHA256') {
    return { algorithm, type, value: fullObjectChecksum(algorithm, sums) };
  }
  return { algorithm, type, value: compositeChecksum(algorithm, sums.map(({ checksum }) => checksum)) };
}

export function abortMultipartUpload(state: S3State, request: S3Request, response: ServerResponse): void {
  const { id } = requireUpload(state, request);
  const parts = state.index.parts(id);
  state.index.transaction(() => {
    state.index.deleteUpload(id);
  });
  state.blobs.remove(parts);
  sendEmpty(response, 204);
}

export function listParts(state: S3State, request: S3Request, response: ServerResponse): void {
  const upload = requireUpload(state, request);
  const mostListed = Math.min(Number(request.query.get('max-parts') ?? 1_000), 1_000);
  const marker = Number(request.query.get('part-number-marker') ?? 0);
  const following = state.index.parts(upload.id).filter(({ number }) => number > marker);
  const listed = following.slice(0, mostListed);
  const fields = [
    element('Bucket', upload.bucket),
    element('Key', upload.key),
    element('UploadId', upload.id),
    element('PartNumberMarker', marker),
    element('NextPartNumberMarker', listed.at(-1)?.number),
    element('MaxParts', mostListed),
    element('IsTruncated', listed.length < following.length),
    ...listed.map(
      (part) =>
        `<Part>${element('PartNumber', part.number)}${element('LastModified', new Date(part.modified).toISOString())}` +
        `${element('ETag', quoted(part.etag))}${element('Size', part.size)}` +
        `${part.algorithm === undefined ? '' : element(`Checksum${part.algorithm}`, part.checksum)}</Part>`,
    ),
  ];
  sendXml(response, `<ListPartsResult>${fields.join('')}</ListPartsResult>`);
}

export function listMultipartUploads(state: S3State, request: S3Request, response: ServerResponse): void {
  requireBucket(state, request);
  const prefix = request.query.get('prefix') ?? '';
  const uploads = state.index.uploads(request.bucket).filter(({ key }) => key.startsWith(prefix));
  const fields = uploads.map(
    (upload) =>
      `<Upload>${element('Key', upload.key)}${element('UploadId', upload.id)}` +
      `${element('Initiated', new Date(upload.started).toISOString())}</Upload>`,
  );
  const head = element('Bucket', request.bucket) + element('Prefix', prefix) + element('IsTruncated', false);
  sendXml(response, `<ListMultipartUploadsResult>${head}${fields.join('')}</ListMultipartUploadsResult>`);
}

function requireUpload(state: S3State, request: S3Request): Upload {
  requireBucket(state, request);
  const id = request.query.get('uploadId') ?? '';
  const upload = state.index.upload(request.bucket, request.key, id);
  if (upload === undefined) throw noSuchUpload(id);
  return upload;
}

function noSuchUpload(id: string): ReturnType<typeof s3Error> {
  return s3Error('NoSuchUpload', `The upload ${id} does not exist: it may have been aborted or completed.`);
}
