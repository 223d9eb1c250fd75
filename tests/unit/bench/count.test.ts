/** How requests are counted. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { noCounts } from '../../../bench/count/counts.ts';
import { countHistory, visitsOf } from '../../../bench/count/histories.ts';
import { itemBytes, readUnits, writeUnits } from '../../../bench/count/item-size.ts';
import { Recorder } from '../../../bench/count/recorder.ts';
import { readRecords, registerDatabase, requeueRecord } from '../../../core/records.ts';
import { createSlots, freeSlot, readHolders, takeSlot } from '../../../core/slots.ts';
import { createDynamoDb } from '../../../local/dynamodb/create-dynamodb.ts';
import { createDirectDynamoDbClient } from '../../../local/dynamodb/direct-client.ts';
import { tableName, tableProperties } from '../dynamodb/start-dynamodb.ts';

describe('the size of an item', () => {
  test('names and values by their UTF-8 bytes, numbers by two digits a byte, lists and maps with their overhead', () => {
    assert.equal(itemBytes({ name: { S: 'é' } }), 4 + 2);
    assert.equal(itemBytes({ n: { N: '-12345' } }), 1 + 4);
    assert.equal(itemBytes({ l: { L: [{ S: 'ab' }, { BOOL: true }] } }), 1 + 3 + (1 + 2) + (1 + 1));
    assert.equal(itemBytes({ m: { M: { key: { S: 'value' } } } }), 1 + 3 + 1 + 3 + 5);
    assert.equal(itemBytes({ b: { B: 'AAAA' }, z: { NULL: true } }), 1 + 3 + 1 + 1);
  });

  test('units are begun KiB written and begun 4 KiB read', () => {
    assert.deepEqual([writeUnits(0, 0), writeUnits(0, 1_024), writeUnits(1_025, 10)], [1, 1, 2]);
    assert.deepEqual([readUnits(4_096, true), readUnits(4_097, true), readUnits(4_097, false)], [1, 2, 1]);
  });
});

test('transitions are the states entered and the tries after the first', () => {
  const counts = noCounts();
  const event = (details: Partial<HistoryEvent>): HistoryEvent => ({ timestamp: undefined, type: undefined, id: undefined, ...details });
  const entered = (name: string): HistoryEvent => event({ stateEnteredEventDetails: { name } });
  const scheduled = (resourceType: string): HistoryEvent => event({ taskScheduledEventDetails: { resourceType, resource: 'x', region: 'r', parameters: '{}' } });
  const events = [entered('Gate'), scheduled('lambda'), scheduled('lambda'), entered('Wait'), entered('Gate'), scheduled('lambda'), entered('Send'), scheduled('sqs'), scheduled('ecs')];
  countHistory(events, counts);
  assert.equal(counts.stateTransitions, 4 + 1 + 1);
  assert.deepEqual([counts.lambdaInvocations, counts.sqsMessages, counts.runTasks, counts.historyEvents], [3, 1, 1, 9]);
  assert.equal(visitsOf(events, 'Gate'), 2);
});

test('the recorder tells records from slots, counts refused writes, and what the index takes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-test-'));
  const dynamodb = createDynamoDb({ file: join(folder, 'tables.sqlite') });
  try {
    await dynamodb.createTables([tableProperties]);
    const recorder = new Recorder();
    const client = DynamoDBDocumentClient.from(createDirectDynamoDbClient(recorder.watch.dynamodb(dynamodb.handler), 'us-east-1'));
    const table = { client, tableName, migration: 'm' };
    const writer = { by: 'test', now: '2026-01-01T00:00:00.000Z' };

    await registerDatabase(table, 'shop', writer);
    assert.deepEqual([recorder.counts.recordWrites, recorder.counts.recordWriteUnits, recorder.counts.indexWriteUnits], [1, 1, 1]);
    await registerDatabase(table, 'shop', writer);
    assert.deepEqual([recorder.counts.recordWrites, recorder.counts.indexWriteUnits], [2, 1], 'a refused write takes units of the table, none of the index');

    const [record] = (await readRecords(table, ['shop'])).values();
    assert.deepEqual([recorder.counts.recordReads, recorder.counts.recordReadUnits], [1, 1]);
    await requeueRecord(table, { ...record!, checkpoint: 'DUMPED' }, writer);
    assert.equal(recorder.counts.indexWriteUnits, 3, 'a changed state is a delete and a put');

    await createSlots(table, 'target');
    assert.equal(await takeSlot(table, 'target', 'a', 1, writer.now), true);
    assert.equal(await takeSlot(table, 'target', 'b', 1, writer.now), false);
    await readHolders(table, 'target');
    await freeSlot(table, 'target', 'a');
    assert.deepEqual([recorder.counts.slotWrites, recorder.counts.slotReads, recorder.counts.recordWrites], [4, 1, 3]);
    client.destroy();
  } finally {
    dynamodb.close();
    await rm(folder, { recursive: true });
  }
});
