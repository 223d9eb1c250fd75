/** States that run a container on Fargate. Overrides are echoed by Step Functions, so no secret may stand in them. */
import { launchRetry } from './retries.ts';
import type { Json, TaskState } from './states.ts';

interface ContainerTask {
  readonly comment: string;
  readonly stage: 'dump' | 'import' | 'verify';
  readonly timeoutPath: string;
  /** By name: the path of its value, or an intrinsic. */
  readonly environment: Readonly<Record<string, string>>;
  readonly next: string;
  /** The task answers by its token, and is given up when it is not heard of for this long. */
  readonly heartbeatSeconds?: number;
}

export function containerTask({ comment, stage, timeoutPath, environment, next, heartbeatSeconds }: ContainerTask): TaskState {
  const program = stage === 'dump' ? 'dump' : 'import';
  return {
    Type: 'Task',
    Comment: comment,
    Resource: heartbeatSeconds === undefined ? 'arn:aws:states:::ecs:runTask.sync' : 'arn:aws:states:::ecs:runTask.waitForTaskToken',
    TimeoutSecondsPath: timeoutPath,
    ...(heartbeatSeconds === undefined ? {} : { HeartbeatSeconds: heartbeatSeconds }),
    Parameters: {
      Cluster: '${ClusterArn}',
      TaskDefinition: stage === 'dump' ? '${DumpTaskDefinition}' : '${ImportTaskDefinition}',
      LaunchType: 'FARGATE',
      NetworkConfiguration: {
        AwsvpcConfiguration: {
          'Subnets.$': "States.StringSplit('${SubnetIds}', ',')",
          SecurityGroups: ['${SecurityGroupId}'],
          AssignPublicIp: 'DISABLED',
        },
      },
      Overrides: { ContainerOverrides: [{ Name: program, Environment: variables(stage, environment) }] },
    },
    ResultPath: null,
    Retry: launchRetry,
    Catch: heartbeatSeconds === undefined ? [failed] : [notHeardOf, failed],
    Next: next,
  };
}

/** Everything that can fail in a stage leads to the one failure path; which stage it was, the record's checkpoint says. */
export const failed = { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'ClassifyFailure' } as const;

/**
 * Listed apart from the rest: the Developer Guide says that the name of a missed heartbeat is available only to a Catch or
 * Retry that lists it. Which name the error object then holds is documented nowhere: ClassifyFailure takes either.
 */
const notHeardOf = { ...failed, ErrorEquals: ['States.HeartbeatTimeout'] } as const;

function variables(stage: string, environment: Readonly<Record<string, string>>): readonly Json[] {
  const ofEach = {
    MIGRATION: '$.migration',
    DATABASE: '$.database',
    ATTEMPT: numberAt('$.record.attempt'),
    BRANCH: '$$.Execution.Id',
  };
  const paths = Object.entries({ ...ofEach, ...environment });
  return [{ Name: 'STAGE', Value: stage }, ...paths.map(([Name, path]) => ({ Name, 'Value.$': path }))];
}

/** Environments hold texts. */
export function numberAt(path: string): string {
  return `States.Format('{}', ${path})`;
}
