import type { ServerResponse } from 'node:http';
import { element } from '../endpoint/xml.ts';
import { s3Error } from './errors.ts';
import { sendEmpty, sendXml, type S3Request } from './requests.ts';
import { requireBucket, type S3State } from './state.ts';

export function listBuckets(state: S3State, _request: S3Request, response: ServerResponse): void {
  const buckets = state.index.buckets().map(
    ([name, created]) => `<Bucket>${element('Name', name)}${element('CreationDate', new Date(created).toISOString())}</Bucket>`,
  );
  sendXml(response, `<ListAllMyBucketsResult><Buckets>${buckets.join('')}</Buckets></ListAllMyBucketsResult>`);
}

/** Creating a bucket again succeeds, as in us-east-1. */
export function createBucket(state: S3State, request: S3Request, response: ServerResponse): void {
  requireBucketName(request.bucket);
  state.index.createBucket(request.bucket, state.clock().getTime());
  sendEmpty(response, 200, { Location: `/${request.bucket}` });
}

export function headBucket(state: S3State, request: S3Request, response: ServerResponse): void {
  requireBucket(state, request);
  sendEmpty(response, 200);
}

export function deleteBucket(state: S3State, request: S3Request, response: ServerResponse): void {
  requireBucket(state, request);
  const { bucket } = request;
  if (state.index.list(bucket, '', false, undefined, 1).length > 0 || state.index.uploads(bucket).length > 0) {
    throw s3Error('BucketNotEmpty', `The bucket ${bucket} holds objects or unfinished uploads.`);
  }
  state.index.deleteBucket(bucket);
  sendEmpty(response, 204);
}

/** Source: Amazon S3 User Guide, "General purpose bucket naming rules". @throws AwsError InvalidBucketName */
export function requireBucketName(name: string): void {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) || name.includes('..')) {
    throw s3Error('InvalidBucketName', `${JSON.stringify(name)} is not a bucket name.`);
  }
}
