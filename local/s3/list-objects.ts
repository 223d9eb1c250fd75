import type { ServerResponse } from 'node:http';
import { element } from '../endpoint/xml.ts';
import { s3Error } from './errors.ts';
import type { IndexStore, ListedObject } from './index-store.ts';
import { quoted, sendXml, type S3Request } from './requests.ts';
import { requireBucket, type S3State } from './state.ts';

const mostKeys = 1_000;

/** Source: Amazon S3 API Reference, "ListObjectsV2". Keys come in the order of their UTF-8 bytes. */
export function listObjectsV2(state: S3State, request: S3Request, response: ServerResponse): void {
  requireBucket(state, request);
  const { query } = request;
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const maxKeys = parseMaxKeys(query.get('max-keys'));
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after') ?? '';
  const from = token === null ? { key: startAfter, after: startAfter !== '' } : parseToken(token);
  const page = listPage(state.index, request.bucket, { prefix, delimiter, maxKeys, from });
  const encode = encoderOf(query.get('encoding-type'));
  const fields = [
    element('Name', request.bucket),
    element('Prefix', encode(prefix)),
    delimiter === '' ? '' : element('Delimiter', encode(delimiter)),
    element('MaxKeys', maxKeys),
    element('KeyCount', page.objects.length + page.commonPrefixes.length),
    element('IsTruncated', page.next !== undefined),
    element('EncodingType', query.get('encoding-type') ?? undefined),
    element('ContinuationToken', token ?? undefined),
    element('NextContinuationToken', page.next === undefined ? undefined : toToken(page.next)),
    element('StartAfter', startAfter === '' ? undefined : encode(startAfter)),
    ...page.objects.map((object) => contents(object, encode)),
    ...page.commonPrefixes.map((common) => `<CommonPrefixes>${element('Prefix', encode(common))}</CommonPrefixes>`),
  ];
  sendXml(response, `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${fields.join('')}</ListBucketResult>`);
}

interface Position {
  readonly key: string;
  /** Whether the listing begins after the key rather than at it. */
  readonly after: boolean;
}

interface Page {
  readonly objects: readonly ListedObject[];
  readonly commonPrefixes: readonly string[];
  readonly next: Position | undefined;
}

function listPage(
  index: IndexStore,
  bucket: string,
  query: { readonly prefix: string; readonly delimiter: string; readonly maxKeys: number; readonly from: Position },
): Page {
  const { prefix, delimiter, maxKeys } = query;
  const end = successor(prefix);
  const objects: ListedObject[] = [];
  const commonPrefixes: string[] = [];
  let position: Position | undefined = maxByKey({ key: prefix, after: false }, query.from);
  while (position !== undefined && maxKeys > 0) {
    const wanted = maxKeys - objects.length - commonPrefixes.length + 1;
    // With a delimiter the first row may be followed by a jump over thousands.
    const limit = delimiter === '' ? wanted : Math.min(wanted, 16);
    const rows = index.list(bucket, position.key, position.after, end, limit);
    let jumped = false;
    for (const row of rows) {
      if (objects.length + commonPrefixes.length === maxKeys) return { objects, commonPrefixes, next: position };
      const cut = delimiter === '' ? -1 : row.key.indexOf(delimiter, prefix.length);
      if (cut === -1) {
        objects.push(row);
        position = { key: row.key, after: true };
        continue;
      }
      const common = row.key.slice(0, cut + delimiter.length);
      commonPrefixes.push(common);
      position = after(common);
      jumped = true;
      break;
    }
    if (!jumped && rows.length < limit) break;
  }
  return { objects, commonPrefixes, next: undefined };
}

function after(prefix: string): Position | undefined {
  const key = successor(prefix);
  return key === undefined ? undefined : { key, after: false };
}

function maxByKey(left: Position, right: Position): Position {
  return Buffer.compare(Buffer.from(left.key), Buffer.from(right.key)) > 0 ? left : right;
}

/** The first text, in the order of UTF-8 bytes, after all that begin with `prefix`; undefined when there is none. */
function successor(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === 0x10ffff) continue;
    const surrogates = 0xd800;
    return String.fromCodePoint(...points, last + 1 === surrogates ? 0xe000 : last + 1);
  }
  return undefined;
}

function contents(object: ListedObject, encode: (text: string) => string): string {
  const fields = [
    element('Key', encode(object.key)),
    element('LastModified', new Date(object.modified).toISOString()),
    element('ETag', quoted(object.etag)),
    element('Size', object.size),
    element('StorageClass', 'STANDARD'),
  ];
  return `<Contents>${fields.join('')}</Contents>`;
}

function parseMaxKeys(value: string | null): number {
  if (value === null) return mostKeys;
  if (!/^\d+$/.test(value)) throw s3Error('InvalidArgument', 'max-keys must be a number.');
  return Math.min(Number(value), mostKeys);
}

function encoderOf(encodingType: string | null): (text: string) => string {
  if (encodingType === null) return (text) => text;
  if (encodingType !== 'url') throw s3Error('InvalidArgument', 'encoding-type must be url.');
  return (text) =>
    encodeURIComponent(text)
      .replace(/[!'()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%2F', '/')
      .replaceAll('%20', '+');
}

function toToken(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

function parseToken(token: string): Position {
  try {
    const { key, after } = JSON.parse(Buffer.from(token, 'base64url').toString()) as Partial<Position>;
    if (typeof key === 'string' && typeof after === 'boolean') return { key, after };
  } catch {
    // Answered below: not a token of ours.
  }
  throw s3Error('InvalidArgument', 'The continuation token provided is incorrect.');
}
