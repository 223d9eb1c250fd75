/** One part of a dump on its way: SQL (mysqldump's, mostly) -> zstd -> S3, nothing on disk, a few parts of an upload in memory. */
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import type { Manifest } from '../../core/contracts.ts';
import type { Storage } from '../common/storage.ts';

export type DumpPart = Manifest['parts'][number];

/** Where the SQL of a part comes from. */
export interface SqlSource {
  /** Of SQL text, so far. */
  readonly bytes: number;
  /** Ends well only when the SQL is whole. */
  output(): AsyncIterable<Buffer>;
  stop(): Promise<void>;
}

export interface PartInProgress {
  /** All SQL has been written, and is whole: the source is not needed for this part any more. */
  readonly dumped: Promise<void>;
  readonly stored: Promise<DumpPart>;
  /** Of SQL that has been written so far. */
  readonly sqlBytes: () => number;
}

/** Level 3: 183 MB/s of SQL on one core, 2.85 times smaller. */
const compressionLevel = 3;

export function startPart(
  role: DumpPart['role'],
  source: SqlSource,
  signal: AbortSignal,
  destination: { readonly storage: Storage; readonly key: string; readonly partBytes: number },
): PartInProgress {
  const dumped = Promise.withResolvers<undefined>();
  const stored = storePart(role, source, signal, destination, () => {
    dumped.resolve(undefined);
  });
  // Failing before or after the end of the SQL, the part is waited for twice: neither promise may be left unhandled.
  stored.catch(dumped.reject);
  dumped.promise.catch(() => undefined);
  return { dumped: dumped.promise, stored, sqlBytes: () => source.bytes };
}

async function storePart(
  role: DumpPart['role'],
  source: SqlSource,
  signal: AbortSignal,
  { storage, key, partBytes }: { readonly storage: Storage; readonly key: string; readonly partBytes: number },
  onDumped: () => void,
): Promise<DumpPart> {
  const compressor = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: compressionLevel }, chunkSize: 128 * 1024 });
  async function* sql(): AsyncGenerator<Buffer> {
    yield* source.output();
    onDumped();
  }
  const compressed = pipeline(sql, compressor);
  // Its failure comes out of the compressor too.
  compressed.catch(() => undefined);
  try {
    const object = await storage.putStream(key, compressor[Symbol.asyncIterator]() as AsyncIterator<Buffer>, partBytes, signal);
    return { role, key, compression: 'zstd', ...object, sqlBytes: source.bytes, measured: true };
  } finally {
    compressor.destroy();
    await source.stop();
  }
}
