import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { databaseItem } from '../../../core/names.ts';
import { readRecord, registerDatabase, withHistory } from '../../../core/records.ts';
import { readHolders, takeSlot } from '../../../core/slots.ts';
import { recordAbortedBranch } from '../../../functions/record-aborted-branch/record-aborted-branch.ts';
import { startCloud, tableWithSlots, type Cloud } from './support/cloud.ts';

const branch = 'arn:aws:states:us-east-1:000000000000:execution:ferry/MigrateDatabases:1';

/** A record that `owner` has claimed, and a Step Functions API that says of every execution what is given. */
async function start(t: TestContext, owner: string, execution: Record<string, unknown>): Promise<Cloud> {
  const cloud = await startCloud(t);
  const table = await tableWithSlots(cloud);
  await registerDatabase(table, 'shop', { by: 'test', now: '2026-01-01T00:00:00.000Z' });
  await table.client.send(
    new UpdateCommand({
      TableName: table.tableName,
      Key: { migration: 'spring', item: databaseItem('shop') },
      UpdateExpression: 'SET #owner = :owner, #state = :state, checkpoint = :dumped, attempt = :attempt',
      ExpressionAttributeNames: { '#owner': 'owner', '#state': 'state' },
      ExpressionAttributeValues: { ':owner': owner, ':state': 'IMPORTING', ':dumped': 'DUMPED', ':attempt': 4 },
    }),
  );
  await takeSlot(table, 'target', branch, 9, 'now');
  await takeSlot(table, 'source', branch, 9, 'now');
  cloud.serveStepFunctions(() => Promise.resolve({ executionArn: branch, ...execution }));
  return cloud;
}

function recordEnd(cloud: Cloud, status: 'ABORTED' | 'TIMED_OUT' | 'FAILED', input: string | null = '{"migration":"spring","database":"shop"}') {
  return recordAbortedBranch(
    { records: (migration) => cloud.table(migration), stepFunctions: cloud.stepFunctions, now: () => new Date('2026-01-02T00:00:00Z') },
    { detail: { executionArn: branch, status, input } },
  );
}

describe('RecordAbortedBranch', () => {
  it('dead-letters the record of a branch that was stopped, keeps owner and attempt for a redrive, and frees its slots', async (t) => {
    const cloud = await start(t, branch, { status: 'ABORTED', error: 'Stopped', cause: 'by hand' });
    assert.deepEqual(await recordEnd(cloud, 'ABORTED'), { recorded: true, error: 'BranchAborted' });
    const record = await readRecord(cloud.table('spring'), 'shop');
    assert.deepEqual(
      [record?.state, record?.error, record?.errorStage, record?.owner, record?.attempt, record?.errorMessage],
      ['DEAD_LETTERED', 'BranchAborted', 'import', branch, 4, 'The branch of `shop` was stopped: Stopped: by hand'],
    );
    assert.deepEqual(record?.transitions.at(-1), {
      state: 'DEAD_LETTERED', at: '2026-01-02T00:00:00.000Z', attempt: 4, by: 'recordAbortedBranch', error: 'BranchAborted', message: 'The branch of `shop` was stopped: Stopped: by hand',
    });
    for (const server of ['source', 'target'] as const) assert.deepEqual(await readHolders(cloud.table('spring'), server), {});
  });

  it('keeps the error of a branch that failed where no state could catch it', async (t) => {
    const cloud = await start(t, branch, { status: 'FAILED', error: 'States.Runtime', cause: 'no $.x' });
    await recordEnd(cloud, 'FAILED');
    const record = await readRecord(cloud.table('spring'), 'shop');
    assert.deepEqual([record?.state, record?.error], ['DEAD_LETTERED', 'InternalError']);
    assert.match(record?.errorMessage ?? '', /States\.Runtime: no \$\.x/);
  });

  it('leaves a record alone that another branch owns, but frees the slots of this one', async (t) => {
    const cloud = await start(t, 'arn:another', { status: 'FAILED' });
    assert.deepEqual(await recordEnd(cloud, 'FAILED'), { recorded: false });
    assert.equal((await readRecord(cloud.table('spring'), 'shop'))?.state, 'IMPORTING');
    assert.deepEqual(await readHolders(cloud.table('spring'), 'target'), {});
  });

  it('tells the error of a dead letter that the branch has recorded itself, and released', async (t) => {
    const cloud = await start(t, branch, { status: 'FAILED' });
    const table = cloud.table('spring');
    await table.client.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key: { migration: 'spring', item: databaseItem('shop') },
        UpdateExpression: 'SET #state = :state, #error = :error REMOVE #owner',
        ExpressionAttributeNames: { '#owner': 'owner', '#state': 'state', '#error': 'error' },
        ExpressionAttributeValues: { ':state': 'DEAD_LETTERED', ':error': 'ImportRejected' },
      }),
    );
    assert.deepEqual(await recordEnd(cloud, 'FAILED'), { recorded: false, error: 'ImportRejected' });
  });

  it('moves a history out of the record that stops and redrives within one pass have made long', async (t) => {
    const cloud = await start(t, branch, { status: 'ABORTED' });
    const table = cloud.table('spring');
    const transitions = Array.from({ length: 80 }, (_, attempt) => ({ state: 'DUMPING', at: '2026-01-01T00:00:00.000Z', attempt, by: branch }));
    await table.client.send(
      new UpdateCommand({
        TableName: table.tableName,
        Key: { migration: 'spring', item: databaseItem('shop') },
        UpdateExpression: 'SET transitions = :transitions',
        ExpressionAttributeValues: { ':transitions': transitions },
      }),
    );
    await recordEnd(cloud, 'ABORTED');
    const record = await readRecord(table, 'shop');
    assert.ok(record !== undefined && record.transitions.length < 60);
    assert.deepEqual((await withHistory(table, record)).transitions.slice(0, 80), transitions);
  });

  it('does nothing when the event is late and the branch has been redriven', async (t) => {
    const cloud = await start(t, branch, { status: 'RUNNING' });
    assert.deepEqual(await recordEnd(cloud, 'ABORTED'), { recorded: false });
    assert.equal((await readRecord(cloud.table('spring'), 'shop'))?.state, 'IMPORTING');
    assert.deepEqual(Object.keys(await readHolders(cloud.table('spring'), 'target')), [branch]);
  });

  it('ignores executions that are no branches', async (t) => {
    const cloud = await start(t, branch, { status: 'ABORTED' });
    for (const input of [null, 'not json', '{"migration":"spring","databases":["shop"]}']) {
      assert.deepEqual(await recordEnd(cloud, 'ABORTED', input), { recorded: false });
    }
    assert.equal((await readRecord(cloud.table('spring'), 'shop'))?.state, 'IMPORTING');
  });
});
