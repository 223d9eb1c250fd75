/**
 * Which Aurora Ferry a command talks to (a local runtime, or a deployed stack), and the AWS SDK clients for it. The only
 * place that makes clients.
 */
import { readFile } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import type { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { FerryError } from '../core/errors.ts';
import type { OptionSpec, Values } from './command-line.ts';
import { readOptions } from './command-line.ts';
import type { Context } from './context.ts';

export interface Deployment {
  /** For people: `the local runtime in .ferry`, `the stack aurora-ferry-production in eu-west-1`. */
  readonly description: string;
  readonly local: boolean;
  readonly stepFunctions: SFNClient;
  readonly documents: DynamoDBDocumentClient;
  readonly s3: S3Client;
  readonly stateMachineArn: string;
  readonly tableName: string;
  readonly bucketName: string;
  /** Between two looks: Step Functions refills a quota of one DescribeMapRun a second for a whole account. */
  readonly pollSeconds: number;
  /** For a command that the operator is told to type: `--stage production`, or '' where the default finds it. */
  readonly selection: string;
}

export const defaultStateFolder = '.ferry';

export const deploymentOptions: Readonly<Record<string, OptionSpec>> = {
  local: { help: 'Use the local runtime (the default).' },
  state: { value: 'FOLDER', help: `The local runtime's state folder (${defaultStateFolder}).` },
  stage: { value: 'NAME', help: 'Use the deployed stack aurora-ferry-NAME instead.' },
  region: { value: 'REGION', help: "The stack's region (the AWS profile's)." },
  profile: { value: 'PROFILE', help: 'The AWS profile whose credentials to use.' },
};

const selectionSchema = z.object({
  local: z.boolean().optional(),
  state: z.string().min(1, 'must name a folder').optional(),
  stage: z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, 'must be letters, digits and hyphens').optional(),
  region: z.string().regex(/^[a-z0-9-]+$/, 'must be the name of an AWS region').optional(),
  profile: z.string().min(1, 'must name an AWS profile').optional(),
});

const outputsSchema = z.object({
  StateMachineArn: z.string(),
  TableName: z.string(),
  BucketName: z.string(),
});

export const runtimeFileSchema = z.object({
  pid: z.number(),
  endpoint: z.string(),
  region: z.string().default('us-east-1'),
  outputs: z.record(z.string(), z.string()),
});
export type RuntimeFile = z.infer<typeof runtimeFileSchema>;

/** @throws FerryError LocalRuntimeNotRunning, StackNotFound, InvalidInput */
export async function connectDeployment(context: Context, values: Values): Promise<Deployment> {
  const options = readOptions(selectionSchema, values);
  if (options.stage !== undefined) {
    if (options.local === true || options.state !== undefined) {
      throw new FerryError('InvalidInput', '--stage names a deployed stack: it goes with neither --local nor --state.');
    }
    return connectStack(options.stage, options.region, options.profile);
  }
  const state = options.state ?? defaultStateFolder;
  const folder = stateFolder(context, state);
  const runtime = await readRunningRuntime(folder);
  if (runtime === undefined) throw new FerryError('LocalRuntimeNotRunning', `No local runtime is running on the state folder ${folder}.`);
  return localDeployment(runtime, folder, options.state === undefined ? '' : `--state ${state}`);
}

export function stateFolder(context: Context, folder: string | undefined): string {
  const chosen = folder ?? defaultStateFolder;
  return isAbsolute(chosen) ? chosen : resolve(context.directory, chosen);
}

/** What `runtime.json` says, if the process that wrote it is alive. */
export async function readRunningRuntime(folder: string): Promise<RuntimeFile | undefined> {
  const content = await readFile(join(folder, 'runtime.json'), 'utf8').catch(() => undefined);
  if (content === undefined) return undefined;
  const runtime = runtimeFileSchema.safeParse(parseJson(content)).data;
  return runtime !== undefined && isAlive(runtime.pid) ? runtime : undefined;
}

export function localDeployment(runtime: RuntimeFile, folder: string, selection: string): Deployment {
  const configuration = {
    endpoint: runtime.endpoint,
    region: runtime.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  return {
    description: `the local runtime on ${folder}`,
    local: true,
    stepFunctions: new SFNClient(configuration),
    documents: DynamoDBDocumentClient.from(new DynamoDBClient(configuration)),
    s3: new S3Client({ ...configuration, forcePathStyle: true }),
    ...readOutputs(runtime.outputs, `the local runtime on ${folder}`),
    pollSeconds: 1,
    selection,
  };
}

async function connectStack(stage: string, region: string | undefined, profile: string | undefined): Promise<Deployment> {
  const configuration = {
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
  };
  const stackName = `aurora-ferry-${stage}`;
  // Loaded here: the commands that use the local runtime start sooner without it.
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const cloudFormation = new CloudFormationClient(configuration);
  const describe = new DescribeStacksCommand({ StackName: stackName });
  const outputs = await describeOutputs(cloudFormation, describe, stackName);
  const usedRegion = await cloudFormation.config.region();
  const selection = [`--stage ${stage}`, region === undefined ? '' : `--region ${region}`, profile === undefined ? '' : `--profile ${profile}`];
  return {
    description: `the stack ${stackName} in ${usedRegion}`,
    local: false,
    stepFunctions: new SFNClient(configuration),
    documents: DynamoDBDocumentClient.from(new DynamoDBClient(configuration)),
    s3: new S3Client(configuration),
    ...readOutputs(outputs, `the stack ${stackName}`),
    pollSeconds: 5,
    selection: selection.filter((each) => each !== '').join(' '),
  };
}

async function describeOutputs(client: CloudFormationClient, command: DescribeStacksCommand, stackName: string): Promise<Record<string, string>> {
  try {
    const { Stacks } = await client.send(command);
    return Object.fromEntries((Stacks?.[0]?.Outputs ?? []).map((output) => [output.OutputKey ?? '', output.OutputValue ?? '']));
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist')) {
      throw new FerryError('StackNotFound', `There is no CloudFormation stack ${stackName} in this account and region.`, { cause: error });
    }
    throw error;
  }
}

function readOutputs(outputs: Readonly<Record<string, string>>, where: string): Pick<Deployment, 'stateMachineArn' | 'tableName' | 'bucketName'> {
  const parsed = outputsSchema.safeParse(outputs);
  if (!parsed.success) {
    const missing = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new FerryError('StackNotFound', `${where} has no output ${missing}: it is of another version of Aurora Ferry.`);
  }
  return { stateMachineArn: parsed.data.StateMachineArn, tableName: parsed.data.TableName, bucketName: parsed.data.BucketName };
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
