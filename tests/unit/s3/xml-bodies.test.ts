/** Requests of S3 that bring XML, as no client would send them. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CreateMultipartUploadCommand, DeleteObjectsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { send, sendSigned, type Answer } from '../../support/signed-request.ts';
import { bucket, startS3, type RunningS3 } from './start-s3.ts';

describe('the XML of a request', () => {
  let s3: RunningS3;
  before(async () => {
    s3 = await startS3();
  });
  after(() => s3.stop());

  const remove = (body: string | Buffer): Promise<Answer> => sendSigned(`${s3.url}/${bucket}?delete`, 's3', { method: 'POST', body });
  const malformed = async (answer: Promise<Answer>, message: RegExp): Promise<void> => {
    const { status, code, text } = await answer;
    assert.deepEqual([status, code], [400, 'MalformedXML'], text);
    assert.match(text, message);
  };

  it('is not read before the signature is found right, and not at all when it is not what was signed', async () => {
    const body = '<Delete>'.repeat(200_000);
    assert.deepEqual(await codeOf(send(`${s3.url}/${bucket}?delete`, { method: 'POST', body })), [403, 'AccessDenied']);
    const wrongKey = { accessKeyId: 'AKIATESTTESTTESTTEST', secretAccessKey: 'guessed' };
    assert.deepEqual(await codeOf(sendSigned(`${s3.url}/${bucket}?delete`, 's3', { method: 'POST', body, credentials: wrongKey })), [403, 'SignatureDoesNotMatch']);
    await s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: 'kept', Body: 'kept' }));
    const other = sendSigned(`${s3.url}/${bucket}?delete`, 's3', { method: 'POST', body: '<Delete><Object><Key>kept</Key></Object></Delete>', payload: '0'.repeat(64) });
    assert.deepEqual(await codeOf(other), [400, 'XAmzContentSHA256Mismatch']);
    assert.deepEqual(await codeOf(sendSigned(`${s3.url}/${bucket}/kept`, 's3')), [200, undefined]);
  });

  it('is refused as soon as it is not well-formed, too long, too deep or of too many elements', async () => {
    await malformed(remove('<Delete><Object><Key>&#x110000;</Key></Object></Delete>'), /malformed character entity/);
    await malformed(remove('<Delete><Object><Key>&#xD800;</Key></Object></Delete>'), /malformed character entity/);
    await malformed(remove('<Delete><Object><Key>&a;</Key></Object></Delete>'), /undefined entity/);
    await malformed(remove('<!DOCTYPE d [<!ENTITY a "aa">]><Delete><Object><Key>&a;</Key></Object></Delete>'), /document type/);
    await malformed(remove('<Delete><Object><Key>a</Key></Object>'), /unclosed tag/);
    await malformed(remove(''), /root element/);
    await malformed(remove('<Other/>'), /its root is Other/);
    await malformed(remove('<Delete/>'), /1 to 1000 objects/);
    await malformed(remove(`<Delete>${'<Object><Key>a</Key></Object>'.repeat(1_001)}</Delete>`), /1 to 1000 objects/);
    await malformed(remove(`<Delete>${'<Object/>'.repeat(7_000)}</Delete>`), /more than 6002 elements/);
    await malformed(remove('<Object>'.repeat(200_000)), /more than 8 deep/);
    assert.deepEqual(await codeOf(remove(Buffer.alloc(9 * 1024 * 1024, 'a'))), [413, 'RequestEntityTooLarge']);
  });

  it('takes no longer than its length: 1.6 MB of open elements in well under a second', async () => {
    const started = performance.now();
    await malformed(remove('<Object>'.repeat(200_000)), /deep/);
    await malformed(remove(`<Delete>${'<Object>a</Object>'.repeat(90_000)}</Delete>`), /elements/);
    assert.ok(performance.now() - started < 5_000);
  });

  it('deletes 1,000 keys of the longest kind, whatever characters they have', async () => {
    const Objects = Array.from({ length: 1_000 }, (_, index) => ({ Key: `${String(index).padStart(4, '0')}${'&'.repeat(1_020)}` }));
    await s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: Objects[7]!.Key, Body: 'a' }));
    const { Deleted, Errors } = await s3.client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
    assert.deepEqual([Deleted?.length, Errors], [1_000, undefined]);
    assert.equal((await sendSigned(`${s3.url}/${bucket}/${encodeURIComponent(Objects[7]!.Key)}`, 's3')).code, 'NoSuchKey');
  });

  it('names at most 10,000 parts', async () => {
    const { UploadId = '' } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: 'parts' }));
    const part = (number: number): string => `<Part><PartNumber>${number}</PartNumber><ETag>"${'0'.repeat(32)}"</ETag><ChecksumCRC32>AAAAAA==</ChecksumCRC32></Part>`;
    const complete = (parts: number): Promise<Answer> => {
      const body = `<CompleteMultipartUpload>${Array.from({ length: parts }, (_, index) => part(index + 1)).join('')}</CompleteMultipartUpload>`;
      return sendSigned(`${s3.url}/${bucket}/parts?uploadId=${UploadId}`, 's3', { method: 'POST', body });
    };
    assert.equal((await complete(10_000)).code, 'InvalidPart');
    await malformed(complete(10_001), /1 to 10000 parts/);
    await malformed(complete(0), /1 to 10000 parts/);
  });
});

async function codeOf(answer: Promise<Answer>): Promise<[number, string | undefined]> {
  const { status, code } = await answer;
  return [status, code];
}
