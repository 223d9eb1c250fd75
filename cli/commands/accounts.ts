/** `ferry accounts`: what a migration did with the accounts of its databases. */
import { GetObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { accountsReportSchema } from '../../core/accounts/report.ts';
import type { AccountsReport } from '../../core/accounts/report.ts';
import { migrationName } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import { accountsReportKey } from '../../core/names.ts';
import type { Command, Values } from '../command-line.ts';
import { readOptions } from '../command-line.ts';
import type { Context } from '../context.ts';
import { print, printJson } from '../context.ts';
import type { Deployment } from '../deployment.ts';
import { connectDeployment, deploymentOptions } from '../deployment.ts';
import { planOfAccounts, planOptions, planShape } from './accounts-plan.ts';
import { renderAccounts } from '../render/accounts.ts';
import { chooseRun } from '../runs.ts';
import { styleFor } from '../terminal/style.ts';

const optionsSchema = z.object({ ...planShape, migration: migrationName.optional(), json: z.boolean().default(false) });

export const accountsCommand: Command = {
  name: 'accounts',
  summary: 'Show which accounts were made on the target, and what is left to do by hand.',
  positionals: '[DATABASE...]',
  description: ['For a migration with a run that was started with --accounts. The report holds no password hash.', 'With --plan: which accounts would be made, with which grants, and what is left out and why, from the source alone. It needs no runtime and no stack.'],
  options: {
    migration: { value: 'NAME', help: "The migration (the newest run's)." },
    ...planOptions,
    json: { help: 'Print one JSON document.' },
    ...deploymentOptions,
  },
  examples: ['ferry accounts --migration spring-cutover', "ferry accounts --plan --source mysql://ferry@db1 --exclude 'backup@*' crm billing"],
  run: accounts,
};

async function accounts(context: Context, values: Values, positionals: readonly string[]): Promise<number> {
  const options = readOptions(optionsSchema, values);
  if (options.plan) return planOfAccounts(context, options, positionals);
  const [stray] = [...positionals, ...['source', 'file', 'include', 'exclude'].filter((name) => values[name] !== undefined).map((name) => `--${name}`)];
  if (stray !== undefined) throw new FerryError('InvalidInput', `${stray} goes with --plan: the report of a migration is of all its databases.`);
  const deployment = await connectDeployment(context, values);
  const migration = options.migration ?? (await chooseRun(deployment, {})).migration;
  const report = await readReport(deployment, migration);
  if (options.json) printJson(context, report);
  else print(context.stdout, renderAccounts(report, { width: Math.min(context.stdout.columns ?? 100, 120), style: styleFor(context.stdout, context.environment) }).join('\n'));
  return 0;
}

async function readReport({ s3, bucketName }: Deployment, migration: string): Promise<AccountsReport> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketName, Key: accountsReportKey(migration) }));
    return accountsReportSchema.parse(JSON.parse((await Body?.transformToString()) ?? ''));
  } catch (error) {
    if (!(error instanceof S3ServiceException) || !['NoSuchKey', 'AccessDenied'].includes(error.name)) throw error;
    // Who may not list the bucket, as an operator may not, is refused what is not there.
    const doubt = error.name === 'AccessDenied' ? ', or these credentials may not read it' : '';
    throw new FerryError('AccountsNotReported', `The migration ${migration} has no report of accounts${doubt}.`, { cause: error });
  }
}
