/** Checks a certificate without AWS: its hash, and that what it says holds together. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { databaseDigest } from '../../core/digests/database-digest.ts';
import type { Entry, Tail } from './document.ts';
import { entrySchema, headSchema, tailSchema } from './document.ts';
import { OverviewCounter, wasProven } from './overview.ts';
import { canonical, invalid, parseJson, partsOf, requireCanonical } from './read-parts.ts';

export interface Checked {
  readonly sha256: string;
  readonly tail: Tail;
}

const signedTailSchema = tailSchema.extend({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/**
 * @param expected the SHA-256 that was kept elsewhere when the certificate was issued
 * @throws FerryError CertificateInvalid that says what does not hold; InvalidInput for a file that cannot be read
 */
export async function checkCertificate(file: string, expected: string | undefined): Promise<Checked> {
  const hash = createHash('sha256');
  const counter = new OverviewCounter();
  const databases = new Set<string>();
  let separator = '';
  let tail: z.infer<typeof signedTailSchema> | undefined;
  for await (const { kind, text } of partsOf(file)) {
    if (kind === 'head') {
      hash.update(`${canonical(file, parse(headSchema, text, file, 'its head')).slice(0, -1)},"databases":[`);
    } else if (kind === 'entry') {
      const entry = parse(entrySchema, text, file, 'the entry of a database');
      checkEntry(file, entry);
      if (databases.has(entry.database)) throw invalid(file, `\`${entry.database}\` has two entries`);
      databases.add(entry.database);
      counter.add(entry);
      hash.update(`${separator}${canonical(file, entry)}`);
      separator = ',';
    } else {
      tail = parse(signedTailSchema, text, file, 'its end');
    }
  }
  if (tail === undefined) throw invalid(file, 'it has no end');
  const { sha256, ...rest } = tail;
  const actual = hash.update(`],${canonical(file, rest).slice(1)}`).digest('hex');
  if (actual !== sha256) throw invalid(file, `its SHA-256 is ${actual}, and it says ${sha256}: it was changed after it was issued`);
  if (expected !== undefined && actual !== expected.toLowerCase()) throw invalid(file, `its SHA-256 is ${actual}, and not the ${expected} that was asked for: it is another certificate`);
  if (canonical(file, counter.overview()) !== canonical(file, rest.overview)) throw invalid(file, 'its overview is not what its databases add up to');
  return { sha256: actual, tail: rest };
}

function checkEntry(file: string, entry: Entry): void {
  const named = entry.tables.flatMap(({ name, rows, sum, xor }) => (sum === null || xor === null ? [] : [{ name, rows, sum, xor }]));
  if (entry.digest !== null && (named.length !== entry.tables.length || databaseDigest(named) !== entry.digest)) {
    throw invalid(file, `the digest of \`${entry.database}\` is not that of its tables`);
  }
  if (entry.state === 'VERIFIED' && entry.digest !== null && typeof entry.verification?.digest === 'string' && !wasProven({ ...entry, missing: [] })) {
    throw invalid(file, `\`${entry.database}\` is called VERIFIED, but source and target have different digests`);
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string, file: string, what: string): z.infer<Schema> {
  const parsed = schema.safeParse(parseJson(file, text));
  if (parsed.success) {
    requireCanonical(file, text, parsed.data);
    return parsed.data;
  }
  const flaws = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw invalid(file, `${what} is not as Aurora Ferry writes it (${flaws.join('; ')})`);
}
