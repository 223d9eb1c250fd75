/**
 * Amazon ECS for task definitions of one container: a task is its bundled program in a host process.
 * Tasks live in memory: after a restart of the runtime none is running and none is known.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { FerryError } from '../../core/errors.ts';
import { AwsError, notImplemented } from '../endpoint/aws-error.ts';
import type { JsonObject } from '../stepfunctions/language/json.ts';
import type { LocalContainer, LocalResource, LocalTaskDefinition } from '../template/stack-types.ts';
import type { HostPool } from './host-pool.ts';
import type { HostProcess } from './host-process.ts';
import type { RunMessage } from './messages.ts';
import { overriddenEnvironment, parseRunTask, type RunTaskRequest } from './run-task-request.ts';
import { describeTaskDefinition } from './task-definition.ts';
import { describeTask, type LocalTask, type StopCode } from './task.ts';

export interface EcsOptions {
  readonly clusters: readonly LocalResource[];
  readonly taskDefinitions: readonly LocalTaskDefinition[];
  readonly hosts: HostPool;
  /** The bundle of a container: a module that exports `run`. */
  readonly programOf: (container: LocalContainer) => string;
  /** The text of a secret by its ARN. @throws what the secrets' service throws */
  readonly readSecret: (arn: string) => string;
  /** What every container gets beside its own variables: endpoint, region, credentials, PATH. */
  readonly environment: Readonly<Record<string, string>>;
  /** Those of the task's role, as variables of its environment. */
  readonly credentials?: (definition: LocalTaskDefinition) => Readonly<Record<string, string>>;
  /** What ECS does with the execution role before the container runs. @throws AwsError for what that role may not do */
  readonly prepare?: (definition: LocalTaskDefinition, taskId: string) => void;
  readonly logDirectory: string;
  readonly log: (message: string) => void;
  readonly now?: () => number;
}

/** ECS shows stopped tasks for at least an hour; here the newest. */
const stoppedTasksKept = 2_000;
/** More than run at once: a Map Run has at most 10,000 children. */
const ownersKept = 20_000;

export class EcsService {
  readonly #options: EcsOptions;
  readonly #now: () => number;
  readonly #tasks = new Map<string, LocalTask>();
  readonly #ended = new WeakMap<LocalTask, Promise<void>>();
  /** Owner -> the number of its first task. */
  readonly #seniorities = new Map<string, number>();
  #started = 0;
  readonly #tokens = new Map<string, string[]>();

  /** @throws FerryError UnsupportedDefinition for a task of several containers */
  constructor(options: EcsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    for (const { logicalId, containers } of options.taskDefinitions) {
      if (containers.length !== 1) {
        throw new FerryError('UnsupportedDefinition', `${logicalId} has ${containers.length} containers; the local runtime runs tasks of one.`);
      }
    }
  }

  /** The API, times in seconds as its JSON has them. */
  readonly handler = (operation: string, body: unknown): Promise<JsonObject> => {
    switch (operation) {
      case 'RunTask':
        return Promise.resolve({ tasks: this.runTask(body).map(apiTask), failures: [] });
      case 'StopTask': {
        const { task, reason } = parse(stopTaskSchema, body);
        return Promise.resolve({ task: apiTask(this.stopTask(task, reason)) });
      }
      case 'DescribeTasks':
        return Promise.resolve(this.#describeTasks(parse(describeTasksSchema, body).tasks));
      case 'ListTasks':
        return Promise.resolve({ taskArns: this.#listTasks(parse(listTasksSchema, body)) });
      case 'DescribeTaskDefinition':
        return Promise.resolve({ taskDefinition: describeTaskDefinition(this.#definition(parse(describeTaskDefinitionSchema, body).taskDefinition)) });
      default:
        return Promise.reject(notImplemented('ECS', operation));
    }
  };

  /**
   * @param owner whoever runs several tasks one after the other: all of them have the seniority of its first, so that
   *   what was begun is finished before more is begun
   * @param livesOn whether the task may go on after what it was started for, as long as others of its owner
   * @throws AwsError ClusterNotFoundException, ClientException, InvalidParameterException
   */
  runTask(input: unknown, owner?: string, livesOn = false): LocalTask[] {
    const request = parseRunTask(input);
    const known = request.clientToken === undefined ? undefined : this.#tokens.get(request.clientToken);
    if (known !== undefined) return known.flatMap((id) => this.#tasks.get(id) ?? []);
    const tasks = Array.from({ length: request.count }, () => this.#create(request, owner, livesOn));
    if (request.clientToken !== undefined) this.#tokens.set(request.clientToken, tasks.map(({ id }) => id));
    for (const task of tasks) this.#ended.set(task, this.#run(task));
    return tasks;
  }

  /** Resolves when the task is STOPPED. */
  async untilStopped(task: LocalTask): Promise<void> {
    await this.#ended.get(task);
  }

  /** @throws AwsError InvalidParameterException for a task that is not known */
  stopTask(task: string, reason = 'Task stopped by user'): LocalTask {
    const found = this.#find(task);
    if (found === undefined) throw new AwsError('InvalidParameterException', 'The referenced task was not found.');
    if (found.lastStatus === 'STOPPED' || found.stoppingAt !== undefined) return found;
    found.stoppingAt = this.#now();
    found.stopCode = 'UserInitiated';
    found.stoppedReason = reason;
    found.controller.abort(new Error(reason));
    return found;
  }

  #create(request: RunTaskRequest, owner: string | undefined, livesOn: boolean): LocalTask {
    const definition = this.#definition(request.taskDefinition);
    const clusterArn = this.#cluster(request.cluster);
    const [container] = definition.containers;
    if (container === undefined) throw new AwsError('ClientException', 'TaskDefinition has no container.');
    const id = randomUUID().replaceAll('-', '');
    const task: LocalTask = {
      id,
      arn: `${clusterArn.replace(':cluster/', ':task/')}/${id}`,
      clusterArn,
      definition,
      container,
      overrides: request.overrides as unknown as JsonObject,
      environment: overriddenEnvironment(request, definition),
      startedBy: request.startedBy,
      seniority: this.#seniorityOf(owner),
      livesOn,
      controller: new AbortController(),
      createdAt: this.#now(),
      lastStatus: 'PROVISIONING',
    };
    this.#tasks.set(id, task);
    return task;
  }

  #seniorityOf(owner: string | undefined): number {
    const known = owner === undefined ? undefined : this.#seniorities.get(owner);
    if (known !== undefined) return known;
    this.#started += 1;
    if (owner !== undefined) this.#seniorities.set(owner, this.#started);
    const [oldest] = this.#seniorities.keys();
    if (this.#seniorities.size > ownersKept && oldest !== undefined) this.#seniorities.delete(oldest);
    return this.#started;
  }

  async #run(task: LocalTask): Promise<void> {
    const { hosts, programOf } = this.#options;
    const modulePath = programOf(task.container);
    if (!existsSync(modulePath)) {
      this.#stopped(task, 'TaskFailedToStart', `CannotPullContainerError: ${modulePath} does not exist: run \`npm run package\``);
      return;
    }
    task.lastStatus = 'PENDING';
    try {
      this.#options.prepare?.(task.definition, task.id);
      const environment = this.#environmentOf(task);
      const host = await hosts.acquire({ family: task.definition.family, modulePath, seniority: task.seniority, livesOn: task.livesOn }, task.controller.signal);
      await this.#runOn(host, task, { kind: 'run', modulePath, environment, logFile: join(this.#options.logDirectory, `${task.id}.log`) });
      hosts.release(task.definition.family, host);
    } catch (error) {
      this.#stopped(task, 'TaskFailedToStart', `ResourceInitializationError: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #runOn(host: HostProcess, task: LocalTask, message: RunMessage): Promise<void> {
    const { signal } = task.controller;
    const stop = (): void => {
      host.stop(task.container.stopTimeoutSeconds);
    };
    task.lastStatus = 'RUNNING';
    task.startedAt = this.#now();
    const running = host.run(message);
    // It may have been stopped in the moment between the host's grant and now.
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    const end = await running;
    signal.removeEventListener('abort', stop);
    task.exitCode = end.exitCode;
    if (end.reason !== undefined) task.containerReason = end.reason;
    this.#stopped(task, 'EssentialContainerExited', 'Essential container in task exited');
  }

  /** @throws AwsError when a secret is not there */
  #environmentOf({ container, clusterArn, arn, environment, definition }: LocalTask): Record<string, string> {
    const secrets = Object.entries(container.secrets).map(([name, valueFrom]) => [name, this.#secret(valueFrom)]);
    return {
      ...this.#options.environment,
      ...this.#options.credentials?.(definition),
      ECS_CLUSTER_ARN: clusterArn,
      ECS_TASK_ARN: arn,
      ...container.environment,
      ...(Object.fromEntries(secrets) as Record<string, string>),
      ...environment,
    };
  }

  /** `arn:aws:secretsmanager:<region>:<account>:secret:<name>[:<json key>[:<stage>[:<version>]]]` */
  #secret(valueFrom: string): string {
    const parts = valueFrom.split(':');
    const text = this.#options.readSecret(parts.slice(0, 7).join(':'));
    const key = parts[7];
    if (key === undefined || key === '') return text;
    const value = (JSON.parse(text) as Record<string, unknown>)[key];
    if (typeof value !== 'string') throw new AwsError('ClientException', `The secret ${parts.slice(0, 7).join(':')} has no key ${key}.`);
    return value;
  }

  #stopped(task: LocalTask, code: StopCode, reason: string): void {
    task.lastStatus = 'STOPPED';
    task.stoppedAt = this.#now();
    // A task that was told to stop says so, however it ended.
    task.stopCode ??= code;
    task.stoppedReason ??= reason;
    if (code === 'TaskFailedToStart' && task.stopCode === code) task.containerReason = reason;
    if (task.stopCode === 'TaskFailedToStart') this.#options.log(`Task ${task.id} of ${task.definition.family} did not start: ${reason}`);
    this.#forgetOldest();
  }

  #forgetOldest(): void {
    if (this.#tasks.size < 2 * stoppedTasksKept) return;
    for (const [id, task] of this.#tasks) {
      if (this.#tasks.size <= stoppedTasksKept) break;
      if (task.lastStatus === 'STOPPED') this.#tasks.delete(id);
    }
    for (const [token, ids] of this.#tokens) if (!ids.some((id) => this.#tasks.has(id))) this.#tokens.delete(token);
  }

  #describeTasks(ids: readonly string[]): JsonObject {
    const found = ids.flatMap((id) => this.#find(id) ?? []);
    const missing = ids.filter((id) => this.#find(id) === undefined);
    return { tasks: found.map(apiTask), failures: missing.map((arn) => ({ arn, reason: 'MISSING' })) };
  }

  #listTasks({ family, desiredStatus, startedBy }: z.infer<typeof listTasksSchema>): string[] {
    return [...this.#tasks.values()]
      .filter((task) => (task.lastStatus === 'STOPPED' ? 'STOPPED' : 'RUNNING') === desiredStatus)
      .filter((task) => family === undefined || task.definition.family === family)
      .filter((task) => startedBy === undefined || task.startedBy === startedBy)
      .map(({ arn }) => arn);
  }

  #find(task: string): LocalTask | undefined {
    return this.#tasks.get(task.slice(task.lastIndexOf('/') + 1));
  }

  #definition(name: string): LocalTaskDefinition {
    const definition = this.#options.taskDefinitions.find(({ arn, family }) => name === arn || name === family || name === `${family}:1`);
    if (definition === undefined) throw new AwsError('ClientException', 'TaskDefinition not found.');
    return definition;
  }

  #cluster(name: string): string {
    const cluster = this.#options.clusters.find((each) => name === each.arn || name === each.name);
    if (cluster === undefined) throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
    return cluster.arn;
  }
}

const stopTaskSchema = z.object({ task: z.string(), reason: z.string().optional() });
const describeTasksSchema = z.object({ tasks: z.array(z.string()).min(1).max(100) });
const describeTaskDefinitionSchema = z.object({ taskDefinition: z.string() });
const listTasksSchema = z.object({
  family: z.string().optional(),
  startedBy: z.string().optional(),
  desiredStatus: z.enum(['RUNNING', 'PENDING', 'STOPPED']).default('RUNNING'),
});

function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new AwsError('InvalidParameterException', z.prettifyError(parsed.error));
  return parsed.data;
}

/** Source: Smithy, "AWS JSON 1.1 protocol": timestamps are seconds since the epoch. */
function apiTask(task: LocalTask): JsonObject {
  const described = describeTask(task);
  return Object.fromEntries(
    Object.entries(described).map(([name, value]) => [name, name.endsWith('At') && typeof value === 'number' ? value / 1_000 : value]),
  );
}
