/** The digests of all tables of a database as one hash, so that what two programs found can be compared at a glance. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../canonical-json.ts';
import type { Digest } from './table-digests.ts';

export interface NamedDigest extends Digest {
  readonly name: string;
}

/** SHA-256 in hexadecimal over the canonical JSON of `[name, rows, sum, xor]` of each table, in the order of the names' code units. */
export function databaseDigest(tables: readonly NamedDigest[]): string {
  const ordered = [...tables].sort((one, other) => (one.name < other.name ? -1 : 1));
  return createHash('sha256').update(canonicalJson(ordered.map(({ name, rows, sum, xor }) => [name, rows, sum, xor]))).digest('hex');
}
