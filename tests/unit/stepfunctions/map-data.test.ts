import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DescribeMapRunCommand, RedriveExecutionCommand } from '@aws-sdk/client-sfn';
import type { Json, JsonObject } from '../../../local/stepfunctions/language/json.ts';
import { memoryObjects, startHarness } from './harness.ts';
import { failing, mapDefinition, reader, writer } from './map-machine.ts';

test('ResultWriter writes the manifest and a file for each outcome', async () => {
  const { store, objects } = memoryObjects();
  await using harness = await startHarness({
    objects: store,
    work: failing(new Set([1])),
    definition: mapDefinition({ ...writer, ToleratedFailurePercentage: 100 }),
  });
  const ended = await harness.run([0, 1, 2]);
  const output = JSON.parse(ended.output ?? '') as { MapRunArn: string; ResultWriterDetails: { Bucket: string; Key: string } };
  const uuid = output.MapRunArn.split(':').at(-1) ?? '';
  assert.deepEqual(output.ResultWriterDetails, { Bucket: 'bucket', Key: `results/${uuid}/manifest.json` });
  const manifest = JSON.parse(objects.get(`bucket/results/${uuid}/manifest.json`) ?? '') as JsonObject;
  const [succeeded, failed] = [objects.get(`bucket/results/${uuid}/SUCCEEDED_0.json`) ?? '', objects.get(`bucket/results/${uuid}/FAILED_0.json`) ?? ''];
  assert.deepEqual(manifest, {
    DestinationBucket: 'bucket',
    MapRunArn: output.MapRunArn,
    ResultFiles: {
      FAILED: [{ Key: `results/${uuid}/FAILED_0.json`, Size: failed.length }],
      PENDING: [],
      SUCCEEDED: [{ Key: `results/${uuid}/SUCCEEDED_0.json`, Size: succeeded.length }],
    },
  });
  const [one] = JSON.parse(failed) as JsonObject[];
  assert.deepEqual(
    [one?.['Status'], one?.['Error'], one?.['Cause'], one?.['Input'], one?.['RedriveStatus']],
    ['FAILED', 'Broken', 'number 1', '1', 'REDRIVABLE_BY_MAP_RUN'],
  );
  assert.deepEqual((JSON.parse(succeeded) as JsonObject[]).map((child) => [child['Output'], child['RedriveStatusReason']]), [
    ['0', 'Execution is SUCCEEDED and cannot be redriven'], ['2', 'Execution is SUCCEEDED and cannot be redriven'],
  ]);
  assert.equal((await harness.client.send(new DescribeMapRunCommand({ mapRunArn: output.MapRunArn }))).itemCounts?.resultsWritten, 3);
});

test('a failed Map Run lists the items that were never started in PENDING_0.json', async () => {
  const { store, objects } = memoryObjects();
  await using harness = await startHarness({ objects: store, work: failing(new Set([0])), definition: mapDefinition({ ...writer, MaxConcurrency: 1 }) });
  assert.equal((await harness.run([0, 1, 2])).error, 'States.ExceedToleratedFailureThreshold');
  const pending = [...objects].find(([key]) => key.endsWith('PENDING_0.json'))?.[1] ?? '';
  assert.deepEqual((JSON.parse(pending) as JsonObject[]).map((child) => [child['Input'], child['Status']]), [['1', 'PENDING'], ['2', 'PENDING']]);
});

test('items of CSV and JSON files, of a listing, and in batches', async () => {
  const objects = memoryObjects({
    'bucket/list.csv': 'name,note\n"a ""b""","x, y"\r\nc,\n',
    'bucket/list.json': '[1,2,3,4,5]',
    'bucket/in/1': 'one',
  });
  const outputs = async (fields: JsonObject): Promise<Json> => {
    await using harness = await startHarness({ objects: objects.store, definition: mapDefinition(fields) });
    const ended = await harness.run({ common: 'c' });
    assert.equal(ended.status, 'SUCCEEDED', ended.cause);
    return JSON.parse(ended.output ?? '') as Json;
  };
  assert.deepEqual(await outputs(reader('list.csv', { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' })), [{ name: 'a "b"', note: 'x, y' }, { name: 'c', note: '' }]);
  assert.deepEqual(
    await outputs({ ...reader('list.json', { InputType: 'JSON', MaxItems: 4 }), ItemBatcher: { MaxItemsPerBatch: 3, BatchInput: { 'c.$': '$.common' } } }),
    [{ BatchInput: { c: 'c' }, Items: [1, 2, 3] }, { BatchInput: { c: 'c' }, Items: [4] }],
  );
  assert.deepEqual(await outputs({ ItemReader: { Resource: 'arn:aws:states:::s3:listObjectsV2', Parameters: { Bucket: 'bucket', Prefix: 'in/' } } }), [
    { Etag: '"e"', Key: 'in/1', LastModified: 1_700_000_000, Size: 3, StorageClass: 'STANDARD' },
  ]);
});

test('a list that cannot be read fails the Map Run; once it is there, redrive reads it', async () => {
  const { store, objects } = memoryObjects();
  await using harness = await startHarness({ objects: store, definition: mapDefinition(reader('list.jsonl', { InputType: 'JSONL' })) });
  const failed = await harness.run();
  assert.deepEqual([failed.error, failed.cause], ['States.ItemReaderFailed', 'NoSuchKey: The specified key does not exist.']);
  objects.set('bucket/list.jsonl', '1\n2');
  await harness.client.send(new RedriveExecutionCommand({ executionArn: failed.executionArn ?? '' }));
  assert.equal((await harness.ended(failed.executionArn ?? '')).output, '[1,2]');
});

test('outputs beyond 256 KiB fail the Map; its redrive starts a new Map Run over everything', async () => {
  let size = 100_000;
  await using harness = await startHarness({ work: () => 'x'.repeat(size), definition: mapDefinition() });
  const failed = await harness.run([1, 2, 3]);
  assert.equal(failed.error, 'States.DataLimitExceeded');
  const before = await harness.children(failed.executionArn ?? '');
  size = 3;
  await harness.client.send(new RedriveExecutionCommand({ executionArn: failed.executionArn ?? '' }));
  assert.equal((await harness.ended(failed.executionArn ?? '')).output, '["xxx","xxx","xxx"]');
  const after = await harness.children(failed.executionArn ?? '');
  assert.notEqual(after.mapRunArn, before.mapRunArn);
});
