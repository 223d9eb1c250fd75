/** One part of a dump on its way: mysqldump -> zstd -> S3, nothing on disk, a few parts of an upload in memory. */
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import type { Manifest } from '../../core/contracts.ts';
import type { Storage } from '../common/storage.ts';
import { Mysqldump } from './mysqldump.ts';
import type { MysqldumpCall } from './mysqldump.ts';

export type DumpPart = Manifest['parts'][number];

export interface PartInProgress {
  /** mysqldump has ended, and ended well: the source is not needed for this part any more. */
  readonly dumped: Promise<void>;
  readonly stored: Promise<DumpPart>;
  /** That mysqldump has written so far. */
  readonly sqlBytes: () => number;
}

/** Level 3: 183 MB/s of SQL on one core, 2.85 times smaller. */
const compressionLevel = 3;

export function startPart(
  role: DumpPart['role'],
  call: MysqldumpCall,
  destination: { readonly storage: Storage; readonly key: string; readonly partBytes: number },
): PartInProgress {
  const dumped = Promise.withResolvers<undefined>();
  const mysqldump = new Mysqldump(call);
  const stored = storePart(role, mysqldump, call.signal, destination, () => {
    dumped.resolve(undefined);
  });
  // Failing before or after mysqldump's end, the part is waited for twice: neither promise may be left unhandled.
  stored.catch(dumped.reject);
  dumped.promise.catch(() => undefined);
  return { dumped: dumped.promise, stored, sqlBytes: () => mysqldump.bytes };
}

async function storePart(
  role: DumpPart['role'],
  mysqldump: Mysqldump,
  signal: AbortSignal,
  { storage, key, partBytes }: { readonly storage: Storage; readonly key: string; readonly partBytes: number },
  onDumped: () => void,
): Promise<DumpPart> {
  const compressor = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: compressionLevel }, chunkSize: 128 * 1024 });
  async function* sql(): AsyncGenerator<Buffer> {
    yield* mysqldump.output();
    onDumped();
  }
  const compressed = pipeline(sql, compressor);
  // Its failure comes out of the compressor too.
  compressed.catch(() => undefined);
  try {
    const object = await storage.putStream(key, compressor[Symbol.asyncIterator]() as AsyncIterator<Buffer>, partBytes, signal);
    return { role, key, compression: 'zstd', ...object, sqlBytes: mysqldump.bytes };
  } finally {
    compressor.destroy();
    await mysqldump.stop();
  }
}
