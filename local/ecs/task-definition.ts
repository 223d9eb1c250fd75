/** A task definition as the API describes it, of what the runtime knows. Source: Amazon ECS API Reference, "TaskDefinition". */
import type { JsonObject } from '../stepfunctions/language/json.ts';
import type { LocalTaskDefinition } from '../template/stack-types.ts';

export function describeTaskDefinition(definition: LocalTaskDefinition): JsonObject {
  return {
    taskDefinitionArn: definition.arn,
    family: definition.family,
    revision: 1,
    status: 'ACTIVE',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: definition.cpu,
    memory: definition.memory,
    ephemeralStorage: { sizeInGiB: definition.ephemeralStorageGigabytes },
    ...(definition.taskRoleArn === undefined ? {} : { taskRoleArn: definition.taskRoleArn }),
    ...(definition.executionRoleArn === undefined ? {} : { executionRoleArn: definition.executionRoleArn }),
    containerDefinitions: definition.containers.map((container) => ({
      name: container.name,
      image: container.image,
      essential: true,
      stopTimeout: container.stopTimeoutSeconds,
      environment: Object.entries(container.environment).map(([name, value]) => ({ name, value })),
      secrets: Object.entries(container.secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
    })),
  };
}
