/** A forbidden call is answered as AWS answers it, through the SDK's own clients, and as Step Functions names it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BatchGetItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { ECSClient, RunTaskCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CompleteMultipartUploadCommand, CreateMultipartUploadCommand, DeleteObjectsCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command,
  PutObjectCommand, S3Client, UploadPartCommand,
} from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Access } from '../../../local/access.ts';
import { createDynamoDb, type DynamoDb } from '../../../local/dynamodb/create-dynamodb.ts';
import type { Handlers } from '../../../local/endpoint/handlers.ts';
import { startEndpoint, type Endpoint } from '../../../local/endpoint/server.ts';
import { KeyRing } from '../../../local/iam/key-ring.ts';
import { createS3 } from '../../../local/s3/create-s3.ts';
import { createEngineRole } from '../../../local/task-integrations.ts';
import { sdkIntegrations } from '../../../local/stepfunctions/integrations/sdk.ts';
import type { Json, JsonObject } from '../../../local/stepfunctions/language/json.ts';
import { resolveTemplate } from '../../../local/template/resolve-template.ts';
import type { LocalStack } from '../../../local/template/stack-types.ts';
import { temporaryFolder } from '../../support/servers.ts';
import { stackTemplate } from './stack-template.ts';

const place = { accountId: '000000000000', region: 'us-east-1' };
const worker = 'User: arn:aws:sts::000000000000:assumed-role/s-WorkerRole/s-worker';

describe('a call that a role may not make', () => {
  let endpoint: Endpoint;
  let dynamodb: DynamoDb;
  let stack: LocalStack;
  let access: Access;
  const log: string[] = [];

  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    const directory = await temporaryFolder(started);
    const reached = (): Promise<never> => Promise.reject(new Error('a denied call reached its service'));
    const keys = new KeyRing();
    const handlers: { -readonly [Name in keyof Handlers]: Handlers[Name] } = { stepFunctions: reached, ecs: reached, secretsManager: reached, sqs: reached, sns: reached, lambda: reached };
    endpoint = started.adopt(await startEndpoint({ handlers, secretOf: keys.secretOf }), (open) => open.close());
    stack = resolveTemplate(stackTemplate, { ...place, parameters: {}, stackName: 's', endpoint: endpoint.url });
    access = new Access({ ...place, stack, keys, secretArn: (id) => id, log: (message) => log.push(message) });
    const s3 = createS3({ directory: join(directory, 's3'), clock: () => new Date(), authorize: access.authorizeS3 });
    started.defer(() => {
      s3.close();
    });
    s3.createBucket('s-bucket');
    dynamodb = createDynamoDb({ file: join(directory, 'tables.sqlite') });
    started.defer(() => {
      dynamodb.close();
    });
    await dynamodb.createTables(stack.tables.map(({ name, properties }) => ({ ...properties, TableName: name })));
    Object.assign(handlers, { s3: s3.handler, dynamodb: dynamodb.handler, authorize: access.authorize });
  });

  function options() {
    const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = access.functionCredentials(stack.functions[0]!);
    return { endpoint: endpoint.url, region: place.region, maxAttempts: 1, credentials: { accessKeyId, secretAccessKey } };
  }

  const s3Client = (credentials = options().credentials): S3Client => new S3Client({ ...options(), forcePathStyle: true, credentials });

  it('is AccessDenied with 403 in S3, and an allowed one is served', async () => {
    const client = s3Client();
    await client.send(new PutObjectCommand({ Bucket: 's-bucket', Key: 'reports/a', Body: 'a' }));
    await assert.rejects(client.send(new PutObjectCommand({ Bucket: 's-bucket', Key: 'dumps/a', Body: 'a' })), (error: Error) => {
      assert.equal(error.name, 'AccessDenied');
      assert.ok(has403(error));
      assert.equal(error.message, `${worker} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::s-bucket/dumps/a" because no identity-based policy allows the s3:PutObject action`);
      return true;
    });
    assert.ok(log.some((line) => line.includes('s3:PutObject on resource')));
  });

  it('hides from whoever may not list a bucket whether an object is there', async () => {
    const missing = { Bucket: 's-bucket', Key: 'reports/missing' };
    await assert.rejects(s3Client().send(new GetObjectCommand(missing)), { name: 'AccessDenied', message: /s3:ListBucket on resource: "arn:aws:s3:::s-bucket"/ });
    await assert.rejects(s3Client().send(new HeadObjectCommand(missing)), has403);
    await assert.rejects(s3Client(access.people.root).send(new GetObjectCommand(missing)), { name: 'NoSuchKey' });
    await assert.rejects(s3Client().send(new GetObjectCommand({ Bucket: 'no-such-bucket', Key: 'a' })), { name: 'NoSuchBucket' });
  });

  it('may be allowed for a prefix only', async () => {
    await s3Client().send(new ListObjectsV2Command({ Bucket: 's-bucket', Prefix: 'lists/a' }));
    await assert.rejects(s3Client().send(new ListObjectsV2Command({ Bucket: 's-bucket' })), { name: 'AccessDenied' });
  });

  it('is denied by the bucket\'s policy although the role\'s allows it, and for each object of a deletion', async () => {
    await assert.rejects(s3Client().send(new PutObjectCommand({ Bucket: 's-bucket', Key: 'reports/frozen/a', Body: 'a' })), { message: /with an explicit deny in a resource-based policy$/ });
    const Delete = { Objects: [{ Key: 'reports/a' }, { Key: 'dumps/a' }] };
    const { Deleted, Errors } = await s3Client().send(new DeleteObjectsCommand({ Bucket: 's-bucket', Delete }));
    assert.deepEqual([Deleted?.map(({ Key }) => Key), Errors?.map(({ Key, Code }) => [Key, Code])], [['reports/a'], [['dumps/a', 'AccessDenied']]]);
  });

  it('is one that lacks the key of an encrypted bucket: parts of an upload are decrypted, plain writes are not', async () => {
    const plain = { Bucket: 's-bucket', Key: 'reports/b' };
    const { UploadId } = await s3Client().send(new CreateMultipartUploadCommand(plain));
    const part = s3Client().send(new UploadPartCommand({ ...plain, UploadId, PartNumber: 1, Body: 'a' }));
    await assert.rejects(part, { name: 'AccessDenied', message: /kms:Decrypt on resource: "arn:aws:kms:us-east-1:000000000000:key\/s-Key"/ });
    await assert.rejects(s3Client().send(new CompleteMultipartUploadCommand({ ...plain, UploadId })), { name: 'AccessDenied' });
    await s3Client().send(new PutObjectCommand({ ...plain, Body: 'b' }));
    await assert.rejects(s3Client().send(new GetObjectCommand(plain)), { message: /kms:Decrypt/ });
  });

  it('is AccessDeniedException in DynamoDB, of a table, of its index, and of each table of a batch', async () => {
    const client = new DynamoDBClient(options());
    const TableName = 's-Table';
    await client.send(new GetItemCommand({ TableName, Key: { id: { S: 'a' } } }));
    await assert.rejects(client.send(new PutItemCommand({ TableName, Item: { id: { S: 'a' } } })), {
      name: 'AccessDeniedException',
      message: `${worker} is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/s-Table because no identity-based policy allows the dynamodb:PutItem action`,
    });
    const query = { KeyConditionExpression: 'id = :id', ExpressionAttributeValues: { ':id': { S: 'a' } } };
    await client.send(new QueryCommand({ TableName, ...query }));
    await assert.rejects(client.send(new QueryCommand({ TableName, IndexName: 'by-id', ...query })), { message: /dynamodb:Query on resource: \S+:table\/s-Table\/index\/by-id because/ });
    const Keys = [{ id: { S: 'a' } }];
    await assert.rejects(client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys }, other: { Keys } } })), { message: /table\/other because/ });
  });

  it('is AccessDeniedException in Step Functions, ECS, Secrets Manager and Lambda', async () => {
    const execution = 'arn:aws:states:us-east-1:000000000000:execution:m:e';
    const cluster = stack.clusters[0]!.arn;
    const task = `${cluster.replace(':cluster/', ':task/')}/1`;
    await assert.rejects(new SFNClient(options()).send(new DescribeExecutionCommand({ executionArn: execution })), { name: 'AccessDeniedException', message: new RegExp(`states:DescribeExecution on resource: ${execution} `) });
    const ecs = new ECSClient(options());
    // The task definition is allowed, its role is not.
    await assert.rejects(ecs.send(new RunTaskCommand({ cluster, taskDefinition: stack.taskDefinitions[0]!.arn })), { name: 'AccessDeniedException', message: /iam:PassRole on resource: arn:aws:iam::000000000000:role\/s-TaskRole / });
    await assert.rejects(ecs.send(new RunTaskCommand({ cluster: 'another', taskDefinition: stack.taskDefinitions[0]!.arn })), { message: /ecs:RunTask on resource/ });
    await assert.rejects(ecs.send(new StopTaskCommand({ cluster, task })), { message: /ecs:StopTask on resource/ });
    await assert.rejects(new SecretsManagerClient(options()).send(new GetSecretValueCommand({ SecretId: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:a-123456' })), { name: 'AccessDeniedException' });
    const invocation = new LambdaClient(options()).send(new InvokeCommand({ FunctionName: 's-worker' }));
    await assert.rejects(invocation, { name: 'AccessDeniedException', message: /lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:000000000000:function:s-worker / });
    await assert.rejects(invocation, has403);
  });

  it('is AccessDenied in SQS and AuthorizationError in SNS', async () => {
    const [queue] = stack.queues;
    const message = new SendMessageCommand({ QueueUrl: `${endpoint.url}/000000000000/${queue!.name}`, MessageBody: 'a' });
    await assert.rejects(new SQSClient({ ...options() }).send(message), { name: 'AccessDenied', message: /sqs:sendmessage on resource: arn:aws:sqs:us-east-1:000000000000:s-Queue / });
    await assert.rejects(new SNSClient(options()).send(new PublishCommand({ TopicArn: 'arn:aws:sns:us-east-1:000000000000:t', Message: 'a' })), { name: /AuthorizationError/, message: /SNS:Publish on resource/ });
  });

  it('reaches the state machine under the names that Step Functions gives', async () => {
    const { credentials, authorize } = access.stateMachineRole(stack.stateMachines[0]!);
    const role = createEngineRole({ endpoint: endpoint.url, region: place.region, credentials, authorize, dynamodbHandler: dynamodb.handler });
    const unused = (): Promise<object> => Promise.reject(new Error('not called'));
    const integrations = sdkIntegrations({ dynamodb: role.dynamodb, s3: role.s3, sendMessage: unused, publish: unused });
    const failing = async (resource: string, parameters: Json): Promise<JsonObject> => {
      const task = { signal: new AbortController().signal, executionArn: 'e', stateName: 'State', roleArn: stack.stateMachines[0]!.roleArn };
      const error = (await integrations(`arn:aws:states:::${resource}`)!(parameters, task).catch((thrown: unknown) => thrown)) as { error: string; cause: string };
      return { error: error.error, denied: error.cause.includes('is not authorized to perform') };
    };
    const item = { TableName: 's-Table', Key: { id: { S: 'a' } } };
    assert.deepEqual(await failing('dynamodb:getItem', item), { error: 'DynamoDB.AmazonDynamoDBException', denied: true });
    assert.deepEqual(await failing('aws-sdk:s3:getObject', { Bucket: 's-bucket', Key: 'a' }), { error: 'S3.S3Exception', denied: true });
    role.close();
  });

  it('of an operator is answered by the operator\'s policy', async () => {
    await s3Client(access.people.operator).send(new GetObjectCommand({ Bucket: 's-bucket', Key: 'reports/b' }));
    await assert.rejects(s3Client(access.people.operator).send(new PutObjectCommand({ Bucket: 's-bucket', Key: 'reports/b', Body: 'b' })), { message: /^User: arn:aws:iam::000000000000:user\/operator is not/ });
  });
});

function has403(error: unknown): boolean {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 403;
}

describe('a template', () => {
  const resolved = (resources: JsonObject): LocalStack => {
    const { Resources } = stackTemplate;
    return resolveTemplate({ Resources: { ...Resources, ...resources } }, { ...place, parameters: {}, stackName: 's', endpoint: 'http://127.0.0.1:1' });
  };
  const accessTo = (stack: LocalStack): Access => new Access({ ...place, stack, keys: new KeyRing(), secretArn: (id) => id, log: () => undefined });
  const roleWith = (properties: JsonObject): JsonObject => ({ WorkerRole: { Type: 'AWS::IAM::Role', Properties: properties } });
  const trust = (Service: string): JsonObject => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }] });

  it('whose policy cannot be evaluated here is refused by the role\'s and the policy\'s name', () => {
    const document = { Version: '2012-10-17', Statement: [{ Sid: 'Office', Effect: 'Allow', Action: 's3:*', Resource: '*', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }] };
    const stack = resolved(roleWith({ AssumeRolePolicyDocument: trust('lambda.amazonaws.com'), Policies: [{ PolicyName: 'p', PolicyDocument: document }] }));
    assert.throws(() => accessTo(stack), { name: 'UnsupportedDefinition', message: /WorkerRole: p, Office: the condition key aws:SourceIp is not known/ });
  });

  it('whose function names a role that Lambda may not assume is refused', () => {
    const stack = resolved(roleWith({ AssumeRolePolicyDocument: trust('ec2.amazonaws.com') }));
    assert.throws(() => accessTo(stack).functionCredentials(stack.functions[0]!), { name: 'UnsupportedDefinition', message: /WorkerRole does not let lambda.amazonaws.com assume it/ });
  });

  it('that names a managed policy of AWS which is not known here is refused', () => {
    const stack = resolved(roleWith({ AssumeRolePolicyDocument: trust('lambda.amazonaws.com'), ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }));
    assert.throws(() => accessTo(stack), { message: /AdministratorAccess is not known/ });
  });
});
