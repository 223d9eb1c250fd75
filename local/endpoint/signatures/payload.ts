/** What S3 is told of a body by its signature. */
import type { IncomingMessage } from 'node:http';
import { AwsError } from '../aws-error.ts';
import type { Claim, Query } from './claim.ts';

/** Source: Amazon S3 API Reference, "Common Request Headers", x-amz-content-sha256. */
const unsignedPayload = 'UNSIGNED-PAYLOAD';
export const unsignedChunks = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
export const signedChunks = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
export const signedChunksAndTrailer = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER';
const streaming: readonly string[] = [unsignedPayload, unsignedChunks, signedChunks, signedChunksAndTrailer];

/** @throws AwsError InvalidRequest */
export function signedPayload(request: IncomingMessage, { expires, query }: Claim & { readonly query: Query }): string {
  const presigned = expires === undefined ? undefined : (query['X-Amz-Content-Sha256'] ?? unsignedPayload);
  const payload = request.headers['x-amz-content-sha256'] ?? presigned;
  if (payload === undefined) throw new AwsError('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  if (typeof payload === 'string' && (streaming.includes(payload) || isDigest(payload))) return payload;
  throw new AwsError('InvalidRequest', `x-amz-content-sha256 must be a SHA-256 in hexadecimal digits, or one of ${streaming.join(', ')}.`);
}

/** Whether it is the SHA-256 of a whole body. */
export function isDigest(payload: string): boolean {
  return /^[0-9a-f]{64}$/.test(payload);
}
