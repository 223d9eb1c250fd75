/** Finds and describes runs: executions of the state machine. */
import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  ExecutionDoesNotExist,
  InvalidArn,
  ListExecutionsCommand,
  ListMapRunsCommand,
} from '@aws-sdk/client-sfn';
import type { DescribeExecutionOutput } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { defaults } from '../core/contracts.ts';
import { FerryError } from '../core/errors.ts';
import { executionName } from '../core/names.ts';
import type { Deployment } from './deployment.ts';
import type { RunSnapshot } from './progress.ts';

const inputSchema = z.object({
  migration: z.string(),
  dumpThreads: z.number().default(defaults.dumpThreads),
  maxConnections: z.number().default(defaults.maxConnections),
});

/** Executions looked through for the newest run of a migration: a page of ListExecutions. */
const searchedExecutions = 1000;
/** Of these, how many whose name says nothing are described one by one (15 a second is the quota). */
const describedExecutions = 100;

/** The ARN of a run given by its name or ARN. */
export function runArn(deployment: Deployment, run: string): string {
  return run.startsWith('arn:') ? run : `${deployment.stateMachineArn.replace(':stateMachine:', ':execution:')}:${run}`;
}

/** @throws FerryError RunNotFound */
export async function describeRun(deployment: Deployment, run: string): Promise<RunSnapshot> {
  try {
    const execution = await deployment.stepFunctions.send(new DescribeExecutionCommand({ executionArn: runArn(deployment, run) }));
    return toRun(execution);
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist || error instanceof InvalidArn) {
      throw new FerryError('RunNotFound', `There is no run ${executionName(run)} in ${deployment.description}.`, { cause: error });
    }
    throw error;
  }
}

/** The newest run, of one migration where one is given; undefined when there is none. */
export async function findNewestRun(deployment: Deployment, migration: string | undefined): Promise<RunSnapshot | undefined> {
  const { executions = [] } = await deployment.stepFunctions.send(
    new ListExecutionsCommand({
      stateMachineArn: deployment.stateMachineArn,
      maxResults: migration === undefined ? 1 : searchedExecutions,
    }),
  );
  // A run that `ferry start` named carries its migration in its name; one started in the console may not.
  const candidates = executions.filter(
    ({ name }, index) => migration === undefined || index < describedExecutions || name?.startsWith(migration) === true,
  );
  for (const { executionArn } of candidates) {
    const run = await describeRun(deployment, executionArn ?? '');
    if (migration === undefined || run.migration === migration) return run;
  }
  return undefined;
}

/**
 * The run that a command is about: the one named, else the newest (of the migration named).
 * @throws FerryError RunNotFound
 */
export async function chooseRun(
  deployment: Deployment,
  chosen: { readonly run?: string | undefined; readonly migration?: string | undefined },
): Promise<RunSnapshot> {
  if (chosen.run !== undefined) return describeRun(deployment, chosen.run);
  const newest = await findNewestRun(deployment, chosen.migration);
  if (newest !== undefined) return newest;
  const which = chosen.migration === undefined ? 'No run was ever started' : `The migration ${chosen.migration} has no run`;
  throw new FerryError('RunNotFound', `${which} in ${deployment.description}.`);
}

export interface PassCounts {
  readonly passes: number;
  /** Children of the newest Map Run that have not ended; undefined when it has. */
  readonly unfinished: number | undefined;
}

export async function describePasses(deployment: Deployment, run: RunSnapshot): Promise<PassCounts> {
  const { mapRuns = [] } = await deployment.stepFunctions.send(new ListMapRunsCommand({ executionArn: run.arn }));
  const newest = mapRuns.sort((a, b) => (b.startDate?.getTime() ?? 0) - (a.startDate?.getTime() ?? 0))[0];
  if (newest?.mapRunArn === undefined || newest.stopDate !== undefined) return { passes: mapRuns.length, unfinished: undefined };
  const { itemCounts, status } = await deployment.stepFunctions.send(new DescribeMapRunCommand({ mapRunArn: newest.mapRunArn }));
  const known = status === 'RUNNING' && itemCounts !== undefined && (itemCounts.total ?? 0) > 0;
  const unfinished = known ? (itemCounts.pending ?? 0) + (itemCounts.running ?? 0) + (itemCounts.pendingRedrive ?? 0) : undefined;
  return { passes: mapRuns.length, unfinished };
}

function toRun(execution: DescribeExecutionOutput): RunSnapshot {
  const input = readInput(execution);
  const status = execution.status ?? 'RUNNING';
  return {
    name: execution.name ?? executionName(execution.executionArn ?? ''),
    arn: execution.executionArn ?? '',
    migration: input?.migration ?? '',
    status,
    startedAt: execution.startDate ?? new Date(0),
    // A redriven execution keeps the date of its earlier end on AWS until it ends again.
    endedAt: status === 'RUNNING' || status === 'PENDING_REDRIVE' ? undefined : execution.stopDate,
    redrives: execution.redriveCount ?? 0,
    redrivenAt: execution.redriveDate,
    error: execution.error,
    cause: execution.cause,
    limits: { source: input?.dumpThreads ?? defaults.dumpThreads, target: input?.maxConnections ?? defaults.maxConnections },
  };
}

function readInput(execution: DescribeExecutionOutput): z.infer<typeof inputSchema> | undefined {
  try {
    return inputSchema.safeParse(JSON.parse(execution.input ?? '')).data;
  } catch {
    return undefined;
  }
}
