/** What AWS's services call with the stack's roles to run its functions and tasks. */
import type { LocalFunction, LocalTaskDefinition } from '../template/stack-types.ts';
import { call } from './api-calls.ts';
import type { Call } from './evaluate.ts';

interface Place {
  readonly accountId: string;
  readonly region: string;
}

/**
 * ECS, with a task's execution role, before its container runs: it pulls the image, reads the secrets, opens the log.
 * Source: Amazon ECS Developer Guide, "Amazon ECS task execution IAM role".
 */
export function taskStartCalls({ containers }: LocalTaskDefinition, taskId: string, place: Place): readonly Call[] {
  return containers.flatMap(({ name, image, secrets, log }) => [
    ...imageCalls(image),
    ...Object.values(secrets).map((secret) => call('secretsmanager:GetSecretValue', secret.split(':').slice(0, 7).join(':'))),
    ...(log === undefined ? [] : logCalls(log.group, `${log.streamPrefix}/${name}/${taskId}`, place)),
  ]);
}

/** Of an image in ECR: `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>` (or `@<digest>`). */
function imageCalls(image: string): Call[] {
  const [, account, region, repository] = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/.exec(image) ?? [];
  if (account === undefined || region === undefined || repository === undefined) return [];
  const arn = `arn:aws:ecr:${region}:${account}:repository/${repository}`;
  const actions = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
  return [call('ecr:GetAuthorizationToken', '*'), ...actions.map((action) => call(action, arn))];
}

/** Lambda, with a function's role, for each of its execution environments. */
export function functionStartCalls({ logGroup, name }: LocalFunction, place: Place): readonly Call[] {
  return logCalls(logGroup, name, place);
}

/**
 * Lambda, with the role of a function in a VPC, when the function is made.
 * Source: AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC".
 */
export function functionCreationCalls({ inVpc }: LocalFunction, { region, accountId }: Place): readonly Call[] {
  if (!inVpc) return [];
  const anyInterface = `arn:aws:ec2:${region}:${accountId}:network-interface/*`;
  return [
    call('ec2:DescribeSubnets', '*'),
    call('ec2:DescribeNetworkInterfaces', '*'),
    call('ec2:CreateNetworkInterface', anyInterface),
    call('ec2:CreateNetworkInterface', `arn:aws:ec2:${region}:${accountId}:subnet/subnet-local`),
    call('ec2:CreateNetworkInterface', `arn:aws:ec2:${region}:${accountId}:security-group/sg-local`),
  ];
}

/**
 * Step Functions, with a state machine's role, when a state machine is made that waits for tasks of ECS.
 * Source: AWS Step Functions Developer Guide, "Run Amazon ECS or Fargate tasks with Step Functions", its IAM policies.
 */
export function managedRuleCalls(definition: string, { region, accountId }: Place): readonly Call[] {
  if (!definition.includes('arn:aws:states:::ecs:runTask.sync')) return [];
  const rule = `arn:aws:events:${region}:${accountId}:rule/StepFunctionsGetEventsForECSTaskRule`;
  return ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'].map((action) => call(action, rule));
}

function logCalls(group: string, stream: string, { region, accountId }: Place): Call[] {
  const arn = `arn:aws:logs:${region}:${accountId}:log-group:${group}:log-stream:${stream}`;
  return [call('logs:CreateLogStream', arn), call('logs:PutLogEvents', arn)];
}
