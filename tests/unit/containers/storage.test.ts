import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { S3Client } from '@aws-sdk/client-s3';
import { Storage } from '../../../containers/common/storage.ts';

const object = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));

interface Breaking {
  /** After which every answer breaks off. */
  readonly bytes: number;
  readonly etag?: () => string;
  /** Falls silent instead, with the connection open. */
  readonly silent?: boolean;
}

/** Serves `object` by ranges. */
async function withBreakingServer({ bytes, etag = () => '"same"', silent = false }: Breaking, use: (storage: Storage) => Promise<void>): Promise<number> {
  let requests = 0;
  const server: Server = createServer((request, response) => {
    requests += 1;
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (request.headers['if-match'] !== undefined && request.headers['if-match'] !== etag()) {
      response.writeHead(412).end('<Error><Code>PreconditionFailed</Code></Error>');
      return;
    }
    response.writeHead(from === 0 ? 200 : 206, { 'content-length': object.length - from, etag: etag() });
    const rest = object.subarray(from);
    if (rest.length <= bytes) response.end(rest);
    else if (silent) response.write(rest.subarray(0, bytes));
    else response.write(rest.subarray(0, bytes), () => setImmediate(() => response.destroy()));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  try {
    await use(new Storage(client, 'bucket', { stallMilliseconds: 100 }));
  } finally {
    client.destroy();
    server.closeAllConnections();
    server.close();
  }
  return requests;
}

async function readAll(storage: Storage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of (await storage.openStream('key', new AbortController().signal))!) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('reading an object', () => {
  test('goes on where the connection broke', async () => {
    const requests = await withBreakingServer({ bytes: 70_000 }, async (storage) => {
      assert.ok((await readAll(storage)).equals(object));
    });
    assert.equal(requests, 5);
  });

  test('gives up when nothing more comes', async () => {
    await withBreakingServer({ bytes: 0 }, async (storage) => {
      await assert.rejects(readAll(storage), { name: 'StorageFailed', message: /s3:\/\/bucket\/key could not be read/ });
    });
  });

  test('goes on where the body fell silent', async () => {
    const requests = await withBreakingServer({ bytes: 70_000, silent: true }, async (storage) => {
      assert.ok((await readAll(storage)).equals(object));
    });
    assert.equal(requests, 5);
  });

  test('gives up a body that stays silent, as does one of JSON', async () => {
    const requests = await withBreakingServer({ bytes: 0, silent: true }, async (storage) => {
      await assert.rejects(readAll(storage), { name: 'StorageFailed', message: 's3://bucket/key could not be read: BodyStalled: nothing came for 0.1 s' });
      await assert.rejects(storage.getJson('key', new AbortController().signal), { name: 'StorageFailed' });
    });
    assert.equal(requests, 6);
  });

  test('leaves whoever reads it all the time', async () => {
    const requests = await withBreakingServer({ bytes: object.length }, async (storage) => {
      const chunks: Buffer[] = [];
      for await (const chunk of (await storage.openStream('key', new AbortController().signal))!) {
        if (chunks.length < 2) await new Promise((resolve) => setTimeout(resolve, 250));
        chunks.push(chunk);
      }
      assert.ok(Buffer.concat(chunks).equals(object));
    });
    assert.equal(requests, 1);
  });

  test('does not join two objects', async () => {
    let version = 0;
    await withBreakingServer({ bytes: 70_000, etag: () => `"${(version += 1)}"` }, async (storage) => {
      await assert.rejects(readAll(storage), { name: 'StorageFailed' });
    });
  });
});
