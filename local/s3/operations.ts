import type { ServerResponse } from 'node:http';
import { createBucket, deleteBucket, headBucket, listBuckets } from './buckets.ts';
import { deleteObject, deleteObjects } from './delete-object.ts';
import { s3Error } from './errors.ts';
import { getObject } from './get-object.ts';
import { listObjectsV2 } from './list-objects.ts';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
} from './multipart.ts';
import { copyObject, putObject } from './put-object.ts';
import type { S3Request } from './requests.ts';
import type { S3State } from './state.ts';

type Operation = (state: S3State, request: S3Request, response: ServerResponse) => Promise<void> | void;

export interface Route {
  readonly on: 'service' | 'bucket' | 'object';
  readonly method: string;
  /** Query parameters that tell this operation from others of its method. */
  readonly needs?: readonly string[];
  readonly header?: string;
  /** Query parameters that it understands besides. */
  readonly takes?: readonly string[];
  /**
   * What the caller must be allowed on the bucket or object; undefined where the operation asks for each of its objects.
   * Source: Service Authorization Reference, "Amazon S3"; Amazon S3 User Guide, "Required permissions for Amazon S3 API operations".
   */
  readonly action: string | undefined;
  /**
   * Of the bucket's key. Source: Amazon S3 User Guide, "Protecting data with SSE-KMS", "Permissions", and "Uploading and
   * copying objects using multipart upload", "Multipart upload API and permissions": the parts are decrypted again.
   */
  readonly keyActions?: readonly string[];
  readonly operation: Operation;
}

/** The first one that fits; those that need more come first. */
const routes: readonly Route[] = [
  { on: 'service', method: 'GET', action: 's3:ListAllMyBuckets', operation: listBuckets },
  { on: 'bucket', method: 'PUT', action: 's3:CreateBucket', operation: createBucket },
  { on: 'bucket', method: 'HEAD', action: 's3:ListBucket', operation: headBucket },
  { on: 'bucket', method: 'DELETE', action: 's3:DeleteBucket', operation: deleteBucket },
  { on: 'bucket', method: 'POST', needs: ['delete'], action: undefined, operation: deleteObjects },
  { on: 'bucket', method: 'GET', needs: ['uploads'], takes: ['prefix'], action: 's3:ListBucketMultipartUploads', operation: listMultipartUploads },
  {
    on: 'bucket',
    method: 'GET',
    needs: ['list-type'],
    takes: ['prefix', 'delimiter', 'max-keys', 'continuation-token', 'start-after', 'encoding-type', 'fetch-owner'],
    action: 's3:ListBucket',
    operation: listObjectsV2,
  },
  { on: 'object', method: 'POST', needs: ['uploads'], action: 's3:PutObject', keyActions: ['kms:GenerateDataKey'], operation: createMultipartUpload },
  { on: 'object', method: 'PUT', needs: ['uploadId', 'partNumber'], action: 's3:PutObject', keyActions: ['kms:Decrypt'], operation: uploadPart },
  { on: 'object', method: 'POST', needs: ['uploadId'], action: 's3:PutObject', keyActions: ['kms:Decrypt'], operation: completeMultipartUpload },
  { on: 'object', method: 'DELETE', needs: ['uploadId'], action: 's3:AbortMultipartUpload', operation: abortMultipartUpload },
  { on: 'object', method: 'GET', needs: ['uploadId'], takes: ['max-parts', 'part-number-marker'], action: 's3:ListMultipartUploadParts', operation: listParts },
  { on: 'object', method: 'PUT', header: 'x-amz-copy-source', action: 's3:PutObject', keyActions: ['kms:GenerateDataKey'], operation: copyObject },
  { on: 'object', method: 'PUT', action: 's3:PutObject', keyActions: ['kms:GenerateDataKey'], operation: putObject },
  { on: 'object', method: 'GET', action: 's3:GetObject', keyActions: ['kms:Decrypt'], operation: getObject },
  { on: 'object', method: 'HEAD', action: 's3:GetObject', keyActions: ['kms:Decrypt'], operation: getObject },
  { on: 'object', method: 'DELETE', action: 's3:DeleteObject', operation: deleteObject },
];

/** @throws AwsError NotImplemented that names what was asked for */
export function routeOf(request: S3Request): Route {
  const on = request.bucket === '' ? 'service' : request.key === '' ? 'bucket' : 'object';
  const route = routes.find(
    (candidate) =>
      candidate.on === on &&
      candidate.method === request.method &&
      (candidate.needs ?? []).every((name) => request.query.has(name)) &&
      (candidate.header === undefined || request.http.headers[candidate.header] !== undefined),
  );
  const understood = [...(route?.needs ?? []), ...(route?.takes ?? [])];
  const strange = Array.from(request.query.keys()).filter((name) => !understood.includes(name) && !isCommon(name));
  if (route === undefined || strange.length > 0) {
    const asked = strange.length > 0 ? ` with ${strange.join(', ')}` : '';
    throw s3Error('NotImplemented', `The local runtime does not implement ${request.method} of an S3 ${on}${asked}.`);
  }
  return route;
}

/** Parameters of any request: the SDK's own, presigned links' and overrides of response headers. */
function isCommon(name: string): boolean {
  return name === 'x-id' || name.startsWith('X-Amz-') || name.startsWith('response-');
}
