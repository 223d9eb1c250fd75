/** Writes down who started, redrove or stopped a run, for the certificate, and reads it back. */
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { mapConcurrently } from '../core/concurrency.ts';
import { actionKey, actionsPrefix } from '../core/names.ts';
import { operatorActionSchema } from '../core/operator-actions.ts';
import type { OperatorAction } from '../core/operator-actions.ts';
import type { Context } from './context.ts';
import { print } from './context.ts';
import type { Deployment } from './deployment.ts';
import { readStoredJson } from './objects.ts';
import type { RunSnapshot } from './progress.ts';

/** Never fails: the night does not wait for a note. */
export async function noteAction(
  context: Context,
  deployment: Deployment,
  { name: run, migration }: Pick<RunSnapshot, 'name' | 'migration'>,
  action: OperatorAction['action'],
): Promise<void> {
  try {
    const note: OperatorAction = { action, run, at: context.now().toISOString(), by: await deployment.caller() };
    const Key = actionKey(migration, run, note.at, action);
    await deployment.s3.send(new PutObjectCommand({ Bucket: deployment.bucketName, Key, Body: JSON.stringify(note), ContentType: 'application/json' }));
  } catch (error) {
    print(context.stderr, `That you did this could not be written down, and the certificate will not name you: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const readAtOnce = 16;

/** All notes of a migration, the first first. @throws FerryError StorageFailed, and what the AWS SDK throws */
export async function readActions(deployment: Deployment, migration: string): Promise<OperatorAction[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await deployment.s3.send(new ListObjectsV2Command({ Bucket: deployment.bucketName, Prefix: actionsPrefix(migration), ContinuationToken: token }));
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  const notes = await mapConcurrently(keys, readAtOnce, (key) => readStoredJson(deployment, key, operatorActionSchema));
  return notes.flatMap((note) => (note === undefined ? [] : [note.value])).sort((one, other) => (one.at < other.at ? -1 : 1));
}
