/** Registers a dump that someone made by hand and put into the bucket, manifest last. */
import { GetObjectCommand, HeadObjectCommand, NotFound, type S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { mapConcurrently } from '../../core/concurrency.ts';
import { type Manifest, manifestSchema, migrationName } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import { checkDatabaseName, handMadeAttempt, parseManifestKey } from '../../core/names.ts';
import {
  clearRejectedDump, type DumpFacts, noMigration, registerDump as registerRecord, type RecordsTable, storeRejectedDump,
} from '../../core/records.ts';

/** Source: Amazon S3 User Guide, "EventBridge event message structure". Keys are not encoded there. */
export const objectCreatedSchema = z.object({
  detail: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) }),
});

export interface RegisterDependencies {
  readonly records: (migration: string) => RecordsTable;
  readonly s3: S3Client;
  readonly now: () => Date;
}

export interface RegisterOutcome {
  readonly registered: boolean;
  readonly reason?: string;
}

/**
 * Leaves a database alone that a branch owns or that is VERIFIED. What cannot be registered is kept beside the records with its
 * reason, for `ferry status`, until the dump of that key is registered.
 * @throws FerryError InvalidInput, DumpMissing, DumpCorrupt, InvalidDatabaseName, SystemDatabase
 */
export async function registerDump(dependencies: RegisterDependencies, event: z.infer<typeof objectCreatedSchema>): Promise<RegisterOutcome> {
  const { key } = event.detail.object;
  const [migration = ''] = key.split('/');
  const table = dependencies.records(migrationName.safeParse(migration).success ? migration : noMigration);
  const reject = (error: string, message: string): Promise<void> => storeRejectedDump(table, { key, error, message, at: dependencies.now().toISOString() });
  try {
    const outcome = await register(dependencies, event);
    if (outcome.registered) await clearRejectedDump(table, key);
    else if (isMadeByHand(key)) await reject('NotRegistered', `The dump ${key} was not registered: ${outcome.reason ?? 'no reason'}.`);
    return outcome;
  } catch (error) {
    if (error instanceof FerryError) await reject(error.name, error.message);
    throw error;
  }
}

/** As the rule on events sees it: the manifests of the dump task lie elsewhere. */
function isMadeByHand(key: string): boolean {
  return key.includes('/dumps/') && key.endsWith(`/${handMadeAttempt}/manifest.json`);
}

async function register({ records, s3, now }: RegisterDependencies, { detail }: z.infer<typeof objectCreatedSchema>): Promise<RegisterOutcome> {
  const { key } = detail.object;
  const place = parseManifestKey(key);
  if (place?.attempt !== handMadeAttempt || !migrationName.safeParse(place.migration).success) {
    return { registered: false, reason: 'not the manifest of a hand-made dump: its key must be <migration>/dumps/<database>/manual/manifest.json' };
  }
  checkDatabaseName(place.database);
  const manifest = await readManifest(s3, detail.bucket.name, key);
  if (manifest.migration !== place.migration || manifest.database !== place.database) {
    throw new FerryError('InvalidInput', `The manifest ${key} names \`${manifest.database}\` of ${manifest.migration}: it does not belong where it is.`);
  }
  await checkParts(s3, detail.bucket.name, manifest);
  const writer = { by: 'registerDump', now: now().toISOString() };
  const registered = await registerRecord(records(place.migration), place.database, factsOf(key, manifest), writer);
  return registered ? { registered } : { registered, reason: `\`${place.database}\` is being migrated, or is verified already` };
}

async function readManifest(s3: S3Client, bucket: string, key: string): Promise<Manifest> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const text = (await Body?.transformToString()) ?? '';
  const parsed = manifestSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const flaws = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'it'}: ${issue.message}`).join('; ');
  throw new FerryError('InvalidInput', `The manifest ${key} cannot be used: ${flaws}.`);
}

async function checkParts(s3: S3Client, bucket: string, manifest: Manifest): Promise<void> {
  if (!manifest.parts.some(({ role }) => role === 'main')) {
    throw new FerryError('InvalidInput', `The manifest of \`${manifest.database}\` names no main part.`);
  }
  await mapConcurrently(manifest.parts, 8, async (part) => {
    const bytes = await sizeOf(s3, bucket, part.key);
    if (bytes === undefined) throw new FerryError('DumpMissing', `The part ${part.key} of the dump of \`${manifest.database}\` is not in the bucket.`);
    if (bytes !== part.bytes) {
      throw new FerryError('DumpCorrupt', `The part ${part.key} of the dump of \`${manifest.database}\` has ${bytes} bytes; its manifest says ${part.bytes}.`);
    }
  });
}

async function sizeOf(s3: S3Client, bucket: string, key: string): Promise<number | undefined> {
  try {
    const { ContentLength } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return ContentLength;
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

function factsOf(dumpManifest: string, { parts, tables }: Manifest): DumpFacts {
  return {
    dumpManifest,
    sqlBytes: parts.reduce((sum, { sqlBytes }) => sum + sqlBytes, 0),
    dumpBytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    ...(tables === undefined ? {} : { tables: tables.length, rows: tables.reduce((sum, { rows }) => sum + rows, 0) }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
