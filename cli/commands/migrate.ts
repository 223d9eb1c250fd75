/** `ferry migrate`: a whole migration on this machine in one command: a local runtime, a run, and its summary. */
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { migrationName } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import { isSystemDatabase } from '../../core/names.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import type { Command, Values } from '../command-line.ts';
import { readOptions } from '../command-line.ts';
import type { Context } from '../context.ts';
import { interruptedExitCode, print, sleep } from '../context.ts';
import { readDatabaseList } from '../database-list.ts';
import type { Deployment } from '../deployment.ts';
import { defaultStateFolder, stateFolder } from '../deployment.ts';
import { followRun, windowOption, windowSchema } from '../follow.ts';
import { startLocalProcess } from '../local-process.ts';
import { findDumpProgram } from '../mysql-programs.ts';
import { noteAction } from '../operator-actions.ts';
import { hasEnded } from '../estimate.ts';
import type { RunSnapshot } from '../progress.ts';
import { describeRun, findNewestRun } from '../runs.ts';
import { openSession } from '../server-session.ts';
import { readServers, serverOptions, serverShape } from '../servers.ts';
import { readRunSettings, runSettings, runSettingsShape, startRun } from './start.ts';

const optionsSchema = z.object({
  ...serverShape,
  ...runSettingsShape,
  migration: migrationName.default('migration'),
  all: z.boolean().default(false),
  file: z.string().optional(),
  state: z.string().optional(),
  json: z.boolean().default(false),
  window: windowSchema,
});
export type MigrateOptions = z.infer<typeof optionsSchema>;

export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'Migrate on this machine, without AWS: local runtime, run and summary in one.',
  positionals: '[DATABASE...]',
  description: [
    'Starts a local runtime between two servers, runs a migration on it, and ends it. The state folder keeps dumps and records: the same command again continues where this one ended.',
  ],
  options: {
    ...serverOptions,
    all: { help: "Every database of the source, except MySQL's own." },
    file: { value: 'FILE', help: 'Read the names from a file; - is standard input.' },
    migration: { value: 'NAME', help: 'The effort that this belongs to (migration).' },
    ...runSettings,
    ...windowOption,
    state: { value: 'FOLDER', help: `Where dumps, records and logs are kept (${defaultStateFolder}).` },
    json: { help: 'Print the outcome as one JSON document.' },
  },
  examples: ['ferry migrate --source mysql://root@db1 --source-tls disabled --target mysql://admin@cluster.example --all'],
  run: migrate,
};

async function migrate(context: Context, values: Values, positionals: readonly string[]): Promise<number> {
  const options = readOptions(optionsSchema, values);
  if (options.all && (positionals.length > 0 || options.file !== undefined)) {
    throw new FerryError('InvalidInput', '--all stands for every database of the source: name none beside it.');
  }
  const named = options.all ? undefined : await readDatabaseList(context, positionals, options.file);
  const servers = await readServers(context, options);
  const databases = named ?? (await listDatabases(servers.source));
  const settings = readRunSettings(options, databases);
  const folder = stateFolder(context, options.state);
  const signal = context.interruption();
  const programs = await findDumpProgram(context);
  const selection = options.state === undefined ? '' : `--state ${options.state}`;
  print(context.stderr, 'Starting the local runtime ...');
  const local = await startLocalProcess(context, { stateFolder: folder, servers, programs, selection });
  try {
    await endEarlierRun(context, local.deployment, options.migration);
    if (signal.aborted) return interruptedExitCode;
    const run = await startRun(context, local.deployment, { ...settings, migration: options.migration, databases });
    const exitCode = await followRun(context, local.deployment, run, {
      windowSeconds: options.window,
      json: options.json,
      endsWithCommand: true,
    });
    if (exitCode === interruptedExitCode) {
      print(context.stderr, 'Interrupted: stopping the run and its runtime ...');
      await stopRun(context, local.deployment, run, 'Interrupted by the operator.');
      print(context.stderr, 'The same command continues where this one ended.');
    }
    return exitCode;
  } finally {
    await local.stop();
  }
}

/** @throws FerryError SourceUnreachable, SourceAccessDenied, EmptyDatabaseList */
async function listDatabases(source: ServerAccess): Promise<string[]> {
  const session = await openSession('source', source);
  try {
    const rows = await session.query<Record<string, string>>('SHOW DATABASES');
    const databases = rows.flatMap((row) => Object.values(row)).filter((name) => !isSystemDatabase(name));
    if (databases.length === 0) throw new FerryError('EmptyDatabaseList', 'The source has no database that this account can see; nothing was started.');
    return databases;
  } finally {
    await session.close();
  }
}

/** A run that was cut off with an earlier runtime went on with this one: it would hold databases of the new run. */
async function endEarlierRun(context: Context, deployment: Deployment, migration: string): Promise<void> {
  const run = await findNewestRun(deployment, migration);
  if (run !== undefined && !hasEnded(run)) await stopRun(context, deployment, run, 'Replaced by a new run of the same migration.');
}

async function stopRun(context: Context, deployment: Deployment, run: RunSnapshot, cause: string): Promise<void> {
  await deployment.stepFunctions.send(new StopExecutionCommand({ executionArn: run.arn, error: 'StoppedByOperator', cause }));
  await noteAction(context, deployment, run, 'stop');
  for (let waited = 0; waited < 20_000 && !hasEnded(await describeRun(deployment, run.arn)); waited += 100) await sleep(100);
}
