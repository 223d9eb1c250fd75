import type { Call } from '../iam/evaluate.ts';
import type { Blobs } from './blobs.ts';
import { checkWriteConditions } from './conditions.ts';
import { s3Error } from './errors.ts';
import type { IndexStore, ObjectEntry } from './index-store.ts';
import type { CreationReason, ObjectEvents } from './object-events.ts';
import { header, type S3Request } from './requests.ts';

/** What every operation works on. */
export interface S3State {
  readonly index: IndexStore;
  readonly blobs: Blobs;
  readonly events: ObjectEvents;
  readonly clock: () => Date;
  /** @throws AwsError AccessDenied for what the request's caller may not do */
  readonly authorize: (accessKeyId: string, calls: readonly Call[]) => void;
}

/** @throws AwsError NoSuchBucket */
export function requireBucket(state: S3State, request: S3Request): void {
  if (!state.index.hasBucket(request.bucket)) {
    throw s3Error('NoSuchBucket', `The bucket ${request.bucket} does not exist.`);
  }
}

/**
 * Makes an object exist, whose data is complete: one transaction for its row, its event, and `alongside`.
 * @throws AwsError PreconditionFailed, NoSuchBucket
 */
export function commitObject(
  state: S3State,
  request: S3Request,
  object: ObjectEntry,
  reason: CreationReason,
  alongside?: () => void,
): void {
  const { replaced, announce } = state.index.transaction(() => {
    requireBucket(state, request);
    const existing = state.index.objectSummary(object.bucket, object.key);
    checkWriteConditions(request, existing);
    state.index.putObject(object);
    alongside?.();
    return { replaced: existing?.segments ?? [], announce: state.events.record(object, reason) };
  });
  state.blobs.remove(replaced);
  announce();
}

const keptHeaders = ['content-type', 'content-disposition', 'content-language', 'cache-control', 'expires', 'x-amz-server-side-encryption'];

/** The headers that an object keeps and answers with. @throws AwsError NotImplemented */
export function headersToKeep(request: S3Request): Record<string, string> {
  for (const name of ['x-amz-tagging', 'x-amz-object-lock-mode', 'x-amz-website-redirect-location']) {
    if (header(request, name) !== undefined) throw s3Error('NotImplemented', `The local runtime does not implement ${name}.`);
  }
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.http.headers)) {
    if ((keptHeaders.includes(name) || name.startsWith('x-amz-meta-')) && typeof value === 'string') kept[name] = value;
  }
  const encodings = (header(request, 'content-encoding') ?? '').split(',').map((encoding) => encoding.trim());
  const encoding = encodings.filter((name) => name !== '' && name !== 'aws-chunked').join(', ');
  if (encoding !== '') kept['content-encoding'] = encoding;
  return kept;
}
