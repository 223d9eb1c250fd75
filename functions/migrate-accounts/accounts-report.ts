/** The report of the accounts in S3, to which each step of a pass adds. */
import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type AccountEntry, accountsReportSchema, mergeEntries } from '../../core/accounts/report.ts';
import type { AccountsReport } from '../../core/accounts/report.ts';
import type { Pass } from '../../core/contracts.ts';
import { accountsReportKey } from '../../core/names.ts';

export async function addToReport(s3: S3Client, { bucket, migration }: Pass, entries: readonly AccountEntry[], now: Date): Promise<void> {
  const object = { Bucket: bucket, Key: accountsReportKey(migration) };
  const before = await readReport(s3, object);
  const report: AccountsReport = { format: 1, migration, updatedAt: now.toISOString(), accounts: mergeEntries(before?.accounts ?? [], entries) };
  await s3.send(new PutObjectCommand({ ...object, Body: JSON.stringify(report), ContentType: 'application/json' }));
}

async function readReport(s3: S3Client, object: { readonly Bucket: string; readonly Key: string }): Promise<AccountsReport | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand(object));
    return accountsReportSchema.parse(JSON.parse((await Body?.transformToString()) ?? ''));
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
