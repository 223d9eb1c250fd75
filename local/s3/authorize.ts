/** What a request needs to be allowed, and asking for it. */
import type { RequestContext } from '../iam/conditions.ts';
import type { Call } from '../iam/evaluate.ts';
import type { Route } from './operations.ts';
import { copySource, header, type S3Request } from './requests.ts';
import type { S3State } from './state.ts';

/** @throws AwsError AccessDenied; a bucket that does not exist is told to everybody, by the operation itself */
export function authorizeRequest(state: S3State, request: S3Request, { on, action, keyActions = [] }: Route): void {
  if (action === undefined || (on !== 'service' && action !== 's3:CreateBucket' && !state.index.hasBucket(request.bucket))) return;
  const resource = on === 'service' ? '*' : on === 'bucket' ? bucketArn(request.bucket) : objectArn(request.bucket, request.key);
  const source = copySource(request);
  const reading: Call[] = source === undefined ? [] : [{ action: 's3:GetObject', resource: objectArn(source.bucket, source.key), context: {}, keyActions: ['kms:Decrypt'] }];
  state.authorize(request.signed.accessKeyId, [...reading, { action, resource, context: contextOf(request), keyActions: usesKey(state, request) ? keyActions : [] }]);
}

/** What is not there has no data key; HeadObject decrypts nothing but the checksum, where that is asked for. */
function usesKey(state: S3State, request: S3Request): boolean {
  if (request.method === 'HEAD' && header(request, 'x-amz-checksum-mode') === undefined) return false;
  const reads = request.method === 'GET' || request.method === 'HEAD';
  return !reads || state.index.objectSummary(request.bucket, request.key) !== undefined;
}

/**
 * That an object is missing is told only to those who may list the bucket.
 * Source: Amazon S3 API Reference, "GetObject", "Permissions": without s3:ListBucket the answer is 403 instead of 404.
 * @throws AwsError AccessDenied
 */
export function authorizeListing(state: S3State, request: S3Request): void {
  state.authorize(request.signed.accessKeyId, [{ action: 's3:ListBucket', resource: bucketArn(request.bucket), context: {} }]);
}

const contextQueries = ['prefix', 'delimiter', 'max-keys'];
const contextHeaders = ['x-amz-server-side-encryption', 'x-amz-server-side-encryption-aws-kms-key-id'];

function contextOf(request: S3Request): RequestContext {
  const context: Record<string, string> = {};
  for (const name of contextQueries) {
    const value = request.query.get(name);
    if (value !== null) context[`s3:${name}`] = value;
  }
  for (const name of contextHeaders) {
    const value = header(request, name);
    if (value !== undefined) context[`s3:${name}`] = value;
  }
  return context;
}

function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

export function objectArn(bucket: string, key: string): string {
  return `${bucketArn(bucket)}/${key}`;
}
