/**
 * Amazon SQS standard queues on one machine: durable, at least once, with visibility timeouts. Messages are kept until
 * they are deleted: there is no retention period here.
 */
import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError, notImplemented } from '../endpoint/aws-error.ts';
import type { JsonHandler } from '../endpoint/handlers.ts';
import { QueueStore, type StoredMessage } from './queue-store.ts';

export interface QueuesOptions {
  /** The SQLite file; made when it is not there. One process at a time. */
  readonly file: string;
  readonly clock: () => Date;
  /** Base of the queue URLs: the endpoint's `url`. */
  readonly endpointUrl: () => string;
  readonly account?: string;
  readonly region?: string;
}

export interface Queues {
  readonly handler: JsonHandler;
  /** Does nothing when it exists. Returns its URL. */
  createQueue(name: string): string;
  close(): void;
}

/** Source: Amazon SQS API Reference: the default visibility timeout, and the largest message. */
const defaultVisibilitySeconds = 30;
const largestMessage = 1024 * 1024;

export function createQueues(options: QueuesOptions): Queues {
  const store = new QueueStore(options.file);
  const service = new QueueService(store, options);
  return {
    handler: async (operation, body) => {
      const perform = service.operations[operation];
      if (perform === undefined) throw notImplemented('SQS', operation);
      try {
        return await perform(body);
      } catch (thrown) {
        if (thrown instanceof z.ZodError) throw new AwsError('InvalidParameterValue', z.prettifyError(thrown));
        throw thrown;
      }
    },
    createQueue: (name) => {
      store.createQueue(name);
      return service.urlOf(name);
    },
    close: () => {
      service.stopWaiting();
      store.close();
    },
  };
}

const onQueue = { QueueUrl: z.string() };
const attributeMap = z.record(z.string(), z.unknown());
const outgoing = z.strictObject({
  MessageBody: z.string().min(1).max(largestMessage),
  DelaySeconds: z.number().int().min(0).max(900).default(0),
  MessageAttributes: attributeMap.optional(),
});
const receiveRequest = z.strictObject({
  ...onQueue,
  MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
  VisibilityTimeout: z.number().int().min(0).max(43_200).default(defaultVisibilitySeconds),
  WaitTimeSeconds: z.number().int().min(0).max(20).default(0),
  MessageAttributeNames: z.array(z.string()).default([]),
  AttributeNames: z.array(z.string()).default([]),
  MessageSystemAttributeNames: z.array(z.string()).default([]),
});
const deletion = z.object({ ReceiptHandle: z.string() });

class QueueService {
  readonly #store: QueueStore;
  readonly #options: QueuesOptions;
  /** Called when a message arrives: receivers that wait look again. */
  readonly #waiting = new Set<() => void>();

  readonly operations: Readonly<Record<string, (body: unknown) => unknown>> = {
    SendMessage: (body) => {
      const { QueueUrl, ...message } = outgoing.extend(onQueue).parse(body);
      return this.#send(this.#queueOf(QueueUrl), message);
    },
    SendMessageBatch: (body) => {
      const request = z.object({ ...onQueue, Entries: z.array(outgoing.extend({ Id: z.string() })).min(1).max(10) }).parse(body);
      const queue = this.#queueOf(request.QueueUrl);
      return { Successful: request.Entries.map(({ Id, ...message }) => ({ Id, ...this.#send(queue, message) })), Failed: [] };
    },
    ReceiveMessage: (body) => this.#receive(receiveRequest.parse(body)),
    DeleteMessage: (body) => {
      const request = deletion.extend(onQueue).parse(body);
      this.#store.delete(this.#queueOf(request.QueueUrl), request.ReceiptHandle);
      return {};
    },
    DeleteMessageBatch: (body) => {
      const request = z.object({ ...onQueue, Entries: z.array(deletion.extend({ Id: z.string() })) }).parse(body);
      const queue = this.#queueOf(request.QueueUrl);
      for (const { ReceiptHandle } of request.Entries) this.#store.delete(queue, ReceiptHandle);
      return { Successful: request.Entries.map(({ Id }) => ({ Id })), Failed: [] };
    },
    PurgeQueue: (body) => {
      this.#store.purge(this.#queueOf(z.object(onQueue).parse(body).QueueUrl));
      return {};
    },
    GetQueueUrl: (body) => {
      const { QueueName } = z.object({ QueueName: z.string() }).parse(body);
      return { QueueUrl: this.urlOf(this.#queueOf(QueueName)) };
    },
    ListQueues: () => ({ QueueUrls: this.#store.queues().map((name) => this.urlOf(name)) }),
    GetQueueAttributes: (body) => {
      const request = z.object({ ...onQueue, AttributeNames: z.array(z.string()).default([]) }).parse(body);
      return { Attributes: this.#attributes(this.#queueOf(request.QueueUrl), request.AttributeNames) };
    },
  };

  constructor(store: QueueStore, options: QueuesOptions) {
    this.#store = store;
    this.#options = options;
  }

  urlOf(name: string): string {
    return `${this.#options.endpointUrl()}/${this.#account}/${name}`;
  }

  stopWaiting(): void {
    for (const wake of this.#waiting) wake();
  }

  get #account(): string {
    return this.#options.account ?? '000000000000';
  }

  /** By its name, the last part of a URL: the port may have changed since the URL was noted. */
  #queueOf(url: string): string {
    const name = url.slice(url.lastIndexOf('/') + 1);
    if (!this.#store.hasQueue(name)) throw new AwsError('QueueDoesNotExist', `The queue ${name} does not exist.`);
    return name;
  }

  #send(queue: string, message: z.infer<typeof outgoing>): Record<string, unknown> {
    const sent = this.#options.clock().getTime();
    const id = randomUUID();
    const { MessageBody: body, DelaySeconds, MessageAttributes: attributes } = message;
    this.#store.add({ queue, id, body, attributes, sent, visible: sent + DelaySeconds * 1_000 });
    for (const wake of this.#waiting) wake();
    return { MessageId: id, MD5OfMessageBody: md5(body) };
  }

  async #receive(request: z.infer<typeof receiveRequest>): Promise<Record<string, unknown>> {
    const queue = this.#queueOf(request.QueueUrl);
    let messages = this.#take(queue, request);
    if (messages.length === 0 && request.WaitTimeSeconds > 0) {
      await this.#arrival(request.WaitTimeSeconds * 1_000);
      messages = this.#store.isOpen ? this.#take(queue, request) : [];
    }
    return messages.length === 0 ? {} : { Messages: messages.map((message) => received(message, request)) };
  }

  #take(queue: string, request: z.infer<typeof receiveRequest>): StoredMessage[] {
    return this.#store.take(queue, request.MaxNumberOfMessages, this.#options.clock().getTime(), request.VisibilityTimeout * 1_000);
  }

  #arrival(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.#waiting.add(wake);
    });
  }

  #attributes(queue: string, names: readonly string[]): Record<string, string> {
    const { visible, hidden } = this.#store.count(queue, this.#options.clock().getTime());
    const all: Record<string, string> = {
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(hidden),
      QueueArn: `arn:aws:sqs:${this.#options.region ?? 'us-east-1'}:${this.#account}:${queue}`,
      VisibilityTimeout: String(defaultVisibilitySeconds),
    };
    const unknown = names.find((name) => name !== 'All' && !Object.hasOwn(all, name));
    if (unknown !== undefined) throw notImplemented('SQS', `GetQueueAttributes of ${unknown}`);
    return names.includes('All') ? all : Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
  }
}

function received(message: StoredMessage, request: z.infer<typeof receiveRequest>): Record<string, unknown> {
  const system: Record<string, string> = {
    SentTimestamp: String(message.sent),
    ApproximateReceiveCount: String(message.receiveCount),
  };
  const systemNames = [...request.AttributeNames, ...request.MessageSystemAttributeNames];
  const asked = Object.entries(system).filter(([name]) => systemNames.includes(name) || systemNames.includes('All'));
  const attributes = Object.entries(message.attributes ?? {}).filter(([name]) =>
    request.MessageAttributeNames.some((wanted) => wanted === 'All' || wanted === '.*' || wanted === name),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(asked.length === 0 ? {} : { Attributes: Object.fromEntries(asked) }),
    ...(attributes.length === 0 ? {} : { MessageAttributes: Object.fromEntries(attributes) }),
  };
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
