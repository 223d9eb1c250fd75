/**
 * The files that hold the data of objects too large for the index. A file has a random name, is written once, and
 * counts only when the index names it: a file that no row names is an orphan, removed at the next start.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { copyFile, open, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { s3Error } from './errors.ts';

export interface Segment {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
}

/** Pieces from the network are joined to writes of this size. */
const writeSize = 1024 * 1024;
const readSize = 256 * 1024;

export class Blobs {
  readonly #directory: string;
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  async create(): Promise<BlobWriter> {
    const file = randomUUID();
    const handle = await open(this.#path(file), 'wx');
    return new BlobWriter(file, handle, () => rm(this.#path(file), { force: true }));
  }

  async copy(segments: readonly Segment[]): Promise<Segment[]> {
    const copies: Segment[] = [];
    await this.check(segments);
    try {
      for (const segment of segments) {
        const file = randomUUID();
        copies.push({ file, size: segment.size });
        await copyFile(this.#path(segment.file), this.#path(file));
      }
      return copies;
    } catch (thrown) {
      this.remove(copies);
      throw thrown;
    }
  }

  /** That the files are there and as long as the index says: else they were altered behind its back. @throws AwsError InternalError */
  async check(segments: readonly Segment[]): Promise<void> {
    for (const { file, size } of segments) {
      const bytes = await stat(this.#path(file)).then((found) => found.size, () => undefined);
      if (bytes !== size) throw damaged(file, `it has ${bytes ?? 'not even 0'} bytes instead of ${size}`);
    }
  }

  /** Bytes `start` to `end` (inclusive) of one segment: all of them. @throws AwsError InternalError */
  async *read({ file }: Segment, start: number, end: number): AsyncGenerator<Buffer> {
    let left = end - start + 1;
    const stream = createReadStream(this.#path(file), { start, end, highWaterMark: readSize });
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      left -= chunk.length;
      yield chunk;
    }
    if (left > 0) throw damaged(file, `it ended ${left} bytes too soon`);
  }

  /** Keeps files from being removed until the returned function is called. */
  hold(segments: readonly Segment[]): () => void {
    for (const { file } of segments) this.#readers.set(file, (this.#readers.get(file) ?? 0) + 1);
    return () => {
      for (const { file } of segments) this.#release(file);
    };
  }

  /** Removes files that the index no longer names, now or when their last reader is done. */
  remove(segments: readonly Segment[]): void {
    for (const { file } of segments) {
      if (this.#readers.has(file)) this.#doomed.add(file);
      else this.#unlink(file);
    }
  }

  /** Removes every file that is not `kept`; only at start, before anything is written. */
  sweep(kept: ReadonlySet<string>): number {
    const orphans = readdirSync(this.#directory).filter((file) => !kept.has(file));
    for (const orphan of orphans) rmSync(this.#path(orphan), { force: true });
    return orphans.length;
  }

  #release(file: string): void {
    const readers = (this.#readers.get(file) ?? 1) - 1;
    if (readers > 0) {
      this.#readers.set(file, readers);
      return;
    }
    this.#readers.delete(file);
    if (this.#doomed.delete(file)) this.#unlink(file);
  }

  #unlink(file: string): void {
    // A file that stays is an orphan: the sweep of the next start takes it.
    rm(this.#path(file), { force: true }).catch(() => undefined);
  }

  #path(file: string): string {
    return path.join(this.#directory, file);
  }
}

function damaged(file: string, reason: string): Error {
  return s3Error('InternalError', `The data of the object is not what was stored: the file ${file} was cut, removed or damaged (${reason}).`);
}

/** Writes one file while more data arrives: one write runs while the next is gathered, so memory stays constant. */
export class BlobWriter {
  readonly file: string;
  readonly #handle: FileHandle;
  readonly #remove: () => Promise<void>;
  #pieces: Buffer[] = [];
  #gathered = 0;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(file: string, handle: FileHandle, remove: () => Promise<void>) {
    this.file = file;
    this.#handle = handle;
    this.#remove = remove;
  }

  /** Takes a piece; a promise when the caller must wait before it brings more. */
  write(piece: Buffer): Promise<void> | undefined {
    this.#pieces.push(piece);
    this.#gathered += piece.length;
    return this.#gathered < writeSize ? undefined : this.#flush();
  }

  /** Ends the file, on the disk. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#writing;
    await this.#handle.datasync();
    await this.#handle.close();
  }

  async discard(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#handle.close().catch(() => undefined);
    await this.#remove();
  }

  async #flush(): Promise<void> {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#gathered = 0;
    await this.#writing;
    if (pieces.length === 0) return;
    this.#writing = this.#writeAll(pieces);
    // Seen by the next flush or by finish(); until then it must not count as unhandled.
    this.#writing.catch(() => undefined);
  }

  async #writeAll(pieces: Buffer[]): Promise<void> {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const { bytesWritten } = await this.#handle.writev(pieces);
    if (bytesWritten === length) return;
    // A short write comes before a full disk's error, or by a signal: the rest tells which.
    await this.#handle.appendFile(Buffer.concat(pieces).subarray(bytesWritten));
  }
}
