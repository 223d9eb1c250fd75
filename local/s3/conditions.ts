import { s3Error } from './errors.ts';
import type { ObjectEntry } from './index-store.ts';
import { header, unquoted, type S3Request } from './requests.ts';

/**
 * Conditional writes. Called once before the body is read, to refuse early, and again in the transaction that commits.
 * Source: Amazon S3 User Guide, "Add preconditions to S3 operations with conditional requests".
 * @throws AwsError PreconditionFailed, NoSuchKey, NotImplemented
 */
export function checkWriteConditions(request: S3Request, existing: { readonly etag: string } | undefined): void {
  const ifNoneMatch = header(request, 'if-none-match');
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw s3Error('NotImplemented', 'If-None-Match of a write takes only *.');
  }
  if (ifNoneMatch === '*' && existing !== undefined) throw preconditionFailed();
  const ifMatch = header(request, 'if-match');
  if (ifMatch === undefined) return;
  if (existing === undefined) throw s3Error('NoSuchKey', 'The key that If-Match speaks of does not exist.');
  if (ifMatch !== '*' && unquoted(ifMatch) !== existing.etag) throw preconditionFailed();
}

/** Source: RFC 9110, section 13.2.2, the order of preconditions. @throws AwsError PreconditionFailed, NotModified */
export function checkReadConditions(request: S3Request, object: ObjectEntry): void {
  const modified = Math.floor(object.modified / 1_000) * 1_000;
  const ifMatch = header(request, 'if-match');
  const ifUnmodifiedSince = header(request, 'if-unmodified-since');
  if (ifMatch !== undefined) {
    if (!names(ifMatch, object.etag)) throw preconditionFailed();
  } else if (ifUnmodifiedSince !== undefined && modified > Date.parse(ifUnmodifiedSince)) {
    throw preconditionFailed();
  }
  const ifNoneMatch = header(request, 'if-none-match');
  const ifModifiedSince = header(request, 'if-modified-since');
  if (ifNoneMatch !== undefined) {
    if (names(ifNoneMatch, object.etag)) throw s3Error('NotModified', 'Not Modified');
  } else if (ifModifiedSince !== undefined && modified <= Date.parse(ifModifiedSince)) {
    throw s3Error('NotModified', 'Not Modified');
  }
}

function names(list: string, etag: string): boolean {
  return list.split(',').some((item) => item.trim() === '*' || unquoted(item) === etag);
}

function preconditionFailed(): ReturnType<typeof s3Error> {
  return s3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold.');
}
