/** The databases of a pass, from the list that its Map reads. */
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type Pass, passItemSchema } from '../../core/contracts.ts';

export async function readPassList(s3: S3Client, pass: Pass): Promise<string[]> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: pass.bucket, Key: pass.listKey }));
  const text = (await Body?.transformToString()) ?? '';
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => passItemSchema.parse(JSON.parse(line)).database);
}
