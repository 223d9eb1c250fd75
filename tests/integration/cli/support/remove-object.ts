/** Removes an object as an administrator does: an operator may not. */
import assert from 'node:assert/strict';
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { readRunningRuntime } from '../../../../cli/deployment.ts';
import { rootAccessKeyId } from '../../../../local/iam/callers.ts';

export async function removeObject(stateFolder: string, key: string): Promise<void> {
  const runtime = await readRunningRuntime(stateFolder);
  assert.ok(runtime);
  const credentials = { accessKeyId: rootAccessKeyId, secretAccessKey: 'local' };
  const administrator = new S3Client({ endpoint: runtime.endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
  try {
    await administrator.send(new DeleteObjectCommand({ Bucket: runtime.outputs['BucketName'], Key: key }));
  } finally {
    administrator.destroy();
  }
}
