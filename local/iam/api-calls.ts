/**
 * Which permissions a request to a service with a JSON or query protocol needs (S3's are in local/s3/operations.ts).
 * Source: Service Authorization Reference, "Actions, resources, and condition keys" of each service.
 */
import { isJsonObject, type Json, type JsonObject } from '../stepfunctions/language/json.ts';
import { stateMachineOfToken } from '../stepfunctions/task-tokens.ts';
import type { LocalStack } from '../template/stack-types.ts';
import type { RequestContext } from './conditions.ts';
import type { Call } from './evaluate.ts';

/** One request: the service's prefix in actions, the API's operation, and its input. */
export interface ApiRequest {
  readonly service: 'dynamodb' | 'states' | 'ecs' | 'secretsmanager' | 'sqs' | 'sns' | 'lambda' | 'events' | 'cloudformation' | 'sts';
  readonly operation: string;
  readonly input: unknown;
}

export interface ApiPlace {
  readonly stack: Pick<LocalStack, 'clusters' | 'taskDefinitions'>;
  readonly accountId: string;
  readonly region: string;
  /** The full ARN of a secret that is asked for by its name. */
  readonly secretArn: (id: string) => string;
}

/** Where an operation is not listed, its action has the operation's name and is asked for on every resource. */
export function callsOf(request: ApiRequest, place: ApiPlace): readonly Call[] {
  const keyActions = keyActionsOf(request);
  return plainCallsOf(request, place).map((call) => ({ ...call, keyActions }));
}

/**
 * Source: DynamoDB Developer Guide, "DynamoDB encryption at rest: How it works" (the table's key is decrypted for whoever
 * uses the table); SQS and SNS Developer Guides, "Key management", permissions of producers and consumers.
 */
function keyActionsOf({ service, operation }: ApiRequest): readonly string[] {
  if (service === 'dynamodb' && /Item|Query|Scan/.test(operation)) return ['kms:Decrypt'];
  if (operation === 'SendMessage' || operation === 'SendMessageBatch' || operation === 'Publish') return ['kms:GenerateDataKey', 'kms:Decrypt'];
  return operation === 'ReceiveMessage' ? ['kms:Decrypt'] : [];
}

function plainCallsOf(request: ApiRequest, place: ApiPlace): readonly Call[] {
  const input = isJsonObject(request.input as Json) ? (request.input as JsonObject) : {};
  switch (request.service) {
    case 'dynamodb':
      return dynamodbCalls(request.operation, input, place);
    case 'states':
      return [call(`states:${request.operation}`, statesResource(request.operation, input))];
    case 'ecs':
      return ecsCalls(request.operation, input, place);
    case 'secretsmanager':
      return [call(`secretsmanager:${request.operation}`, place.secretArn(text(input, 'SecretId')))];
    case 'sqs':
      return [call(`sqs:${request.operation}`, queueArn(input, place))];
    case 'sns':
      return [call(`sns:${request.operation}`, text(input, 'TopicArn', '*'))];
    case 'lambda':
      return [call('lambda:InvokeFunction', functionArn(text(input, 'FunctionName'), place))];
    case 'cloudformation':
      return [call(`cloudformation:${request.operation}`, stackArn(text(input, 'StackName'), place))];
    case 'sts':
      // Whoever has credentials may ask whose they are.
      return request.operation === 'GetCallerIdentity' ? [] : [call(`sts:${request.operation}`, '*')];
    case 'events':
      return [call(`events:${request.operation}`, '*')];
  }
}

function dynamodbCalls(operation: string, input: JsonObject, place: ApiPlace): Call[] {
  const tableArn = (name: string): string => (name.startsWith('arn:') ? name : arnOf(place, 'dynamodb', `table/${name}`));
  const batch = input['RequestItems'];
  if (batch !== undefined && isJsonObject(batch)) return Object.keys(batch).map((table) => call(`dynamodb:${operation}`, tableArn(table)));
  if (Array.isArray(input['TransactItems'])) {
    // A transaction needs what its parts need: `ConditionCheck` has an action of its own, Put is PutItem.
    return input['TransactItems'].filter(isJsonObject).flatMap((item) =>
      Object.entries(item).map(([part, request]) => {
        const action = part === 'ConditionCheck' ? 'ConditionCheckItem' : `${part}Item`;
        return call(`dynamodb:${action}`, tableArn(isJsonObject(request) ? text(request, 'TableName') : ''));
      }),
    );
  }
  const table = text(input, 'TableName', '');
  if (table === '') return [call(`dynamodb:${operation}`, '*')];
  const index = text(input, 'IndexName', '');
  return [call(`dynamodb:${operation}`, index === '' ? tableArn(table) : `${tableArn(table)}/index/${index}`)];
}

function statesResource(operation: string, input: JsonObject): string {
  switch (operation) {
    case 'StartExecution':
    case 'DescribeStateMachine':
      return text(input, 'stateMachineArn');
    case 'ListExecutions':
      return text(input, 'stateMachineArn', text(input, 'mapRunArn', '*'));
    case 'DescribeMapRun':
    case 'UpdateMapRun':
      return text(input, 'mapRunArn');
    case 'ListMapRuns':
    case 'DescribeExecution':
    case 'DescribeStateMachineForExecution':
    case 'GetExecutionHistory':
    case 'StopExecution':
    case 'RedriveExecution':
      return text(input, 'executionArn');
    case 'SendTaskSuccess':
    case 'SendTaskFailure':
    case 'SendTaskHeartbeat':
      return stateMachineOfToken(text(input, 'taskToken', '')) ?? '*';
    default:
      return '*';
  }
}

function ecsCalls(operation: string, input: JsonObject, place: ApiPlace): Call[] {
  const name = text(input, 'cluster', 'default');
  const cluster = place.stack.clusters.find((each) => each.arn === name || each.name === name);
  const context = { 'ecs:cluster': cluster?.arn ?? arnOf(place, 'ecs', `cluster/${name}`) };
  if (operation === 'RunTask') return runTaskCalls(input, place, context);
  const tasks = Array.isArray(input['tasks']) ? input['tasks'].map(String) : [text(input, 'task', '')];
  if (operation !== 'StopTask' && operation !== 'DescribeTasks') return [call(`ecs:${operation}`, '*', context)];
  return tasks.map((task) => call(`ecs:${operation}`, task.startsWith('arn:') ? task : arnOf(place, 'ecs', `task/${cluster?.name ?? name}/${task}`), context));
}

/** Whoever runs a task passes it its roles, and tags it where the request has tags. */
function runTaskCalls(input: JsonObject, place: ApiPlace, context: RequestContext): Call[] {
  const name = text(input, 'taskDefinition', '');
  const definition = place.stack.taskDefinitions.find(({ arn, family }) => name === arn || name === family || name === `${family}:1`);
  const resource = definition?.arn ?? (name.startsWith('arn:') ? name : arnOf(place, 'ecs', `task-definition/${name}`));
  const roles = [definition?.executionRoleArn, definition?.taskRoleArn].filter((role) => role !== undefined);
  const tagged = (Array.isArray(input['tags']) && input['tags'].length > 0) || input['propagateTags'] !== undefined;
  const tagging = tagged ? [call('ecs:TagResource', arnOf(place, 'ecs', `task/${clusterName(context)}/*`), { ...context, 'ecs:createaction': 'RunTask' })] : [];
  return [call('ecs:RunTask', resource, context), ...roles.map((role) => call('iam:PassRole', role, { 'iam:passedtoservice': 'ecs-tasks.amazonaws.com' })), ...tagging];
}

function clusterName(context: RequestContext): string {
  const arn = String(context['ecs:cluster']);
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** A queue's URL ends in `/<account>/<name>`. */
function queueArn(input: JsonObject, place: ApiPlace): string {
  const [account, name] = text(input, 'QueueUrl', '').split('/').slice(-2);
  if (name === undefined || account === undefined) return arnOf(place, 'sqs', text(input, 'QueueName', '*'));
  return `arn:aws:sqs:${place.region}:${account}:${name}`;
}

/** Of a stack that is asked for by its name, as AWS's own messages have it. */
function stackArn(name: string, place: ApiPlace): string {
  return name === '*' || name.startsWith('arn:') ? name : arnOf(place, 'cloudformation', `stack/${name}/*`);
}

function functionArn(name: string, place: ApiPlace): string {
  return name.startsWith('arn:') ? name : arnOf(place, 'lambda', `function:${name}`);
}

function arnOf({ region, accountId }: ApiPlace, service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}

export function call(action: string, resource: string, context: RequestContext = {}): Call {
  return { action, resource, context };
}

function text(input: JsonObject, name: string, otherwise = '*'): string {
  const value = input[name];
  return typeof value === 'string' && value !== '' ? value : otherwise;
}
