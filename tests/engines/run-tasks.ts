/**
 * Runs the task programs of ECS tasks. MiniStack starts tasks in Docker; where there is none, a task stays RUNNING until it
 * is stopped, so its program is run here, and the task is stopped when it has ended.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeTasksCommand, ECSClient, ListTasksCommand, StopTaskCommand, type ContainerDefinition, type Task } from '@aws-sdk/client-ecs';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientEnvironment } from '../../local/client-environment.ts';
import type { Packaged } from '../../local/package/package-service.ts';
import type { Place } from './workflow.ts';

export interface TaskRunnerOptions {
  readonly packaged: Packaged;
  readonly cluster: string;
  /** PATH of the task programs; `mysqldump` is found there. */
  readonly clientPath: string;
  /** For what the programs print. */
  readonly directory: string;
}

export interface TaskRunner {
  /** Rejects when a task could not be run, or its program did not succeed: MiniStack has no way to be told of an exit code. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

export function runTasks(place: Place, options: TaskRunnerOptions): TaskRunner {
  const ecs = new ECSClient(place);
  const secrets = new SecretsManagerClient(place);
  const begun = new Set<string>();
  const stopping = new AbortController();
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  const polling = poll().catch(report);
  return {
    failed: failure.promise,
    stop: async () => {
      stopping.abort();
      await polling;
      ecs.destroy();
      secrets.destroy();
    },
  };

  async function poll(): Promise<void> {
    await mkdir(options.directory, { recursive: true });
    while (!stopping.signal.aborted) {
      const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster: options.cluster, desiredStatus: 'RUNNING' }));
      for (const arn of taskArns.filter((each) => !begun.has(each))) {
        begun.add(arn);
        runTask(arn).catch(report);
      }
      await sleep(100);
    }
  }

  function report(error: unknown): void {
    if (!stopping.signal.aborted) failure.reject(error);
  }

  async function runTask(arn: string): Promise<void> {
    const { tasks: [task] = [] } = await ecs.send(new DescribeTasksCommand({ cluster: options.cluster, tasks: [arn] }));
    if (task === undefined) throw new Error(`There is no task ${arn}.`);
    const container = await containerOf(place, task.taskDefinitionArn ?? '');
    if (container?.name === undefined) throw new Error(`The task ${arn} has no container.`);
    await runProgram(container.name, await environmentOf(container, task), join(options.directory, `${arn.slice(arn.lastIndexOf('/') + 1)}.log`));
    await ecs.send(new StopTaskCommand({ cluster: options.cluster, task: arn, reason: 'Its program has ended.' }));
  }

  /** As ECS composes it: the definition's, its secrets, and the overrides of the state machine. */
  async function environmentOf(container: ContainerDefinition, task: Task): Promise<Record<string, string>> {
    const environment: Record<string, string> = { ...clientEnvironment({ ...place, clientPath: options.clientPath }) };
    environment['AWS_ACCESS_KEY_ID'] = place.credentials.accessKeyId;
    environment['AWS_SECRET_ACCESS_KEY'] = place.credentials.secretAccessKey;
    for (const { name = '', value = '' } of container.environment ?? []) environment[name] = value;
    for (const { name = '', valueFrom } of container.secrets ?? []) {
      const secret = await secrets.send(new GetSecretValueCommand({ SecretId: valueFrom }));
      environment[name] = secret.SecretString ?? '';
    }
    const override = task.overrides?.containerOverrides?.find(({ name }) => name === container.name);
    for (const { name = '', value = '' } of override?.environment ?? []) environment[name] = value;
    return environment;
  }

  async function runProgram(container: string, environment: Record<string, string>, logFile: string): Promise<void> {
    const output = openSync(logFile, 'w', 0o600);
    const child = spawn(process.execPath, [options.packaged.containerProgram(container)], {
      env: environment, stdio: ['ignore', output, output], signal: stopping.signal, killSignal: 'SIGTERM',
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`The task program ${container} ended with ${String(code)}: ${await readFile(logFile, 'utf8')}`);
  }
}

/**
 * The container of a task definition. MiniStack leaves what lies within it as the template writes it (`ValueFrom`), which the
 * SDK's client does not know: so it is asked without one.
 */
async function containerOf({ endpoint, region }: Place, taskDefinition: string): Promise<ContainerDefinition | undefined> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    body: JSON.stringify({ taskDefinition }),
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonEC2ContainerServiceV20141113.DescribeTaskDefinition',
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/ecs/aws4_request, SignedHeaders=host, Signature=0`,
    },
  });
  const { taskDefinition: found } = withSmallInitials(await answer.json()) as { taskDefinition?: { containerDefinitions?: ContainerDefinition[] } };
  return found?.containerDefinitions?.[0];
}

function withSmallInitials(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSmallInitials);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.charAt(0).toLowerCase() + name.slice(1), withSmallInitials(member)]));
}
