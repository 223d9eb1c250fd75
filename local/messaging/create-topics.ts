/** Amazon SNS on one machine: what is published is appended to a file of notifications, which has no subscribers. */
import { randomUUID } from 'node:crypto';
import { appendFileSync, closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import { AwsError, notImplemented } from '../endpoint/aws-error.ts';
import type { QueryHandler } from '../endpoint/handlers.ts';
import { element } from '../endpoint/xml.ts';

/** One line of the file of notifications. */
export interface Notification {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly topicArn: string;
  readonly messageId: string;
  readonly subject?: string;
  readonly message: string;
}

export interface PublishInput {
  readonly TopicArn: string;
  readonly Message: string;
  readonly Subject?: string | undefined;
}

export interface TopicsOptions {
  /** JSON lines, one notification each; appended to. */
  readonly notificationsFile: string;
  readonly clock: () => Date;
  /** Called after the notification is in the file. */
  readonly onPublish?: (notification: Notification) => void;
  readonly account?: string;
  readonly region?: string;
}

export interface Topics {
  /** The query protocol, for SDK clients. */
  readonly handler: QueryHandler;
  /** The same without HTTP. @throws AwsError NotFound, InvalidParameter */
  publish(input: PublishInput): { readonly MessageId: string };
  /** Does nothing when it exists. Returns its ARN. */
  createTopic(name: string): string;
  close(): void;
}

export function createTopics(options: TopicsOptions): Topics {
  const topics = new Set<string>();
  const file = openForAppending(options.notificationsFile);
  const publish = (input: PublishInput): { MessageId: string } => {
    if (!topics.has(input.TopicArn)) throw new AwsError('NotFound', `The topic ${input.TopicArn} does not exist.`, 404);
    if (input.Message === '') throw new AwsError('InvalidParameter', 'Invalid parameter: Empty message');
    const notification: Notification = {
      time: options.clock().toISOString(),
      topicArn: input.TopicArn,
      messageId: randomUUID(),
      ...(input.Subject === undefined ? {} : { subject: input.Subject }),
      message: input.Message,
    };
    appendLine(file, JSON.stringify(notification));
    options.onPublish?.(notification);
    return { MessageId: notification.messageId };
  };
  return {
    handler: (operation, parameters) => Promise.resolve().then(() => answer(operation, parameters, publish)),
    publish,
    createTopic: (name) => {
      const arn = `arn:aws:sns:${options.region ?? 'us-east-1'}:${options.account ?? '000000000000'}:${name}`;
      topics.add(arn);
      return arn;
    },
    close: () => {
      closeSync(file);
    },
  };
}

/** Source: Amazon SNS API Reference, "Publish". Message attributes only filter subscriptions: there are none here. */
function answer(operation: string, parameters: URLSearchParams, publish: Topics['publish']): string {
  if (operation !== 'Publish') throw notImplemented('SNS', operation);
  for (const name of ['TargetArn', 'PhoneNumber', 'MessageStructure', 'MessageGroupId']) {
    if (parameters.has(name)) throw notImplemented('SNS', `Publish with ${name}`);
  }
  const { MessageId } = publish({
    TopicArn: parameters.get('TopicArn') ?? '',
    Message: parameters.get('Message') ?? '',
    Subject: parameters.get('Subject') ?? undefined,
  });
  return (
    '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">' +
    `<PublishResult>${element('MessageId', MessageId)}</PublishResult>` +
    `<ResponseMetadata>${element('RequestId', randomUUID())}</ResponseMetadata></PublishResponse>`
  );
}

/** All of it or nothing, also on a disk that is full. */
function appendLine(file: number, line: string): void {
  const { size } = fstatSync(file);
  try {
    appendFileSync(file, `${line}\n`);
  } catch (error) {
    ftruncateSync(file, size);
    throw error;
  }
}

/** A line that a dying process cut short is ended, so that the next one stands alone. */
function openForAppending(name: string): number {
  mkdirSync(path.dirname(name), { recursive: true });
  const file = openSync(name, 'a+');
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  if (size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last.toString() !== '\n') writeSync(file, '\n');
  return file;
}
