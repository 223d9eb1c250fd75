/** Reads a dump that someone made by hand as an import will, for what its manifest has to say of it. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { Transform } from 'node:stream';
import { textOfBytes } from '../../containers/common/mysql-session.ts';
import type { DumpPart, SqlPart } from '../../containers/import/dump-parts.ts';
import { planImport } from '../../containers/import/import-plan.ts';
import { Rewriter } from '../../containers/import/rewrite/rewriter.ts';
import { rulesWithout } from '../../containers/import/rewrite/rules.ts';
import type { Manifest } from '../../core/contracts.ts';
import { unreadable } from '../files/read-whole.ts';

/** Programs say what they are in a dump's first lines. */
const headerBytes = 8 * 1024;
const firstBytes = 4;

/** What the dump's own first lines say; undefined where they do not. */
export interface DumpHeader {
  readonly tool: string | undefined;
  readonly database: string | undefined;
  readonly sourceVersion: string | undefined;
  readonly collation: string | undefined;
}

export type StoredPart = Pick<DumpPart, 'compression' | 'bytes' | 'sha256' | 'sqlBytes'>;

/** @throws FerryError InvalidInput for a file that cannot be read */
export async function readHeader(file: string): Promise<DumpHeader> {
  const chunks: Buffer[] = [];
  let read = 0;
  for await (const chunk of sqlOf(file, await compressionOf(file))) {
    chunks.push(chunk);
    read += chunk.length;
    if (read >= headerBytes) break;
  }
  return describeHeader(Buffer.concat(chunks).toString('utf8'));
}

/** Of mysqldump, MariaDB's dump, phpMyAdmin, HeidiSQL, Workbench and Adminer. */
export function describeHeader(text: string): DumpHeader {
  const first = (...patterns: readonly RegExp[]): string | undefined => patterns.map((pattern) => pattern.exec(text)?.[1]?.trim()).find((found) => found !== undefined && found !== '');
  const quoted = first(/^(?:\/\*!\d+ )?CREATE DATABASE (?:IF NOT EXISTS |\/\*!32312 IF NOT EXISTS\*\/ )?`((?:[^`]|``)+)`/m, /^USE `((?:[^`]|``)+)`/m, /^-- Database: `((?:[^`]|``)+)`\s*$/m);
  return {
    tool: first(/^-- ((?:MySQL|MariaDB) dump[^\n]*)/m, /^-- (phpMyAdmin SQL Dump)/m, /^-- (Adminer [^\n]*)/m, /^-- HeidiSQL Version:\s*([^\n]*)/m),
    database: quoted?.replaceAll('``', '`') ?? first(/^-- Host: \S+ +Database: ([^\n]+)/m),
    sourceVersion: first(/^-- Server version:?\s+([^\s]+)/m, /^-- Adminer \S+ (?:MySQL|MariaDB) (\S+) dump/m),
    collation: first(/^(?:\/\*!\d+ )?CREATE DATABASE [^\n]*\bCOLLATE[ =]+(\w+)/m),
  };
}

/**
 * @throws FerryError DumpRefused, ImportRejected as the import of it would; InvalidInput for a file that cannot be read
 */
export async function readDump(
  file: string,
  database: string,
  sourceVersion: string,
): Promise<{ readonly part: StoredPart; readonly tables: NonNullable<Manifest['tables']> }> {
  const compression = await compressionOf(file);
  const { bytes, sha256 } = await describeFile(file);
  let sqlBytes = 0;
  const whole: DumpPart = { role: 'main', key: file, compression, bytes, sha256, sqlBytes };
  const reader: SqlPart = {
    part: whole,
    async *sql() {
      sqlBytes = 0;
      for await (const chunk of sqlOf(file, compression)) {
        sqlBytes += chunk.length;
        yield chunk;
      }
    },
  };
  const plan = await planImport({ database, readers: [reader], byHand: true }, new Rewriter(rulesWithout([]), { sourceVersion }));
  const tables = [...plan.tables].map(([name, rows]) => ({ name: textOfBytes(name), engine: null, rows }));
  return { part: { compression, bytes, sha256, sqlBytes }, tables };
}

async function describeFile(file: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of sqlOf(file, 'none')) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** By its first bytes: a name may say anything. */
async function compressionOf(file: string): Promise<DumpPart['compression']> {
  const handle = await open(file).catch((error: unknown) => Promise.reject(unreadable(`The file ${file}`, error)));
  try {
    const { buffer } = await handle.read(Buffer.alloc(firstBytes), 0, firstBytes, 0);
    if (buffer.readUInt32LE() === 0xfd2fb528) return 'zstd';
    return buffer.readUInt16BE() === 0x1f8b ? 'gzip' : 'none';
  } catch (error) {
    throw unreadable(`The file ${file}`, error);
  } finally {
    await handle.close();
  }
}

async function* sqlOf(file: string, compression: DumpPart['compression']): AsyncGenerator<Buffer> {
  const stored = createReadStream(file, { highWaterMark: 256 * 1024 });
  const decompressor: Transform | undefined = compression === 'none' ? undefined : compression === 'zstd' ? createZstdDecompress() : createGunzip();
  stored.on('error', (error) => decompressor?.destroy(error));
  const sql: AsyncIterable<unknown> = decompressor === undefined ? stored : stored.pipe(decompressor);
  try {
    for await (const chunk of sql) yield chunk as Buffer;
  } catch (error) {
    throw unreadable(`The file ${file}`, error);
  } finally {
    stored.destroy();
    decompressor?.destroy();
  }
}

