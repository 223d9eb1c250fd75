/** Files of the local S3 that somebody cuts or removes behind its back: its clients are told, and never wait for what is not there. */
import assert from 'node:assert/strict';
import { readdir, rm, truncate } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CopyObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { bucket, clientOf, startS3, type RunningS3 } from './start-s3.ts';

const size = 8 * 1024 * 1024;

describe('a file of an object', () => {
  let s3: RunningS3;
  before(async () => {
    s3 = await startS3();
  });
  after(() => s3.stop());

  const name = { Bucket: bucket, Key: 'dump' };
  const files = async (): Promise<string[]> => (await readdir(join(s3.directory, 'data'))).map((file) => join(s3.directory, 'data', file));

  /** @returns its only file */
  async function putAlone(): Promise<string> {
    for (const file of await files()) await rm(file);
    await s3.client.send(new PutObjectCommand({ ...name, Body: Buffer.alloc(size, 'a') }));
    const [file = ''] = await files();
    return file;
  }

  for (const [what, damage] of [['cut to half', (file: string) => truncate(file, size / 2)], ['longer', (file: string) => truncate(file, size * 2)], ['removed', (file: string) => rm(file)]] as const) {
    it(`that was ${what} is answered with InternalError, on a connection that goes on`, async () => {
      await damage(await putAlone());
      const client = clientOf(s3.url, 1);
      const refused = { name: 'InternalError', message: /is not what was stored: the file \S+ was cut, removed or damaged/ };
      await assert.rejects(client.send(new GetObjectCommand(name)), refused);
      await assert.rejects(client.send(new GetObjectCommand({ ...name, Range: 'bytes=0-9' })), refused);
      await assert.rejects(client.send(new CopyObjectCommand({ ...name, Key: 'copy', CopySource: `${bucket}/dump` })), refused);
      assert.equal((await client.send(new HeadObjectCommand(name))).ContentLength, size);
      client.destroy();
    });
  }

  it('that is cut while it is sent ends the connection', async () => {
    const file = await putAlone();
    const { Body } = await s3.client.send(new GetObjectCommand(name));
    await truncate(file, size / 2);
    let read = 0;
    await assert.rejects(async () => {
      for await (const chunk of Body as IncomingMessage) read += (chunk as Buffer).length;
    }, { code: 'ECONNRESET' });
    assert.ok(read < size);
  });
});
