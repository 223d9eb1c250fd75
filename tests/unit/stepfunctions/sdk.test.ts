import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createDynamoDb } from '../../../local/dynamodb/create-dynamodb.ts';
import { startEndpoint } from '../../../local/endpoint/server.ts';
import { createS3 } from '../../../local/s3/create-s3.ts';
import { sdkIntegrations } from '../../../local/stepfunctions/integrations/sdk.ts';
import { StatesError } from '../../../local/stepfunctions/language/errors.ts';
import type { Json, JsonObject } from '../../../local/stepfunctions/language/json.ts';
import { objectStore } from '../../../local/stepfunctions/objects.ts';
import { startHarness } from './harness.ts';
import { credentials, secretOf } from '../../support/keys.ts';

interface Cloud extends AsyncDisposable {
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  readonly messages: JsonObject[];
  /** Calls the integration of `arn:aws:states:::<name>`. */
  call(name: string, parameters: Json): Promise<JsonObject>;
}

async function startCloud(): Promise<Cloud> {
  const directory = await mkdtemp(join(tmpdir(), 'sdk-'));
  const database = createDynamoDb({ file: join(directory, 'dynamodb.sqlite') });
  const storage = createS3({ directory: join(directory, 's3'), clock: () => new Date() });
  storage.createBucket('bucket');
  const endpoint = await startEndpoint({ secretOf, handlers: { dynamodb: database.handler, s3: storage.handler } });
  const options = { endpoint: endpoint.url, region: 'us-east-1', credentials };
  const dynamodb = new DynamoDBClient(options);
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  await dynamodb.send(new CreateTableCommand({
    TableName: 'records',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  }));
  const messages: JsonObject[] = [];
  const send = (input: JsonObject): Promise<object> => {
    messages.push(input);
    return Promise.resolve({ MessageId: '1', $metadata: { httpStatusCode: 200 } });
  };
  const integrations = sdkIntegrations({ dynamodb, s3, sendMessage: send, publish: send });
  return {
    dynamodb, s3, messages,
    async call(name, parameters) {
      const integration = integrations(`arn:aws:states:::${name}`);
      assert.ok(integration, name);
      const task = { signal: new AbortController().signal, executionArn: 'arn', stateName: 'state', roleArn: 'role' };
      return (await integration(parameters, task)) as JsonObject;
    },
    async [Symbol.asyncDispose]() {
      dynamodb.destroy();
      s3.destroy();
      await endpoint.close();
      database.close();
      storage.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const put = { TableName: 'records', Item: { id: { S: 'a' }, count: { N: '1' } } };

test('dynamodb: items are put, updated, read and deleted, with results as AWS gives them', async () => {
  await using cloud = await startCloud();
  const result = await cloud.call('dynamodb:putItem', put);
  assert.equal((result['SdkHttpMetadata'] as JsonObject)['HttpStatusCode'], 200);
  const updated = await cloud.call('dynamodb:updateItem', {
    TableName: 'records', Key: { id: { S: 'a' } }, UpdateExpression: 'SET #c = #c + :one', ExpressionAttributeNames: { '#c': 'count' },
    // States Language gives numbers as numbers.
    ExpressionAttributeValues: { ':one': { N: 1 } }, ReturnValues: 'ALL_NEW',
  });
  assert.deepEqual(updated['Attributes'], { id: { S: 'a' }, count: { N: '2' } });
  const read = await cloud.call('aws-sdk:dynamodb:getItem', { TableName: 'records', Key: { id: { S: 'a' } }, ConsistentRead: true });
  assert.deepEqual(read['Item'], { id: { S: 'a' }, count: { N: '2' } });
  await cloud.call('dynamodb:deleteItem', { TableName: 'records', Key: { id: { S: 'a' } } });
  assert.equal((await cloud.dynamodb.send(new GetItemCommand({ TableName: 'records', Key: { id: { S: 'a' } } }))).Item, undefined);
});

test('errors have the names that Step Functions gives them', async () => {
  await using cloud = await startCloud();
  await cloud.call('dynamodb:putItem', put);
  const conditional = { ...put, ConditionExpression: 'attribute_not_exists(id)' };
  const cases: [string, Json, string, RegExp][] = [
    ['dynamodb:putItem', conditional, 'DynamoDB.ConditionalCheckFailedException', /^The conditional request failed \(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailedException/],
    ['aws-sdk:dynamodb:putItem', conditional, 'DynamoDb.ConditionalCheckFailedException', /^The conditional request failed \(Service: DynamoDb, Status Code: 400/],
    ['dynamodb:putItem', { ...put, Item: {} }, 'DynamoDB.AmazonDynamoDBException', /Error Code: ValidationException/],
    ['dynamodb:putItem', { ...put, TableName: 'absent' }, 'DynamoDB.ResourceNotFoundException', /./],
    ['aws-sdk:s3:getObject', { Bucket: 'bucket', Key: 'absent' }, 'S3.NoSuchKeyException', / \(Service: S3, Status Code: 404, Request ID: /],
  ];
  for (const [name, parameters, error, cause] of cases) {
    await assert.rejects(cloud.call(name, parameters), (thrown) => {
      assert.ok(thrown instanceof StatesError);
      assert.equal(thrown.error, error);
      assert.match(thrown.cause, cause);
      return true;
    });
  }
});

test('aws-sdk:s3: objects are read as text and written from JSON; messages that are JSON go out as text', async () => {
  await using cloud = await startCloud();
  await cloud.s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'report.json', Body: '{"a":1}' }));
  assert.equal((await cloud.call('aws-sdk:s3:getObject', { Bucket: 'bucket', Key: 'report.json' }))['Body'], '{"a":1}');
  await cloud.call('aws-sdk:s3:putObject', { Bucket: 'bucket', Key: 'out.json', Body: { b: 2 } });
  const written = await cloud.s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'out.json' }));
  assert.equal(await written.Body?.transformToString(), '{"b":2}');
  await cloud.call('sqs:sendMessage', { QueueUrl: 'queue', MessageBody: { c: 3 } });
  await cloud.call('sns:publish', { TopicArn: 'topic', Message: 'text' });
  assert.deepEqual(cloud.messages, [{ QueueUrl: 'queue', MessageBody: '{"c":3}' }, { TopicArn: 'topic', Message: 'text' }]);
});

test('a state machine claims a record once, and a second claim is caught; its Map reads and writes the bucket', async () => {
  await using cloud = await startCloud();
  await cloud.s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'list.jsonl', Body: '"x"\n"y"\n"x"\n' }));
  const claim = {
    Type: 'Task', Resource: 'arn:aws:states:::dynamodb:putItem', ResultPath: null, Next: 'Claimed',
    Parameters: { TableName: 'records', Item: { id: { 'S.$': '$' } }, ConditionExpression: 'attribute_not_exists(id)' },
    Catch: [{ ErrorEquals: ['DynamoDB.ConditionalCheckFailedException'], Next: 'Taken' }],
  };
  const integrations = (parameters: Json): Promise<JsonObject> => cloud.call('dynamodb:putItem', parameters);
  await using harness = await startHarness({
    objects: objectStore(cloud.s3),
    work: integrations,
    definition: {
      StartAt: 'Each',
      States: {
        Each: {
          Type: 'Map', MaxConcurrency: 1, End: true,
          ItemReader: { Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: { InputType: 'JSONL' }, Parameters: { Bucket: 'bucket', Key: 'list.jsonl' } },
          ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: 'bucket', Prefix: 'out' }, WriterConfig: { OutputType: 'JSON', Transformation: 'COMPACT' } },
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
            StartAt: 'Claim',
            States: { Claim: claim, Claimed: { Type: 'Pass', Result: 'claimed', End: true }, Taken: { Type: 'Pass', Result: 'taken', End: true } },
          },
        },
      },
    },
  });
  const ended = await harness.run();
  assert.equal(ended.status, 'SUCCEEDED', ended.cause);
  const { ResultWriterDetails: at } = JSON.parse(ended.output ?? '') as { ResultWriterDetails: { Bucket: string; Key: string } };
  const manifest = await cloud.s3.send(new GetObjectCommand(at));
  const { ResultFiles } = JSON.parse((await manifest.Body?.transformToString()) ?? '') as { ResultFiles: { SUCCEEDED: { Key: string }[] } };
  const results = await cloud.s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: ResultFiles.SUCCEEDED[0]?.Key ?? '' }));
  assert.equal(await results.Body?.transformToString(), '["claimed","claimed","taken"]');
});
