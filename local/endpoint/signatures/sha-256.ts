import { createHash, createHmac, type BinaryLike } from 'node:crypto';

interface Hasher {
  update(data: Uint8Array): unknown;
  digest(): Buffer;
}

/** What the AWS SDK's signer hashes with: HMAC where there is a secret. */
export class Sha256 {
  readonly #secret: BinaryLike | undefined;
  #hash: Hasher;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#secret = secret === undefined ? undefined : bytesOf(secret);
    this.#hash = this.#begin();
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    this.#hash = this.#begin();
  }

  #begin(): Hasher {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret);
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
}

export function sha256Of(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}
