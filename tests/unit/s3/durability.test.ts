import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { createS3, type ObjectCreatedEvent } from '../../../local/s3/create-s3.ts';
import { bucket, clientOf, startS3, temporaryFolder } from './start-s3.ts';

const mebibyte = 1024 * 1024;

describe('the local S3 as a process', () => {
  let directory: string;
  before(async () => {
    directory = await temporaryFolder();
  });
  after(async () => {
    for (const server of servers) server.kill('SIGKILL');
    await rm(directory, { recursive: true });
  });

  it('loses nothing acknowledged and shows no half object when it is killed while writing', async () => {
    const folder = path.join(directory, 'killed');
    const acknowledged = new Set<string>();
    for (const enough of [15, 60]) {
      const server = await serve(folder);
      const written = (key: string): void => {
        acknowledged.add(key);
        // Five other writers are in the middle of something.
        if (acknowledged.size >= enough) server.process.kill('SIGKILL');
      };
      const writers = Array.from({ length: 6 }, (_, writer) => writeUntilCut(server.client, `${enough}-${writer}`, written));
      await Promise.all([...writers, once(server.process, 'exit')]);
      server.client.destroy();
    }
    const server = await serve(folder);
    const shown = new Set<string>();
    for await (const page of paginateListObjectsV2({ client: server.client }, { Bucket: bucket })) {
      for (const { Key = '' } of page.Contents ?? []) {
        shown.add(Key);
        const { Body } = await server.client.send(new GetObjectCommand({ Bucket: bucket, Key }));
        assert.ok(Buffer.from(await Body!.transformToByteArray()).equals(bodyOf(Key)), `${Key} is not whole`);
      }
    }
    assert.deepEqual([...acknowledged].filter((key) => !shown.has(key)), []);
    const files = await readdir(path.join(folder, 'data'));
    assert.equal(files.length, [...shown].filter((key) => key.includes('large')).length, 'orphans were swept');
    await server.stop();
  });

  it('streams 200 MiB in constant memory', async () => {
    const server = await serve(path.join(directory, 'large'));
    const total = 200 * mebibyte;
    const chunk = Buffer.alloc(mebibyte, 'dump');
    const body = Readable.from((function* () {
      for (let sent = 0; sent < total; sent += chunk.length) yield chunk;
    })());
    await new Upload({ client: server.client, params: { Bucket: bucket, Key: 'large', Body: body } }).done();
    const { Body } = await server.client.send(new GetObjectCommand({ Bucket: bucket, Key: 'large' }));
    let received = 0;
    for await (const piece of Body as AsyncIterable<Buffer>) received += piece.length;
    assert.equal(received, total);
    const peak = (await server.stop()) / 1024;
    assert.ok(peak < 230, `peak memory of the server: ${Math.round(peak)} MiB`);
  });

  it('answers a full disk with SlowDown, which clients try again, and keeps neither object nor file', async () => {
    const folder = path.join(directory, 'full');
    // A limit on the size of a file stands for a full disk: both end a write with an error.
    const server = await serve(folder, 2_000);
    await server.client.send(new PutObjectCommand({ Bucket: bucket, Key: 'fits', Body: Buffer.alloc(500_000, 1) }));
    const tooLarge = new PutObjectCommand({ Bucket: bucket, Key: 'too-large', Body: Buffer.alloc(5_000_000, 1) });
    await assert.rejects(server.client.send(tooLarge), (error: Error & { $metadata: { httpStatusCode: number } }) => {
      assert.equal(error.name, 'SlowDown');
      assert.match(error.message, /no space left/);
      assert.equal(error.$metadata.httpStatusCode, 503);
      return true;
    });
    const absent = new GetObjectCommand({ Bucket: bucket, Key: 'too-large' });
    await assert.rejects(server.client.send(absent), { name: 'NoSuchKey' });
    assert.equal((await readdir(path.join(folder, 'data'))).length, 1);
    await server.stop();
  });

  it('delivers an event again when the process ended before its receiver was done', async () => {
    const folder = path.join(directory, 'events');
    const first = await startS3({ directory: folder, onObjectCreated: () => new Promise(() => undefined) });
    await first.client.send(new PutObjectCommand({ Bucket: bucket, Key: 'manifest.json', Body: '{}' }));
    await first.stop();
    const delivered: ObjectCreatedEvent[] = [];
    const second = createS3({
      directory: folder,
      clock: () => new Date(),
      onObjectCreated: (event) => {
        delivered.push(event);
        return undefined;
      },
    });
    second.redeliverEvents();
    assert.deepEqual(delivered.map(({ detail }) => detail.object.key), ['manifest.json']);
    await new Promise((resolve) => setImmediate(resolve));
    second.redeliverEvents();
    assert.equal(delivered.length, 1, 'a delivered event is forgotten');
    second.close();
  });
});

/** Objects of three kinds, one after the other, until the server is gone; their bodies follow from their keys. */
async function writeUntilCut(client: S3Client, writer: string, written: (key: string) => void): Promise<void> {
  try {
    for (let number = 0; ; number += 1) {
      const key = `${writer}/${number}/${number % 4 === 3 ? 'large' : 'small'}`;
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bodyOf(key) }));
      written(key);
    }
  } catch {
    // The server was killed.
  }
}

function bodyOf(key: string): Buffer {
  return Buffer.alloc(key.includes('large') ? 700_001 : 3_000, `${key} `);
}

const servers = new Set<ChildProcess>();

interface Served {
  readonly process: ChildProcess;
  readonly client: S3Client;
  /** Ends it; resolves with its peak memory in KiB. */
  stop(): Promise<number>;
}

/** @param fileLimit the largest file that the process may write, in the shell's blocks of 512 or 1,024 bytes */
async function serve(folder: string, fileLimit?: number): Promise<Served> {
  const program = path.join(import.meta.dirname, 'serve.ts');
  const limit = fileLimit === undefined ? '' : `ulimit -f ${fileLimit}; `;
  const server = spawn('sh', ['-c', `${limit}exec "$0" "$@"`, process.execPath, program, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const client = clientOf(String((await lines.next()).value), 1);
  servers.add(server);
  return {
    process: server,
    client,
    stop: async () => {
      client.destroy();
      server.stdin.end();
      return Number((await lines.next()).value);
    },
  };
}
