/** `ferry start`: checks the list, starts a run, and watches it. */
import { randomBytes } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { ExecutionAlreadyExists, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { checkAllowed } from '../../core/assessment/blocked-branch.ts';
import { freezeModes, migrationName, verificationLevelSchema, workflowInputSchema } from '../../core/contracts.ts';
import type { WorkflowInput } from '../../core/contracts.ts';
import { accountPattern } from '../../core/accounts/account-filter.ts';
import { accountName, conversionName } from '../../core/conversions.ts';
import { listLine } from '../../core/database-lists/list-text.ts';
import { FerryError } from '../../core/errors.ts';
import { databaseListKey } from '../../core/names.ts';
import type { Command, OptionSpec, Values } from '../command-line.ts';
import { readOptions, wholeNumber } from '../command-line.ts';
import type { Context } from '../context.ts';
import { print } from '../context.ts';
import { readDatabaseList } from '../database-list.ts';
import type { Deployment } from '../deployment.ts';
import { connectDeployment, deploymentOptions } from '../deployment.ts';
import { followRun, windowOption, windowSchema } from '../follow.ts';
import { noteAction } from '../operator-actions.ts';
import type { RunSnapshot } from '../progress.ts';
import { describeRun } from '../runs.ts';
import { formatPlural } from '../terminal/format.ts';

/** Of the 256 KiB (262,144 bytes) that States Language allows an input, the rest is for the options. */
const inlineListBytes = 200_000;

export const runSettings: Readonly<Record<string, OptionSpec>> = {
  'max-concurrency': { value: 'N', help: 'Branches at once (200).' },
  'dump-threads': { value: 'N', help: 'Dumps at once on the source (4).' },
  'max-connections': { value: 'N', help: "Imports start while the target's connections stay under this (200)." },
  'max-attempts': { value: 'N', help: 'Tries of each stage before a database is dead-lettered (3).' },
  'hold-minutes': { value: 'N', help: 'How long a database is held for a server or service that is away, before its dead letter (30).' },
  'dump-timeout-minutes': { value: 'N', help: 'The longest that one dump may take (720).' },
  'import-timeout-minutes': { value: 'N', help: 'The longest that one import may take (1440).' },
  'verify-timeout-minutes': { value: 'N', help: 'The longest that one verification may take (720).' },
  replace: { value: 'DATABASE', multiple: true, help: 'A finished database to dump again and replace on the target; may be repeated.' },
  verification: { value: 'LEVEL', help: 'What is compared: digests of all rows, counts, or none, which ends as IMPORTED (digests).' },
  'no-convert': { value: 'RULE', multiple: true, help: 'A rule of docs/compatibility.md that imports are not to apply; may be repeated.' },
  definer: { value: 'ACCOUNT', help: 'user@host of the target: takes the place of definers that the target does not have (they stay).' },
  accounts: { help: 'Make the accounts whose grants reach the databases on the target, with their password hashes.' },
  include: { value: 'ACCOUNT', multiple: true, help: 'With --accounts: only accounts like this, user@host or user, with * and ? as wildcards; an administrator only if its name is written out; may be repeated.' },
  exclude: { value: 'ACCOUNT', multiple: true, help: 'With --accounts: no account like this; may be repeated.' },
  allow: { value: 'CHECK', multiple: true, help: 'A check (docs/assessment.md) that would refuse a database before its dump: go on in spite of it; may be repeated.' },
  freeze: { value: 'MODE', implied: 'lock', help: 'Keep writers out of each database from before its dump until it is verified; with =revoke their write privileges are withdrawn, and stay so (none).' },
  'freeze-minutes': { value: 'N', help: 'Let the writers in again after so many minutes at the latest (60).' },
  'second-wave': { help: 'Dump every named database again, and replace those that are finished on the target: what `ferry drift` lists.' },
};

export const runSettingsShape = {
  'max-concurrency': wholeNumber(1, 10_000).optional(),
  'dump-threads': wholeNumber(1, 1_000).optional(),
  'max-connections': wholeNumber(1, 16_000).optional(),
  'max-attempts': wholeNumber(1, 10).optional(),
  'hold-minutes': wholeNumber(1, 1_440).optional(),
  'dump-timeout-minutes': wholeNumber(1, 525_600).optional(),
  'import-timeout-minutes': wholeNumber(1, 525_600).optional(),
  'verify-timeout-minutes': wholeNumber(1, 525_600).optional(),
  replace: z.array(z.string()).default([]),
  'no-convert': z.array(conversionName).default([]),
  definer: accountName.optional(),
  accounts: z.boolean().optional(),
  include: z.array(accountPattern).optional(),
  exclude: z.array(accountPattern).optional(),
  allow: z.array(z.string()).default([]),
  freeze: z.enum(freezeModes, 'takes no value, or =revoke').optional(),
  'freeze-minutes': wholeNumber(1, 1_440).optional(),
  'second-wave': z.boolean().default(false),
  verification: verificationLevelSchema.optional(),
};

const optionsSchema = z.object({
  ...runSettingsShape,
  migration: z.string('is needed: it names the effort, across runs').pipe(migrationName),
  file: z.string().optional(),
  run: z.string().regex(/^[A-Za-z0-9_-]{1,80}$/, 'must be 1 to 80 letters, digits, hyphens or underscores').optional(),
  'no-watch': z.boolean().default(false),
  json: z.boolean().default(false),
  window: windowSchema,
});

export const startCommand: Command = {
  name: 'start',
  summary: 'Migrate databases: start a run and watch it.',
  positionals: '[DATABASE...]',
  description: [
    'Names come as arguments, from --file, or from standard input, one on each line. All of them are checked before anything is started.',
    'A run of a migration that has run before continues it: what is verified is left alone, what is not resumes where its record says.',
  ],
  options: {
    migration: { value: 'NAME', help: 'The effort that this run belongs to (needed).' },
    file: { value: 'FILE', help: 'Read the names from a file; - is standard input.' },
    ...runSettings,
    run: { value: 'NAME', help: "The run's own name (MIGRATION-DATE-TIME and six characters by chance)." },
    'no-watch': { help: 'Return once the run is started, and print its name.' },
    ...windowOption,
    json: { help: 'Print the outcome as one JSON document.' },
    ...deploymentOptions,
  },
  examples: [
    'ferry start --migration spring-cutover crm billing',
    'ferry start --migration spring-cutover --file active.txt --window 60m --stage production',
    'ferry start --migration spring-cutover --file active.txt --freeze --freeze-minutes 90',
    'ferry drift --migration spring-cutover --source mysql://ferry@db1 | ferry start --migration spring-cutover --second-wave --file -',
  ],
  run: start,
};

async function start(context: Context, values: Values, positionals: readonly string[]): Promise<number> {
  const options = readOptions(optionsSchema, values);
  const databases = await readDatabaseList(context, positionals, options.file);
  const settings = readRunSettings(options, databases);
  const deployment = await connectDeployment(context, values, 'work');
  const run = await startRun(context, deployment, { ...settings, migration: options.migration, databases }, options.run);
  if (options['no-watch']) {
    print(context.stdout, run.name);
    return 0;
  }
  return followRun(context, deployment, run, { windowSeconds: options.window, json: options.json });
}

export type RunSettings = Partial<Omit<WorkflowInput, 'migration' | 'databases' | 'databaseList'>>;

/** @throws FerryError InvalidInput for a --replace that is not in the list, an --allow that names no check, and a deadline without a freeze */
export function readRunSettings(options: z.infer<z.ZodObject<typeof runSettingsShape>>, databases: readonly string[]): RunSettings {
  checkAllowed(options.allow);
  const listed = new Set(databases);
  const stray = options.replace.filter((name) => !listed.has(name));
  if (stray.length > 0) {
    throw new FerryError('InvalidInput', `--replace names what is not in the list of databases: ${stray.map((name) => `\`${name}\``).join(', ')}.`);
  }
  if (options['freeze-minutes'] !== undefined && options.freeze === undefined) {
    throw new FerryError('InvalidInput', '--freeze-minutes is the deadline of a freeze: it goes with --freeze.');
  }
  if (options.accounts !== true && (options.include ?? options.exclude) !== undefined) {
    throw new FerryError('InvalidInput', '--include and --exclude say which accounts are moved: they go with --accounts.');
  }
  const chosen = {
    maxConcurrency: options['max-concurrency'],
    dumpThreads: options['dump-threads'],
    maxConnections: options['max-connections'],
    maxAttempts: options['max-attempts'],
    holdMinutes: options['hold-minutes'],
    dumpTimeoutMinutes: options['dump-timeout-minutes'],
    importTimeoutMinutes: options['import-timeout-minutes'],
    verifyTimeoutMinutes: options['verify-timeout-minutes'],
    ...(options.replace.length > 0 ? { replace: options.replace } : {}),
    ...(options['no-convert'].length > 0 ? { noConvert: options['no-convert'] } : {}),
    definer: options.definer,
    accounts: options.accounts,
    accountsInclude: options.include,
    accountsExclude: options.exclude,
    ...(options.allow.length > 0 ? { allow: options.allow } : {}),
    ...(options['second-wave'] ? { secondWave: true } : {}),
    verification: options.verification,
    freeze: options.freeze,
    freezeMinutes: options['freeze-minutes'],
  };
  return Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
}

/**
 * Starts an execution; a list past what an input may hold goes to S3 first.
 * @param runName the operator's own; a name is made where there is none
 */
export async function startRun(
  context: Context,
  deployment: Deployment,
  wanted: RunSettings & { readonly migration: string; readonly databases: readonly string[] },
  runName?: string,
): Promise<RunSnapshot> {
  for (let tries = 1; ; tries += 1) {
    const name = runName ?? uniqueRunName(wanted.migration, context.now());
    const executionArn = await startExecution(deployment, name, await inputOf(deployment, wanted, name));
    if (executionArn !== undefined) {
      print(context.stderr, `Started run ${name}: ${formatPlural(wanted.databases.length, 'database')}, on ${deployment.description}.`);
      await noteAction(context, deployment, { name, migration: wanted.migration }, 'start');
      return describeRun(deployment, executionArn);
    }
    if (runName !== undefined || tries === nameTries) {
      throw new FerryError('InvalidInput', `There is a run ${name} already: name this one with --run, or leave it out.`);
    }
  }
}

/** Chance alone does not bring the same name twice; a clock that stands still and a broken source of randomness do. */
const nameTries = 5;

async function inputOf(deployment: Deployment, { databases, ...settings }: Parameters<typeof startRun>[2], name: string): Promise<string> {
  const inline = Buffer.byteLength(JSON.stringify(databases)) <= inlineListBytes;
  const list = inline ? { databases } : { databaseList: await uploadList(deployment, settings.migration, name, databases) };
  const input = { ...settings, ...list };
  workflowInputSchema.parse(input);
  return JSON.stringify(input);
}

/** @returns undefined when there is a run of that name */
async function startExecution(deployment: Deployment, name: string, input: string): Promise<string | undefined> {
  try {
    const { executionArn } = await deployment.stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn: deployment.stateMachineArn, name, input }),
    );
    return executionArn ?? '';
  } catch (error) {
    if (error instanceof ExecutionAlreadyExists) return undefined;
    throw error;
  }
}

async function uploadList(deployment: Deployment, migration: string, run: string, databases: readonly string[]): Promise<string> {
  // A list of its own, also where there is a run of that name already: that one may still have to read its list.
  const key = databaseListKey(migration, `${run}-${randomSuffix()}`);
  await deployment.s3.send(
    new PutObjectCommand({
      Bucket: deployment.bucketName,
      Key: key,
      Body: databases.map((name) => `${listLine(name)}\n`).join(''),
      ContentType: 'text/plain; charset=utf-8',
    }),
  );
  return `s3://${deployment.bucketName}/${key}`;
}

/** Of two starts in one second, too: `spring-cutover-20261122-072212-9f86d0`. */
function uniqueRunName(migration: string, now: Date): string {
  return `${defaultRunName(migration, now)}-${randomSuffix()}`;
}

function randomSuffix(): string {
  return randomBytes(3).toString('hex');
}

/** `spring-cutover-20261122-072212`, in UTC: at most 48 + 16 of the 80 characters that a name may have. */
export function defaultRunName(migration: string, now: Date): string {
  const [date = '', time = ''] = now.toISOString().replaceAll(/[-:]|\.\d+Z/g, '').split('T');
  return `${migration}-${date}-${time}`;
}
