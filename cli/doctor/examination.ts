/**
 * What checks look at, each asked for once and only when a check wants it: the caller, the stack, its task definitions, and the
 * two servers as tasks see them.
 */
import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { FerryError } from '../../core/errors.ts';
import type { FreezeMode } from '../../core/freeze-privileges.ts';
import type { CheckReport, ServerFacts } from '../../core/server-check.ts';
import type { ClientConfiguration, Selection } from '../deployment.ts';
import { localConfiguration, stackNotFound, withoutCredentials } from '../deployment.ts';
import type { Stack } from '../stack.ts';
import { describeStack, readOutputs, stackNameOf, standingOf } from '../stack.ts';
import { NotExamined } from './finding.ts';
import { lookFromInside } from './look-from-inside.ts';
import type { Look, TaskPlace } from './look-from-inside.ts';

/** The run that the operator has in mind. */
export interface Plan {
  readonly databases: number | undefined;
  readonly maxConcurrency: number;
  readonly dumpThreads: number;
  readonly maxConnections: number;
  /** Undefined when databases are not to be frozen. */
  readonly freeze: FreezeMode | undefined;
}

export interface Caller {
  readonly account: string;
  readonly arn: string;
  readonly region: string;
}

export interface Examination {
  readonly local: boolean;
  readonly plan: Plan;
  readonly signal: AbortSignal;
  /** For AWS SDK clients. @throws NotExamined when the caller has no credentials that work */
  configuration(): Promise<ClientConfiguration>;
  /** @throws what the SDK throws */
  caller(): Promise<Caller>;
  /** @throws FerryError StackNotFound; NotExamined */
  stack(): Promise<Stack>;
  /** @throws NotExamined when there is no such stack, or it lacks one of these */
  outputs<Name extends string>(...names: readonly Name[]): Promise<Record<Name, string>>;
  taskDefinition(server: 'source' | 'target'): Promise<TaskDefinition>;
  /** What a task saw, and how it ended. @throws what RunTask throws; NotExamined */
  look(server: 'source' | 'target'): Promise<Look>;
  /** @throws NotExamined when no report came */
  report(server: 'source' | 'target'): Promise<CheckReport>;
  /** @throws NotExamined when the task could not reach its server */
  facts(server: 'source' | 'target'): Promise<ServerFacts>;
}

export interface ExaminationOptions {
  readonly selection: Selection;
  readonly plan: Plan;
  readonly signal: AbortSignal;
  /** Whether to start tasks. */
  readonly tasks: boolean;
  readonly checkId: string;
}

export function examine({ selection, plan, signal, tasks, checkId }: ExaminationOptions): Examination {
  const chosen = selection.kind === 'local' ? localConfiguration(selection.runtime) : selection.configuration;
  const login = once(() => logIn(chosen));
  const caller = async (): Promise<Caller> => (await login()).caller;
  const configuration = once(async () => {
    const { caller: { region }, credentials } = await login().catch(() => {
      throw new NotExamined('the credentials do not work');
    });
    return { ...(chosen.endpoint === undefined ? {} : { endpoint: chosen.endpoint }), region, credentials };
  });
  const stack = once(async (): Promise<Stack> => {
    if (selection.kind === 'local') return { name: `the local runtime on ${selection.folder}`, status: 'CREATE_COMPLETE', statusReason: undefined, outputs: selection.runtime.outputs };
    const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
    const ready = await configuration();
    const found = await describeStack(new CloudFormationClient(ready), stackNameOf(selection.stage));
    if (found === undefined) throw await stackNotFound(stackNameOf(selection.stage), ready);
    return found;
  });
  const outputs: Examination['outputs'] = async (...names) => {
    await configuration();
    const found = await stack().catch(() => {
      throw new NotExamined("the stack's outputs are not known");
    });
    const missing = names.filter((name) => found.outputs[name] === undefined);
    const [first] = missing;
    if (first !== undefined) throw new NotExamined(standingOf(found.status) === 'absent' ? `the stack is in ${found.status}` : `the stack has no output ${missing.join(', ')}`);
    return found.outputs as Record<(typeof names)[number], string>;
  };
  const taskDefinition = eachOnce(async (server): Promise<TaskDefinition> => {
    const output = definitionOutputs[server];
    const { [output]: arn } = await outputs(output);
    const { DescribeTaskDefinitionCommand, ECSClient } = await import('@aws-sdk/client-ecs');
    const described = await new ECSClient(await configuration()).send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
    if (described.taskDefinition === undefined) throw new FerryError('StackOutdated', `The task definition ${arn} is not there.`);
    return described.taskDefinition;
  });
  const look = eachOnce(async (server): Promise<Look> => {
    if (!tasks) throw new NotExamined('no task was started (--no-tasks)');
    const place = placeOf(await outputs(definitionOutputs[server], 'BucketName', 'ClusterName', 'SubnetIds', 'SecurityGroupId'), server);
    return lookFromInside(await configuration(), place, { checkId, signal, local: selection.kind === 'local' });
  });
  const report = async (server: 'source' | 'target'): Promise<CheckReport> => {
    const seen = await look(server).catch(() => undefined);
    if (seen?.report === undefined) throw new NotExamined(tasks ? `no task looked at the ${server} from inside` : 'no task was started (--no-tasks)');
    return seen.report;
  };
  const facts = async (server: 'source' | 'target'): Promise<ServerFacts> => {
    const { facts: seen } = await report(server);
    if (seen === undefined) throw new NotExamined(`the ${server} could not be reached`);
    return seen;
  };
  return { local: selection.kind === 'local', plan, signal, configuration, caller, stack, outputs, taskDefinition, look, report, facts };
}

const definitionOutputs = { source: 'DumpTaskDefinitionArn', target: 'ImportTaskDefinitionArn' } as const;

function placeOf(outputs: Readonly<Record<string, string>>, server: 'source' | 'target'): TaskPlace {
  const list = (name: string): string[] => (outputs[name] ?? '').split(',').filter((each) => each !== '');
  return {
    server,
    container: server === 'source' ? 'dump' : 'import',
    taskDefinition: outputs[definitionOutputs[server]] ?? '',
    cluster: outputs['ClusterName'] ?? '',
    bucket: outputs['BucketName'] ?? '',
    subnets: list('SubnetIds'),
    securityGroups: list('SecurityGroupId'),
  };
}

/** @throws FerryError StackOutdated */
export function requireOutputs(stack: Stack): void {
  readOutputs(stack.outputs, `The stack ${stack.name}`);
}

/** One login for all clients. */
async function logIn(configuration: ClientConfiguration): Promise<{ readonly caller: Caller; readonly credentials: NonNullable<ClientConfiguration['credentials']> }> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const client = new STSClient(configuration);
  try {
    const region = await client.config.region();
    const { Account = '', Arn = '' } = await client.send(new GetCallerIdentityCommand({}));
    return { caller: { account: Account, arn: Arn, region }, credentials: client.config.credentials };
  } catch (error) {
    throw withoutCredentials(error, configuration.profile) ?? error;
  }
}

function once<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let asked: Promise<Value> | undefined;
  return () => (asked ??= ask());
}

function eachOnce<Value>(ask: (server: 'source' | 'target') => Promise<Value>): (server: 'source' | 'target') => Promise<Value> {
  const asked = { source: once(() => ask('source')), target: once(() => ask('target')) };
  return (server) => asked[server]();
}
