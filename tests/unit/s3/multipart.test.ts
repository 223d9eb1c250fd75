import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  type ChecksumAlgorithm,
  type ChecksumType,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { calculatorOf } from '../../../local/s3/checksums.ts';
import { bucket, startS3, type RunningS3 } from './start-s3.ts';

const mebibyte = 1024 * 1024;

describe('multipart uploads of the local S3', () => {
  let s3: RunningS3;
  before(async () => {
    s3 = await startS3();
  });
  after(() => s3.stop());

  const create = async (key: string, checksum?: { algorithm: ChecksumAlgorithm; type?: ChecksumType }) => {
    const created = await s3.client.send(
      new CreateMultipartUploadCommand({
        Bucket: bucket,
        Key: key,
        Metadata: { kept: 'yes' },
        ...(checksum === undefined ? {} : { ChecksumAlgorithm: checksum.algorithm }),
        ...(checksum?.type === undefined ? {} : { ChecksumType: checksum.type }),
      }),
    );
    return { Bucket: bucket, Key: key, UploadId: created.UploadId };
  };
  const part = (upload: Awaited<ReturnType<typeof create>>, number: number, body: Buffer, algorithm: ChecksumAlgorithm = 'CRC32') =>
    s3.client.send(new UploadPartCommand({ ...upload, PartNumber: number, Body: body, ChecksumAlgorithm: algorithm }));
  const read = async (key: string, range?: string) => {
    const object = await s3.client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...(range === undefined ? {} : { Range: range }) }));
    return Buffer.from(await object.Body!.transformToByteArray());
  };

  it('takes a stream of unknown length from lib-storage, and copies nothing on completion', async () => {
    const body = Buffer.from(Array.from({ length: 12 * mebibyte + 17 }, (_, index) => index % 253));
    const pieces = Readable.from((function* () {
      for (let at = 0; at < body.length; at += 300_001) yield body.subarray(at, at + 300_001);
    })());
    const answer = await new Upload({ client: s3.client, params: { Bucket: bucket, Key: 'stream', Body: pieces } }).done();
    assert.match(answer.ETag ?? '', /^"[0-9a-f]{32}-3"$/);
    assert.match(answer.ChecksumCRC32 ?? '', /-3$/);
    assert.ok((await read('stream')).equals(body));
    const cut = 5 * mebibyte;
    assert.ok((await read('stream', `bytes=${cut - 3}-${cut + 2}`)).equals(body.subarray(cut - 3, cut + 3)));
    assert.ok((await read('stream', 'bytes=-20')).equals(body.subarray(-20)));
    const folder = path.join(s3.directory, 'data');
    const sizes = await Promise.all((await readdir(folder)).map(async (file) => (await stat(path.join(folder, file))).size));
    assert.deepEqual(sizes.toSorted((a, b) => a - b), [2 * mebibyte + 17, 5 * mebibyte, 5 * mebibyte]);
    assert.equal(s3.events.at(-1)?.detail.reason, 'CompleteMultipartUpload');
    assert.equal(s3.events.at(-1)?.detail.object.size, body.length);
  });

  it('computes composite and full-object checksums', async () => {
    const bodies = [Buffer.alloc(5 * mebibyte, 'first'), Buffer.from('the second')];
    const whole = Buffer.concat(bodies);
    for (const algorithm of ['CRC32', 'CRC32C', 'CRC64NVME'] as const) {
      const upload = await create('full', { algorithm, type: 'FULL_OBJECT' });
      const parts = await Promise.all(bodies.map((body, index) => part(upload, index + 1, body, algorithm)));
      const Parts = parts.map(({ ETag }, index) => ({ ETag, PartNumber: index + 1 }));
      const done = await s3.client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
      const expected = calculatorOf(algorithm);
      expected.update(whole);
      assert.equal(done[`Checksum${algorithm}`], expected.digest());
      assert.equal(done.ChecksumType, 'FULL_OBJECT');
      // The client verifies the whole against it.
      assert.ok((await read('full')).equals(whole));
    }
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(whole));
    const upload = await create('composite', { algorithm: 'CRC32' });
    const { ETag, ChecksumCRC32 } = await part(upload, 1, whole);
    assert.equal(ChecksumCRC32, sum.toString('base64'));
    const Parts = [{ ETag, ChecksumCRC32, PartNumber: 1 }];
    const done = await s3.client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
    sum.writeUInt32BE(crc32(sum));
    assert.equal(done.ChecksumCRC32, `${sum.toString('base64')}-1`);
  });

  it('lists parts and uploads; the last upload of a part number counts; unused parts go', async () => {
    const upload = await create('listed');
    await part(upload, 1, Buffer.from('old'));
    const one = await part(upload, 1, Buffer.from('new'));
    await part(upload, 7, Buffer.from('unused'));
    const { Parts } = await s3.client.send(new ListPartsCommand(upload));
    assert.deepEqual(Parts?.map(({ PartNumber, Size }) => [PartNumber, Size]), [[1, 3], [7, 6]]);
    const { Uploads } = await s3.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    assert.deepEqual(Uploads?.map(({ Key, UploadId }) => [Key, UploadId]), [['listed', upload.UploadId]]);
    const complete = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: [{ ETag: one.ETag, PartNumber: 1 }] } });
    const first = await s3.client.send(complete);
    assert.equal((await read('listed')).toString(), 'new');
    const again = await s3.client.send(complete);
    assert.equal(again.ETag, first.ETag, 'a completion that is sent again succeeds again');
    await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'listed' }));
    await assert.rejects(s3.client.send(complete), { name: 'NoSuchUpload' });
  });

  it('refuses completions that S3 refuses', async () => {
    const upload = await create('refused');
    const { ETag } = await part(upload, 1, Buffer.from('small'));
    const last = await part(upload, 2, Buffer.from('small too'));
    const complete = (Parts: { ETag?: string | undefined; PartNumber: number }[], more: object = {}) =>
      s3.client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...more }));
    await assert.rejects(complete([{ ETag, PartNumber: 1 }, { ETag: last.ETag, PartNumber: 2 }]), { name: 'EntityTooSmall' });
    await assert.rejects(complete([{ ETag: last.ETag, PartNumber: 2 }, { ETag, PartNumber: 1 }]), { name: 'InvalidPartOrder' });
    await assert.rejects(complete([{ ETag: last.ETag, PartNumber: 1 }]), { name: 'InvalidPart' });
    await assert.rejects(complete([{ ETag, PartNumber: 3 }]), { name: 'InvalidPart' });
    await assert.rejects(complete([{ ETag, PartNumber: 1 }], { MpuObjectSize: 6 }), { name: 'InvalidRequest' });
    await assert.rejects(read('refused'), { name: 'NoSuchKey' });
    await s3.client.send(new AbortMultipartUploadCommand(upload));
    await assert.rejects(part(upload, 1, Buffer.from('x')), { name: 'NoSuchUpload' });
    await assert.rejects(s3.client.send(new AbortMultipartUploadCommand(upload)), { name: 'NoSuchUpload' });
  });
});
