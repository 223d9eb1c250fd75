/** Turns the CloudFormation template that `serverless package` wrote into what the local runtime starts. */
import { basename } from 'node:path';
import { z } from 'zod';
import { FerryError } from '../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../stepfunctions/language/json.ts';
import { Intrinsics, templateSchema, unsupported, type Template } from './intrinsics.ts';
import { encryptionKeysOf, operatorPoliciesOf, resourcePoliciesOf, rolesOf } from './read-identities.ts';
import type {
  LocalContainer,
  LocalFunction,
  LocalResource,
  LocalRule,
  LocalStack,
  LocalStateMachine,
  LocalTaskDefinition,
  TemplateOptions,
} from './stack-types.ts';

interface Reader {
  readonly template: Template;
  readonly intrinsics: Intrinsics;
}

/**
 * @param template as parsed from `cloudformation-template-update-stack.json`
 * @throws FerryError UnsupportedDefinition naming the logical id and the property that cannot be resolved
 */
export function resolveTemplate(template: unknown, options: TemplateOptions): LocalStack {
  const parsed = templateSchema.safeParse(template);
  if (!parsed.success) {
    throw new FerryError('UnsupportedDefinition', `The packaged template is not one of CloudFormation: ${z.prettifyError(parsed.error)}`);
  }
  const reader: Reader = { template: parsed.data, intrinsics: new Intrinsics(parsed.data, options) };
  const plain = (type: string): LocalResource[] => idsOf(reader, type).map((logicalId) => resourceOf(reader, logicalId));
  const functions = idsOf(reader, 'AWS::Lambda::Function').map((logicalId) => functionOf(reader, logicalId));
  const stateMachines = idsOf(reader, 'AWS::StepFunctions::StateMachine').map((logicalId) => stateMachineOf(reader, logicalId));
  const taskDefinitions = idsOf(reader, 'AWS::ECS::TaskDefinition').map((logicalId) => taskDefinitionOf(reader, logicalId));
  const taskRoles = taskDefinitions.flatMap(({ taskRoleArn, executionRoleArn }) => [taskRoleArn, executionRoleArn].filter((arn) => arn !== undefined));
  const usedRoles = new Set([...[...functions, ...stateMachines].map(({ roleArn }) => roleArn), ...taskRoles]);
  const stored = {
    tables: plain('AWS::DynamoDB::Table'),
    buckets: plain('AWS::S3::Bucket').filter((bucket) => bucket.logicalId !== 'ServerlessDeploymentBucket'),
    queues: plain('AWS::SQS::Queue'),
    topics: plain('AWS::SNS::Topic'),
  };
  return {
    ...stored,
    functions,
    stateMachines,
    taskDefinitions,
    clusters: plain('AWS::ECS::Cluster'),
    secrets: plain('AWS::SecretsManager::Secret'),
    rules: idsOf(reader, 'AWS::Events::Rule').map((logicalId) => ruleOf(reader, logicalId)),
    roles: rolesOf(reader, usedRoles),
    operatorPolicies: operatorPoliciesOf(reader),
    resourcePolicies: resourcePoliciesOf(reader),
    encryptionKeys: encryptionKeysOf(stored),
    outputs: outputsOf(reader),
  };
}

function idsOf({ template, intrinsics }: Reader, type: string): string[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type && intrinsics.exists(resource.Condition))
    .map(([logicalId]) => logicalId);
}

/** The named properties of a resource, resolved and checked; properties that are not in the schema are never evaluated. */
function propertiesOf<Shape extends z.ZodRawShape>(reader: Reader, logicalId: string, shape: Shape): z.infer<z.ZodObject<Shape>> {
  const values = Object.fromEntries(Object.keys(shape).map((name) => [name, reader.intrinsics.property(logicalId, name)]));
  const parsed = z.object(shape).safeParse(values);
  if (parsed.success) return parsed.data;
  const [flaw] = parsed.error.issues;
  throw unsupported(`${logicalId}.${flaw?.path.join('.') ?? ''}`, flaw?.message ?? 'is not as expected');
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const json = z.json() as z.ZodType<Json>;
const jsonObject = z.custom<JsonObject>((value) => isJsonObject(value as Json), 'must be an object');

function functionOf(reader: Reader, logicalId: string): LocalFunction {
  const properties = propertiesOf(reader, logicalId, {
    Handler: z.string(),
    Code: z.object({ S3Key: z.string() }),
    Environment: z.object({ Variables: z.record(z.string(), scalar) }).optional(),
    Timeout: z.coerce.number().default(3),
    MemorySize: z.coerce.number().default(128),
    Role: z.string(),
    LoggingConfig: z.object({ LogGroup: z.string().optional() }).optional(),
    VpcConfig: z.unknown(),
  });
  const { name, arn } = reader.intrinsics.identity(logicalId);
  return {
    logicalId,
    name,
    arn,
    handler: properties.Handler,
    artifact: basename(properties.Code.S3Key),
    environment: properties.Environment?.Variables ?? {},
    timeoutSeconds: properties.Timeout,
    memoryMegabytes: properties.MemorySize,
    roleArn: properties.Role,
    logGroup: properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
    inVpc: properties.VpcConfig !== undefined,
  };
}

function stateMachineOf(reader: Reader, logicalId: string): LocalStateMachine {
  const properties = propertiesOf(reader, logicalId, {
    DefinitionString: z.string().optional(),
    Definition: jsonObject.optional(),
    DefinitionSubstitutions: z.record(z.string(), scalar).default({}),
    RoleArn: z.string(),
  });
  const source = properties.DefinitionString ?? (properties.Definition === undefined ? undefined : JSON.stringify(properties.Definition));
  if (source === undefined) throw unsupported(logicalId, 'it has neither DefinitionString nor Definition');
  const { name, arn } = reader.intrinsics.identity(logicalId);
  return { logicalId, name, arn, roleArn: properties.RoleArn, definition: substituted(source, properties.DefinitionSubstitutions, logicalId) };
}

function substituted(definition: string, values: Readonly<Record<string, string>>, logicalId: string): string {
  return definition.replaceAll(/\$\{([A-Za-z0-9_]+)\}/g, (_match, name: string) => {
    const value = values[name];
    if (value === undefined) throw unsupported(`${logicalId}.DefinitionSubstitutions`, `the definition names \${${name}}, which is not given`);
    // Substitutions stand inside JSON strings.
    return JSON.stringify(value).slice(1, -1);
  });
}

function resourceOf(reader: Reader, logicalId: string): LocalResource {
  const { name, arn } = reader.intrinsics.identity(logicalId);
  const properties: JsonObject = {};
  for (const property of Object.keys(reader.template.Resources[logicalId]?.Properties ?? {})) {
    const value = reader.intrinsics.property(logicalId, property);
    if (value !== undefined) properties[property] = value;
  }
  return { logicalId, name, arn, properties };
}

const containerSchema = z.object({
  Name: z.string(),
  Image: z.string(),
  Environment: z.array(z.object({ Name: z.string(), Value: scalar })).default([]),
  Secrets: z.array(z.object({ Name: z.string(), ValueFrom: z.string() })).default([]),
  // Amazon ECS: 30 seconds unless given.
  StopTimeout: z.coerce.number().default(30),
  LogConfiguration: z.object({ LogDriver: z.string(), Options: z.record(z.string(), scalar).default({}) }).optional(),
});

function taskDefinitionOf(reader: Reader, logicalId: string): LocalTaskDefinition {
  const properties = propertiesOf(reader, logicalId, {
    Cpu: scalar.default('256'),
    Memory: scalar.default('512'),
    TaskRoleArn: z.string().optional(),
    ExecutionRoleArn: z.string().optional(),
    EphemeralStorage: z.object({ SizeInGiB: z.coerce.number() }).default({ SizeInGiB: 20 }),
    ContainerDefinitions: z.array(containerSchema).min(1),
  });
  const { name, arn } = reader.intrinsics.identity(logicalId);
  return {
    logicalId,
    family: name,
    arn,
    cpu: properties.Cpu,
    memory: properties.Memory,
    taskRoleArn: properties.TaskRoleArn,
    executionRoleArn: properties.ExecutionRoleArn,
    ephemeralStorageGigabytes: properties.EphemeralStorage.SizeInGiB,
    containers: properties.ContainerDefinitions.map(containerOf),
  };
}

function containerOf(container: z.infer<typeof containerSchema>): LocalContainer {
  return {
    name: container.Name,
    image: container.Image,
    environment: Object.fromEntries(container.Environment.map(({ Name, Value }) => [Name, Value])),
    secrets: Object.fromEntries(container.Secrets.map(({ Name, ValueFrom }) => [Name, ValueFrom])),
    stopTimeoutSeconds: container.StopTimeout,
    log: logOf(container),
  };
}

function logOf({ LogConfiguration: configuration }: z.infer<typeof containerSchema>): LocalContainer['log'] {
  const group = configuration?.LogDriver === 'awslogs' ? configuration.Options['awslogs-group'] : undefined;
  return group === undefined ? undefined : { group, streamPrefix: configuration?.Options['awslogs-stream-prefix'] ?? '' };
}

const targetSchema = z.object({
  Id: z.string(),
  Arn: z.string(),
  Input: z.string().optional(),
  InputPath: z.string().optional(),
  InputTransformer: z.object({ InputPathsMap: z.record(z.string(), z.string()).default({}), InputTemplate: z.string() }).optional(),
});

function ruleOf(reader: Reader, logicalId: string): LocalRule {
  const properties = propertiesOf(reader, logicalId, {
    State: z.string().default('ENABLED'),
    EventPattern: jsonObject.optional(),
    ScheduleExpression: z.string().optional(),
    Targets: z.array(targetSchema).default([]),
  });
  const { name, arn } = reader.intrinsics.identity(logicalId);
  return {
    logicalId,
    name,
    arn,
    enabled: properties.State !== 'DISABLED',
    pattern: properties.EventPattern,
    schedule: properties.ScheduleExpression,
    targets: properties.Targets.map((target) => ({
      id: target.Id,
      arn: target.Arn,
      input: target.Input,
      inputPath: target.InputPath,
      inputTransformer:
        target.InputTransformer === undefined
          ? undefined
          : { paths: target.InputTransformer.InputPathsMap, template: target.InputTransformer.InputTemplate },
    })),
  };
}

/** Outputs of resources that have no local counterpart (a VPC's, say) are left out. */
function outputsOf({ template, intrinsics }: Reader): Record<string, Json> {
  const outputs: Record<string, Json> = {};
  for (const [name, output] of Object.entries(template.Outputs)) {
    if (!intrinsics.exists(output.Condition)) continue;
    try {
      outputs[name] = json.parse(intrinsics.resolve(output.Value, `output ${name}`));
    } catch (error) {
      if (!(error instanceof FerryError)) throw error;
    }
  }
  return outputs;
}
