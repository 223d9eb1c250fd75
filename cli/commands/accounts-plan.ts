/**
 * `ferry accounts --plan`: which accounts a run with --accounts would make, read from the source, with nothing done.
 */
import { z } from 'zod';
import { accountPattern } from '../../core/accounts/account-filter.ts';
import { planAccounts } from '../../core/accounts/plan.ts';
import { readSourceAccounts } from '../../core/accounts/read-source.ts';
import type { Row } from '../../core/accounts/rows.ts';
import type { AccountEntry } from '../../core/accounts/report.ts';
import { FerryError } from '../../core/errors.ts';
import { isSystemDatabase } from '../../core/names.ts';
import { serverFailure } from '../../core/mysql-failures.ts';
import type { OptionSpec } from '../command-line.ts';
import type { Context } from '../context.ts';
import { print, printJson } from '../context.ts';
import { readDatabaseList } from '../database-list.ts';
import { renderAccountPlan } from '../render/accounts.ts';
import { openSession } from '../server-session.ts';
import { readOneServer, optionsOf, serverShape } from '../servers.ts';
import { styleFor } from '../terminal/style.ts';

export const planOptions: Readonly<Record<string, OptionSpec>> = {
  plan: { help: 'Show what a run with --accounts would make of the accounts of these databases (of all, without names). Nothing is done.' },
  ...optionsOf('source'),
  file: { value: 'FILE', help: 'With --plan: read the names from a file; - is standard input.' },
  include: { value: 'ACCOUNT', multiple: true, help: 'With --plan: as of `ferry start`.' },
  exclude: { value: 'ACCOUNT', multiple: true, help: 'With --plan: as of `ferry start`.' },
};

export const planShape = {
  ...serverShape,
  plan: z.boolean().default(false),
  file: z.string().optional(),
  include: z.array(accountPattern).default([]),
  exclude: z.array(accountPattern).default([]),
};

type PlanOptions = z.infer<z.ZodObject<typeof planShape>> & { readonly json: boolean };

/** @throws FerryError InvalidInput, SourceUnreachable, SourceAccessDenied, AccountsUnreadable, UnknownDatabase */
export async function planOfAccounts(
  context: Context,
  options: PlanOptions,
  positionals: readonly string[],
): Promise<number> {
  const names = positionals.length === 0 && options.file === undefined ? undefined : await readDatabaseList(context, positionals, options.file);
  const { databases, accounts } = await readPlan(context, options, names);
  if (options.json) printJson(context, { databases: databases.length, include: options.include, exclude: options.exclude, accounts });
  else print(context.stdout, renderAccountPlan(accounts, databases.length, { width: Math.min(context.stdout.columns ?? 100, 120), style: styleFor(context.stdout, context.environment) }).join('\n'));
  return 0;
}

interface Plan {
  readonly databases: readonly string[];
  readonly accounts: readonly AccountEntry[];
}

async function readPlan(context: Context, options: PlanOptions, names: readonly string[] | undefined): Promise<Plan> {
  const access = await readOneServer(context, 'source', options);
  const session = await openSession('source', access);
  try {
    const present = (await session.query<{ name: string }>('SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA')).map(({ name }) => name);
    const unknown = (names ?? []).filter((name) => !present.includes(name));
    if (unknown.length > 0) {
      throw new FerryError('UnknownDatabase', `The source has no database ${unknown.slice(0, 20).map((name) => `\`${name}\``).join(', ')}.`);
    }
    const databases = names ?? present.filter((name) => !isSystemDatabase(name));
    const { source, ignoreCase } = await readSourceAccounts(access, (sql) => session.query<Row>(sql));
    return { databases, accounts: planAccounts(source, databases, ignoreCase, options) };
  } catch (error) {
    throw serverFailure('source', access, error);
  } finally {
    await session.close();
  }
}
