/** The reports that the tasks of a migration left in the bucket. */
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { type Report, reportSchema } from '../core/contracts.ts';

export async function readReports(s3: S3Client, Bucket: string, migration: string): Promise<Report[]> {
  const reports: Report[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: `${migration}/reports/` })) {
    for (const { Key } of page.Contents ?? []) {
      if (Key === undefined || !/\/(dump|import|verify)\.json$/.test(Key)) continue;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      reports.push(reportSchema.parse(JSON.parse((await Body?.transformToString()) ?? '')));
    }
  }
  return reports;
}
