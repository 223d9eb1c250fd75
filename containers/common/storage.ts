/** The bucket, as the tasks use it. Every failure of Amazon S3 is a StorageFailed that names the object. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { GetObjectCommand, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { FerryError } from '../../core/errors.ts';
import { messageOf } from '../../core/mysql-failures.ts';

/** What was stored: the size and SHA-256 of the object. */
export interface StoredObject {
  readonly bytes: number;
  readonly sha256: string;
}

/** Objects up to this size are one PutObject: a multipart upload takes three requests at least. */
const singleRequestBytes = 5 * 1024 * 1024;
/** Parts that are being sent at once hold no more than this. */
const uploadBytes = 16 * 1024 * 1024;
/** How long a body may bring nothing while it is waited for. */
const stallMilliseconds = 30_000;
/** Connections in a row that bring nothing. One that stalls counts twice: it has cost more time than one that breaks. */
const mostBroken = 5;

export class Storage {
  readonly #client: S3Client;
  readonly #stallMilliseconds: number;
  readonly bucket: string;

  constructor(client: S3Client, bucket: string, options: { readonly stallMilliseconds?: number } = {}) {
    this.#client = client;
    this.bucket = bucket;
    this.#stallMilliseconds = options.stallMilliseconds ?? stallMilliseconds;
  }

  async putJson(key: string, value: unknown, signal: AbortSignal): Promise<void> {
    await this.#put(key, Buffer.from(`${JSON.stringify(value, null, 1)}\n`), 'application/json', signal);
  }

  /** The parsed object; undefined when there is none, and null, which no schema takes, when it is not JSON. */
  async getJson(key: string, signal: AbortSignal): Promise<unknown> {
    const stream = await this.openStream(key, signal);
    if (stream === undefined) return undefined;
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    try {
      return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
    } catch {
      return null;
    }
  }

  /**
   * Stores what `source` yields, with a few of its parts in memory. When the source throws, nothing is stored, an
   * upload in progress is aborted, and the source's error is thrown on.
   * @param partBytes size of a part; 10,000 parts are the most that Amazon S3 takes
   */
  async putStream(key: string, source: AsyncIterator<Buffer>, partBytes: number, signal: AbortSignal): Promise<StoredObject> {
    const hash = createHash('sha256');
    let bytes = 0;
    const head: Buffer[] = [];
    let next = await source.next();
    while (next.done !== true && bytes < singleRequestBytes) {
      head.push(next.value);
      hash.update(next.value);
      bytes += next.value.length;
      next = await source.next();
    }
    if (next.done === true) {
      const sha256 = hash.digest();
      await this.#put(key, Buffer.concat(head), 'application/octet-stream', signal, sha256.toString('base64'));
      return { bytes, sha256: sha256.toString('hex') };
    }
    const first = next.value;
    let sourceError: Error | undefined;
    async function* body(): AsyncGenerator<Buffer> {
      try {
        yield* head.splice(0);
        for (let chunk = first, done = false; !done; ) {
          hash.update(chunk);
          bytes += chunk.length;
          yield chunk;
          const following = await source.next();
          if (following.done === true) done = true;
          else chunk = following.value;
        }
      } catch (error) {
        sourceError = error instanceof Error ? error : new Error(String(error));
        throw error;
      }
    }
    await this.#upload(key, body(), partBytes, () => sourceError);
    return { bytes, sha256: hash.digest('hex') };
  }

  /**
   * The bytes of an object. A connection that breaks, or brings nothing for too long, is taken up again where it broke, five times
   * in a row at most, as long as the object is still the same.
   * @returns undefined when there is no such object
   */
  async openStream(key: string, signal: AbortSignal): Promise<AsyncGenerator<Buffer> | undefined> {
    const first = await this.#attempt('read', key, async () => {
      try {
        return await this.#client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }), { abortSignal: signal });
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    });
    if (first === undefined) return undefined;
    return this.#chunks(key, first.Body as Readable, { etag: first.ETag, total: first.ContentLength ?? 0 }, signal);
  }

  async *#chunks(
    key: string,
    body: Readable,
    object: { readonly etag: string | undefined; readonly total: number },
    signal: AbortSignal,
  ): AsyncGenerator<Buffer> {
    let offset = 0;
    let current = body;
    for (let broken = 0; ; ) {
      let reason: unknown = new Error('the connection ended early');
      try {
        for await (const chunk of moving(current, this.#stallMilliseconds)) {
          broken = 0;
          offset += chunk.length;
          yield chunk;
        }
      } catch (error) {
        reason = error;
      } finally {
        current.destroy();
      }
      if (offset >= object.total) return;
      signal.throwIfAborted();
      broken += reason instanceof BodyStalled ? 2 : 1;
      if (broken > mostBroken) throw this.#failure('read', key, reason);
      const Range = `bytes=${offset}-`;
      const request = new GetObjectCommand({ Bucket: this.bucket, Key: key, Range, IfMatch: object.etag });
      const { Body } = await this.#attempt('read', key, () => this.#client.send(request, { abortSignal: signal }));
      current = Body as Readable;
    }
  }

  async #put(key: string, body: Buffer, type: string, signal: AbortSignal, sha256?: string): Promise<void> {
    const checksum = sha256 === undefined ? {} : { ChecksumSHA256: sha256 };
    const command = new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: body, ContentType: type, ...checksum });
    await this.#attempt('write', key, () => this.#client.send(command, { abortSignal: signal }));
  }

  /** A failing body, unlike the Upload's own `abort()`, lets it wait for its parts and then abort them in S3 too. */
  async #upload(key: string, body: AsyncGenerator<Buffer>, partBytes: number, sourceError: () => Error | undefined): Promise<void> {
    const upload = new Upload({
      client: this.#client,
      params: { Bucket: this.bucket, Key: key, ContentType: 'application/octet-stream', Body: Readable.from(body) },
      partSize: partBytes,
      queueSize: Math.max(1, Math.min(3, Math.floor(uploadBytes / partBytes))),
    });
    try {
      await upload.done();
    } catch (error) {
      throw sourceError() ?? this.#failure('write', key, error);
    }
  }

  async #attempt<Result>(action: 'read' | 'write', key: string, request: () => Promise<Result>): Promise<Result> {
    try {
      return await request();
    } catch (error) {
      throw this.#failure(action, key, error);
    }
  }

  #failure(action: 'read' | 'write', key: string, error: unknown): FerryError {
    const name = error instanceof Error ? error.name : 'Error';
    const message = `s3://${this.bucket}/${key} could not be ${action === 'read' ? 'read' : 'written'}: ${name}: ${messageOf(error)}`;
    return new FerryError('StorageFailed', message, { cause: error });
  }
}

class BodyStalled extends Error {
  override readonly name = 'BodyStalled';
}

/**
 * What a body brings. Time counts only while it is waited for: whoever reads may take hours over a chunk.
 * @throws BodyStalled when nothing comes for so long
 */
async function* moving(body: Readable, milliseconds: number): AsyncGenerator<Buffer> {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  for (;;) {
    const stall = setTimeout(() => {
      body.destroy(new BodyStalled(`nothing came for ${milliseconds / 1_000} s`));
    }, milliseconds);
    const next = await chunks.next().finally(() => {
      clearTimeout(stall);
    });
    if (next.done === true) return;
    yield next.value;
  }
}
