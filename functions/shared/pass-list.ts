/** The databases of a pass, from the list that its Map reads. */
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type Pass, passItemSchema } from '../../core/contracts.ts';

export function readPassList(s3: S3Client, { bucket, listKey }: Pass): Promise<string[]> {
  return readList(s3, bucket, listKey);
}

/** With those that the pass left alone. */
export async function readOpenList(s3: S3Client, pass: Pass): Promise<string[]> {
  const setAside = pass.setAside === undefined ? [] : await readList(s3, pass.bucket, pass.setAside.listKey);
  return [...(await readPassList(s3, pass)), ...setAside];
}

async function readList(s3: S3Client, bucket: string, key: string): Promise<string[]> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const text = (await Body?.transformToString()) ?? '';
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => passItemSchema.parse(JSON.parse(line)).database);
}
