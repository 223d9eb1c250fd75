/** Keeps what a later look at databases found, for the certificate, and reads it back. */
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { lookSchema, longestDetail } from '../core/looks/looks.ts';
import type { Found, LaterLook, Look } from '../core/looks/looks.ts';
import { messageOf } from '../core/mysql-failures.ts';
import { lookKey, looksPrefix } from '../core/names.ts';
import type { Context } from './context.ts';
import { print } from './context.ts';
import type { Deployment } from './deployment.ts';
import { readStoredJson } from './objects.ts';

/** Never fails: what was found is on the screen. */
export async function noteLook(
  context: Context,
  deployment: Deployment,
  migration: string,
  look: Omit<Look, 'format' | 'by' | 'databases'> & { readonly databases: readonly Found[] },
): Promise<void> {
  if (look.databases.length === 0) return;
  try {
    const databases = look.databases.map((found) => ({ ...found, detail: found.detail.toWellFormed().slice(0, longestDetail) }));
    const noted: Look = { ...look, format: 1, by: await deployment.caller(), databases };
    const Key = lookKey(migration, look.at, look.kind);
    await deployment.s3.send(new PutObjectCommand({ Bucket: deployment.bucketName, Key, Body: JSON.stringify(noted), ContentType: 'application/json' }));
  } catch (error) {
    print(context.stderr, `What was found could not be kept, and the certificate will not tell of it: ${messageOf(error)}`);
  }
}

/** By database, the first first. @throws FerryError StorageFailed, and what the AWS SDK throws */
export async function readLooks(deployment: Deployment, migration: string): Promise<Map<string, LaterLook[]>> {
  const byDatabase = new Map<string, LaterLook[]>();
  for (const key of await listKeys(deployment, looksPrefix(migration))) {
    const stored = await readStoredJson(deployment, key, lookSchema);
    if (stored === undefined) continue;
    const { kind, at, by, comparedWith, databases } = stored.value;
    for (const { database, outcome, detail } of databases) {
      const looks = byDatabase.get(database) ?? [];
      looks.push({ kind, at, by, comparedWith, outcome, detail });
      byDatabase.set(database, looks);
    }
  }
  return byDatabase;
}

/** In the order of their times, of which their names begin. */
async function listKeys({ s3, bucketName }: Deployment, Prefix: string): Promise<string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucketName, Prefix, ContinuationToken: token }));
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return keys.sort();
}
