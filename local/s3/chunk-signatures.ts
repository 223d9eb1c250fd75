/**
 * The signatures of a body that is signed chunk by chunk: each one covers its chunk and the signature before it, the first of them
 * that of the request.
 * Source: Amazon S3 API Reference, "Signature calculations for the Authorization header: transferring payload in multiple
 * chunks", and the same with trailing headers.
 */
import { createHash, type Hash } from 'node:crypto';
import { sameText, type SignedRequest } from '../endpoint/signatures/check.ts';
import { signedChunks, signedChunksAndTrailer } from '../endpoint/signatures/payload.ts';
import { s3Error } from './errors.ts';

const emptyDigest = createHash('sha256').digest('hex');

interface Signature {
  readonly claimed: string;
  /** Made from the text to sign by what stands before and after the previous signature. */
  readonly head: string;
  readonly digests: readonly string[];
}

export class ChunkSignatures {
  readonly #request: SignedRequest;
  readonly #unchecked: Signature[] = [];
  #previous: string;
  #claimed = '';
  #hash: Hash = createHash('sha256');

  /** @returns undefined for a body whose chunks are not signed */
  static of(request: SignedRequest): ChunkSignatures | undefined {
    return [signedChunks, signedChunksAndTrailer].includes(request.payload) ? new ChunkSignatures(request) : undefined;
  }

  private constructor(request: SignedRequest) {
    this.#request = request;
    this.#previous = request.signature;
  }

  /** @param extensions what stands after the size of a chunk: `chunk-signature=…` */
  beginChunk(extensions: string): void {
    this.#claimed = /(?:^|;)chunk-signature=([0-9a-f]{64})(?:;|$)/.exec(extensions)?.[1] ?? '';
    this.#hash = createHash('sha256');
  }

  update(data: Buffer): void {
    this.#hash.update(data);
  }

  endChunk(): void {
    this.#unchecked.push({ claimed: this.#claimed, head: 'AWS4-HMAC-SHA256-PAYLOAD', digests: [emptyDigest, this.#hash.digest('hex')] });
  }

  /** After the last chunk. */
  endTrailer(trailers: ReadonlyMap<string, string>): void {
    if (this.#request.payload !== signedChunksAndTrailer) return;
    const lines = Array.from(trailers).filter(([name]) => name !== 'x-amz-trailer-signature').map(([name, value]) => `${name}:${value}\n`);
    const digest = createHash('sha256').update(lines.join('')).digest('hex');
    this.#unchecked.push({ claimed: trailers.get('x-amz-trailer-signature') ?? '', head: 'AWS4-HMAC-SHA256-TRAILER', digests: [digest] });
  }

  /** Of all that has come. @throws AwsError SignatureDoesNotMatch */
  async check(): Promise<void> {
    for (const { claimed, head, digests } of this.#unchecked.splice(0)) {
      const { longDate, scope } = this.#request;
      const expected = await this.#request.sign([head, longDate, scope, this.#previous, ...digests].join('\n'));
      if (!sameText(expected, claimed)) {
        throw s3Error('SignatureDoesNotMatch', 'The signature of a chunk of the body, or of its trailer, is not the one that we calculated.');
      }
      this.#previous = expected;
    }
  }
}
