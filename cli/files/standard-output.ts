/** Standard output and standard error of the process, as commands write to them. */
import { fstatSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import { FerryError } from '../../core/errors.ts';
import { fileFlaw } from '../../core/files/file-failure.ts';
import type { Context, OutputStream } from '../context.ts';
import type { Pieces } from './outputs.ts';

/**
 * Standard output, where all of it arrives or its failure is an `error` event. Node.js writes to a file once, and takes no notice
 * when the disk took a part of it (ulimit -f, a quota, a disk that fills up).
 */
export function standardOutput(): OutputStream {
  const { stdout } = process;
  if (stdout.isTTY || !fstatSync(stdout.fd).isFile()) return stdout;
  return new Writable({
    decodeStrings: true,
    write: (chunk: Buffer, _, done) => {
      try {
        for (let written = 0; written < chunk.length;) written += writeSync(stdout.fd, chunk, written);
        done();
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
}

/** What became of standard output, told on standard error. */
export function standardOutputFailure(error: unknown): FerryError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const flaw = code === 'EPIPE' ? 'its reader ended before everything was written' : fileFlaw(error);
  return new FerryError('OutputFailed', `Standard output cannot be written: ${code === '' ? '' : `${code}, `}${flaw}.`, { cause: error });
}

/** A document on standard output; waits for a slow reader. A failure ends the process (main.ts). */
export async function writeStandardOutput({ stdout }: Context, pieces: Pieces): Promise<void> {
  for await (const piece of pieces) {
    if (!stdout.write(piece)) await new Promise<void>((done) => stdout.once('drain', done));
  }
}
