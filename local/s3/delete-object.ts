import type { ServerResponse } from 'node:http';
import { AwsError } from '../endpoint/aws-error.ts';
import { childrenOf, textOf } from '../endpoint/read-xml.ts';
import { element } from '../endpoint/xml.ts';
import { objectArn } from './authorize.ts';
import type { Segment } from './blobs.ts';
import { s3Error } from './errors.ts';
import { header, sendEmpty, sendXml, unquoted, type S3Request } from './requests.ts';
import { requireBucket, type S3State } from './state.ts';
import { readXmlBody } from './xml-body.ts';

/** Deleting what is not there succeeds, as on S3. */
export function deleteObject(state: S3State, request: S3Request, response: ServerResponse): void {
  requireBucket(state, request);
  const existing = state.index.objectSummary(request.bucket, request.key);
  const ifMatch = header(request, 'if-match');
  if (ifMatch !== undefined && ifMatch !== '*' && existing !== undefined && unquoted(ifMatch) !== existing.etag) {
    throw s3Error('PreconditionFailed', 'The ETag of If-Match is not the one of the object.');
  }
  state.index.deleteObject(request.bucket, request.key);
  state.blobs.remove(existing?.segments ?? []);
  sendEmpty(response, 204);
}

/** Source: Amazon S3 API Reference, "DeleteObjects": at most 1,000 keys. */
const mostKeys = 1_000;
/** Object, Key, VersionId, ETag, LastModifiedTime, Size. */
const elementsOfObject = 6;

export async function deleteObjects(state: S3State, request: S3Request, response: ServerResponse): Promise<void> {
  requireBucket(state, request);
  const deletion = await readXmlBody(request, 'Delete', mostKeys * elementsOfObject + 2);
  const objects = childrenOf(deletion, 'Object');
  const keys = objects.map((object) => textOf(object, 'Key'));
  if (keys.length === 0 || keys.length > mostKeys || keys.includes(undefined)) {
    throw s3Error('MalformedXML', `DeleteObjects takes 1 to ${mostKeys} objects with a Key each.`);
  }
  if (objects.some(({ children }) => children.some(({ name }) => name !== 'Key'))) {
    throw s3Error('NotImplemented', 'The local runtime deletes by key alone: no VersionId, no ETag, no other condition.');
  }
  const refusals = new Map((keys as string[]).flatMap((key) => refusalOf(state, request, key)));
  const allowed = (keys as string[]).filter((key) => !refusals.has(key));
  const segments: Segment[] = [];
  state.index.transaction(() => {
    for (const key of allowed) {
      segments.push(...(state.index.objectSummary(request.bucket, key)?.segments ?? []));
      state.index.deleteObject(request.bucket, key);
    }
  });
  state.blobs.remove(segments);
  const quiet = textOf(deletion, 'Quiet') === 'true';
  const deleted = quiet ? '' : allowed.map((key) => `<Deleted>${element('Key', key)}</Deleted>`).join('');
  const errors = Array.from(refusals, ([key, { code, message }]) => `<Error>${element('Key', key)}${element('Code', code)}${element('Message', message)}</Error>`);
  sendXml(response, `<DeleteResult>${deleted}${errors.join('')}</DeleteResult>`);
}

/** Each object is allowed or refused on its own. */
function refusalOf(state: S3State, request: S3Request, key: string): [string, AwsError][] {
  try {
    state.authorize(request.signed.accessKeyId, [{ action: 's3:DeleteObject', resource: objectArn(request.bucket, key), context: {} }]);
    return [];
  } catch (error) {
    if (error instanceof AwsError) return [[key, error]];
    throw error;
  }
}
