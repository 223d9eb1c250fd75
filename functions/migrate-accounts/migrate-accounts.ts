/**
 * Carries accounts from the source to the target. Hashes pass from one connection to the other inside this function, which is
 * the only program that holds both secrets: they are in no object, no record and no log.
 */
import type { S3Client } from '@aws-sdk/client-s3';
import type { RowDataPacket } from 'mysql2';
import { z } from 'zod';
import { chooseAccounts, type ChosenAccount } from '../../core/accounts/choose-accounts.ts';
import { NameIndex } from '../../core/accounts/name-patterns.ts';
import { readSourceAccounts, type ReadSource } from '../../core/accounts/read-source.ts';
import type { AccountEntry, CarriedWildcard } from '../../core/accounts/report.ts';
import { planAccount, planObject } from '../../core/accounts/statements.ts';
import { passSchema, type Pass } from '../../core/contracts.ts';
import { isDone, readRecords, type RecordsTable } from '../../core/records.ts';
import type { Servers } from '../select-databases/check-servers.ts';
import { readPassList } from '../shared/pass-list.ts';
import { connectServer, readServerAccess } from '../shared/server-connection.ts';
import { addToReport } from './accounts-report.ts';
import { TargetAccounts } from './target-accounts.ts';

/**
 * Before the branches: accounts with their global and database grants, because definers need the accounts, and the application
 * needs them once a database is verified. After them: grants on tables and routines, which a server refuses as long as
 * these do not exist; not in the branches, whose tasks have one secret each.
 */
const stepSchema = z.enum(['accounts', 'object-privileges']);

export const accountsInputSchema = z.object({ pass: passSchema, runArn: z.string(), step: stepSchema });

export interface AccountsDependencies {
  readonly table: RecordsTable;
  readonly s3: S3Client;
  readonly servers: Servers;
  readonly now: () => Date;
}

export type AccountCounts = Readonly<Record<AccountEntry['outcome'], number>>;

/**
 * Every statement can be given again: a redrive, or a later pass, finds what is there and adds what is not.
 * @throws FerryError SourceUnreachable, SourceAccessDenied, TargetUnreachable, TargetAccessDenied, AccountsUnreadable,
 * AccountsUnsupported
 */
export async function migrateAccounts(dependencies: AccountsDependencies, { pass, step }: z.infer<typeof accountsInputSchema>): Promise<AccountCounts> {
  const names = await readNames(dependencies, pass, step);
  const { source, ignoreCase } = await readSource(dependencies.servers);
  const chosen = chooseAccounts(source, new NameIndex(names, ignoreCase), pass.accountFilter);
  const wanted = step === 'accounts' ? chosen : chosen.filter(({ objects }) => objects.length > 0);
  const entries = await withTarget(dependencies.servers, pass.migration, async (target) => {
    const done: AccountEntry[] = [];
    for (const account of wanted) done.push(await carry(target, account, step, source.namesAreLiteral));
    return done;
  });
  await addToReport(dependencies.s3, pass, entries, dependencies.now());
  return countOutcomes(entries);
}

async function readNames({ s3, table }: AccountsDependencies, pass: Pass, step: z.infer<typeof stepSchema>): Promise<string[]> {
  const names = await readPassList(s3, pass);
  if (step === 'accounts') return names;
  const records = await readRecords(table, names);
  return names.filter((name) => isDone(records.get(name) ?? {}));
}

async function readSource({ secrets, sourceSecretArn }: Servers): Promise<ReadSource> {
  const access = await readServerAccess(secrets, sourceSecretArn);
  const connection = await connectServer('source', access);
  try {
    return await readSourceAccounts(access, (sql) => connection.query<RowDataPacket[]>(sql).then(([rows]) => rows));
  } finally {
    connection.destroy();
  }
}

async function withTarget<Result>({ secrets, targetSecretArn }: Servers, migration: string, work: (target: TargetAccounts) => Promise<Result>): Promise<Result> {
  const access = await readServerAccess(secrets, targetSecretArn);
  const connection = await connectServer('target', access);
  try {
    return await work(await TargetAccounts.read(access, connection, migration));
  } finally {
    connection.destroy();
  }
}

async function carry(target: TargetAccounts, chosen: ChosenAccount, step: z.infer<typeof stepSchema>, sourceIsLiteral: boolean): Promise<AccountEntry> {
  const { account, leftOut, leftOutGrants } = chosen;
  const settled = leftOut === undefined ? await target.settle(account) : ({ outcome: 'left-out', reason: leftOut } as const);
  const named = { user: account.user, host: account.host, plugin: account.plugin, ...settled };
  if (settled.outcome === 'left-out' || settled.outcome === 'exists') return { ...named, granted: [], leftOut: [...leftOutGrants], wildcards: [] };
  const plans = step === 'accounts' ? planAccount(chosen, sourceIsLiteral, target.namesAreLiteral) : chosen.objects.map(planObject);
  const done = await target.grant(account, plans);
  const wildcards = step === 'accounts' ? describeWildcards(chosen, target.namesAreLiteral) : [];
  return { ...named, granted: done.granted, leftOut: [...leftOutGrants, ...done.leftOut], wildcards };
}

function describeWildcards({ databases }: ChosenAccount, targetIsLiteral: boolean): CarriedWildcard[] {
  const carried = targetIsLiteral ? 'expanded' : 'as-written';
  return databases.filter(({ isWildcard }) => isWildcard).map(({ database, reaches }) => ({ pattern: database, databases: [...reaches], carried }));
}

function countOutcomes(entries: readonly AccountEntry[]): AccountCounts {
  const counts = { created: 0, locked: 0, matched: 0, exists: 0, 'left-out': 0 };
  for (const { outcome } of entries) counts[outcome] += 1;
  return counts;
}
