import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  type ReceiveMessageCommandInput,
} from '@aws-sdk/client-sqs';
import { startEndpoint, type Endpoint } from '../../../local/endpoint/server.ts';
import { createQueues, type Queues } from '../../../local/messaging/create-queues.ts';
import { createTopics, type Notification, type Topics } from '../../../local/messaging/create-topics.ts';
import { credentials, secretOf } from '../../support/keys.ts';

const client = { region: 'us-east-1', credentials, maxAttempts: 1 };

describe('local SQS', () => {
  let folder: string;
  let queues: Queues;
  let endpoint: Endpoint;
  let sqs: SQSClient;
  let QueueUrl: string;
  let now = new Date('2026-03-01T12:00:00Z');

  const open = async () => {
    queues = createQueues({ file: path.join(folder, 'queues.sqlite'), clock: () => now, endpointUrl: () => endpoint.url });
    endpoint = await startEndpoint({ secretOf, handlers: { sqs: queues.handler } });
    sqs = new SQSClient({ ...client, endpoint: endpoint.url });
    QueueUrl = queues.createQueue('dead-letters');
  };
  const shut = async () => {
    sqs.destroy();
    await endpoint.close();
    queues.close();
  };
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'ferry-test-'));
    await open();
  });
  beforeEach(() => sqs.send(new PurgeQueueCommand({ QueueUrl })));
  after(async () => {
    await shut();
    await rm(folder, { recursive: true });
  });

  const send = (body: string) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
  const receive = async (input: Partial<ReceiveMessageCommandInput> = {}) =>
    (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...input }))).Messages ?? [];
  const counts = async () => {
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    return [Attributes?.ApproximateNumberOfMessages, Attributes?.ApproximateNumberOfMessagesNotVisible];
  };

  it('finds its queue by name, also through a URL of a former port', async () => {
    assert.equal((await sqs.send(new GetQueueUrlCommand({ QueueName: 'dead-letters' }))).QueueUrl, QueueUrl);
    await sqs.send(new SendMessageCommand({ QueueUrl: 'http://127.0.0.1:1/000000000000/dead-letters', MessageBody: 'x' }));
    assert.deepEqual(await counts(), ['1', '0']);
    await assert.rejects(sqs.send(new GetQueueUrlCommand({ QueueName: 'absent' })), { name: 'QueueDoesNotExist' });
  });

  it('hides a received message until it is deleted or its timeout is over', async () => {
    await send('{"database":"shop"}');
    const [message] = await receive({ VisibilityTimeout: 60, MessageSystemAttributeNames: ['All'] });
    assert.equal(message?.Body, '{"database":"shop"}');
    assert.equal(message.Attributes?.ApproximateReceiveCount, '1');
    assert.deepEqual(await receive(), []);
    assert.deepEqual(await counts(), ['0', '1']);
    now = new Date(now.getTime() + 61_000);
    const [again] = await receive();
    assert.ok(again);
    assert.equal(again.MessageId, message.MessageId);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
    assert.deepEqual(await counts(), ['0', '1'], 'a receipt that is out of date deletes nothing');
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: again.ReceiptHandle }));
    assert.deepEqual(await counts(), ['0', '0']);
  });

  it('takes batches and attributes, and keeps order', async () => {
    const attribute = { DataType: 'String', StringValue: 'DumpFailed' };
    const Entries = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: `body ${Id}`, MessageAttributes: { error: attribute } }));
    const { Successful, Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    assert.deepEqual([Successful?.map(({ Id }) => Id), Failed], [['a', 'b', 'c'], []]);
    const messages = await receive({ MessageAttributeNames: ['All'] });
    assert.deepEqual(messages.map(({ Body }) => Body), ['body a', 'body b', 'body c']);
    assert.deepEqual(messages[0]?.MessageAttributes, { error: attribute });
  });

  it('wakes a receiver that waits', async () => {
    const waiting = receive({ WaitTimeSeconds: 20 });
    await send('late');
    assert.deepEqual((await waiting).map(({ Body }) => Body), ['late']);
  });

  it('keeps its messages over a restart', async () => {
    await send('kept');
    await shut();
    await open();
    assert.deepEqual((await receive()).map(({ Body }) => Body), ['kept']);
  });

  it('refuses what it does not implement', async () => {
    const attributes = new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '1' } });
    await assert.rejects(sqs.send(attributes), { message: /SQS SetQueueAttributes/ });
    const fifo = new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageGroupId: 'g' });
    await assert.rejects(sqs.send(fifo), { message: /MessageGroupId/ });
  });
});

describe('local SNS', () => {
  it('appends what is published to the file of notifications, and calls back', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'ferry-test-'));
    const notificationsFile = path.join(folder, 'notifications.jsonl');
    await appendFile(notificationsFile, '{"a line cut short');
    const published: Notification[] = [];
    const topics: Topics = createTopics({
      notificationsFile,
      clock: () => new Date('2026-03-01T12:00:00Z'),
      onPublish: (notification) => published.push(notification),
    });
    const TopicArn = topics.createTopic('dead-letters');
    const endpoint = await startEndpoint({ secretOf, handlers: { sns: topics.handler } });
    const sns = new SNSClient({ ...client, endpoint: endpoint.url });
    const Message = 'shop <&> "ключ"\nsecond line';
    const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Subject: 'Dead letter', Message }));
    topics.publish({ TopicArn, Message: 'direct' });
    const lines = (await readFile(notificationsFile, 'utf8')).trimEnd().split('\n').slice(1).map((line) => JSON.parse(line) as unknown);
    assert.deepEqual(lines, published);
    const expected = { time: '2026-03-01T12:00:00.000Z', topicArn: TopicArn, messageId: MessageId, subject: 'Dead letter', message: Message };
    assert.deepEqual(published[0], expected);
    await assert.rejects(sns.send(new PublishCommand({ TopicArn: `${TopicArn}-absent`, Message })), { name: 'NotFoundException' });
    await assert.rejects(sns.send(new PublishCommand({ PhoneNumber: '+1', Message })), { message: /SNS Publish with PhoneNumber/ });
    sns.destroy();
    await endpoint.close();
    topics.close();
    await rm(folder, { recursive: true });
  });
});
