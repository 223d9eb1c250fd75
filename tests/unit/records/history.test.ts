import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { databaseItem, historyItem } from '../../../core/names.ts';
import {
  mostTransitions, readRecord, readRecords, type RecordsTable, registerDatabase, shortenHistory, type Transition, withHistory,
} from '../../../core/records.ts';
import { type Cloud, startCloud } from '../functions/support/cloud.ts';

const writer = { by: 'test', now: '2026-01-01T00:00:00.000Z' };

function transition(number: number, message = 'away'): Transition {
  const at = new Date(Date.parse(writer.now) + number * 1000).toISOString();
  return { state: 'RETRYING', at, attempt: number, by: `arn:branch:${number}`, error: 'SourceUnreachable', message };
}

/** As the state machine appends, several in one write. */
async function append({ client, tableName, migration }: RecordsTable, database: string, transitions: readonly Transition[]): Promise<void> {
  await client.send(
    new UpdateCommand({
      TableName: tableName,
      Key: { migration, item: databaseItem(database) },
      UpdateExpression: 'SET transitions = list_append(transitions, :new)',
      ExpressionAttributeValues: { ':new': transitions },
    }),
  );
}

async function start(t: TestContext, ...databases: string[]): Promise<{ cloud: Cloud; table: RecordsTable }> {
  const cloud = await startCloud(t);
  const table = cloud.table('spring');
  for (const database of databases) await registerDatabase(table, database, writer);
  return { cloud, table };
}

const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index);

/** The attempts of a whole history; the first is that of its registration. */
async function attemptsOf(table: RecordsTable, database: string): Promise<number[]> {
  const record = await readRecord(table, database);
  assert.ok(record !== undefined);
  return (await withHistory(table, record)).transitions.map(({ attempt }) => attempt);
}

/** A table of another client of the same store, whose calls wait, or fail, as `before` says. */
function tableThrough(t: TestContext, cloud: Cloud, before: (command: string) => Promise<void>): RecordsTable {
  const { endpoint, credentials } = cloud.dynamodb.config;
  assert.ok(endpoint !== undefined);
  const client = new DynamoDBClient({ region: 'us-east-1', endpoint, credentials });
  t.after(() => {
    client.destroy();
  });
  client.middlewareStack.add((next, context) => async (call) => {
    await before(String(context.commandName));
    return next(call);
  }, { step: 'initialize' });
  return { ...cloud.table('spring'), client: DynamoDBDocumentClient.from(client) };
}

describe('Long histories', () => {
  it('keep all of 5,000 transitions in their order, and a record that the state machine can read whole', async (t) => {
    const { cloud, table } = await start(t, 'shop');
    for (const from of numbers(0, 50).map((round) => 1 + round * 100)) {
      await append(table, 'shop', numbers(from, 100).map((number) => transition(number, '…'.repeat(600))));
      await shortenHistory(table, 'shop');
    }
    assert.deepEqual(await attemptsOf(table, 'shop'), numbers(0, 5_001));
    const { Item } = await cloud.dynamodb.send(new GetItemCommand({ TableName: 'ferry', Key: { migration: { S: 'spring' }, item: { S: databaseItem('shop') } } }));
    assert.ok(Buffer.byteLength(JSON.stringify(Item)) < 128 * 1024, 'half of a payload is left for what a branch appends');
  });

  it('are told from others when records are read without them, and left alone until then', async (t) => {
    const { table } = await start(t, 'long', 'short');
    await append(table, 'long', numbers(1, mostTransitions).map((number) => transition(number)));
    await append(table, 'short', numbers(1, mostTransitions - 1).map((number) => transition(number)));
    const known = await readRecords(table, ['long', 'short']);
    assert.deepEqual([...known.values()].map(({ database, hasLongHistory }) => [database, hasLongHistory]).sort(), [['long', true], ['short', false]]);
    await shortenHistory(table, 'short');
    assert.equal((await readRecord(table, 'short'))?.transitions.length, mostTransitions);
    await shortenHistory(table, 'long');
    assert.equal((await readRecords(table, ['long'])).get('long')?.hasLongHistory, false);
  });

  it('lose nothing when a move is cut off between its writes, and another goes on', async (t) => {
    const { cloud, table } = await start(t, 'shop');
    await append(table, 'shop', numbers(1, 100).map((number) => transition(number)));
    const killed = tableThrough(t, cloud, (command) => (command === 'UpdateItemCommand' ? Promise.reject(new Error('killed')) : Promise.resolve()));
    await assert.rejects(shortenHistory(killed, 'shop'), /killed/);
    assert.deepEqual(await attemptsOf(table, 'shop'), numbers(0, 101), 'what was written is not counted twice');
    await append(table, 'shop', numbers(101, 30).map((number) => transition(number)));
    await shortenHistory(table, 'shop');
    assert.deepEqual(await attemptsOf(table, 'shop'), numbers(0, 131));
  });

  it('lose nothing to one that has read less, and writes between the two writes of another', async (t) => {
    const { cloud, table } = await start(t, 'shop');
    await append(table, 'shop', numbers(1, 70).map((number) => transition(number)));
    const [slowHasRead, fastHasWritten, slowHasWritten] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    let slowPuts = 0;
    const slow = tableThrough(t, cloud, async (command) => {
      if (command === 'PutItemCommand' && (slowPuts += 1) === 1) {
        slowHasRead.resolve(undefined);
        await fastHasWritten.promise;
      }
      if (command === 'UpdateItemCommand') slowHasWritten.resolve(undefined);
    });
    const fast = tableThrough(t, cloud, async (command) => {
      if (command !== 'UpdateItemCommand') return;
      fastHasWritten.resolve(undefined);
      await slowHasWritten.promise;
    });
    const slowly = shortenHistory(slow, 'shop');
    await slowHasRead.promise;
    await append(table, 'shop', numbers(71, 30).map((number) => transition(number)));
    await Promise.all([slowly, shortenHistory(fast, 'shop')]);
    assert.deepEqual(await attemptsOf(table, 'shop'), numbers(0, 101));
  });

  it('lose nothing when several move at once while a branch appends', async (t) => {
    const { table } = await start(t, 'shop');
    let last = 0;
    for (const round of numbers(0, 8)) {
      await append(table, 'shop', numbers(last + 1, 70).map((number) => transition(number)));
      last += 70;
      const appended = numbers(last + 1, 5 + round);
      await Promise.all([
        shortenHistory(table, 'shop'),
        (async () => {
          for (const number of appended) await append(table, 'shop', [transition(number)]);
        })(),
        shortenHistory(table, 'shop'),
        shortenHistory(table, 'shop'),
      ]);
      last += appended.length;
    }
    assert.deepEqual(await attemptsOf(table, 'shop'), numbers(0, last + 1));
  });

  it('are told apart where one name is the beginning of another', async (t) => {
    const names = ['shop', 'shop#00000000', 'shop#', 'Ünïcode db'];
    const { table } = await start(t, ...names);
    for (const [index, name] of names.entries()) {
      await append(table, name, numbers(1 + index * 1000, 90).map((number) => transition(number)));
      await shortenHistory(table, name);
    }
    for (const [index, name] of names.entries()) assert.deepEqual(await attemptsOf(table, name), [0, ...numbers(1 + index * 1000, 90)], name);
  });

  it('are not shown as whole when an item was removed', async (t) => {
    const { table } = await start(t, 'shop');
    await append(table, 'shop', numbers(1, 90).map((number) => transition(number)));
    await shortenHistory(table, 'shop');
    await table.client.send(new DeleteCommand({ TableName: table.tableName, Key: { migration: 'spring', item: historyItem('shop', 0) } }));
    await assert.rejects(attemptsOf(table, 'shop'), { name: 'RecordsFailed', message: /^71 of the 71 older transitions of `shop` are not in the table/ });
  });
});
