import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isDigest } from '../endpoint/signatures/payload.ts';
import { AwsChunkedDecoder } from './aws-chunked.ts';
import { calculatorOf, checksumAlgorithms, headerOf, type ChecksumAlgorithm } from './checksums.ts';
import { ChunkSignatures } from './chunk-signatures.ts';
import { s3Error } from './errors.ts';
import type { S3Request } from './requests.ts';

/** Source: Amazon S3 User Guide: the largest object of one PUT, and the largest part. */
const largestBody = 5 * 1024 ** 3;

export interface ReceivedBody {
  readonly size: number;
  /** Lower-case hexadecimal: the ETag. */
  readonly md5: string;
  /** Base64, when the client sent one; verified. */
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined;
}

/** Bytes of the body as it will be stored, from the request's headers. @throws AwsError MissingContentLength */
export function declaredLength(headers: IncomingHttpHeaders): number {
  const declared = headers['x-amz-decoded-content-length'] ?? headers['content-length'];
  const length = Number(declared);
  if (declared === undefined || !Number.isSafeInteger(length) || length < 0) {
    throw s3Error('MissingContentLength', 'The request names no length of its body (Content-Length).');
  }
  if (length > largestBody) throw s3Error('EntityTooLarge', `The body has ${length} bytes; one request may bring 5 GiB.`);
  return length;
}

/**
 * Passes a request's body to `sink` piece by piece, decoded, and checks all that the client said of it and signed.
 * @param sink may keep the pieces; the next one comes when the promise it returned, if any, has settled
 * @throws AwsError BadDigest, XAmzContentSHA256Mismatch, SignatureDoesNotMatch, IncompleteBody, InvalidRequest
 */
export async function receiveBody(
  { http, signed }: S3Request,
  sink: (piece: Buffer) => Promise<void> | undefined,
): Promise<ReceivedBody> {
  const { headers } = http;
  const length = declaredLength(headers);
  const algorithm = announcedAlgorithm(headers);
  const calculator = algorithm === undefined ? undefined : calculatorOf(algorithm);
  const md5 = createHash('md5');
  const sha256 = isDigest(signed.payload) ? createHash('sha256') : undefined;
  const signatures = ChunkSignatures.of(signed);
  const decoder = isAwsChunked(headers, signed.payload) ? new AwsChunkedDecoder(signatures) : undefined;
  let size = 0;
  // A refused body must not cut the connection: the client is to read why.
  const chunks = http.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of chunks) {
    for (const piece of decoder?.decode(chunk) ?? [chunk]) {
      size += piece.length;
      if (size > length) throw s3Error('IncompleteBody', `The body is longer than the ${length} bytes it was said to have.`);
      md5.update(piece);
      calculator?.update(piece);
      sha256?.update(piece);
      const stored = sink(piece);
      if (stored !== undefined) await stored;
    }
    await signatures?.check();
  }
  if (size !== length || decoder?.finished === false) {
    throw s3Error('IncompleteBody', `The body ended after ${size} of ${length} bytes.`);
  }
  const digest = md5.digest();
  checkMd5(headers['content-md5'], digest);
  if (sha256 !== undefined && sha256.digest('hex') !== signed.payload) {
    throw s3Error('XAmzContentSHA256Mismatch', 'The body does not have the SHA-256 that x-amz-content-sha256 names.');
  }
  const checksum =
    algorithm === undefined || calculator === undefined
      ? undefined
      : verifiedChecksum(algorithm, calculator.digest(), headers, decoder?.trailers);
  return { size, md5: digest.toString('hex'), checksum };
}

function isAwsChunked(headers: IncomingHttpHeaders, payload: string): boolean {
  const encodings = (headers['content-encoding'] ?? '').split(',').map((encoding) => encoding.trim());
  return encodings.includes('aws-chunked') || payload.startsWith('STREAMING-');
}

/** The checksum that the client sends, in a header or announced for the trailer. */
function announcedAlgorithm(headers: IncomingHttpHeaders): ChecksumAlgorithm | undefined {
  const trailer = String(headers['x-amz-trailer'] ?? '').toLowerCase();
  const named = checksumAlgorithms.find(
    (algorithm) => headers[headerOf(algorithm)] !== undefined || trailer.includes(headerOf(algorithm)),
  );
  const unknown = Object.keys(headers).find((name) => /^x-amz-checksum-(?!algorithm|type|mode)/.test(name));
  if (named === undefined && (unknown !== undefined || trailer.includes('x-amz-checksum-'))) {
    throw s3Error('NotImplemented', `The local runtime cannot verify the checksum ${unknown ?? trailer}.`);
  }
  return named;
}

function checkMd5(claimed: string | string[] | undefined, digest: Buffer): void {
  if (claimed === undefined) return;
  if (Buffer.from(String(claimed), 'base64').length !== 16) {
    throw s3Error('InvalidDigest', 'The Content-MD5 is not a base64 MD5.');
  }
  if (digest.toString('base64') !== claimed) {
    throw s3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
}

function verifiedChecksum(
  algorithm: ChecksumAlgorithm,
  value: string,
  headers: IncomingHttpHeaders,
  trailers: ReadonlyMap<string, string> | undefined,
): { readonly algorithm: ChecksumAlgorithm; readonly value: string } {
  const name = headerOf(algorithm);
  const claimed = headers[name] ?? trailers?.get(name);
  if (claimed === undefined) throw s3Error('InvalidRequest', `The trailer ${name} was announced and did not come.`);
  if (claimed !== value) {
    throw s3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  }
  return { algorithm, value };
}
