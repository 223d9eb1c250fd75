/** `ferry show DATABASE`: everything on record about one database. */
import { z } from 'zod';
import { migrationName, verifiedObjectsSchema } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import { readFreeze } from '../../core/freezes.ts';
import { verifiedObjectsKey } from '../../core/names.ts';
import { readRecord, withHistory } from '../../core/records.ts';
import type { CannotRun } from '../../core/stored-objects/cannot-run.ts';
import type { Command, Values } from '../command-line.ts';
import { nearest, readOptions } from '../command-line.ts';
import type { Context } from '../context.ts';
import { print, printJson } from '../context.ts';
import type { Deployment } from '../deployment.ts';
import { connectDeployment, deploymentOptions } from '../deployment.ts';
import { readStoredJson } from '../objects.ts';
import { readDatabaseRows, recordsTable } from '../records.ts';
import { describeDatabase, renderDatabase } from '../render/database.ts';
import { chooseRun } from '../runs.ts';
import { styleFor } from '../terminal/style.ts';

const optionsSchema = z.object({ migration: migrationName.optional(), all: z.boolean().default(false), json: z.boolean().default(false) });

export const showCommand: Command = {
  name: 'show',
  summary: 'Show one database: its transitions, sizes, and error.',
  positionals: 'DATABASE',
  description: [
    'Each transition with its time, how long the state lasted, the attempt, and what went wrong.',
    'Of a long history the first and the newest, and between them how many of which kind; --all prints every one.',
  ],
  options: {
    migration: { value: 'NAME', help: "The migration (the newest run's)." },
    all: { help: 'Print every transition, however many.' },
    json: { help: 'Print one JSON document, with every transition.' },
    ...deploymentOptions,
  },
  examples: ['ferry show crm', 'ferry show crm --migration spring-cutover --json'],
  run: show,
};

async function show(context: Context, values: Values, positionals: readonly string[]): Promise<number> {
  const options = readOptions(optionsSchema, values);
  const [database] = positionals;
  if (database === undefined || positionals.length > 1) {
    throw new FerryError('InvalidInput', `ferry show takes the name of one database, but got ${positionals.length}.`);
  }
  const deployment = await connectDeployment(context, values);
  const migration = options.migration ?? (await chooseRun(deployment, {})).migration;
  const table = recordsTable(deployment, migration);
  const newest = await readRecord(table, database);
  if (newest === undefined) throw await unknownDatabase(deployment, migration, database);
  const [record, freeze] = await Promise.all([withHistory(table, newest), readFreeze(table, database)]);
  const cannotRun = record.cannotRun === undefined ? [] : await readCannotRun(deployment, migration, database);
  const described = describeDatabase(record, { freeze, cannotRun }, migration, deployment.bucketName, context.now());
  if (options.json) {
    printJson(context, described);
    return 0;
  }
  const style = styleFor(context.stdout, context.environment);
  const layout = { width: Math.min(context.stdout.columns ?? 100, 120), style, allTransitions: options.all };
  print(context.stdout, renderDatabase(described, layout).join('\n'));
  return 0;
}

/** What the newest verification said. */
async function readCannotRun(deployment: Deployment, migration: string, database: string): Promise<readonly CannotRun[]> {
  const stored = await readStoredJson(deployment, verifiedObjectsKey(migration, database), verifiedObjectsSchema);
  return stored?.value.cannotRun ?? [];
}

async function unknownDatabase(deployment: Deployment, migration: string, database: string): Promise<FerryError> {
  const rows = await readDatabaseRows(recordsTable(deployment, migration));
  const near = nearest(database, rows.map((row) => row.database));
  const hint = near === undefined ? '' : ` Did you mean \`${near}\`?`;
  return new FerryError('UnknownDatabase', `The migration ${migration} has no record of \`${database}\`.${hint}`);
}
