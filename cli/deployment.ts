/**
 * Which Aurora Ferry a command talks to (a local runtime, or a deployed stack), and the AWS SDK clients for it. Every
 * other client is made with the configuration that is chosen here.
 */
import { hostname, userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { SFNClientConfig } from '@aws-sdk/client-sfn';
import type { GetCallerIdentityCommandOutput } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { FerryError } from '../core/errors.ts';
import type { OptionSpec, Values } from './command-line.ts';
import { readOptions } from './command-line.ts';
import type { Context } from './context.ts';
import { readWholeFile } from './files/read-whole.ts';
import { describeStack, readOutputs, requireStanding, stackNameOf } from './stack.ts';
import type { Purpose } from './stack.ts';

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
  /** Who acts: the caller's ARN, or on one machine `user@host`. */
  readonly caller: () => Promise<string>;
}

type Logger = NonNullable<SFNClientConfig['logger']>;

/** What an AWS SDK client is made with. */
export interface ClientConfiguration {
  readonly region?: string;
  readonly profile?: string;
  readonly logger?: Logger;
  readonly endpoint?: string;
  readonly credentials?: NonNullable<SFNClientConfig['credentials']>;
}

/** A connection that died while this machine slept would be waited for until the network gives it up, a quarter of an hour. */
const requestHandler = { connectionTimeout: 10_000, socketTimeout: 60_000 };

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

export const runtimeFileSchema = z.object({
  pid: z.number(),
  endpoint: z.string(),
  region: z.string().default('us-east-1'),
  outputs: z.record(z.string(), z.string()),
  /** An operator's: made anew by each start of the runtime. */
  credentials: z.object({ operator: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }) }),
});
export type RuntimeFile = z.infer<typeof runtimeFileSchema>;

export type Selection =
  | { readonly kind: 'local'; readonly folder: string; readonly runtime: RuntimeFile; readonly words: string }
  | { readonly kind: 'stack'; readonly stage: string; readonly configuration: ClientConfiguration; readonly words: string };

/**
 * @param purpose what the command will do: a stack that is half-way through an update may be looked at
 * @throws FerryError InvalidInput, LocalRuntimeNotRunning; of a stack: StackNotFound, StackNotReady, StackOutdated, RegionMissing,
 *   and what the AWS SDK throws
 */
export async function connectDeployment(context: Context, values: Values, purpose: Purpose = 'look'): Promise<Deployment> {
  const selection = await readSelection(context, values);
  if (selection.kind === 'local') return localDeployment(selection.runtime, selection.folder, selection.words);
  return connectStack(selection.stage, selection.configuration, selection.words, purpose);
}

/** @throws FerryError InvalidInput, LocalRuntimeNotRunning */
export async function readSelection(context: Context, values: Values): Promise<Selection> {
  const { local, state, stage, region, profile } = readOptions(selectionSchema, values);
  if (stage !== undefined) {
    if (local === true || state !== undefined) {
      throw new FerryError('InvalidInput', '--stage names a deployed stack: it goes with neither --local nor --state.');
    }
    const words = [`--stage ${stage}`, region === undefined ? '' : `--region ${region}`, profile === undefined ? '' : `--profile ${profile}`];
    const configuration = stackConfiguration(context.environment, region, profile);
    return { kind: 'stack', stage, configuration, words: words.filter((word) => word !== '').join(' ') };
  }
  const folder = stateFolder(context, state ?? defaultStateFolder);
  const runtime = await readRunningRuntime(folder);
  if (runtime === undefined) throw new FerryError('LocalRuntimeNotRunning', `No local runtime is running on the state folder ${folder}.`);
  return { kind: 'local', folder, runtime, words: state === undefined ? '' : `--state ${state}` };
}

/**
 * In the AWS command line's order: --region, AWS_REGION, AWS_DEFAULT_REGION (which the SDK does not read), then the profile's own
 * region, which the SDK finds.
 */
function stackConfiguration(
  environment: Context['environment'],
  region: string | undefined,
  profile: string | undefined,
): ClientConfiguration {
  const chosen = [region, environment['AWS_REGION'], environment['AWS_DEFAULT_REGION']].find((each) => each !== undefined && each !== '');
  return { ...(chosen === undefined ? {} : { region: chosen }), ...(profile === undefined ? {} : { profile, logger: silent }) };
}

/** The SDK warns of access keys in the environment beside a profile: an operator who names a profile means it. */
const nothing = (): void => undefined;
const silent: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

export function stateFolder(context: Context, folder: string | undefined): string {
  const chosen = folder ?? defaultStateFolder;
  return isAbsolute(chosen) ? chosen : resolve(context.directory, chosen);
}

/** What `runtime.json` says, if the process that wrote it is alive. @throws FerryError FileUnusable */
export async function readRunningRuntime(folder: string): Promise<RuntimeFile | undefined> {
  const file = join(folder, 'runtime.json');
  // A folder that is not there yet has no runtime; a file in its place, or one that may not be read, is to be told.
  const content = await readWholeFile(file).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw FerryError.from(error);
  });
  if (content === undefined) return undefined;
  const runtime = runtimeFileSchema.safeParse(parseJson(content)).data;
  return runtime !== undefined && isAlive(runtime.pid) ? runtime : undefined;
}

export function localConfiguration(runtime: RuntimeFile): ClientConfiguration {
  return {
    endpoint: runtime.endpoint,
    region: runtime.region,
    credentials: runtime.credentials.operator,
  };
}

export function localDeployment(runtime: RuntimeFile, folder: string, selection: string): Deployment {
  const configuration = localConfiguration(runtime);
  return {
    description: `the local runtime on ${folder}`,
    local: true,
    stepFunctions: new SFNClient(configuration),
    documents: DynamoDBDocumentClient.from(new DynamoDBClient(configuration)),
    s3: new S3Client({ ...configuration, forcePathStyle: true }),
    ...readOutputs(runtime.outputs, `The local runtime on ${folder}`),
    pollSeconds: 1,
    selection,
    caller: () => Promise.resolve(`${userInfo().username}@${hostname()}`),
  };
}

async function connectStack(stage: string, chosen: ClientConfiguration, selection: string, purpose: Purpose): Promise<Deployment> {
  const stackName = stackNameOf(stage);
  // Loaded here: the commands that use the local runtime start sooner without it.
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const cloudFormation = new CloudFormationClient(chosen);
  const region = await cloudFormation.config.region();
  // One login for all clients: an assumed role would be assumed by each of them anew.
  const configuration = { region, credentials: cloudFormation.config.credentials, requestHandler };
  const stack = await describeStack(cloudFormation, stackName).catch((error: unknown) => {
    throw withoutCredentials(error, chosen.profile) ?? error;
  });
  if (stack === undefined) throw await stackNotFound(stackName, configuration);
  requireStanding(stack, purpose);
  return {
    description: `the stack ${stackName} in ${region}`,
    local: false,
    stepFunctions: new SFNClient(configuration),
    documents: DynamoDBDocumentClient.from(new DynamoDBClient(configuration)),
    s3: new S3Client(configuration),
    ...readOutputs(stack.outputs, `The stack ${stackName}`),
    pollSeconds: 5,
    selection,
    caller: async () => (await callerIdentity(configuration)).Arn ?? 'unknown',
  };
}

/** The SDK says only that none of its providers had any. */
export function withoutCredentials(error: unknown, profile: string | undefined): FerryError | undefined {
  if (profile === undefined || !(error instanceof Error) || error.name !== 'CredentialsProviderError' || !error.message.includes('from any providers')) return undefined;
  return new FerryError('CredentialsMissing', `The AWS profile ${profile} has no credentials, or there is no profile of that name.`, { cause: error });
}

/** Most often it is the account that is the wrong one: it is named. */
export async function stackNotFound(stackName: string, configuration: ClientConfiguration & { readonly region: string }): Promise<FerryError> {
  const account = await callerIdentity(configuration).then(({ Account }) => Account, () => undefined);
  const where = account === undefined ? `this account and region ${configuration.region}` : `account ${account}, region ${configuration.region}`;
  return new FerryError('StackNotFound', `There is no CloudFormation stack ${stackName} in ${where}.`);
}

async function callerIdentity(configuration: ClientConfiguration): Promise<GetCallerIdentityCommandOutput> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  return new STSClient(configuration).send(new GetCallerIdentityCommand({}));
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
