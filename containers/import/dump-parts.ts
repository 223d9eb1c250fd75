/** Reads a dump back: its manifest, and the SQL of its parts, checked against what the manifest says of them. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip, createZstdDecompress, gunzip, zstdDecompress } from 'node:zlib';
import type { ZlibOptions, ZstdOptions } from 'node:zlib';
import { manifestSchema } from '../../core/contracts.ts';
import { isAsWritten } from '../../core/manifests/checksum.ts';
import { handMadeAttempt } from '../../core/names.ts';
import type { Manifest } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import { messageOf } from '../../core/mysql-failures.ts';
import type { Storage } from '../common/storage.ts';
import type { TaskContext } from '../common/task.ts';

export type DumpPart = Manifest['parts'][number];

const unzstd: (object: Buffer, options: ZstdOptions) => Promise<Buffer> = promisify(zstdDecompress);
const ungzip: (object: Buffer, options: ZlibOptions) => Promise<Buffer> = promisify(gunzip);

/** A part whose object and whose SQL stay under these is kept in memory between its two readings. */
const keptObjectBytes = 8 * 1024 * 1024;
const keptSqlBytes = 48 * 1024 * 1024;

/** @throws FerryError DumpMissing, DumpCorrupt when it is no manifest or that of another database */
export async function readManifest({ storage, task, signal }: TaskContext, key: string): Promise<Manifest> {
  const value = await storage.getJson(key, signal);
  if (value === undefined) throw new FerryError('DumpMissing', `The dump of \`${task.database}\` has no manifest s3://${storage.bucket}/${key}.`);
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    const flaw = value === null ? 'it is not JSON' : `wrong or missing ${fields}`;
    throw new FerryError('DumpCorrupt', `s3://${storage.bucket}/${key} is not a manifest: ${flaw}.`);
  }
  const manifest = parsed.data;
  // One that was made from Ferry's by hand may still have its checksum.
  if (manifest.attempt !== handMadeAttempt && !isAsWritten(value as object)) {
    throw new FerryError('DumpCorrupt', `s3://${storage.bucket}/${key} is not as it was written: its checksum is another one.`);
  }
  if (manifest.database !== task.database || manifest.migration !== task.migration) {
    throw new FerryError('DumpCorrupt', `s3://${storage.bucket}/${key} describes \`${manifest.database}\` of migration ${manifest.migration}.`);
  }
  return manifest;
}

/** What a plan is made from. */
export interface SqlPart {
  readonly part: DumpPart;
  /** The SQL from its beginning, each time it is called. */
  sql(): AsyncIterable<Buffer>;
}

export class PartReader implements SqlPart {
  readonly part: DumpPart;
  readonly #storage: Storage;
  readonly #signal: AbortSignal;
  /** The SQL, of a small part that was read once. */
  #kept: Buffer | undefined;

  constructor(part: DumpPart, { storage, signal }: Pick<TaskContext, 'storage' | 'signal'>) {
    this.part = part;
    this.#storage = storage;
    this.#signal = signal;
  }

  /**
   * The SQL from its beginning, each time it is called.
   * @throws FerryError DumpMissing, DumpCorrupt (at the end at the latest), StorageFailed
   */
  async *sql(): AsyncGenerator<Buffer> {
    if (this.#kept === undefined && this.part.bytes <= keptObjectBytes) this.#kept = await this.#readSmall();
    if (this.#kept === undefined) yield* this.#stream();
    else yield this.#kept;
  }

  /** @returns undefined when the SQL turns out to be too large to be kept */
  async #readSmall(): Promise<Buffer | undefined> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.#object()) chunks.push(chunk);
    const object = Buffer.concat(chunks);
    const { compression } = this.part;
    if (compression === 'none') return object;
    try {
      const options = { maxOutputLength: keptSqlBytes };
      return await (compression === 'zstd' ? unzstd(object, options) : ungzip(object, options));
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw this.#corrupt(messageOf(error));
    }
  }

  async *#stream(): AsyncGenerator<Buffer> {
    const { compression } = this.part;
    if (compression === 'none') {
      yield* this.#object();
      return;
    }
    const chunkSize = 256 * 1024;
    const decompressor = compression === 'zstd' ? createZstdDecompress({ chunkSize }) : createGunzip({ chunkSize });
    const done = pipeline(Readable.from(this.#object()), decompressor);
    // Its failure comes out of the decompressor too.
    done.catch(() => undefined);
    try {
      for await (const chunk of decompressor) yield chunk as Buffer;
    } catch (error) {
      if (error instanceof FerryError || this.#signal.aborted) throw error;
      throw this.#corrupt(messageOf(error));
    } finally {
      decompressor.destroy();
    }
  }

  /** The object's bytes; fails at their end when they are not those of the manifest. */
  async *#object(): AsyncGenerator<Buffer> {
    const { key, bytes, sha256 } = this.part;
    const stream = await this.#storage.openStream(key, this.#signal);
    if (stream === undefined) throw new FerryError('DumpMissing', `The dump's part s3://${this.#storage.bucket}/${key} is not in the bucket.`);
    const hash = createHash('sha256');
    let read = 0;
    for await (const chunk of stream) {
      hash.update(chunk);
      read += chunk.length;
      yield chunk;
    }
    if (read !== bytes) throw this.#corrupt(`it has ${read} bytes, its manifest says ${bytes}`);
    if (hash.digest('hex') !== sha256) throw this.#corrupt('its SHA-256 is not that of its manifest');
  }

  #corrupt(reason: string): FerryError {
    return new FerryError('DumpCorrupt', `s3://${this.#storage.bucket}/${this.part.key} is not what was dumped: ${reason}.`);
  }
}
