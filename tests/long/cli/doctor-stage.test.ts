/** `ferry doctor --stage` on an account of AWS: quotas, images, secrets, tasks that do not start, and what it may not ask. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { CheckedFinding } from '../../../cli/doctor/check.ts';
import { checks } from '../../../cli/doctor/checks/index.ts';
import { AwsError } from '../../../local/endpoint/aws-error.ts';
import { createIdentity } from '../../../local/identity/create-identity.ts';
import { createStackDescription, type StackDescription } from '../../../local/stack/create-stack-description.ts';
import { source, target } from '../../unit/doctor/facts.ts';
import type { FactChanges } from '../../unit/doctor/facts.ts';
import { ferry, spawnFerry, untilStderr } from '../../integration/cli/ferry.ts';
import { startAwsAccount, type AwsAccount } from './aws-account.ts';

const account = '111122223333';
const outputs = {
  StateMachineArn: `arn:aws:states:eu-west-1:${account}:stateMachine:aurora-ferry-prod`, TableName: 'ferry-table', BucketName: 'ferry-bucket', ClusterName: 'aurora-ferry-prod',
  DumpTaskDefinitionArn: `arn:aws:ecs:eu-west-1:${account}:task-definition/aurora-ferry-prod-dump:7`, ImportTaskDefinitionArn: `arn:aws:ecs:eu-west-1:${account}:task-definition/aurora-ferry-prod-import:7`,
  SubnetIds: 'subnet-0a1b2c3d4e5f60001,subnet-0a1b2c3d4e5f60002', SecurityGroupId: 'sg-0a1b2c3d4e5f60001',
};
const imageOf = (name: string): string => `${account}.dkr.ecr.eu-west-1.amazonaws.com/aurora-ferry-prod/${name}:0.1.0`;

describe('ferry doctor, on AWS', { concurrency: 1 }, () => {
  let aws: AwsAccount;
  let stack: StackDescription;
  let identity: AwsError | undefined;

  before(async () => {
    const describeStacks = createStackDescription(() => [stack]);
    const identify = createIdentity({ account });
    aws = await startAwsAccount({ sts: (operation, parameters) => (identity === undefined ? identify(operation, parameters) : Promise.reject(identity)), cloudformation: describeStacks });
  });
  after(() => aws.close());
  beforeEach(() => {
    stack = { stackName: 'aurora-ferry-prod', stackId: 'arn:aws:cloudformation:x', status: 'UPDATE_COMPLETE', createdAt: new Date(0), outputs };
    identity = undefined;
    aws.asked.length = 0;
    aws.objects.clear();
    aws.objects.set('/ferry-bucket', '');
    for (const operation of Object.keys(aws.answers)) Reflect.deleteProperty(aws.answers, operation);
    Object.assign(aws.answers, {
      GetServiceQuota: ({ QuotaCode }) => ({ Quota: { QuotaCode, Value: QuotaCode === 'L-3032A538' ? 4000 : 1000 } }),
      ListServiceQuotas: () => ({ Quotas: [{ QuotaName: 'Open executions', Value: 1_000_000 }] }),
      DescribeTable: () => ({ Table: { TableStatus: 'ACTIVE', GlobalSecondaryIndexes: [{ IndexStatus: 'ACTIVE' }] } }),
      DescribeSecret: ({ SecretId }) => ({ ARN: SecretId, Name: String(SecretId).split(':').at(-1) }),
      DescribeImages: () => ({ imageDetails: [{ imageSizeInBytes: 123_000_000 }] }),
      DescribeTaskDefinition: ({ taskDefinition }) => {
        const name = String(taskDefinition).includes('dump') ? 'dump' : 'import';
        const secrets = [{ name: name === 'dump' ? 'SOURCE_SECRET' : 'TARGET_SECRET', valueFrom: `arn:aws:secretsmanager:eu-west-1:${account}:secret:ferry/${name}-a1b2c3` }];
        return { taskDefinition: { cpu: '1024', memory: '2048', containerDefinitions: [{ name, image: imageOf(name), secrets }] } };
      },
      DescribeTasks: ({ tasks }) => ({ tasks: [{ taskArn: (tasks as string[])[0], lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited', containers: [{ exitCode: 0 }] }] }),
    } satisfies AwsAccount['answers']);
    tasksReport();
  });

  /** Tasks that end well, with these reports in the bucket. */
  function tasksReport(changes: { readonly source?: FactChanges; readonly target?: FactChanges } = {}): void {
    aws.answers['RunTask'] = (request) => {
      const { name, environment } = containerOf(request);
      assert.equal(environment['STAGE'], 'check');
      const server = name === 'dump' ? 'source' : 'target';
      const facts = server === 'source' ? source(changes.source) : target(changes.target);
      const client = server === 'source' ? { client: 'mysqldump  Ver 9.7.4 for Linux' } : {};
      aws.objects.set(`/ferry-bucket/_doctor/reports/${environment['CHECK_ID']}/${server}.json`, JSON.stringify({ server, checkedAt: 'now', facts, ...client }));
      return { tasks: [{ taskArn: `arn:aws:ecs:eu-west-1:${account}:task/aurora-ferry-prod/${name}` }] };
    };
  }

  async function doctor(...words: string[]): Promise<{ readonly code: number | null; readonly stderr: string; readonly findings: readonly CheckedFinding[] }> {
    const { code, stdout, stderr } = await ferry(['doctor', '--stage', 'prod', '--json', ...words], { environment: environment() });
    assert.notEqual(stdout, '', stderr);
    return { code, stderr, findings: (JSON.parse(stdout) as { findings: CheckedFinding[] }).findings };
  }

  function environment(): Record<string, string> {
    return { AWS_ENDPOINT_URL: aws.url, AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKIALOCAL', AWS_SECRET_ACCESS_KEY: 'secret' };
  }

  const of = (findings: readonly CheckedFinding[], check: string): CheckedFinding[] => findings.filter((finding) => finding.check === check);

  it('finds nothing to complain of in an account that is ready', async () => {
    const { code, stderr, findings } = await doctor('--databases', '4000');
    assert.deepEqual(findings.filter(({ severity }) => severity !== 'ok'), []);
    assert.deepEqual([...new Set(findings.map(({ check }) => check))], checks.map(({ name }) => name));
    assert.equal(code, 0);
    assert.match(stderr, /^Looking from inside too, by a task for each server/);
    assert.match(of(findings, 'fargate-quota')[0]!.what, /vCPU: 4000; 200 branches at once run up to 200 tasks of 1 vCPU, which is 200$/);
  });

  it('starts each task where branches start theirs', async () => {
    const requests: Readonly<Record<string, unknown>>[] = [];
    const runTask = aws.answers['RunTask']!;
    aws.answers['RunTask'] = (request) => {
      requests.push(request);
      return runTask(request);
    };
    await doctor();
    assert.deepEqual(requests.map(({ taskDefinition, cluster }) => [taskDefinition, cluster]).sort(), [
      [outputs.DumpTaskDefinitionArn, 'aurora-ferry-prod'],
      [outputs.ImportTaskDefinitionArn, 'aurora-ferry-prod'],
    ]);
    for (const { networkConfiguration, launchType } of requests) {
      assert.equal(launchType, 'FARGATE');
      assert.deepEqual(networkConfiguration, {
        awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d4e5f60001', 'subnet-0a1b2c3d4e5f60002'], securityGroups: ['sg-0a1b2c3d4e5f60001'], assignPublicIp: 'DISABLED' },
      });
    }
  });

  it('says what a fleet needs of quotas that are too small', async () => {
    aws.answers['GetServiceQuota'] = ({ QuotaCode }) => ({ Quota: { Value: QuotaCode === 'L-3032A538' ? 6 : 10 } });
    aws.answers['ListServiceQuotas'] = () => ({ Quotas: [] });
    const { code, findings } = await doctor('--max-concurrency', '100');
    assert.equal(code, 0);
    assert.deepEqual(of(findings, 'fargate-quota').map(({ severity, remedy }) => [severity, remedy]), [
      ['warning', 'Ask AWS to raise the quota L-3032A538 of the service fargate to 100 (days before the night), or start with --max-concurrency 6.'],
    ]);
    assert.equal(of(findings, 'lambda-quota')[0]!.severity, 'warning');
    assert.equal(of(findings, 'step-functions-quota')[0]!.severity, 'skipped');
    const frozen = await doctor('--max-concurrency', '6', '--freeze');
    assert.match(of(frozen.findings, 'fargate-quota')[0]!.what, /6 branches at once run up to 12 tasks of 1 vCPU, which is 12$/);
    assert.deepEqual(of(frozen.findings, 'fargate-quota').map(({ severity, remedy }) => [severity, remedy]), [
      ['problem', 'Ask AWS to raise the quota L-3032A538 of the service fargate to 12 (days before the night), or start with --max-concurrency 3.'],
    ]);
    const small = await doctor('--databases', '5');
    assert.equal(of(small.findings, 'fargate-quota')[0]!.severity, 'ok');
  });

  it('reports all problems, ends with the code of that, and goes on past each', async () => {
    tasksReport({ source: { grants: [] }, target: { variables: { max_connections: '90' } } });
    aws.answers['DescribeImages'] = ({ repositoryName }) => {
      throw new AwsError('ImageNotFoundException', `no image in ${String(repositoryName)}`);
    };
    aws.answers['DescribeSecret'] = ({ SecretId }) => ({ ARN: SecretId, Name: 'ferry/x', DeletedDate: 1_700_000_000 });
    const { code, stderr, findings } = await doctor();
    const problems = findings.filter(({ severity }) => severity === 'problem').map(({ check }) => check);
    assert.deepEqual(problems, ['secrets', 'secrets', 'images', 'images', 'source-privileges', 'target-connections']);
    assert.match(of(findings, 'images')[0]!.what, /^There is no image 111122223333\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/aurora-ferry-prod\/dump:0\.1\.0$/);
    assert.equal(code, 104);
    assert.match(stderr, /^ferry: ProblemsFound: 6 problems, \d+ warnings?, \d+ ok, 0 skipped\.\nRemedy: Do what is said beside each problem/m);
  });

  it('skips what it may not ask, with the permission that it lacks', async () => {
    for (const operation of ['GetServiceQuota', 'ListServiceQuotas', 'DescribeImages', 'RunTask']) Reflect.deleteProperty(aws.answers, operation);
    aws.objects.delete('/ferry-bucket');
    const { code, findings } = await doctor();
    assert.equal(code, 104);
    assert.deepEqual(
      ['fargate-quota', 'step-functions-quota', 'images', 'source-from-inside', 'source-privileges', 'packet-sizes'].map((check) => of(findings, check).map(({ severity, what }) => `${severity}: ${what}`)[0]),
      [
        'skipped: not asked: no permission servicequotas:GetServiceQuota',
        'skipped: not asked: no permission servicequotas:ListServiceQuotas',
        'skipped: not asked: no permission ecr:DescribeImages',
        'skipped: not asked: no permission ecs:RunTask',
        'skipped: no task looked at the source from inside',
        'skipped: no task looked at the source from inside',
      ],
    );
    assert.match(of(findings, 'bucket')[0]!.what, /ferry-bucket is not there/);
  });

  it('says why a task that should look did not start, or left no report', async () => {
    aws.answers['RunTask'] = (request) => ({ tasks: [{ taskArn: `arn:task/${containerOf(request).name}` }] });
    aws.answers['DescribeTasks'] = ({ tasks }) => {
      const isDump = (tasks as string[])[0]!.endsWith('dump');
      const stoppedReason = "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref …/dump:0.1.0: not found";
      return { tasks: [isDump ? { lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart', stoppedReason } : { lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited', containers: [{ exitCode: 2 }] }] };
    };
    const { code, findings } = await doctor();
    const [dump] = of(findings, 'source-from-inside');
    assert.match(dump!.what, /left no report: TaskFailedToStart, CannotPullContainerError/);
    assert.match(dump!.remedy!, /^Push the image for linux\/arm64/);
    assert.match(of(findings, 'target-from-inside')[0]!.remedy!, /^The image is older than this ferry/);
    assert.equal(code, 104);
  });

  it('reports on an account without a stack, and on credentials that do not work', async () => {
    stack = { ...stack, stackName: 'aurora-ferry-dev' };
    const missing = await doctor();
    assert.equal(missing.code, 104);
    assert.match(of(missing.findings, 'stack')[0]!.what, /^There is no CloudFormation stack aurora-ferry-prod in account 111122223333, region eu-west-1\.$/);
    assert.deepEqual(of(missing.findings, 'table').map(({ severity, what }) => [severity, what]), [['skipped', "the stack's outputs are not known"]]);
    assert.equal(of(missing.findings, 'lambda-quota')[0]!.severity, 'ok');

    identity = new AwsError('ExpiredToken', 'The security token included in the request is expired', 403);
    const expired = await doctor();
    assert.equal(expired.code, 104);
    assert.deepEqual(expired.findings.filter(({ severity }) => severity !== 'skipped').map(({ check, severity, why }) => [check, severity, why]), [
      ['credentials', 'problem', 'CredentialsExpired: no command can act on the stack.'],
    ]);
    assert.equal(of(expired.findings, 'stack')[0]!.what, 'the credentials do not work');
  });

  it('tells a stack that was taken back, or is half-way, or of another version', async () => {
    stack = { ...stack, status: 'UPDATE_ROLLBACK_COMPLETE' };
    assert.equal(of((await doctor('--no-tasks')).findings, 'stack')[0]!.severity, 'warning');
    stack = { ...stack, status: 'UPDATE_ROLLBACK_FAILED', statusReason: 'The following resource(s) failed to update: [Table].' };
    assert.match(of((await doctor('--no-tasks')).findings, 'stack')[0]!.what, /is in UPDATE_ROLLBACK_FAILED \(The following resource\(s\) failed to update: \[Table\]\)$/);
    stack = { ...stack, status: 'CREATE_COMPLETE', outputs: { TableName: 'ferry-table' } };
    const { findings } = await doctor();
    assert.match(of(findings, 'stack')[0]!.what, /has no output StateMachineArn, BucketName: another version/);
    assert.match(of(findings, 'source-from-inside')[0]!.what, /^the stack has no output DumpTaskDefinitionArn, BucketName, ClusterName, SubnetIds, SecurityGroupId$/);
  });

  it('stops its tasks when it is interrupted', async () => {
    aws.answers['DescribeTasks'] = ({ tasks }) => ({ tasks: [{ taskArn: (tasks as string[])[0], lastStatus: 'PENDING' }] });
    aws.answers['StopTask'] = () => ({ task: {} });
    const waiting = spawnFerry(['doctor', '--stage', 'prod'], { environment: environment() });
    waiting.stdin.end();
    await untilStderr(waiting, /Looking from inside/);
    waiting.stderr.resume();
    while (aws.asked.filter((operation) => operation === 'DescribeTasks').length < 2) await new Promise((resolve) => setImmediate(resolve));
    waiting.kill('SIGINT');
    const [stdout] = await Promise.all([text(waiting.stdout), once(waiting, 'close')]);
    assert.equal(waiting.exitCode, 130);
    assert.equal(stdout, '');
    assert.equal(aws.asked.filter((operation) => operation === 'StopTask').length, 2);
  });

  it('is plain in a pipe', async () => {
    const { stdout } = await ferry(['doctor', '--stage', 'prod', '--no-tasks'], { environment: environment() });
    assert.match(stdout, /^Aurora Ferry, the stack aurora-ferry-prod\n\nAccount\n {2}ok {7}credentials {12}arn:aws:iam::111122223333:user\/local/);
    assert.match(stdout, /^ {2}skipped {2}from-inside \+10 more {3}no task was started \(--no-tasks\)$/m);
    assert.ok(!stdout.includes('\u001b'));
  });
});

interface ContainerRequest {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
}

function containerOf(request: Readonly<Record<string, unknown>>): ContainerRequest {
  const { containerOverrides } = request['overrides'] as { containerOverrides: { name: string; environment: { name: string; value: string }[] }[] };
  const [container] = containerOverrides;
  return { name: container!.name, environment: Object.fromEntries(container!.environment.map(({ name, value }) => [name, value])) };
}
