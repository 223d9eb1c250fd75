/** The databases of a migration that an operator means, with their records; and their dumps' manifests. */
import { manifestSchema, verifiedObjectsSchema } from '../core/contracts.ts';
import type { Manifest, VerifiedObjects } from '../core/contracts.ts';
import { FerryError } from '../core/errors.ts';
import { verifiedObjectsKey } from '../core/names.ts';
import { listRecords, readRecords } from '../core/records.ts';
import type { RecordSummary } from '../core/records.ts';
import type { Deployment } from './deployment.ts';
import { readStoredJson } from './objects.ts';
import { recordsTable } from './records.ts';

export type Subject = Pick<RecordSummary, 'database' | 'state' | 'checkpoint' | 'dumpManifest'>;

const namedUnknown = 20;

/**
 * @param names all of the migration when undefined
 * @throws FerryError RunNotFound for a migration without records; UnknownDatabase for names that it does not have
 */
export async function findSubjects(deployment: Deployment, migration: string, names: readonly string[] | undefined): Promise<Subject[]> {
  const table = recordsTable(deployment, migration);
  if (names === undefined) {
    const subjects: Subject[] = [];
    for await (const page of listRecords(table)) subjects.push(...page.map(({ database, state, checkpoint, dumpManifest }) => ({ database, state, checkpoint, dumpManifest })));
    if (subjects.length === 0) throw new FerryError('RunNotFound', `The migration ${migration} has no records in ${deployment.description}.`);
    return subjects;
  }
  const records = await readRecords(table, names);
  const unknown = names.filter((name) => !records.has(name));
  if (unknown.length > 0) {
    const shown = unknown.slice(0, namedUnknown).map((name) => `\`${name}\``).join(', ');
    throw new FerryError('UnknownDatabase', `The migration ${migration} has no record of ${shown}${unknown.length > namedUnknown ? ` and ${unknown.length - namedUnknown} more` : ''}.`);
  }
  return names.flatMap((name) => records.get(name) ?? []);
}

/** Undefined when it was not dumped yet, or the dump is gone. @throws FerryError StorageFailed */
export async function readManifestOf(deployment: Deployment, { dumpManifest }: Subject): Promise<Manifest | undefined> {
  return dumpManifest === '' ? undefined : (await readStoredJson(deployment, dumpManifest, manifestSchema))?.value;
}

/** Undefined when no verification of this dump has left any. @throws FerryError StorageFailed */
export async function readVerifiedObjects(deployment: Deployment, migration: string, { database, dumpManifest }: Subject): Promise<VerifiedObjects | undefined> {
  const stored = await readStoredJson(deployment, verifiedObjectsKey(migration, database), verifiedObjectsSchema);
  return stored?.value.dumpManifest === dumpManifest ? stored.value : undefined;
}
