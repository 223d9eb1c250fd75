import { randomUUID } from 'node:crypto';
import { isDiskFull } from '../storage/disk-full.ts';
import type { IndexStore, ObjectEntry } from './index-store.ts';

/** Source: Amazon S3 User Guide, "EventBridge event message structure". */
export interface ObjectCreatedEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': 'Object Created';
  readonly source: 'aws.s3';
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: {
    readonly version: '0';
    readonly bucket: { readonly name: string };
    readonly object: { readonly key: string; readonly size: number; readonly etag: string; readonly sequencer: string };
    readonly 'request-id': string;
    readonly requester: string;
    readonly reason: CreationReason;
  };
}

export type CreationReason = 'PutObject' | 'CompleteMultipartUpload' | 'CopyObject';

export interface ObjectEventsOptions {
  readonly index: IndexStore;
  readonly account: string;
  readonly region: string;
  /** Which objects anyone wants to hear of; the others cost nothing. */
  readonly filter: (bucket: string, key: string) => boolean;
  readonly deliver: (event: ObjectCreatedEvent) => Promise<void> | undefined;
  readonly onError: (error: unknown, event: ObjectCreatedEvent) => void;
}

/**
 * Tells of new objects at least once, as EventBridge does: an event is committed together with its object, and
 * forgotten only when its delivery has settled. What a dead process left undelivered goes out at the next start.
 */
export class ObjectEvents {
  readonly #options: ObjectEventsOptions;

  constructor(options: ObjectEventsOptions) {
    this.#options = options;
  }

  /** Within the object's transaction. The result is to be called after it. */
  record(object: ObjectEntry, reason: CreationReason): () => void {
    if (!this.#options.filter(object.bucket, object.key)) return () => undefined;
    const event = this.#eventOf(object, reason);
    const number = this.#options.index.putEvent(event);
    return () => {
      void this.#deliver(number, event);
    };
  }

  /** Delivers again what had not settled when the process ended. */
  redeliver(): void {
    for (const { number, event } of this.#options.index.events()) {
      void this.#deliver(number, JSON.parse(event) as ObjectCreatedEvent);
    }
  }

  async #deliver(number: number, event: ObjectCreatedEvent): Promise<void> {
    try {
      await this.#options.deliver(event);
    } catch (thrown) {
      this.#options.onError(thrown, event);
    }
    // A delivery that ends after close() is left in the index and is made again at the next start.
    if (!this.#options.index.isOpen) return;
    try {
      this.#options.index.deleteEvent(number);
    } catch (error) {
      // One that cannot be forgotten for want of space is delivered again, as any event may be.
      if (!isDiskFull(error)) throw error;
    }
  }

  #eventOf(object: ObjectEntry, reason: CreationReason): ObjectCreatedEvent {
    const { account, region } = this.#options;
    const { bucket, key, size, etag, modified } = object;
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Object Created',
      source: 'aws.s3',
      account,
      time: new Date(modified).toISOString().replace(/\.\d{3}Z$/, 'Z'),
      region,
      resources: [`arn:aws:s3:::${bucket}`],
      detail: {
        version: '0',
        bucket: { name: bucket },
        object: { key, size, etag, sequencer: modified.toString(16).toUpperCase().padStart(18, '0') },
        'request-id': randomUUID(),
        requester: account,
        reason,
      },
    };
  }
}
