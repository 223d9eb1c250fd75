/** One task of ECS and how the API describes it. Source: Amazon ECS API Reference, "Task" and "Container". */
import type { JsonObject } from '../stepfunctions/language/json.ts';
import type { LocalContainer, LocalTaskDefinition } from '../template/stack-types.ts';

export type TaskStatus = 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'STOPPED';
export type StopCode = 'EssentialContainerExited' | 'UserInitiated' | 'TaskFailedToStart';

export interface LocalTask {
  readonly arn: string;
  readonly id: string;
  readonly clusterArn: string;
  readonly definition: LocalTaskDefinition;
  readonly container: LocalContainer;
  readonly overrides: JsonObject;
  /** Of the container override, in order. */
  readonly environment: Readonly<Record<string, string>>;
  readonly startedBy: string | undefined;
  /** Among tasks that wait for a host, the lowest goes first. */
  readonly seniority: number;
  /** It may outlive what it was started for, and then waits for other tasks. */
  readonly livesOn: boolean;
  readonly controller: AbortController;
  /** Milliseconds since the epoch, as every time here. */
  readonly createdAt: number;
  lastStatus: TaskStatus;
  startedAt?: number;
  stoppingAt?: number;
  stoppedAt?: number;
  stopCode?: StopCode;
  stoppedReason?: string;
  exitCode?: number;
  containerReason?: string;
}

/** The task as DescribeTasks answers it, with times in milliseconds. */
export function describeTask(task: LocalTask): JsonObject {
  const { definition } = task;
  return defined({
    attachments: [],
    availabilityZone: 'local',
    clusterArn: task.clusterArn,
    connectivity: 'CONNECTED',
    connectivityAt: task.createdAt,
    containers: [describeContainer(task)],
    cpu: definition.cpu,
    createdAt: task.createdAt,
    desiredStatus: task.stoppingAt === undefined && task.stoppedAt === undefined ? 'RUNNING' : 'STOPPED',
    enableExecuteCommand: false,
    ephemeralStorage: { sizeInGiB: definition.ephemeralStorageGigabytes },
    executionStoppedAt: task.stoppedAt,
    group: `family:${definition.family}`,
    lastStatus: task.lastStatus,
    launchType: 'FARGATE',
    memory: definition.memory,
    overrides: task.overrides,
    platformFamily: 'Linux',
    platformVersion: '1.4.0',
    startedAt: task.startedAt,
    startedBy: task.startedBy,
    stopCode: task.stopCode,
    stoppedAt: task.stoppedAt,
    stoppedReason: task.stoppedReason,
    stoppingAt: task.stoppingAt,
    tags: [],
    taskArn: task.arn,
    taskDefinitionArn: definition.arn,
    version: 1,
  });
}

function describeContainer(task: LocalTask): JsonObject {
  return defined({
    containerArn: `${task.arn.replace(':task/', ':container/')}/${task.container.name}`,
    cpu: '0',
    exitCode: task.exitCode,
    image: task.container.image,
    lastStatus: task.lastStatus === 'PROVISIONING' ? 'PENDING' : task.lastStatus,
    name: task.container.name,
    networkInterfaces: [],
    reason: task.containerReason,
    runtimeId: `${task.id}-0`,
    taskArn: task.arn,
  });
}

function defined(members: Readonly<Record<string, JsonObject[string] | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as JsonObject;
}
