/** Checks a certificate without AWS: its hash, and that what it says holds together. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { canonicalJson } from '../../core/canonical-json.ts';
import { databaseDigest } from '../../core/digests/database-digest.ts';
import { FerryError } from '../../core/errors.ts';
import type { Entry, Tail } from './document.ts';
import { entrySchema, headSchema, tailSchema } from './document.ts';
import { OverviewCounter, wasProven } from './overview.ts';

export interface Checked {
  readonly sha256: string;
  readonly tail: Tail;
}

interface Part {
  readonly kind: 'head' | 'entry' | 'tail';
  readonly value: unknown;
}

const signedTailSchema = tailSchema.extend({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const firstLine = /^\{"certificate":.*"databases":\[$/;

/**
 * @param expected the SHA-256 that was kept elsewhere when the certificate was issued
 * @throws FerryError CertificateInvalid that says what does not hold; InvalidInput for a file that cannot be read
 */
export async function checkCertificate(file: string, expected: string | undefined): Promise<Checked> {
  const hash = createHash('sha256');
  const counter = new OverviewCounter();
  let separator = '';
  let tail: z.infer<typeof signedTailSchema> | undefined;
  for await (const { kind, value } of partsOf(file)) {
    if (kind === 'head') {
      hash.update(`${canonical(file, parse(headSchema, value, file, 'its head')).slice(0, -1)},"databases":[`);
    } else if (kind === 'entry') {
      const entry = parse(entrySchema, value, file, 'the entry of a database');
      checkEntry(file, entry);
      counter.add(entry);
      hash.update(`${separator}${canonical(file, entry)}`);
      separator = ',';
    } else {
      tail = parse(signedTailSchema, value, file, 'its end');
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

/** As Ferry writes it, line by line; laid out in another way, the whole at once. */
async function* partsOf(file: string): AsyncGenerator<Part> {
  const input = (await openFile(file)).createReadStream();
  let lines = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    lines += 1;
    if (lines === 1) {
      if (!firstLine.test(line)) {
        input.destroy();
        yield* partsOfWhole(file);
        return;
      }
      yield { kind: 'head', value: parseJson(`${line.slice(0, -',"databases":['.length)}}`, file) };
    } else if (line.startsWith('],')) {
      yield { kind: 'tail', value: parseJson(`{${line.slice(2)}`, file) };
    } else {
      yield { kind: 'entry', value: parseJson(line.replace(/,$/, ''), file) };
    }
  }
  if (lines === 0) throw invalid(file, 'it is empty');
}

async function* partsOfWhole(file: string): AsyncGenerator<Part> {
  const whole = z.looseObject({ certificate: z.unknown(), databases: z.array(z.unknown()) }).safeParse(parseJson(await text(createReadStream(file)), file));
  if (!whole.success) throw invalid(file, 'it is not a certificate of Aurora Ferry (the HTML is a view of it; check the JSON)');
  const { certificate, databases, ...tail } = whole.data;
  yield { kind: 'head', value: { certificate } };
  for (const value of databases) yield { kind: 'entry', value };
  yield { kind: 'tail', value: tail };
}

async function openFile(file: string): Promise<Awaited<ReturnType<typeof open>>> {
  return open(file).catch((error: unknown) => {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new FerryError('InvalidInput', `The file ${file} cannot be read: ${reason}.`, { cause: error });
  });
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, file: string, what: string): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const flaws = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw invalid(file, `${what} is not as Aurora Ferry writes it (${flaws.join('; ')})`);
}

function parseJson(json: string, file: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw invalid(file, 'it is not JSON (the HTML is a view of it; check the JSON)', error);
  }
}

function canonical(file: string, value: unknown): string {
  try {
    return canonicalJson(value);
  } catch (error) {
    throw invalid(file, 'it holds text that is no Unicode', error);
  }
}

function invalid(file: string, flaw: string, cause?: unknown): FerryError {
  return new FerryError('CertificateInvalid', `The certificate ${file} does not hold: ${flaw}.`, cause === undefined ? undefined : { cause });
}
