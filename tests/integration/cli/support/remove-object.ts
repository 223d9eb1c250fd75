/** Removes an object as an administrator does: an operator may not. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { runtimeFileSchema } from '../../../../local/state-folder.ts';

export async function removeObject(stateFolder: string, key: string): Promise<void> {
  const runtime = runtimeFileSchema.parse(JSON.parse(await readFile(join(stateFolder, 'runtime.json'), 'utf8')));
  const credentials = runtime.credentials.root;
  const administrator = new S3Client({ endpoint: runtime.endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
  try {
    await administrator.send(new DeleteObjectCommand({ Bucket: runtime.outputs['BucketName'], Key: key }));
  } finally {
    administrator.destroy();
  }
}
