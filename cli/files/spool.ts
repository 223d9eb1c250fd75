/**
 * Holds a document until it is whole, however large: in a file that has no name, so that nothing of it is left when the process
 * ends, whatever ends it.
 */
import { mkdtemp, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const chunkBytes = 256 * 1024;

export class Spool implements AsyncDisposable {
  readonly #handle: FileHandle;
  readonly #folder: string;
  #bytes = 0;

  private constructor(handle: FileHandle, folder: string) {
    this.#handle = handle;
    this.#folder = folder;
  }

  static async open(folder = tmpdir()): Promise<Spool> {
    const own = await mkdtemp(join(folder, 'ferry-'));
    try {
      return new Spool(await open(join(own, 'document'), 'wx+', 0o600), folder);
    } finally {
      await rm(own, { recursive: true });
    }
  }

  /** @throws the system's error, with the folder that has no room */
  async write(text: string): Promise<void> {
    try {
      await this.#handle.appendFile(text);
      this.#bytes += Buffer.byteLength(text);
    } catch (error) {
      throw error instanceof Error ? Object.assign(error, { path: this.#folder }) : error;
    }
  }

  /** What was written, from its beginning. */
  async *read(): AsyncGenerator<Uint8Array> {
    for (let position = 0; position < this.#bytes;) {
      const { bytesRead, buffer } = await this.#handle.read(Buffer.alloc(chunkBytes), 0, chunkBytes, position);
      if (bytesRead === 0) throw new Error(`The document ends after ${position} of ${this.#bytes} bytes.`);
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}
