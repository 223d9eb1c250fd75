/** A manifest proves itself: what its parts are is known by their hashes, and these by the manifest's own. */
import { createHash } from 'node:crypto';
import type { Manifest } from '../contracts.ts';

/** The manifest with its checksum, as Ferry writes it. One that was made by hand has none. */
export function withChecksum(manifest: Omit<Manifest, 'checksum'>): Manifest {
  return { ...manifest, checksum: checksumOf(manifest) };
}

/** @param stored the object as it was read, before any schema; without a checksum nothing is asked of it */
export function isAsWritten(stored: object): boolean {
  if (!('checksum' in stored)) return true;
  const { checksum, ...manifest } = stored;
  return checksum === checksumOf(manifest);
}

/** SHA-256 of the JSON without whitespace: its members keep their order from writing to reading. */
function checksumOf(manifest: object): string {
  return createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
}
