/**
 * The state machine on the local engine, with real records, real S3 and the functions' own code; only the containers are
 * scripts, because what they do is not the workflow's. Waits of less than a minute pass a hundred times as fast.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { DescribeExecutionCommand, RedriveExecutionCommand, SendTaskFailureCommand, SendTaskSuccessCommand, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { z } from 'zod';
import type { Report } from '../../../../core/contracts.ts';
import { type ErrorName, FerryError } from '../../../../core/errors.ts';
import { manifestKey, reportKey, type Stage } from '../../../../core/names.ts';
import { type DatabaseRecord, readRecord } from '../../../../core/records.ts';
import { checkOutageInputSchema, classifyInputSchema } from '../../../../core/recovery/recovery.ts';
import { readHolders, type SlotServer } from '../../../../core/slots.ts';
import { gateQuestionSchema, grantSlot } from '../../../../functions/check-aurora-connections/grant-slot.ts';
import { checkOutage } from '../../../../functions/check-outage/check-outage.ts';
import { classifyFailure } from '../../../../functions/classify-failure/classify-failure.ts';
import { holdForRedrive, holdInputSchema } from '../../../../functions/hold-for-redrive/hold-for-redrive.ts';
import { accountsInputSchema } from '../../../../functions/migrate-accounts/migrate-accounts.ts';
import { branchEndedSchema, recordAbortedBranch } from '../../../../functions/record-aborted-branch/record-aborted-branch.ts';
import { selectDatabases, selectInputSchema } from '../../../../functions/select-databases/select-databases.ts';
import { executionLiveness } from '../../../../functions/shared/executions.ts';
import { lambdaHandler } from '../../../../functions/shared/lambda-handler.ts';
import { tallyInputSchema, tallyOutcomes } from '../../../../functions/tally-outcomes/tally-outcomes.ts';
import type { Clock } from '../../../../local/stepfunctions/clock.ts';
import { sdkIntegrations } from '../../../../local/stepfunctions/integrations/sdk.ts';
import type { TaskContext, TaskIntegration } from '../../../../local/stepfunctions/integrations/types.ts';
import { StatesError } from '../../../../local/stepfunctions/language/errors.ts';
import type { Json } from '../../../../local/stepfunctions/language/json.ts';
import { objectStore } from '../../../../local/stepfunctions/objects.ts';
import { StepFunctionsService } from '../../../../local/stepfunctions/service.ts';
import { testLog } from '../../../support/test-log.ts';
import { type Cloud, startCloud } from '../../functions/support/cloud.ts';
import { startMysqlStub } from '../../functions/support/mysql-stub.ts';

export const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:ferry';

export type TaskEnvironment = Readonly<Record<string, string>>;
/** What a container does: reports success when it returns, an error of that name when it answers one, or ends as `exit` says. */
export type Container = (environment: TaskEnvironment, task: TaskContext) => Promise<ErrorName | { readonly exit: number } | undefined>;

export interface Ended {
  readonly status: string;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly redriveCount: number;
  readonly arn: string;
}

export interface Workflow {
  readonly cloud: Cloud;
  /** The environments of the containers that ran, in their order. */
  readonly ran: TaskEnvironment[];
  /** Messages to the dead-letter queue. */
  readonly letters: Record<string, Json>[];
  readonly notices: string[];
  /** What containers do from now on. */
  container: Container;
  /** What the function of the accounts does from now on. */
  accounts: (step: string) => Promise<void>;
  /** Others' connections on the target. */
  otherConnections: number;
  /** What the gate meets on the target before it counts. */
  gate: () => Promise<void>;
  /** What CheckOutage meets when it asks a server. */
  checkServer: (server: SlotServer) => Promise<void>;
  /** By how much the functions' clock is ahead. */
  laterMilliseconds: number;
  /** Whether status events of branches arrive. */
  tellsOfBranches: boolean;
  start(input: Readonly<Record<string, unknown>>, name?: string): Promise<string>;
  ended(arn: string): Promise<Ended>;
  run(input: Readonly<Record<string, unknown>>, name?: string): Promise<Ended>;
  redrive(arn: string): Promise<Ended>;
  stop(arn: string): Promise<void>;
  record(database: string): Promise<DatabaseRecord | undefined>;
  slots(): Promise<string[]>;
}

export const succeeds: Container = () => Promise.resolve(undefined);

export async function startWorkflow(t: TestContext, sourceDatabases: readonly string[]): Promise<Workflow> {
  const rows = sourceDatabases.map((name) => ({ Database: name }));
  const server = await startMysqlStub(t, { 'SHOW DATABASES': () => rows, 'SELECT 1': () => [{ '1': '1' }] });
  const cloud = await startCloud(t, { source: server.secret, target: server.secret });
  const ran: TaskEnvironment[] = [];
  const letters: Record<string, Json>[] = [];
  const notices: string[] = [];
  const functions = functionsOf(cloud, () => workflow);
  const sdk = sdkIntegrations({
    dynamodb: cloud.dynamodb,
    s3: cloud.s3,
    sendMessage: (input) => {
      letters.push(JSON.parse(input['MessageBody'] as string) as Record<string, Json>);
      return Promise.resolve({ MessageId: '1' });
    },
    publish: (input) => {
      notices.push(input['Message'] as string);
      return Promise.resolve({ MessageId: '1' });
    },
  });
  const runTask: TaskIntegration = async (parameters, task) => {
    const environment = environmentOf(parameters);
    ran.push(environment);
    return runContainer(cloud, environment, (told) => workflow.container(told, task));
  };
  const runTaskForToken: TaskIntegration = (parameters, task) => {
    const environment = environmentOf(parameters);
    ran.push(environment);
    void answerByToken(cloud, environment, () => workflow.container(environment, task));
    return Promise.resolve({ Tasks: [{}], Failures: [] });
  };
  const service = new StepFunctionsService({
    directory: cloud.directory,
    region: 'us-east-1',
    accountId: '000000000000',
    stateMachines: [{ name: 'ferry', arn: machineArn, roleArn: 'arn:aws:iam::000000000000:role/ferry', definition: await readDefinition() }],
    integrations: (resource) => {
      if (resource === 'arn:aws:states:::lambda:invoke') return invoke(functions);
      if (resource === 'arn:aws:states:::ecs:runTask.sync') return runTask;
      if (resource === 'arn:aws:states:::ecs:runTask.waitForTaskToken') return runTaskForToken;
      return sdk(resource);
    },
    objects: () => objectStore(cloud.s3),
    clock: hastyClock,
    random: () => 0.5,
    onStatusChange: async (event) => {
      const { executionArn, status } = event.detail;
      if (!workflow.tellsOfBranches) return;
      if (['ABORTED', 'TIMED_OUT', 'FAILED'].includes(status) && executionArn.includes('/MigrateDatabases:')) await functions['recordAbortedBranch']?.(event);
    },
  });
  await service.start();
  cloud.serveStepFunctions((operation, body) => service.handle(operation, body));
  t.after(() => service.close());
  const workflow: Workflow = {
    cloud,
    ran,
    letters,
    notices,
    container: succeeds,
    accounts: () => Promise.resolve(),
    otherConnections: 0,
    gate: () => Promise.resolve(),
    checkServer: () => Promise.resolve(),
    laterMilliseconds: 0,
    tellsOfBranches: true,
    start: async (input, name = 'run') => {
      const started = await cloud.stepFunctions.send(
        new StartExecutionCommand({ stateMachineArn: machineArn, name, input: JSON.stringify({ migration: 'spring', ...input }) }),
      );
      return started.executionArn ?? '';
    },
    ended: (arn) => untilEnded(cloud, arn),
    run: async (input, name) => untilEnded(cloud, await workflow.start(input, name)),
    redrive: async (arn) => {
      await cloud.stepFunctions.send(new RedriveExecutionCommand({ executionArn: arn }));
      return untilEnded(cloud, arn);
    },
    stop: async (arn) => {
      await cloud.stepFunctions.send(new StopExecutionCommand({ executionArn: arn }));
    },
    record: (database) => readRecord(cloud.table('spring'), database),
    slots: async () => Object.keys(await readHolders(cloud.table('spring'), 'target')),
  };
  return workflow;
}

/** The definition as CloudFormation would give it: each name of a resource stands for itself. */
export async function readDefinition(): Promise<string> {
  const text = await readFile(join(import.meta.dirname, '../../../../statemachines/migrate-databases.asl.json'), 'utf8');
  const values: Record<string, string> = { TableName: 'ferry', BucketName: 'ferry-bucket' };
  return text.replaceAll(/\$\{([A-Za-z]+)\}/g, (_match, name: string) => values[name] ?? name);
}

type Functions = Readonly<Record<string, (event: unknown) => Promise<unknown>>>;

function functionsOf(cloud: Cloud, workflow: () => Workflow): Functions {
  const { s3, stepFunctions, bucket } = cloud;
  const table = cloud.table('spring');
  const began = Date.now();
  // Holds are hastened as the waits of the engine are, but less: one of a minute would not be.
  const clock = { now: () => new Date(Date.now() + (Date.now() - began) * (hastening / 5 - 1) + workflow().laterMilliseconds) };
  const now = (): Date => new Date();
  const held = (server: SlotServer) => ({ secretVersion: () => Promise.resolve('1'), check: () => workflow().checkServer(server) });
  const records = (migration: string) => cloud.table(migration);
  const isAlive = executionLiveness(stepFunctions);
  const servers = { secrets: cloud.secrets, sourceSecretArn: 'source', targetSecretArn: 'target' };
  const countConnections = async () => {
    await workflow().gate();
    const holders = Object.keys(await readHolders(table, 'target')).length;
    return { total: workflow().otherConnections + holders, ferry: holders };
  };
  const random = () => 0;
  const log = testLog();
  const handler = <Schema extends z.ZodType, Result>(schema: Schema, work: (event: z.infer<Schema>) => Promise<Result>) => lambdaHandler(schema, work, log);
  return {
    SelectDatabasesFunction: handler(selectInputSchema, (event) => selectDatabases({ records, s3, bucket, servers, isAlive, now }, event)),
    MigrateAccountsFunction: handler(accountsInputSchema, ({ step }) => workflow().accounts(step).then(() => ({}))),
    CheckAuroraConnectionsFunction: handler(gateQuestionSchema, (event) =>
      grantSlot({ table, countConnections, isAlive, random, now, lastSweep: { at: 0 } }, event),
    ),
    ClassifyFailureFunction: handler(classifyInputSchema, (event) =>
      classifyFailure({ table, s3, bucket, random, now: clock.now }, event),
    ),
    CheckOutageFunction: handler(checkOutageInputSchema, (event) =>
      checkOutage({ table, servers: { source: held('source'), target: held('target') }, random, now: clock.now }, event),
    ),
    TallyOutcomesFunction: handler(tallyInputSchema, (event) => tallyOutcomes({ table, s3, stepFunctions, now }, event)),
    HoldForRedriveFunction: handler(holdInputSchema, (event) => holdForRedrive({ table, stepFunctions, now }, event)),
    recordAbortedBranch: handler(branchEndedSchema, (event) => recordAbortedBranch({ records, stepFunctions, now }, event)),
  };
}

function invoke(functions: Functions): TaskIntegration {
  return async (parameters) => {
    const { FunctionName, Payload } = parameters as unknown as { FunctionName: string; Payload: Json };
    const handler = functions[FunctionName];
    if (handler === undefined) throw new StatesError('Lambda.ResourceNotFoundException', FunctionName);
    try {
      return { StatusCode: 200, Payload: JSON.parse(JSON.stringify(await handler(Payload))) as Json };
    } catch (error) {
      const { name, message } = FerryError.from(error);
      throw new StatesError(name, JSON.stringify({ errorType: name, errorMessage: message, trace: [] }));
    }
  };
}

function environmentOf(parameters: Json): TaskEnvironment {
  const { Overrides } = parameters as unknown as { Overrides: { ContainerOverrides: [{ Environment: { Name: string; Value: string }[] }] } };
  return Object.fromEntries(Overrides.ContainerOverrides[0].Environment.map(({ Name, Value }) => [Name, Value]));
}

/** The life of a container: it works, verifies too what it has imported, leaves a report, and ends as ECS tells it. */
async function runContainer(cloud: Cloud, environment: TaskEnvironment, work: (told: TaskEnvironment) => ReturnType<Container>): Promise<Json> {
  const startedAt = Date.now();
  const outcome = await work(environment);
  const isVerified = environment['STAGE'] === 'import' && outcome === undefined && (await work({ ...environment, STAGE: 'verify' })) === undefined;
  const failed = typeof outcome === 'string' ? new FerryError(outcome, `${outcome} of ${environment['DATABASE'] ?? ''}`) : undefined;
  const exitCode = typeof outcome === 'object' ? outcome.exit : (failed?.exitCode ?? 0);
  if (typeof outcome !== 'object') await writeReport(cloud, environment, startedAt, failed, isVerified);
  const task = { Containers: [{ ExitCode: exitCode }], StopCode: 'EssentialContainerExited', StartedAt: startedAt, CreatedAt: startedAt };
  if (exitCode === 0) return task;
  throw new StatesError('States.TaskFailed', JSON.stringify(task));
}

/** A container that is killed answers nothing. */
async function answerByToken(cloud: Cloud, environment: TaskEnvironment, work: () => ReturnType<Container>): Promise<void> {
  const outcome = await work();
  const taskToken = environment['TASK_TOKEN'] ?? '';
  if (typeof outcome === 'object') return;
  await writeReport(cloud, environment, Date.now(), outcome === undefined ? undefined : new FerryError(outcome, outcome));
  if (outcome === undefined) await cloud.stepFunctions.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }));
  else await cloud.stepFunctions.send(new SendTaskFailureCommand({ taskToken, error: outcome, cause: `${outcome} of ${environment['DATABASE'] ?? ''}` }));
}

async function writeReport(cloud: Cloud, environment: TaskEnvironment, startedAt: number, failure: FerryError | undefined, isVerified = false): Promise<void> {
  const { MIGRATION = '', DATABASE = '', ATTEMPT = '' } = environment;
  const stage = (environment['STAGE'] ?? 'dump') as Stage;
  const attempt = Number(ATTEMPT);
  const dumpManifest = environment['DUMP_MANIFEST'] ?? manifestKey(MIGRATION, DATABASE, attempt);
  const report: Report = {
    stage,
    database: DATABASE,
    attempt,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date().toISOString(),
    milliseconds: {},
    peakRssBytes: 1,
    ...(failure === undefined
      ? { result: { dumpManifest, tables: 2, rows: 30, sqlBytes: 400, dumpBytes: 100, conversions: 1, ...(isVerified ? { verified: 'digests' as const } : {}) } }
      : { error: { name: failure.name, message: failure.message, retryable: failure.retryable, ...(failure.resumeAt === undefined ? {} : { resumeAt: failure.resumeAt }) } }),
  };
  await cloud.putText(reportKey(MIGRATION, DATABASE, attempt, stage), JSON.stringify(report));
}

const hastening = 100;
const longestHastened = 59_000;
const hastyClock: Clock = {
  now: () => Date.now(),
  schedule(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds <= longestHastened ? milliseconds / hastening : milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
};

async function untilEnded(cloud: Cloud, executionArn: string): Promise<Ended> {
  for (;;) {
    const { status = '', error, cause, redriveCount = 0 } = await cloud.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING') return { status, error, cause, redriveCount, arn: executionArn };
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, 'it did not happen within a minute');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
