import { Buffer } from 'node:buffer';
import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';

/** What a Distributed Map needs of S3: its ItemReader and ResultWriter. */
export interface ObjectStore {
  /** The body, as it arrives. @throws what the SDK throws, `NoSuchKey` for instance */
  getObject(bucket: string, key: string): Promise<AsyncIterable<Uint8Array>>;
  putObject(bucket: string, key: string, body: string): Promise<void>;
  listObjects(bucket: string, prefix: string | undefined): AsyncIterable<ListedObject>;
}

export interface ListedObject {
  readonly key: string;
  readonly etag: string;
  readonly lastModified: Date;
  /** Bytes. */
  readonly size: number;
  readonly storageClass: string;
}

export function objectStore(client: S3Client): ObjectStore {
  return {
    async getObject(bucket, key) {
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (answer.Body ?? Buffer.alloc(0)) as unknown as AsyncIterable<Uint8Array>;
    },
    async putObject(bucket, key, body) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'application/json' }));
    },
    async *listObjects(bucket, prefix) {
      const input = { Bucket: bucket, ...(prefix === undefined ? {} : { Prefix: prefix }) };
      for await (const page of paginateListObjectsV2({ client }, input)) {
        for (const object of page.Contents ?? []) {
          yield {
            key: object.Key ?? '',
            etag: object.ETag ?? '',
            lastModified: object.LastModified ?? new Date(0),
            size: object.Size ?? 0,
            storageClass: object.StorageClass ?? 'STANDARD',
          };
        }
      }
    },
  };
}
