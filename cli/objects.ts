/** JSON objects of the bucket, as an operator may read them. */
import { createHash } from 'node:crypto';
import { GetObjectCommand, NoSuchKey } from '@aws-sdk/client-s3';
import type { z } from 'zod';
import { FerryError } from '../core/errors.ts';
import type { Deployment } from './deployment.ts';

export interface StoredJson<Value> {
  readonly value: Value;
  /** Of the object as it is stored. */
  readonly sha256: string;
}

/** Undefined when there is no such object. @throws FerryError StorageFailed for one that is not what its key says */
export async function readStoredJson<Schema extends z.ZodType>(
  { s3, bucketName }: Deployment,
  key: string,
  schema: Schema,
): Promise<StoredJson<z.infer<Schema>> | undefined> {
  const bytes = await readBytes(s3, bucketName, key);
  if (bytes === undefined) return undefined;
  const parsed = schema.safeParse(parseJson(bytes));
  if (!parsed.success) throw new FerryError('StorageFailed', `s3://${bucketName}/${key} is not what Aurora Ferry writes there: ${parsed.error.issues.map(({ path }) => path.join('.')).join(', ')}.`);
  return { value: parsed.data, sha256: createHash('sha256').update(bytes).digest('hex') };
}

async function readBytes(s3: Deployment['s3'], bucket: string, key: string): Promise<Uint8Array | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return await Body?.transformToByteArray();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
