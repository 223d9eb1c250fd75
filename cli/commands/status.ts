/** `ferry status`: where a migration stands. */
import { z } from 'zod';
import { migrationName } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import { listRejectedDumps } from '../../core/records.ts';
import type { RejectedDump } from '../../core/records.ts';
import type { Command, OptionSpec, Values } from '../command-line.ts';
import { readOptions } from '../command-line.ts';
import type { Context } from '../context.ts';
import { print, printJson } from '../context.ts';
import type { Deployment } from '../deployment.ts';
import { connectDeployment, deploymentOptions } from '../deployment.ts';
import { followRun, printProgress, windowOption, windowSchema } from '../follow.ts';
import type { RunSnapshot } from '../progress.ts';
import { computeProgress } from '../progress.ts';
import { recordsTable } from '../records.ts';
import { chooseRun, findNewestRun } from '../runs.ts';
import { takeSnapshot } from '../snapshot.ts';
import { formatPlural } from '../terminal/format.ts';
import { printable } from '../terminal/text.ts';

export const runChoiceOptions: Readonly<Record<string, OptionSpec>> = {
  migration: { value: 'NAME', help: "The migration (the newest run's)." },
  run: { value: 'RUN', help: "The run, by name or ARN (the migration's newest)." },
};

export const runChoiceShape = { migration: migrationName.optional(), run: z.string().min(1, 'must name a run').optional() };

const optionsSchema = z.object({
  ...runChoiceShape,
  watch: z.boolean().default(false),
  json: z.boolean().default(false),
  window: windowSchema,
});

export const statusCommand: Command = {
  name: 'status',
  summary: 'Show where a migration stands.',
  positionals: '',
  description: [
    'Counts by state, rate, estimate, slots, and what failed with its remedy. With --watch until the run ends; the exit code is then that of the outcome.',
  ],
  options: {
    ...runChoiceOptions,
    watch: { help: 'Keep watching until the run ends.' },
    ...windowOption,
    json: { help: 'Print one JSON document.' },
    ...deploymentOptions,
  },
  examples: ['ferry status --watch --window 60m', 'ferry status --migration spring-cutover --json'],
  run: status,
};

async function status(context: Context, values: Values): Promise<number> {
  const options = readOptions(optionsSchema, values);
  const deployment = await connectDeployment(context, values);
  const run = await chooseRunOrRecords(deployment, options);
  if (run !== undefined && options.watch) {
    return followRun(context, deployment, run, { windowSeconds: options.window, json: options.json });
  }
  const migration = run?.migration ?? options.migration ?? '';
  const snapshot = await takeSnapshot(deployment, migration, run, context.now(), true);
  if (run === undefined && snapshot.databases.length === 0) {
    throw new FerryError('RunNotFound', `The migration ${migration} has no run and no record in ${deployment.description}.`);
  }
  const progress = computeProgress(snapshot, context.now(), options.window);
  const rejectedDumps = await listRejectedDumps(recordsTable(deployment, migration));
  if (options.json) printJson(context, { ...progress, rejectedDumps });
  else {
    printProgress(context, progress);
    for (const line of renderRejectedDumps(rejectedDumps)) print(context.stdout, line);
  }
  return 0;
}

function renderRejectedDumps(rejected: readonly RejectedDump[]): string[] {
  if (rejected.length === 0) return [];
  const lines = rejected.map(({ key, error, message, at }) => `  ${printable(key)}  ${error}, ${at}\n    ${printable(message)}`);
  return ['', `${formatPlural(rejected.length, 'dump')} made by hand and not registered (put the manifest again once the reason is gone):`, ...lines];
}

/** Undefined for a migration named that has no run: it may have records, of dumps that were registered by hand. */
async function chooseRunOrRecords(
  deployment: Deployment,
  options: { readonly run?: string | undefined; readonly migration?: string | undefined },
): Promise<RunSnapshot | undefined> {
  if (options.run === undefined && options.migration !== undefined) return findNewestRun(deployment, options.migration);
  const run = await chooseRun(deployment, options);
  if (options.migration !== undefined && options.migration !== run.migration) {
    throw new FerryError('InvalidInput', `The run ${run.name} belongs to the migration ${run.migration}, not to ${options.migration}.`);
  }
  return run;
}
