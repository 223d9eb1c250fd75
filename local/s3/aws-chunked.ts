import type { ChunkSignatures } from './chunk-signatures.ts';
import { s3Error } from './errors.ts';

const lineEnd = '\r\n';
/** A chunk's header carries its size and at most a signature; a trailer line a checksum or a signature. */
const longestLine = 4_096;

/**
 * Decodes the `aws-chunked` content encoding as it arrives, in constant memory.
 * Source: Amazon S3 API Reference, "Signature calculations: transferring payload in multiple chunks" with trailers:
 * `<hex size>[;chunk-signature=…] CRLF <data> CRLF … 0 CRLF <name>:<value> CRLF … CRLF`.
 */
export class AwsChunkedDecoder {
  readonly trailers = new Map<string, string>();
  readonly #signatures: ChunkSignatures | undefined;
  #state: 'size' | 'data' | 'data-end' | 'trailer' | 'end' = 'size';
  #line = '';
  #left = 0;

  /** @param signatures told of what comes; undefined for a body whose chunks are not signed */
  constructor(signatures?: ChunkSignatures) {
    this.#signatures = signatures;
  }

  get finished(): boolean {
    return this.#state === 'end';
  }

  /** The data in the next piece of the encoded body, without the framing. @throws AwsError InvalidRequest */
  *decode(piece: Buffer): Generator<Buffer> {
    let position = 0;
    while (position < piece.length) {
      if (this.#state === 'end') throw s3Error('InvalidRequest', 'The aws-chunked body goes on after its last chunk.');
      if (this.#state === 'data') {
        const data = piece.subarray(position, position + this.#left);
        position += data.length;
        this.#left -= data.length;
        this.#signatures?.update(data);
        if (this.#left === 0) this.#endChunk('data-end');
        yield data;
      } else {
        position = this.#readLine(piece, position);
      }
    }
  }

  /** Takes bytes up to the end of a line or of the piece; a finished line moves the state on. */
  #readLine(piece: Buffer, start: number): number {
    const newline = piece.indexOf(0x0a, start);
    const end = newline === -1 ? piece.length : newline + 1;
    this.#line += piece.toString('latin1', start, end);
    if (this.#line.length > longestLine) throw s3Error('InvalidRequest', 'A line of the aws-chunked framing is too long.');
    if (newline !== -1) {
      const line = this.#line.endsWith(lineEnd) ? this.#line.slice(0, -2) : this.#line.slice(0, -1);
      this.#line = '';
      this.#takeLine(line);
    }
    return end;
  }

  #endChunk(next: 'data-end' | 'trailer'): void {
    this.#signatures?.endChunk();
    this.#state = next;
  }

  #takeLine(line: string): void {
    if (this.#state === 'data-end') {
      if (line !== '') throw s3Error('InvalidRequest', 'A chunk of the aws-chunked body is longer than it says.');
      this.#state = 'size';
    } else if (this.#state === 'size') {
      const [, size, extensions = ''] = /^([0-9a-f]{1,12})(?:;(.*))?$/i.exec(line) ?? [];
      if (size === undefined) throw s3Error('InvalidRequest', 'A chunk of the aws-chunked body has no size.');
      this.#left = parseInt(size, 16);
      this.#signatures?.beginChunk(extensions);
      if (this.#left === 0) this.#endChunk('trailer');
      else this.#state = 'data';
    } else if (line === '') {
      this.#signatures?.endTrailer(this.trailers);
      this.#state = 'end';
    } else {
      const colon = line.indexOf(':');
      this.trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    }
  }
}
