import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { ListObjectsV2Command, PutObjectCommand, paginateListObjectsV2, type ListObjectsV2CommandInput } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { bucket, startS3, temporaryFolder, type RunningS3 } from './start-s3.ts';

describe('listing', () => {
  it('pages through 5,000 keys in order, quickly', async () => {
    const directory = await temporaryFolder();
    const first = await startS3({ directory });
    await first.client.send(new PutObjectCommand({ Bucket: bucket, Key: 'seed', Body: 'x' }));
    await first.stop();
    multiply(directory, 5_000);
    const s3 = await startS3({ directory });
    const keys = await listAll(s3, { Prefix: 'many/' });
    assert.equal(keys.length, 5_000);
    assert.deepEqual(keys, keys.toSorted());
    assert.equal((await listAll(s3, { Prefix: 'many/', Delimiter: '/' })).length, 50);
    await s3.stop();
  });

  describe('of chosen keys', () => {
    let s3: RunningS3;
    const put = (key: string) => s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'x' }));
    before(async () => {
      s3 = await startS3();
    });
    after(() => s3.stop());

    it('orders by UTF-8 bytes, escapes, encodes and groups', async () => {
      const keys = ['a/1', 'a/2', 'a&<b>/"c"', 'b c', 'z', '\ue000', '\u{1f511}', 'é/%41'];
      for (const key of keys) await put(key);
      const byBytes = keys.toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
      assert.deepEqual(await listAll(s3, {}), byBytes);
      const grouped = await s3.client.send(new ListObjectsV2Command({ Bucket: bucket, Delimiter: '/' }));
      assert.deepEqual(grouped.CommonPrefixes?.map(({ Prefix }) => Prefix), ['a&<b>/', 'a/', 'é/']);
      assert.deepEqual(grouped.Contents?.map(({ Key }) => Key), ['b c', 'z', '\ue000', '\u{1f511}']);
      assert.equal(grouped.KeyCount, 7);
      const encoded = await s3.client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'é/', EncodingType: 'url' }));
      assert.equal(encoded.Contents?.[0]?.Key, '%C3%A9/%2541');
      const later = await s3.client.send(new ListObjectsV2Command({ Bucket: bucket, StartAfter: 'b c', MaxKeys: 1 }));
      assert.deepEqual([later.Contents?.map(({ Key }) => Key), later.IsTruncated], [['z'], true]);
    });

    it('gives every key and group once, whatever the page size (property)', async () => {
      const some = fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b', '/', '\u{10ffff}'), minLength: 1, maxLength: 5 }), { maxLength: 12 });
      const prefixes = fc.constantFrom('', 'a', 'a/', '/');
      let run = 0;
      await fc.assert(
        fc.asyncProperty(some, prefixes, fc.integer({ min: 1, max: 4 }), fc.boolean(), async (keys, prefix, size, grouped) => {
          run += 1;
          const root = `property-${run}:`;
          for (const key of keys) await put(root + key);
          const Prefix = root + prefix;
          const listed = await listAll(s3, { Prefix, MaxKeys: size, ...(grouped ? { Delimiter: '/' } : {}) });
          const matching = keys.map((key) => root + key).filter((key) => key.startsWith(Prefix));
          const cut = matching.map((key) => {
            const at = grouped ? key.indexOf('/', Prefix.length) : -1;
            return at === -1 ? key : key.slice(0, at + 1);
          });
          assert.deepEqual(listed.toSorted(), [...new Set(cut)].toSorted());
        }),
        { numRuns: 30 },
      );
    });
  });
});

async function listAll(s3: RunningS3, input: Partial<ListObjectsV2CommandInput>): Promise<string[]> {
  const names: string[] = [];
  const { MaxKeys, ...rest } = input;
  const config = { client: s3.client, ...(MaxKeys === undefined ? {} : { pageSize: MaxKeys }) };
  for await (const page of paginateListObjectsV2(config, { Bucket: bucket, ...rest })) {
    names.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ''));
  }
  return names;
}

/** Puts many objects at once, because 5,000 requests would take the client seconds. */
function multiply(directory: string, count: number): void {
  const index = new DatabaseSync(path.join(directory, 'index.sqlite'));
  index.exec(`
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})
    INSERT INTO objects (bucket, key, size, etag, modified, id, headers, checksum, segments, body)
    SELECT bucket, printf('many/%03d/%05d', i % 50, i), size, etag, modified, id, headers, checksum, segments, body FROM objects, n`);
  index.close();
}
