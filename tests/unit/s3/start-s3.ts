/** A local S3 behind a real endpoint, and a real client of it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { startEndpoint } from '../../../local/endpoint/server.ts';
import { createS3, type ObjectCreatedEvent, type S3Options } from '../../../local/s3/create-s3.ts';
import { credentials, secretOf } from '../../support/keys.ts';

export const bucket = 'test-bucket';

export interface RunningS3 {
  readonly client: S3Client;
  readonly url: string;
  readonly directory: string;
  readonly events: ObjectCreatedEvent[];
  stop(): Promise<void>;
}

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'ferry-test-'));
}

/** @param options over the defaults: a new folder that `stop` removes, and a clock that stands at noon */
export async function startS3(options: Partial<S3Options> = {}): Promise<RunningS3> {
  const directory = options.directory ?? (await temporaryFolder());
  const events: ObjectCreatedEvent[] = [];
  const s3 = createS3({
    directory,
    clock: () => new Date('2026-03-01T12:00:00Z'),
    onObjectCreated: (event) => {
      events.push(event);
      return undefined;
    },
    ...options,
  });
  s3.createBucket(bucket);
  const endpoint = await startEndpoint({ secretOf, handlers: { s3: s3.handler } });
  const client = clientOf(endpoint.url);
  return {
    client,
    url: endpoint.url,
    directory,
    events,
    stop: async () => {
      client.destroy();
      await endpoint.close();
      s3.close();
      if (options.directory === undefined) await rm(directory, { recursive: true });
    },
  };
}

export function clientOf(url: string, maxAttempts = 3): S3Client {
  return new S3Client({ endpoint: url, region: 'us-east-1', credentials, maxAttempts });
}
