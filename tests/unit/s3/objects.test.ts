import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type ChecksumAlgorithm,
  type GetObjectCommandInput,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { bucket, startS3, type RunningS3 } from './start-s3.ts';
import { sendSigned, signedHeaders } from '../../support/signed-request.ts';

describe('objects of the local S3', () => {
  let s3: RunningS3;
  before(async () => {
    s3 = await startS3();
  });
  after(() => s3.stop());

  const put = (key: string, body: NonNullable<PutObjectCommandInput['Body']>, more: Partial<PutObjectCommandInput> = {}) =>
    s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...more }));
  const get = async (key: string, more: Partial<GetObjectCommandInput> = {}) => {
    const object = await s3.client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...more }));
    return { ...object, bytes: Buffer.from(await object.Body!.transformToByteArray()) };
  };

  it('gives back what was put, with its headers, metadata, ETag and checksum', async () => {
    const answer = await put('report.json', '{"a":1}', {
      ContentType: 'application/json',
      ContentEncoding: 'identity',
      CacheControl: 'no-store',
      Metadata: { migration: 'spring' },
    });
    const object = await get('report.json');
    assert.equal(object.bytes.toString(), '{"a":1}');
    assert.equal(object.ContentType, 'application/json');
    assert.equal(object.ContentEncoding, 'identity');
    assert.equal(object.CacheControl, 'no-store');
    assert.deepEqual(object.Metadata, { migration: 'spring' });
    assert.equal(object.ETag, `"${createHash('md5').update('{"a":1}').digest('hex')}"`);
    assert.equal(object.ETag, answer.ETag);
    assert.equal(object.ChecksumCRC32, answer.ChecksumCRC32);
    assert.equal(object.LastModified?.toISOString(), '2026-03-01T12:00:00.000Z');
  });

  it('decodes a streamed body (aws-chunked with trailers), small and large', async () => {
    for (const size of [10, 65_536, 65_537, 3_000_000]) {
      const body = Buffer.alloc(size, 'streamed ');
      const pieces = (function* () {
        for (let at = 0; at < size; at += 100_000) yield body.subarray(at, at + 100_000);
      })();
      await put(`streamed-${size}`, Readable.from(pieces), { ContentLength: size, ContentEncoding: 'gzip' });
      const object = await get(`streamed-${size}`);
      assert.ok(object.bytes.equals(body), `${size} bytes differ`);
      assert.equal(object.ContentEncoding, 'gzip');
    }
  });

  for (const algorithm of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] satisfies ChecksumAlgorithm[]) {
    it(`agrees with the SDK on ${algorithm}, and refuses a wrong one with BadDigest`, async () => {
      // The client computes the checksum, and checks it again as it reads.
      await put(`sum-${algorithm}`, 'checked', { ChecksumAlgorithm: algorithm });
      const object = await get(`sum-${algorithm}`, { ChecksumMode: 'ENABLED' });
      assert.equal(object.bytes.toString(), 'checked');
      const right = object[`Checksum${algorithm}`];
      assert.ok(right);
      const wrong = Buffer.from(right, 'base64');
      wrong[0] = (wrong[0] ?? 0) ^ 1;
      await assert.rejects(put(`wrong-${algorithm}`, 'checked', { [`Checksum${algorithm}`]: wrong.toString('base64') }), {
        name: 'BadDigest',
      });
      await assert.rejects(get(`wrong-${algorithm}`), { name: 'NoSuchKey' });
    });
  }

  it('refuses a body that was changed on its way: Content-MD5, SHA-256 of the signature, trailer, length', async () => {
    await assert.rejects(put('md5', 'x', { ContentMD5: createHash('md5').update('y').digest('base64') }), { name: 'BadDigest' });
    const send = async (headers: Record<string, string>, body: string) => {
      const { status, code } = await sendSigned(`${s3.url}/${bucket}/changed`, 's3', { method: 'PUT', headers, body, payload: headers['x-amz-content-sha256'] ?? '' });
      return [status, code];
    };
    assert.deepEqual(await send({ 'x-amz-content-sha256': '0'.repeat(64) }, 'x'), [400, 'XAmzContentSHA256Mismatch']);
    const chunked = {
      'content-encoding': 'aws-chunked',
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': '3',
      'x-amz-trailer': 'x-amz-checksum-crc32',
    };
    assert.deepEqual(await send(chunked, '3\r\nabc\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n'), [400, 'BadDigest']);
    assert.deepEqual(await send(chunked, '3\r\nabc\r\n0\r\n\r\n'), [400, 'InvalidRequest']);
    assert.deepEqual(await send(chunked, '2\r\nab\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n'), [400, 'IncompleteBody']);
    assert.deepEqual(await send(chunked, '3\r\nabc\r\n'), [400, 'IncompleteBody']);
    assert.deepEqual(await send(chunked, 'nonsense\r\n'), [400, 'InvalidRequest']);
    const right = await send(chunked, '3\r\nabc\r\n0\r\nx-amz-checksum-crc32:NSRBwg==\r\n\r\n');
    assert.deepEqual(right, [200, undefined]);
    assert.equal((await get('changed')).bytes.toString(), 'abc');
  });

  it('reads ranges, also of objects that are kept in files', async () => {
    for (const size of [1_000, 200_000]) {
      const body = Buffer.from(Array.from({ length: size }, (_, index) => index % 251));
      await put('ranged', body);
      const cases: [string, number, number][] = [
        ['bytes=0-0', 0, 1],
        ['bytes=10-19', 10, 20],
        [`bytes=${size - 5}-`, size - 5, size],
        ['bytes=-7', size - 7, size],
        ['bytes=990-9999999', 990, size],
      ];
      for (const [range, start, end] of cases) {
        const object = await get('ranged', { Range: range });
        assert.ok(object.bytes.equals(body.subarray(start, end)), range);
        assert.equal(object.ContentRange, `bytes ${start}-${end - 1}/${size}`);
      }
      await assert.rejects(get('ranged', { Range: `bytes=${size}-` }), { name: 'InvalidRange' });
    }
  });

  it('answers an empty object', async () => {
    await put('empty', '');
    const object = await get('empty');
    assert.equal(object.bytes.length, 0);
    assert.equal(object.ContentLength, 0);
  });

  it('keeps conditional writes and reads', async () => {
    const { ETag } = await put('once', 'first', { IfNoneMatch: '*' });
    await assert.rejects(put('once', 'second', { IfNoneMatch: '*' }), { name: 'PreconditionFailed' });
    assert.equal((await get('once')).bytes.toString(), 'first');
    await assert.rejects(put('once', 'second', { IfMatch: '"other"' }), { name: 'PreconditionFailed' });
    await put('once', 'second', { IfMatch: ETag });
    assert.equal((await get('once')).bytes.toString(), 'second');
    await assert.rejects(put('never', 'x', { IfMatch: ETag }), { name: 'NoSuchKey' });
    await assert.rejects(get('once', { IfMatch: ETag }), { name: 'PreconditionFailed' });
    await assert.rejects(get('once', { IfNoneMatch: '*' }), (error: Error & { $metadata: { httpStatusCode: number } }) => {
      assert.equal(error.$metadata.httpStatusCode, 304);
      return true;
    });
  });

  it('lets one of many conditional writers win, also when all had begun before', async () => {
    const begin = async (body: string) => {
      const own = { 'if-none-match': '*', 'content-length': String(body.length), expect: '100-continue' };
      const headers = await signedHeaders(`${s3.url}/${bucket}/race`, 's3', { method: 'PUT', headers: own, body });
      const writer = request(`${s3.url}/${bucket}/race`, { method: 'PUT', headers });
      const answered = once(writer, 'response') as Promise<[IncomingMessage]>;
      await once(writer, 'continue');
      return { writer, body, answered };
    };
    const begun = await Promise.all(['a', 'b', 'c', 'd'].map(begin));
    for (const { writer, body } of begun) writer.end(body);
    const statuses = await Promise.all(begun.map(async ({ answered }) => (await answered)[0].resume().statusCode));
    assert.deepEqual(statuses.toSorted(), [200, 412, 412, 412]);
    assert.equal((await get('race')).bytes.toString(), begun[statuses.indexOf(200)]?.body);
  });

  it('keeps any key of up to 1,024 bytes, and only that key', async () => {
    const long = 'migration/dumps/' + '%E2%98%83'.repeat(100);
    const keys = ['a b', 'a+b', 'a%2Fb', 'a%20b', '%', '100%', 'a//b', '../../etc/passwd', './.', 'ключ/鍵/🔑', `q?a=b&c=<d>"'#;`, long, 'k'.repeat(1_024), ' ', 'back\\slash', 'tab\there', 'new\nline'];
    for (const key of keys) await put(key, key);
    for (const key of keys) assert.equal((await get(key)).bytes.toString(), key);
    await assert.rejects(put('k'.repeat(1_025), 'x'), { name: 'KeyTooLongError' });
    for (const key of keys) await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  });

  it('keeps any key at all (property)', async () => {
    const keys = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((key) => !key.includes('\0'));
    await fc.assert(
      fc.asyncProperty(keys, async (key) => {
        await put(key, `at ${key}`);
        assert.equal((await get(key)).bytes.toString(), `at ${key}`);
      }),
      { numRuns: 50 },
    );
  });

  it('deletes one and many, and says nothing of what is not there', async () => {
    await put('one', 'x');
    await put('two & <three>', 'x'.repeat(100_000));
    await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'one' }));
    await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'one' }));
    await assert.rejects(get('one'), { name: 'NoSuchKey' });
    const { Deleted } = await s3.client.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: [{ Key: 'two & <three>' }, { Key: 'absent' }] } }),
    );
    assert.deepEqual(Deleted, [{ Key: 'two & <three>' }, { Key: 'absent' }]);
    await assert.rejects(get('two & <three>'), { name: 'NoSuchKey' });
  });

  it('copies an object with its metadata', async () => {
    for (const size of [5, 100_000]) {
      await put('source é', 'y'.repeat(size), { Metadata: { a: 'b' } });
      await s3.client.send(new CopyObjectCommand({ Bucket: bucket, Key: 'copy', CopySource: `${bucket}/${encodeURIComponent('source é')}` }));
      await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'source é' }));
      const copy = await get('copy');
      assert.equal(copy.bytes.toString(), 'y'.repeat(size));
      assert.deepEqual(copy.Metadata, { a: 'b' });
    }
  });

  it('leaves no file behind when objects are replaced or deleted', async () => {
    const files = () => readdir(path.join(s3.directory, 'data'));
    const before = await files();
    await put('replaced', Buffer.alloc(100_000, 1));
    await put('replaced', Buffer.alloc(100_000, 2));
    await put('replaced', 'small');
    await assert.rejects(put('replaced', Buffer.alloc(100_000), { ContentMD5: createHash('md5').digest('base64') }));
    while ((await files()).length > before.length) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal((await get('replaced')).bytes.toString(), 'small');
  });

  it('names what is missing and what it does not implement', async () => {
    await assert.rejects(s3.client.send(new GetObjectCommand({ Bucket: 'no-such-bucket', Key: 'x' })), { name: 'NoSuchBucket' });
    await assert.rejects(s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'absent' })), { name: 'NotFound' });
    await assert.rejects(s3.client.send(new HeadBucketCommand({ Bucket: 'no-such-bucket' })), { name: 'NotFound' });
    await assert.rejects(s3.client.send(new GetObjectAclCommand({ Bucket: bucket, Key: 'once' })), {
      name: 'NotImplemented',
      message: /GET of an S3 object with acl/,
    });
    await assert.rejects(put('tagged', 'x', { Tagging: 'a=b' }), { name: 'NotImplemented', message: /x-amz-tagging/ });
  });

  it('tells of new objects as EventBridge does', async () => {
    s3.events.length = 0;
    const { ETag } = await put('spring/dumps/shop/1/manifest.json', '{}');
    const event = s3.events[0]!;
    assert.equal(event.source, 'aws.s3');
    assert.equal(event['detail-type'], 'Object Created');
    assert.equal(event.detail.bucket.name, bucket);
    assert.equal(event.detail.reason, 'PutObject');
    assert.equal(event.time, '2026-03-01T12:00:00Z');
    const { key, size, etag } = event.detail.object;
    assert.deepEqual({ key, size, etag: `"${etag}"` }, { key: 'spring/dumps/shop/1/manifest.json', size: 2, etag: ETag });
  });
});
