/** `ferry redrive`: says what a redrive will do, does it, and watches. */
import { DescribeExecutionCommand, ExecutionNotRedrivable, RedriveExecutionCommand } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { FerryError } from '../../core/errors.ts';
import { isDone, readRecords, resumeCheckpoint, stageAfter } from '../../core/records.ts';
import type { RecordSummary } from '../../core/records.ts';
import type { Command, Values } from '../command-line.ts';
import { readOptions } from '../command-line.ts';
import type { Context } from '../context.ts';
import { print, sleep } from '../context.ts';
import type { Deployment } from '../deployment.ts';
import { connectDeployment, deploymentOptions } from '../deployment.ts';
import { followRun, windowOption, windowSchema } from '../follow.ts';
import { noteAction } from '../operator-actions.ts';
import type { RunSnapshot } from '../progress.ts';
import { hasEnded } from '../estimate.ts';
import { readDatabaseRows, recordsTable } from '../records.ts';
import { renderRedrivePlan } from '../render/redrive-plan.ts';
import type { RedrivePlan } from '../render/redrive-plan.ts';
import { chooseRun, describeRun } from '../runs.ts';
import { styleFor } from '../terminal/style.ts';
import { runChoiceOptions, runChoiceShape } from './status.ts';

export const redriveCommand: Command = {
  name: 'redrive',
  summary: 'Continue a run that failed or was stopped, once its causes are removed.',
  positionals: '',
  description: [
    'Says which databases will continue and from which stage, then redrives the run: only what is not verified is worked on. With --dry-run it says so and stops there.',
  ],
  options: {
    ...runChoiceOptions,
    'dry-run': { help: 'Only say what would be done.' },
    watch: { help: 'Watch it until its end (the default).' },
    'no-watch': { help: 'Return once the run is redriven.' },
    ...windowOption,
    json: { help: 'Print the outcome as one JSON document.' },
    ...deploymentOptions,
  },
  examples: ['ferry redrive', 'ferry redrive --run spring-cutover-20261122-072212 --dry-run'],
  run: redrive,
};

const optionsSchema = z.object({
  ...runChoiceShape,
  'dry-run': z.boolean().default(false),
  'no-watch': z.boolean().default(false),
  json: z.boolean().default(false),
  window: windowSchema,
});

async function redrive(context: Context, values: Values): Promise<number> {
  const options = readOptions(optionsSchema, values);
  const deployment = await connectDeployment(context, values, 'work');
  const run = await chooseRun(deployment, options);
  await checkRedrivable(deployment, run);
  const plan = await planRedrive(deployment, run);
  const style = styleFor(context.stderr, context.environment);
  print(context.stderr, renderRedrivePlan(plan, { width: Math.min(context.stderr.columns ?? 100, 120), style }).join('\n'));
  if (options['dry-run']) return 0;
  const redriven = await redriveRun(context, deployment, run);
  if (options['no-watch']) {
    print(context.stdout, run.name);
    return 0;
  }
  return followRun(context, deployment, redriven, { windowSeconds: options.window, json: options.json });
}

/** What a redrive of a run would work on, from the records. */
export async function planRedrive(deployment: Deployment, run: RunSnapshot): Promise<RedrivePlan> {
  const table = recordsTable(deployment, run.migration);
  const rows = await readDatabaseRows(table);
  const open = rows.filter(({ state, checkpoint }) => state !== 'VERIFIED' && checkpoint !== 'UNVERIFIED').map(({ database }) => database);
  const records = [...(await readRecords(table, open)).values()];
  const inStage = (stage: string): RecordSummary[] =>
    records.filter((record) => !isDone(record) && stageAfter(resumeCheckpoint(record)) === stage);
  return {
    run: run.name,
    status: run.status,
    verified: rows.length - open.length,
    stages: (['dump', 'import', 'verify'] as const).map((stage) => ({
      stage,
      databases: inStage(stage).map(({ database, error }) => ({ database, error: error ?? null })),
    })),
  };
}

/** @throws FerryError RunNotRedrivable with Step Functions' reason */
async function checkRedrivable(deployment: Deployment, run: RunSnapshot): Promise<void> {
  if (!hasEnded(run)) throw new FerryError('RunNotRedrivable', `The run ${run.name} is still running: wait for its end, or stop it with \`ferry stop\`.`);
  if (run.status === 'SUCCEEDED') throw new FerryError('RunNotRedrivable', `The run ${run.name} succeeded: it has nothing to redrive.`);
  const { redriveStatus, redriveStatusReason } = await deployment.stepFunctions.send(new DescribeExecutionCommand({ executionArn: run.arn }));
  if (redriveStatus !== 'NOT_REDRIVABLE') return;
  throw new FerryError('RunNotRedrivable', `The run ${run.name} cannot be redriven: ${redriveStatusReason ?? 'Step Functions gives no reason'}.`);
}

const acceptedWithinMilliseconds = 30_000;

/** Redrives, and waits until the run is seen to have been: what DescribeExecution answers may be a moment old. */
export async function redriveRun(context: Context, deployment: Deployment, run: RunSnapshot): Promise<RunSnapshot> {
  try {
    await deployment.stepFunctions.send(new RedriveExecutionCommand({ executionArn: run.arn }));
  } catch (error) {
    if (error instanceof ExecutionNotRedrivable) {
      throw new FerryError('RunNotRedrivable', `The run ${run.name} cannot be redriven: ${error.message}`, { cause: error });
    }
    throw error;
  }
  await noteAction(context, deployment, run, 'redrive');
  for (let waited = 0; ; waited += 250) {
    const now = await describeRun(deployment, run.arn);
    if (now.redrives > run.redrives || waited >= acceptedWithinMilliseconds) return now;
    await sleep(250);
  }
}
