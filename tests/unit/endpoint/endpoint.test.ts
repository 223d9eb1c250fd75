import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { GetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeTasksCommand, ECSClient } from '@aws-sdk/client-ecs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  TagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { AwsError } from '../../../local/endpoint/aws-error.ts';
import type { LambdaInvocation } from '../../../local/endpoint/handlers.ts';
import { startEndpoint, type Endpoint } from '../../../local/endpoint/server.ts';
import { createSecrets } from '../../../local/secrets/create-secrets.ts';
import { credentials, secretOf } from '../../support/keys.ts';
import { sendSigned, type Answer } from '../../support/signed-request.ts';

describe('the endpoint', () => {
  let endpoint: Endpoint;
  let config: { endpoint: string; region: string; credentials: typeof credentials; maxAttempts: number };
  const asked: { operation: string; body: unknown }[] = [];
  const invocations: LambdaInvocation[] = [];
  const defects: unknown[] = [];
  const secrets = createSecrets({ secrets: { 'ferry/source': '{"password":"geheim"}' } });

  before(async () => {
    endpoint = await startEndpoint({
      secretOf,
      handlers: {
        stepFunctions: (operation, body) => {
          asked.push({ operation, body });
          if (operation === 'StartExecution') return Promise.resolve({ executionArn: 'arn:x', startDate: 1_700_000_000.5 });
          if (operation === 'DescribeExecution') throw new AwsError('ExecutionDoesNotExist', 'Execution Does Not Exist: x');
          throw new TypeError('a defect');
        },
        secretsManager: secrets.handler,
        lambda: (invocation) => {
          invocations.push(invocation);
          const failed = invocation.payload.includes('fail');
          return Promise.resolve(
            failed ? { payload: '{"errorType":"E"}', functionError: 'Unhandled' } : { payload: invocation.payload },
          );
        },
      },
      onError: (error) => defects.push(error),
    });
    config = { endpoint: endpoint.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  });
  after(() => endpoint.close());

  it('brings an operation and its body to the handler, and the result or error back', async () => {
    const client = new SFNClient(config);
    const started = await client.send(new StartExecutionCommand({ stateMachineArn: 'arn:m', input: '{"é":1}' }));
    assert.equal(started.executionArn, 'arn:x');
    assert.equal(started.startDate?.getTime(), 1_700_000_000_500);
    assert.deepEqual(asked[0], { operation: 'StartExecution', body: { stateMachineArn: 'arn:m', input: '{"é":1}' } });
    await assert.rejects(client.send(new DescribeExecutionCommand({ executionArn: 'x' })), {
      name: 'ExecutionDoesNotExist',
      message: 'Execution Does Not Exist: x',
    });
    client.destroy();
  });

  it('names the service and operation that it does not implement', async () => {
    const ecs = new ECSClient(config);
    await assert.rejects(ecs.send(new DescribeTasksCommand({ tasks: ['t'] })), { message: /does not implement ECS DescribeTasks/ });
    const dynamoDb = new DynamoDBClient(config);
    const item = new GetItemCommand({ TableName: 'table', Key: { a: { S: 'b' } } });
    await assert.rejects(dynamoDb.send(item), { message: /does not implement DynamoDB GetItem/ });
    const s3 = new S3Client(config);
    await assert.rejects(s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'key' })), { message: /does not implement s3 GET \/bucket\/key/ });
    const sns = new SNSClient(config);
    await assert.rejects(sns.send(new PublishCommand({ TopicArn: 'arn:t', Message: 'm' })), { message: /does not implement sns Publish/ });
    for (const client of [ecs, dynamoDb, s3, sns]) client.destroy();
  });

  it('answers a defect with 500 and reports it', async () => {
    const ask = (body: string): Promise<Answer> => sendSigned(endpoint.url, 'states', { method: 'POST', headers: { 'x-amz-target': 'AWSStepFunctions.Other' }, body });
    const answer = await ask('{}');
    assert.equal(answer.status, 500);
    assert.deepEqual(JSON.parse(answer.text), { __type: 'InternalFailure', message: 'a defect' });
    assert.ok(defects[0] instanceof TypeError);
    assert.equal((await ask('{')).code, 'SerializationException');
  });

  it('invokes functions by name and ARN, in each way', async () => {
    const client = new LambdaClient(config);
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:select-databases';
    const answer = await client.send(new InvokeCommand({ FunctionName: arn, Payload: Buffer.from('{"a":"é"}') }));
    assert.equal(Buffer.from(answer.Payload ?? []).toString(), '{"a":"é"}');
    assert.equal(answer.FunctionError, undefined);
    assert.deepEqual(invocations[0], { functionName: arn, payload: '{"a":"é"}', invocationType: 'RequestResponse' });
    const failed = await client.send(new InvokeCommand({ FunctionName: 'f', Payload: Buffer.from('"fail"') }));
    assert.equal(failed.FunctionError, 'Unhandled');
    assert.equal(Buffer.from(failed.Payload ?? []).toString(), '{"errorType":"E"}');
    const event = await client.send(new InvokeCommand({ FunctionName: 'f', InvocationType: 'Event', Payload: Buffer.from('{}') }));
    assert.equal(event.StatusCode, 202);
    client.destroy();
  });

  it('gives secrets by name and ARN, and nothing else of them', async () => {
    const client = new SecretsManagerClient(config);
    const arn = secrets.arnOf('ferry/source');
    for (const SecretId of ['ferry/source', arn, arn.slice(0, -7)]) {
      const value = await client.send(new GetSecretValueCommand({ SecretId }));
      assert.deepEqual([value.Name, value.ARN, value.SecretString], ['ferry/source', arn, '{"password":"geheim"}']);
    }
    const described = await client.send(new DescribeSecretCommand({ SecretId: arn }));
    assert.ok(!JSON.stringify(described).includes('geheim'));
    await assert.rejects(client.send(new GetSecretValueCommand({ SecretId: 'absent' })), { name: 'ResourceNotFoundException' });
    const tags = new TagResourceCommand({ SecretId: arn, Tags: [{ Key: 'a', Value: 'new' }] });
    await assert.rejects(client.send(tags), (error: Error) => error.message.includes('TagResource') && !error.message.includes('new'));
    client.destroy();
  });

  it('takes a rotated password, whose version is another one', async () => {
    const client = new SecretsManagerClient(config);
    const read = () => client.send(new GetSecretValueCommand({ SecretId: 'ferry/source' }));
    const before = await read();
    const put = await client.send(new PutSecretValueCommand({ SecretId: 'ferry/source', SecretString: '{"password":"rotated"}' }));
    const after = await read();
    assert.deepEqual([after.SecretString, after.VersionId], ['{"password":"rotated"}', put.VersionId]);
    assert.notEqual(after.VersionId, before.VersionId);
    await client.send(new PutSecretValueCommand({ SecretId: 'ferry/source', SecretString: before.SecretString }));
    client.destroy();
  });

  it('refuses other host names and web pages, and listens on loopback alone', async () => {
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await sendSigned(`${endpoint.url}/2015-03-31/functions/f/invocations`, 'lambda', { method: 'POST', headers, body: '{}' })).status;
    assert.equal(await status({}), 200);
    assert.equal(await status({ host: `localhost:${endpoint.port}` }), 200);
    assert.equal(await status({ host: '[::1]:80', origin: endpoint.url }), 200);
    for (const origin of ['http://localhost:3000', 'http://127.0.0.1', `https://127.0.0.1:${endpoint.port}`, `http://a.example:${endpoint.port}`, `http://localhost:1${endpoint.port}`]) {
      assert.equal(await status({ origin }), 403, origin);
    }
    assert.equal(await status({ host: 'attacker.example' }), 403);
    assert.equal(await status({ host: '127.0.0.1.attacker.example' }), 403);
    assert.equal(await status({ origin: 'https://attacker.example' }), 403);
    assert.equal(await status({ origin: 'null' }), 403);
    const outside = Object.values(networkInterfaces()).flat().find((address) => address?.family === 'IPv4' && !address.internal);
    if (outside !== undefined) await assert.rejects(fetch(`http://${outside.address}:${endpoint.port}/`));
  });

  it('closes while a request is running', async () => {
    const started = Promise.withResolvers<undefined>();
    const held = Promise.withResolvers<unknown>();
    const closing = await startEndpoint({
      secretOf,
      handlers: {
        ecs: () => {
          started.resolve(undefined);
          return held.promise;
        },
      },
    });
    const headers = { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.RunTask' };
    const answer = sendSigned(closing.url, 'ecs', { method: 'POST', headers, body: '{}' });
    await started.promise;
    const closed = closing.close();
    held.resolve({ tasks: [] });
    assert.deepEqual(JSON.parse((await answer).text), { tasks: [] });
    await closed;
    await assert.rejects(fetch(closing.url));
  });
});
