/**
 * Starts one task of a task definition with the stage `check`, where branches start theirs, and reads what it found: what a
 * laptop can reach says nothing about what the tasks can.
 */
import type { ECSClient, Task } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { FerryError } from '../../core/errors.ts';
import { checkReportKey, checkReportSchema, checkStage } from '../../core/server-check.ts';
import type { CheckReport } from '../../core/server-check.ts';
import { sleep } from '../context.ts';
import type { ClientConfiguration } from '../deployment.ts';

export interface TaskPlace {
  readonly server: 'source' | 'target';
  readonly container: 'dump' | 'import';
  readonly taskDefinition: string;
  readonly cluster: string;
  readonly bucket: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
}

export interface Look {
  readonly taskArn: string;
  /** From the request to the task's end. */
  readonly seconds: number;
  /** Undefined when the task wrote none. */
  readonly report: CheckReport | undefined;
  /** What ECS says of a task that wrote no report. */
  readonly ending: string;
}

export interface LookOptions {
  readonly checkId: string;
  readonly signal: AbortSignal;
  readonly local: boolean;
}

/** Fargate pulls an image of some 300 MB and starts it within a minute or two; a connection that nobody answers fails after ten seconds. */
const waitMilliseconds = 300_000;

/** @throws what RunTask throws; FerryError TaskFailedToStart, TaskTimedOut; AbortError after the task was stopped */
export async function lookFromInside(configuration: ClientConfiguration, place: TaskPlace, options: LookOptions): Promise<Look> {
  const { ECSClient } = await import('@aws-sdk/client-ecs');
  const ecs = new ECSClient(configuration);
  const startedAt = performance.now();
  const taskArn = await startTask(ecs, place, options.checkId);
  const task = await untilStopped(ecs, place, taskArn, options);
  const s3 = new S3Client({ ...configuration, ...(options.local ? { forcePathStyle: true } : {}) });
  const report = await readReport(s3, place.bucket, checkReportKey(options.checkId, place.server));
  return { taskArn, seconds: Math.round(performance.now() - startedAt) / 1000, report, ending: describeEnding(task) };
}

async function startTask(ecs: ECSClient, place: TaskPlace, checkId: string): Promise<string> {
  const { RunTaskCommand } = await import('@aws-sdk/client-ecs');
  const { tasks = [], failures = [] } = await ecs.send(
    new RunTaskCommand({
      cluster: place.cluster,
      taskDefinition: place.taskDefinition,
      launchType: 'FARGATE',
      startedBy: 'ferry doctor',
      networkConfiguration: { awsvpcConfiguration: { subnets: [...place.subnets], securityGroups: [...place.securityGroups], assignPublicIp: 'DISABLED' } },
      overrides: {
        containerOverrides: [{ name: place.container, environment: [{ name: 'STAGE', value: checkStage }, { name: 'CHECK_ID', value: checkId }] }],
      },
    }),
  );
  const arn = tasks[0]?.taskArn;
  if (arn !== undefined) return arn;
  const reasons = failures.map(({ reason, detail }) => [reason, detail].filter((each) => each !== undefined).join(': '));
  throw new FerryError('TaskFailedToStart', `ECS started no ${place.container} task: ${reasons.join('; ') || 'it gave no reason'}.`);
}

async function untilStopped(ecs: ECSClient, place: TaskPlace, taskArn: string, { signal, local }: LookOptions): Promise<Task> {
  const { DescribeTasksCommand } = await import('@aws-sdk/client-ecs');
  const pause = local ? 100 : 3_000;
  for (let waited = 0; waited < waitMilliseconds; waited += pause) {
    if (signal.aborted) break;
    const { tasks: [task] = [] } = await ecs.send(new DescribeTasksCommand({ cluster: place.cluster, tasks: [taskArn] }));
    if (task?.lastStatus === 'STOPPED') return task;
    await sleep(pause, signal);
  }
  await stopTask(ecs, place.cluster, taskArn, signal.aborted ? 'ferry doctor was interrupted' : 'ferry doctor waited too long');
  signal.throwIfAborted();
  throw new FerryError('TaskTimedOut', `The ${place.container} task did not end within ${waitMilliseconds / 60_000} minutes and was stopped.`);
}

/** It ends by itself within moments anyway, and the operator may not be allowed to stop it. */
async function stopTask(ecs: ECSClient, cluster: string, task: string, reason: string): Promise<void> {
  const { StopTaskCommand } = await import('@aws-sdk/client-ecs');
  await ecs.send(new StopTaskCommand({ cluster, task, reason })).catch(() => undefined);
}

async function readReport(s3: S3Client, bucket: string, key: string): Promise<CheckReport | undefined> {
  const { GetObjectCommand, NoSuchKey } = await import('@aws-sdk/client-s3');
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return checkReportSchema.parse(JSON.parse((await Body?.transformToString()) ?? ''));
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

function describeEnding({ stopCode, stoppedReason, containers = [] }: Task): string {
  const [container] = containers;
  const code = container?.exitCode === undefined ? [] : [`exit code ${container.exitCode}`];
  return [stopCode, stoppedReason, container?.reason, ...code].filter((each) => each !== undefined && each !== '').join(', ');
}
