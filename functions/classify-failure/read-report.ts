/** The report that a task may have left in the bucket. */
import { GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { type Report, reportSchema } from '../../core/contracts.ts';

/** Undefined when there is none, or it cannot be read as one: then ECS's word has to do. */
export async function readReport(s3: S3Client, bucket: string, key: string): Promise<Report | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return reportSchema.safeParse(JSON.parse((await Body?.transformToString()) ?? '')).data;
  } catch (error) {
    if (error instanceof NoSuchKey || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
