/**
 * The local runtime: the services that the packaged stack uses, on one loopback port and one state folder.
 * State on disk: kill it at any moment, start it again, redrive, and nothing is lost.
 */
import { closeSync, openSync } from 'node:fs';
import { FerryError } from '../core/errors.ts';
import type { ServerAccess } from '../core/server-access.ts';
import { Access, type AccessReport } from './access.ts';
import { clientEnvironment } from './client-environment.ts';
import { createDynamoDb } from './dynamodb/create-dynamodb.ts';
import { createHosts } from './ecs/create-hosts.ts';
import { EcsService } from './ecs/ecs-service.ts';
import type { HostPool } from './ecs/host-pool.ts';
import type { Handlers, HttpHandler, JsonHandler } from './endpoint/handlers.ts';
import { startEndpoint } from './endpoint/server.ts';
import { engineRoles, refusable, roleOf } from './engine-roles.ts';
import { EventBus, objectCreatedProbe, type EventBusOptions } from './events/event-bus.ts';
import { startSchedules } from './events/start-schedules.ts';
import { KeyRing, type Credentials } from './iam/key-ring.ts';
import { createIdentity } from './identity/create-identity.ts';
import { LambdaService } from './lambda/lambda-service.ts';
import { createQueues } from './messaging/create-queues.ts';
import { createTopics } from './messaging/create-topics.ts';
import { packageService, type Packaged } from './package/package-service.ts';
import { createS3 } from './s3/create-s3.ts';
import { createSecrets } from './secrets/create-secrets.ts';
import { keepLoginTokens } from './secrets/login-tokens.ts';
import { createStackDescription, type StackDescription } from './stack/create-stack-description.ts';
import { isDiskFull } from './storage/disk-full.ts';
import { withoutSpace } from './storage/log-file.ts';
import { keepFilesPrivate, openStateFolder, type StateFolder } from './state-folder.ts';
import { systemClock, type Clock } from './stepfunctions/clock.ts';
import type { JsonObject } from './stepfunctions/language/json.ts';
import type { TaskIntegrations } from './stepfunctions/integrations/types.ts';
import { objectStore } from './stepfunctions/objects.ts';
import { StepFunctionsService } from './stepfunctions/service.ts';
import { taskIntegrations } from './task-integrations.ts';
import { resolveTemplate } from './template/resolve-template.ts';
import type { LocalStack } from './template/stack-types.ts';

export interface RuntimeOptions {
  readonly stateDirectory: string;
  /** Where serverless.yml is. */
  readonly projectDirectory: string;
  /** Of 127.0.0.1; a free one unless given. */
  readonly port?: number;
  readonly source: ServerAccess;
  readonly target: ServerAccess;
  /** PATH of the task programs; `mysqldump` is found there. */
  readonly clientPath: string;
  /** One line for each event worth an operator's attention. */
  readonly log: (message: string) => void;
  /** Tasks at once; more of them wait. Each is a process of some 200 MB. Up to 32 unless given, as memory allows. */
  readonly maxTasks?: number;
  readonly clock?: Clock;
  readonly region?: string;
  /** False switches off the status-change events of the children of Map Runs, as AWS may not send them either. */
  readonly childStatusEvents?: boolean;
  /** Puts itself before services, to count what is asked of them or to have it fail; programs that measure and tests use it. */
  readonly watch?: Watch;
}

export interface Watch {
  readonly dynamodb?: (handler: JsonHandler) => JsonHandler;
  readonly s3?: (handler: HttpHandler) => HttpHandler;
  readonly stepFunctions?: (handler: JsonHandler) => JsonHandler;
  /** What the state machine's Tasks call. */
  readonly integrations?: (integrations: TaskIntegrations) => TaskIntegrations;
  /** Hands an event to a function. */
  readonly deliver?: (invoke: EventBusOptions['invoke']) => EventBusOptions['invoke'];
}

export interface Runtime {
  readonly endpoint: string;
  readonly region: string;
  /** Of the stack: StateMachineArn, TableName, BucketName and others. */
  readonly outputs: Readonly<Record<string, string>>;
  /** With which a client signs, until the runtime ends: as an operator, or as the root user, whom no policy limits. */
  readonly credentials: { readonly operator: Credentials; readonly root: Credentials };
  /** What each role is allowed, and what it was seen to call since the start. */
  readonly accessReport: () => AccessReport;
  /** Tells running tasks to stop and closes the state; running executions continue by a redrive after the next start. */
  stop(): Promise<void>;
}

const accountId = '000000000000';
/** A task that is told to stop with the runtime has this long. */
const stopSeconds = 10;

/**
 * @throws FerryError LocalRuntimeRunning, PackageFailed, StorageFailed, UnsupportedDefinition; the listening error when the port is taken
 */
export async function startRuntime(given: RuntimeOptions): Promise<Runtime> {
  const log = (message: string): void => {
    withoutSpace(() => {
      given.log(message);
    });
  };
  const options = { ...given, log };
  try {
    return await startIn(openStateFolder(options.stateDirectory), options);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    throw new FerryError('StorageFailed', `The local runtime cannot start: there is no space left for its state in ${options.stateDirectory}.`, { cause: error });
  }
}

async function startIn(folder: StateFolder, options: RuntimeOptions): Promise<Runtime> {
  const closers: Closer[] = [
    () => {
      folder.release();
    },
  ];
  const stop = (): Promise<void> => closeAll(closers);
  try {
    return { ...(await start(options, folder, closers)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Closer = () => void | Promise<void>;

/** The last opened first: callers close before what they call. */
async function closeAll(closers: Closer[]): Promise<void> {
  for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer();
}

async function start(options: RuntimeOptions, folder: StateFolder, closers: Closer[]): Promise<Omit<Runtime, 'stop'>> {
  const { projectDirectory, log, region = 'us-east-1' } = options;
  const packaged = await packageService({ projectDirectory, log });
  closers.push(keepFilesPrivate());
  const createdAt = new Date();
  const handlers: { -readonly [Name in keyof Handlers]: Handlers[Name] } = {};
  const keys = new KeyRing();
  const endpoint = await startEndpoint({
    handlers,
    secretOf: keys.secretOf,
    port: options.port ?? 0,
    onError: (error, request) => {
      const told = error instanceof Error && !isDiskFull(error) ? (error.stack ?? error.message) : FerryError.from(error).message;
      log(`${request} failed: ${told}`);
    },
  });
  closers.push(() => endpoint.close());
  const tokens = await keepLoginTokens({ servers: { source: options.source, target: options.target }, folder: folder.at('tokens'), log });
  closers.push(tokens.stop);
  const { source, target } = tokens.servers;
  const secretTexts = { 'aurora-ferry/source': JSON.stringify(source), 'aurora-ferry/target': JSON.stringify(target) };
  const secrets = createSecrets({ secrets: secretTexts, account: accountId, region });
  const secretArns = { source: secrets.arnOf('aurora-ferry/source'), target: secrets.arnOf('aurora-ferry/target') };
  const stack = resolveTemplate(packaged.template, {
    parameters: { ...packaged.parameters, SourceSecretArn: secretArns.source, TargetSecretArn: secretArns.target },
    accountId,
    region,
    stackName: packaged.stackName,
    endpoint: endpoint.url,
  });
  const access = new Access({ stack, accountId, region, log, keys, secretArn: secrets.knownArn });
  handlers.authorize = access.authorize;
  const place: Place = { options, folder, stack, packaged, access, endpoint: endpoint.url, region, closers };
  const readSecret = (arn: string): string => {
    if (arn === secretArns.source) return secrets.textOf('aurora-ferry/source');
    if (arn === secretArns.target) return secrets.textOf('aurora-ferry/target');
    throw new FerryError('InvalidInput', `The local runtime has no secret ${arn}.`);
  };
  const outputs: Record<string, string> = Object.fromEntries(Object.entries(stack.outputs).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
  handlers.secretsManager = secrets.handler;
  handlers.sts = createIdentity({ account: accountId });
  handlers.cloudFormation = createStackDescription(() => [describeStack(packaged.stackName, region, createdAt, outputs)]);
  await startServices(place, handlers, readSecret);
  folder.writeRuntimeFile({ pid: process.pid, endpoint: endpoint.url, region, startedAt: new Date().toISOString(), outputs, credentials: access.people });
  return { endpoint: endpoint.url, region, outputs, credentials: access.people, accessReport: () => access.report };
}

/** A runtime that answers has created its stack. */
function describeStack(stackName: string, region: string, createdAt: Date, outputs: Readonly<Record<string, string>>): StackDescription {
  const stackId = `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`;
  return { stackName, stackId, status: 'CREATE_COMPLETE', createdAt, outputs };
}

interface Place {
  readonly options: RuntimeOptions;
  readonly folder: StateFolder;
  readonly stack: LocalStack;
  readonly packaged: Packaged;
  readonly access: Access;
  readonly endpoint: string;
  readonly region: string;
  readonly closers: Closer[];
}

async function startServices(place: Place, handlers: { -readonly [Name in keyof Handlers]: Handlers[Name] }, readSecret: (arn: string) => string): Promise<void> {
  const { folder, stack, region, closers } = place;
  const { log, watch } = place.options;
  const clock = place.options.clock ?? systemClock;
  const date = (): Date => new Date(clock.now());
  const storage = startStorage(place, date);
  const lambda = startLambda(place);
  const invoke: EventBusOptions['invoke'] = (functionArn, event) => lambda.invokeAsynchronously(functionArn, event);
  const bus = new EventBus({ rules: stack.rules, invoke: watch?.deliver?.(invoke) ?? invoke });
  const s3 = createS3({
    directory: folder.at('s3'),
    clock: date,
    account: accountId,
    region,
    authorize: place.access.authorizeS3,
    eventFilter: (bucket, key) => bus.isAwaited(objectCreatedProbe(bucket, key)),
    onObjectCreated: (event) => bus.publish(event as unknown as JsonObject),
    onEventError: (error, event) => {
      log(`The event of s3://${event.detail.bucket.name}/${event.detail.object.key} was not delivered: ${String(error)}`);
    },
  });
  closers.push(() => {
    s3.close();
  });
  for (const { name } of stack.buckets) s3.createBucket(name);
  await storage.dynamodb.createTables(stack.tables.map(({ name, properties }) => ({ ...properties, TableName: name })));
  const { ecs, hosts } = startEcs(place, readSecret);
  const dynamodb = watch?.dynamodb?.(storage.dynamodb.handler) ?? storage.dynamodb.handler;
  const roles = engineRoles({ ...place, dynamodbHandler: dynamodb });
  const integrations = taskIntegrations({ queues: storage.queues, topics: storage.topics, ecs, lambda }, roles);
  const engine = new StepFunctionsService({
    directory: folder.at('executions'),
    region,
    accountId,
    stateMachines: stack.stateMachines,
    integrations: watch?.integrations?.(integrations) ?? integrations,
    objects: (roleArn) => objectStore(roleOf(roles, roleArn).s3),
    authorize: (roleArn, operation, input) => {
      roleOf(roles, roleArn).authorize('states', operation, input);
    },
    clock,
    random: Math.random,
    onStatusChange: (event) => bus.publish(event),
    childStatusEvents: place.options.childStatusEvents ?? true,
  });
  closers.push(() => {
    for (const role of roles.values()) role.close();
  });
  // The engine first, so that it takes no task's end for a failure; every service that a stopping task uses still answers.
  closers.push(async () => {
    await Promise.all([engine.close(), hosts.close(stopSeconds)]);
  });
  handlers.s3 = watch?.s3?.(s3.handler) ?? s3.handler;
  handlers.dynamodb = dynamodb;
  handlers.sqs = storage.queues.handler;
  handlers.sns = storage.topics.handler;
  handlers.lambda = lambda.handler;
  handlers.ecs = ecs.handler;
  const stepFunctions: JsonHandler = (operation, body) => engine.handle(operation, body);
  handlers.stepFunctions = watch?.stepFunctions?.(stepFunctions) ?? stepFunctions;
  await engine.start();
  s3.redeliverEvents();
  hosts.warmUp();
  closers.push(startSchedules({ rules: stack.rules, lambda, clock, account: accountId, region, log }));
}

function startStorage({ folder, stack, endpoint, region, closers }: Place, clock: () => Date) {
  const dynamodb = createDynamoDb({ file: folder.at('dynamodb', 'tables.sqlite'), account: accountId, region });
  closers.push(() => {
    dynamodb.close();
  });
  const queues = createQueues({ file: folder.at('queues', 'queues.sqlite'), clock, endpointUrl: () => endpoint, account: accountId, region });
  closers.push(() => {
    queues.close();
  });
  const topics = createTopics({ notificationsFile: folder.at('queues', 'notifications.jsonl'), clock, account: accountId, region });
  closers.push(() => {
    topics.close();
  });
  for (const { name } of stack.queues) queues.createQueue(name);
  for (const { name } of stack.topics) topics.createTopic(name);
  return { dynamodb, queues, topics };
}

function startLambda(place: Place): LambdaService {
  const { options, folder, stack, packaged, access, closers } = place;
  for (const definition of stack.functions) {
    refusable(definition.logicalId, () => {
      access.checkFunction(definition);
    });
  }
  const lambda = new LambdaService({
    functions: stack.functions,
    codeDirectory: ({ artifact }) => packaged.functionDirectory(artifact),
    environment: clientEnvironment({ ...place, clientPath: options.clientPath }),
    credentials: (definition) => access.functionCredentials(definition),
    onFirstInvocation: (definition) => {
      access.onFirstInvocation(definition);
    },
    logDirectory: folder.at('logs'),
    compileCacheDirectory: packaged.compileCacheDirectory,
    log: options.log,
  });
  closers.push(() => lambda.close());
  return lambda;
}

function startEcs(place: Place, readSecret: (arn: string) => string): { ecs: EcsService; hosts: HostPool } {
  const { options, folder, stack, packaged, access, closers } = place;
  const logDescriptor = openSync(folder.at('logs', 'task-hosts.log'), 'a', 0o600);
  closers.push(() => {
    closeSync(logDescriptor);
  });
  const environment = clientEnvironment({ ...place, clientPath: options.clientPath });
  const hosts = createHosts({
    environment: { ...environment, NODE_COMPILE_CACHE: packaged.compileCacheDirectory },
    logDescriptor,
    taskDefinitions: stack.taskDefinitions,
    maxTasks: options.maxTasks,
  });
  const ecs = new EcsService({
    clusters: stack.clusters,
    taskDefinitions: stack.taskDefinitions,
    hosts,
    programOf: ({ name }) => packaged.containerProgram(name),
    readSecret,
    environment,
    credentials: (definition) => access.taskCredentials(definition),
    prepare: (definition, taskId) => {
      access.prepareTask(definition, taskId);
    },
    logDirectory: folder.at('logs'),
    log: options.log,
  });
  return { ecs, hosts };
}
