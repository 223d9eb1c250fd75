/** Whoever has no key of the runtime is refused by every service, under the names that AWS's services have for it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeTasksCommand, ECSClient } from '@aws-sdk/client-ecs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Handlers } from '../../../local/endpoint/handlers.ts';
import { startEndpoint, type Endpoint } from '../../../local/endpoint/server.ts';
import { credentials, secretOf } from '../../support/keys.ts';
import { send, sendSigned, signedHeaders, type Answer, type RequestOptions } from '../../support/signed-request.ts';

type Keys = typeof credentials;
interface Configuration { readonly endpoint: string; readonly region: string; readonly credentials: Keys; readonly maxAttempts: number }

/** One call of each service. */
const calls: Readonly<Record<string, (configuration: Configuration) => Promise<unknown>>> = {
  states: (configuration) => new SFNClient(configuration).send(new StartExecutionCommand({ stateMachineArn: 'arn:m', input: '{}' })),
  secretsmanager: (configuration) => new SecretsManagerClient(configuration).send(new GetSecretValueCommand({ SecretId: 'aurora-ferry/source' })),
  dynamodb: (configuration) => new DynamoDBClient(configuration).send(new GetItemCommand({ TableName: 't', Key: { a: { S: 'b' } } })),
  ecs: (configuration) => new ECSClient(configuration).send(new DescribeTasksCommand({ tasks: ['t'] })),
  sqs: (configuration) => new SQSClient(configuration).send(new SendMessageCommand({ QueueUrl: `${configuration.endpoint}/0/q`, MessageBody: 'm' })),
  sns: (configuration) => new SNSClient(configuration).send(new PublishCommand({ TopicArn: 'arn:t', Message: 'm' })),
  sts: (configuration) => new STSClient(configuration).send(new GetCallerIdentityCommand({})),
  cloudformation: (configuration) => new CloudFormationClient(configuration).send(new DescribeStacksCommand({ StackName: 's' })),
  lambda: (configuration) => new LambdaClient(configuration).send(new InvokeCommand({ FunctionName: 'f', Payload: Buffer.from('{}') })),
  s3: (configuration) => new S3Client({ ...configuration, forcePathStyle: true }).send(new GetObjectCommand({ Bucket: 'bucket', Key: 'a key' })),
};

const json = { unknown: 'UnrecognizedClientException', wrong: 'InvalidSignatureException', old: 'RequestExpired' };
const query = { unknown: 'InvalidClientTokenId', wrong: 'SignatureDoesNotMatch', old: 'RequestExpired' };
const names: Readonly<Record<string, typeof json>> = {
  states: json, secretsmanager: json, dynamodb: json, ecs: json, sqs: json, lambda: json, sns: query, sts: query, cloudformation: query,
  s3: { unknown: 'InvalidAccessKeyId', wrong: 'SignatureDoesNotMatch', old: 'RequestTimeTooSkewed' },
};

describe('the endpoint lets in', () => {
  let endpoint: Endpoint;
  let reached: string[] = [];
  let now = Date.now;

  before(async () => {
    const reach = (service: string, answer: unknown = {}) => (): Promise<never> => {
      reached.push(service);
      return Promise.resolve(answer) as Promise<never>;
    };
    const xml = (name: string): string => `<${name}Response><${name}Result></${name}Result></${name}Response>`;
    const handlers: Handlers = {
      stepFunctions: reach('states'), secretsManager: reach('secretsmanager'), dynamodb: reach('dynamodb'), ecs: reach('ecs'),
      sqs: reach('sqs', { MD5OfMessageBody: '6f8f57715090da2632453988d9a1501b' }), sns: reach('sns', xml('Publish')), sts: reach('sts', xml('GetCallerIdentity')),
      cloudFormation: reach('cloudformation', xml('DescribeStacks')), lambda: reach('lambda', { payload: '{}' }),
      s3: (_request, response) => {
        reached.push('s3');
        response.end();
        return Promise.resolve();
      },
    };
    endpoint = await startEndpoint({ handlers, secretOf, now: () => now() });
  });
  after(() => endpoint.close());

  const ask = (service: string, keys: Keys): Promise<unknown> => calls[service]!({ endpoint: endpoint.url, region: 'us-east-1', credentials: keys, maxAttempts: 1 });

  for (const [service, { unknown, wrong, old }] of Object.entries(names)) {
    it(`clients of ${service} with a key that was issued, and no others`, async () => {
      reached = [];
      await ask(service, credentials);
      assert.deepEqual(reached.splice(0), [service]);
      await assert.rejects(ask(service, { accessKeyId: 'root', secretAccessKey: 'anything' }), { name: unknown });
      await assert.rejects(ask(service, { ...credentials, secretAccessKey: 'anything' }), { name: wrong });
      for (const minutes of [16, -16]) {
        now = () => Date.now() + minutes * 60_000;
        await assert.rejects(ask(service, credentials), { name: old });
      }
      now = Date.now;
      assert.deepEqual(reached, []);
    });
  }

  const machine = { method: 'POST', headers: { 'x-amz-target': 'AWSStepFunctions.StartExecution', 'content-type': 'application/x-amz-json-1.0' }, body: '{}' };
  const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'Action=GetCallerIdentity' };

  it('nobody who does not sign', async () => {
    const codes = async (path: string, options: RequestOptions = {}): Promise<[number, string | undefined]> => {
      const { status, code } = await send(endpoint.url + path, options);
      return [status, code];
    };
    reached = [];
    assert.deepEqual(await codes('/', machine), [400, 'MissingAuthenticationTokenException']);
    assert.deepEqual(await codes('/', form), [403, 'MissingAuthenticationToken']);
    assert.deepEqual(await codes('/2015-03-31/functions/f/invocations', { method: 'POST', body: '{}' }), [403, 'MissingAuthenticationTokenException']);
    assert.deepEqual(await codes('/bucket/key'), [403, 'AccessDenied']);
    assert.deepEqual(await codes('/', { ...machine, headers: { ...machine.headers, authorization: 'Bearer abc' } }), [400, 'IncompleteSignatureException']);
    assert.deepEqual(await codes('/bucket/key', { headers: { authorization: 'AWS4-HMAC-SHA256 Credential=root' } }), [400, 'AuthorizationHeaderMalformed']);
    assert.deepEqual(reached, []);
  });

  it('no request that differs from what was signed', async () => {
    const changed = async (service: string, path: string, options: RequestOptions, change: (headers: Record<string, string>) => { path?: string; method?: string; body?: string }): Promise<Answer> => {
      const headers = { ...(await signedHeaders(endpoint.url + path, service, options)) };
      const { path: other = path, method = options.method ?? 'GET', body = options.body ?? '' } = change(headers);
      return send(endpoint.url + other, { method, headers, body });
    };
    reached = [];
    const wrong = async (answer: Promise<Answer>, code: string): Promise<void> => {
      assert.equal((await answer).code, code);
    };
    await wrong(changed('states', '/', machine, () => ({ body: '{"input":"{}"}' })), 'InvalidSignatureException');
    await wrong(changed('states', '/', machine, (headers) => {
      headers['x-amz-target'] = 'AWSStepFunctions.StopExecution';
      return {};
    }), 'InvalidSignatureException');
    await wrong(changed('states', '/', machine, (headers) => {
      headers['x-amz-target'] = 'DynamoDB_20120810.GetItem';
      return {};
    }), 'IncompleteSignatureException');
    await wrong(changed('sts', '/', form, () => ({ body: 'Action=GetSessionToken' })), 'SignatureDoesNotMatch');
    await wrong(changed('s3', '/bucket/key', {}, () => ({ path: '/bucket/other' })), 'SignatureDoesNotMatch');
    await wrong(changed('s3', '/bucket/key', {}, () => ({ path: '/bucket/key?uploads' })), 'SignatureDoesNotMatch');
    await wrong(changed('s3', '/bucket/key', {}, () => ({ method: 'DELETE' })), 'SignatureDoesNotMatch');
    await wrong(changed('s3', '/bucket/key', {}, (headers) => {
      headers['x-amz-copy-source'] = '/bucket/secret';
      return { method: 'PUT' };
    }), 'SignatureDoesNotMatch');
    await wrong(changed('s3', '/bucket/key', { method: 'PUT', body: 'a' }, (headers) => {
      headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
      return { body: 'b' };
    }), 'SignatureDoesNotMatch');
    await wrong(sendSigned(`${endpoint.url}/bucket/key`, 's3', { payload: 'whatever' }), 'InvalidRequest');
    assert.deepEqual(reached, []);
  });

  it('nothing whose path cannot be decoded, signed or not', async () => {
    reached = [];
    for (const path of ['/bucket/%zz', '/bucket/%ff', '/bucket/key?prefix=%', '/%zz']) {
      for (const answer of [await send(endpoint.url + path), await sendSigned(endpoint.url + path.replace('?', '/?'), 's3')]) {
        assert.deepEqual([answer.status, answer.code], [400, 'InvalidURI'], path);
      }
    }
    const invocation = `${endpoint.url}/2015-03-31/functions/%zz/invocations`;
    for (const answer of [await send(invocation, { method: 'POST' }), await sendSigned(invocation, 'lambda', { method: 'POST' })]) {
      assert.deepEqual([answer.status, answer.code], [400, 'ValidationException']);
    }
    assert.deepEqual(reached, []);
  });
});
