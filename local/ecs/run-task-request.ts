/** The request of RunTask, checked. Source: Amazon ECS API Reference, "RunTask". */
import { z } from 'zod';
import { AwsError } from '../endpoint/aws-error.ts';
import type { LocalTaskDefinition } from '../template/stack-types.ts';

const keyValue = z.object({ name: z.string(), value: z.string() });

export const runTaskSchema = z.object({
  cluster: z.string().default('default'),
  taskDefinition: z.string(),
  count: z.number().int().min(1).max(10).default(1),
  clientToken: z.string().max(64).optional(),
  startedBy: z.string().optional(),
  overrides: z
    .object({
      containerOverrides: z
        .array(z.looseObject({ name: z.string(), environment: z.array(keyValue).default([]), command: z.array(z.string()).optional() }))
        .default([]),
    })
    .default({ containerOverrides: [] }),
});
export type RunTaskRequest = z.infer<typeof runTaskSchema>;

const longestOverrides = 8_192;

/** @throws AwsError InvalidParameterException as ECS answers it */
export function parseRunTask(input: unknown): RunTaskRequest {
  const parsed = runTaskSchema.safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AwsError('InvalidParameterException', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
  }
  if (JSON.stringify(parsed.data.overrides).length > longestOverrides) {
    throw new AwsError('InvalidParameterException', `Container Overrides length must be at most ${longestOverrides}`);
  }
  return parsed.data;
}

/** Environment of the override for the task's container. @throws AwsError InvalidParameterException for other containers */
export function overriddenEnvironment(request: RunTaskRequest, definition: LocalTaskDefinition): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const override of request.overrides.containerOverrides) {
    if (!definition.containers.some(({ name }) => name === override.name)) {
      const message = `Override for container named ${override.name} is not a container in the TaskDefinition.`;
      throw new AwsError('InvalidParameterException', message);
    }
    if (override.command !== undefined) {
      throw new AwsError('InvalidParameterException', 'The local runtime does not implement overrides of a command.');
    }
    for (const { name, value } of override.environment) environment[name] = value;
  }
  return environment;
}
