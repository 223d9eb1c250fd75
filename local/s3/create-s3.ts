/** Amazon S3 on one machine, as much of it as the migration and its tests use (see operations.ts). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { isDiskFull } from '../storage/disk-full.ts';
import { AwsError } from '../endpoint/aws-error.ts';
import type { HttpHandler } from '../endpoint/handlers.ts';
import type { SignedRequest } from '../endpoint/signatures/check.ts';
import { escapeXml } from '../endpoint/xml.ts';
import { authorizeListing, authorizeRequest } from './authorize.ts';
import { Blobs } from './blobs.ts';
import { requireBucketName } from './buckets.ts';
import { s3Error } from './errors.ts';
import { IndexStore } from './index-store.ts';
import { ObjectEvents, type ObjectCreatedEvent } from './object-events.ts';
import { routeOf } from './operations.ts';
import { parseRequest } from './requests.ts';
import type { S3State } from './state.ts';

export type { ObjectCreatedEvent } from './object-events.ts';

export interface S3Options {
  /** Holds `index.sqlite` and `data/`; made when it is not there. One process at a time. */
  readonly directory: string;
  readonly clock: () => Date;
  /**
   * Told of each object that came to be, as EventBridge would be. At least once: an event is delivered again after a
   * restart when the process ended before the promise settled. A rejection goes to `onEventError` and is not repeated.
   */
  readonly onObjectCreated?: (event: ObjectCreatedEvent) => Promise<void> | undefined;
  /** Which objects `onObjectCreated` wants to hear of; all when left out. */
  readonly eventFilter?: (bucket: string, key: string) => boolean;
  readonly onEventError?: (error: unknown, event: ObjectCreatedEvent) => void;
  readonly account?: string;
  readonly region?: string;
  /** Everybody may do everything unless given. @throws AwsError AccessDenied */
  readonly authorize?: S3State['authorize'];
}

export interface S3 {
  readonly handler: HttpHandler;
  /** Does nothing when it exists. @throws AwsError InvalidBucketName */
  createBucket(name: string): void;
  /** Delivers the events that a former process left undelivered; call it once their receivers are ready. */
  redeliverEvents(): void;
  /** After the endpoint was closed. */
  close(): void;
}

/** Opens the state on disk and removes what an interrupted upload left behind. */
export function createS3(options: S3Options): S3 {
  const index = new IndexStore(path.join(options.directory, 'index.sqlite'));
  const blobs = new Blobs(path.join(options.directory, 'data'));
  blobs.sweep(index.files());
  const events = new ObjectEvents({
    index,
    account: options.account ?? '000000000000',
    region: options.region ?? 'us-east-1',
    filter: options.onObjectCreated === undefined ? () => false : (options.eventFilter ?? (() => true)),
    deliver: (event) => options.onObjectCreated?.(event),
    onError: options.onEventError ?? (() => undefined),
  });
  const state: S3State = { index, blobs, events, clock: options.clock, authorize: options.authorize ?? (() => undefined) };
  return {
    handler: (request, response, signed) => answer(state, request, response, signed),
    createBucket: (name) => {
      requireBucketName(name);
      index.createBucket(name, options.clock().getTime());
    },
    redeliverEvents: () => {
      events.redeliver();
    },
    close: () => {
      index.close();
    },
  };
}

async function answer(state: S3State, http: IncomingMessage, response: ServerResponse, signed: SignedRequest): Promise<void> {
  try {
    const request = parseRequest(http, signed);
    const route = routeOf(request);
    authorizeRequest(state, request, route);
    try {
      await route.operation(state, request, response);
    } catch (thrown) {
      if (thrown instanceof AwsError && thrown.code === 'NoSuchKey') authorizeListing(state, request);
      throw thrown;
    }
  } catch (thrown) {
    const clientLeft = response.destroyed || (http.destroyed && !http.complete);
    // A damaged file is told of, although its client can only be cut off.
    const damaged = thrown instanceof AwsError && thrown.code === 'InternalError';
    if (clientLeft && !damaged) return;
    if (response.headersSent) throw thrown;
    sendError(http, response, toAwsError(thrown));
  }
}

function toAwsError(thrown: unknown): AwsError {
  if (thrown instanceof AwsError) return thrown;
  if (isDiskFull(thrown)) {
    // S3 itself has no such error; this one its clients try again.
    return s3Error('SlowDown', 'There is no space left where the local runtime keeps its objects; nothing was stored.');
  }
  throw thrown;
}

function sendError(http: IncomingMessage, response: ServerResponse, error: AwsError): void {
  const bodyless = http.method === 'HEAD' || error.status === 304;
  const fields =
    `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>` +
    `<Resource>${escapeXml(http.url ?? '')}</Resource><RequestId>${escapeXml(String(response.getHeader('x-amzn-requestid') ?? ''))}</RequestId>`;
  const xml = bodyless ? '' : `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${fields}</Error>`;
  const headers = bodyless ? {} : { 'Content-Type': 'application/xml', 'Content-Length': Buffer.byteLength(xml) };
  response.writeHead(error.status, headers);
  response.end(xml);
}
