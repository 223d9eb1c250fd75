import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import {
  ConditionalCheckFailedException,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
  paginateQuery,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { startDynamoDb, tableName, type RunningDynamoDb } from './start-dynamodb.ts';
import { credentials } from '../../support/keys.ts';

const TableName = tableName;
const branch = (name: string) => `arn:aws:states:us-east-1:000000000000:execution:migrate-databases:${name}`;

describe('the local DynamoDB', () => {
  let dynamoDb: RunningDynamoDb;
  before(async () => {
    dynamoDb = await startDynamoDb();
  });
  after(() => dynamoDb.stop());

  const update = (migration: string, item: string, input: Omit<UpdateCommandInput, 'TableName' | 'Key'>) =>
    dynamoDb.documents.send(new UpdateCommand({ TableName, Key: { migration, item }, ...input }));
  const get = async (migration: string, item: string) =>
    (await dynamoDb.documents.send(new GetCommand({ TableName, Key: { migration, item }, ConsistentRead: true }))).Item;

  it('creates tables from CloudFormation properties, once', async () => {
    const { Table } = await dynamoDb.client.send(new DescribeTableCommand({ TableName }));
    assert.equal(Table?.TableStatus, 'ACTIVE');
    assert.equal(Table.GlobalSecondaryIndexes?.[0]?.IndexStatus, 'ACTIVE');
    assert.equal(Table.TableArn, `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`);
    assert.deepEqual((await dynamoDb.client.send(new ListTablesCommand({}))).TableNames, [TableName]);
  });

  it('grants slots through size() of a map whose keys are ARNs, never over the limit', async () => {
    await update('slots', 'slots#target', { UpdateExpression: 'SET holders = :none', ExpressionAttributeValues: { ':none': {} } });
    const grant = (name: string) =>
      update('slots', 'slots#target', {
        UpdateExpression: 'SET holders.#branch = :now',
        ConditionExpression: 'attribute_exists(holders.#branch) OR size(holders) < :limit',
        ExpressionAttributeNames: { '#branch': branch(name) },
        ExpressionAttributeValues: { ':now': 'noon', ':limit': 5 },
      });
    const asked = await Promise.allSettled(Array.from({ length: 40 }, (_, number) => grant(`b:${number}.x-${number}`)));
    const refused = asked.filter((result) => result.status === 'rejected');
    assert.equal(asked.length - refused.length, 5);
    assert.ok(refused.every(({ reason }) => reason instanceof ConditionalCheckFailedException));
    const holders = Object.keys((await get('slots', 'slots#target'))?.['holders'] as object);
    assert.equal(holders.length, 5);
    await update('slots', 'slots#target', {
      UpdateExpression: 'REMOVE holders.#a, holders.#absent',
      ExpressionAttributeNames: { '#a': holders[0]!, '#absent': branch('absent') },
    });
    await grant('next');
    await grant('next');
    assert.equal(Object.keys((await get('slots', 'slots#target'))?.['holders'] as object).length, 5);
    await assert.rejects(grant('one too many'), { name: 'ConditionalCheckFailedException' });
  });

  it('records transitions with list_append, only for the attempt that owns the record', async () => {
    const record = (attempt: number, state: string) =>
      update('records', 'database#shop', {
        UpdateExpression: 'SET #state = :state, attempt = :attempt, transitions = list_append(if_not_exists(transitions, :none), :one)',
        ConditionExpression: 'attribute_not_exists(attempt) OR attempt = :attempt',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':state': state, ':attempt': attempt, ':none': [], ':one': [{ state, attempt }] },
        ReturnValues: 'ALL_NEW',
      });
    await record(1, 'DUMPING');
    const { Attributes } = await record(1, 'DUMPED');
    assert.deepEqual(Attributes?.['transitions'], [
      { state: 'DUMPING', attempt: 1 },
      { state: 'DUMPED', attempt: 1 },
    ]);
    await assert.rejects(record(2, 'LATE'), { name: 'ConditionalCheckFailedException' });
    assert.equal((await get('records', 'database#shop'))?.['state'], 'DUMPED');
  });

  it('returns the item that failed a condition when asked to', async () => {
    await dynamoDb.documents.send(new PutCommand({ TableName, Item: { migration: 'failed', item: 'x', owner: 'other' } }));
    const condition = { ConditionExpression: '#o = :me', ExpressionAttributeNames: { '#o': 'owner' }, ExpressionAttributeValues: { ':me': 'me' } };
    const asked = { ...condition, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
    const Key = { migration: 'failed', item: 'x' };
    const found = (error: ConditionalCheckFailedException) => {
      assert.ok(error instanceof ConditionalCheckFailedException);
      assert.deepEqual(error.Item?.['owner'], { S: 'other' });
      return true;
    };
    await assert.rejects(update('failed', 'x', { ...asked, UpdateExpression: 'SET a = #o' }), found);
    await assert.rejects(dynamoDb.documents.send(new DeleteCommand({ TableName, Key, ...asked })), found);
    await assert.rejects(dynamoDb.documents.send(new PutCommand({ TableName, Item: Key, ...asked })), found);
    await assert.rejects(update('failed', 'x', { ...condition, UpdateExpression: 'SET a = #o' }), { Item: undefined });
  });

  it('counts and lists by state through the index, which follows every change', async () => {
    const items = Array.from({ length: 120 }, (_, number) => ({ migration: 'index', item: `database#${number}`, state: 'PENDING', pad: 'x'.repeat(20_000) }));
    for (let at = 0; at < items.length; at += 25) {
      const batch = items.slice(at, at + 25).map((Item) => ({ PutRequest: { Item } }));
      await dynamoDb.documents.send(new BatchWriteCommand({ RequestItems: { [TableName]: batch } }));
    }
    const set = (number: number, state: string) =>
      update('index', `database#${number}`, {
        UpdateExpression: 'SET #s = :s',
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: { ':s': state },
      });
    await Promise.all(Array.from({ length: 10 }, (_, number) => set(number, 'VERIFIED')));
    await dynamoDb.documents.send(new DeleteCommand({ TableName, Key: { migration: 'index', item: 'database#11' } }));
    const count = async (state: string) => {
      const query = {
        TableName,
        IndexName: 'by-state',
        Select: 'COUNT',
        KeyConditionExpression: 'migration = :m AND #s = :s',
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: { ':m': 'index', ':s': state },
      } as const;
      let counted = 0;
      for await (const page of paginateQuery({ client: dynamoDb.documents }, query)) counted += page.Count ?? 0;
      return counted;
    };
    assert.deepEqual([await count('PENDING'), await count('VERIFIED'), await count('DUMPED')], [109, 10, 0]);
    const first = await dynamoDb.documents.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'migration = :m AND begins_with(#i, :d)',
        ExpressionAttributeNames: { '#i': 'item' },
        ExpressionAttributeValues: { ':m': 'index', ':d': 'database#10' },
        ScanIndexForward: false,
      }),
    );
    assert.deepEqual(first.Items?.map((item): unknown => item['item']), [109, 108, 107, 106, 105, 104, 103, 102, 101, 100].map((n) => `database#${n}`).concat('database#10'));
  });

  it('reads batches and scans', async () => {
    await dynamoDb.documents.send(new PutCommand({ TableName, Item: { migration: 'batch', item: 'a', value: 1 } }));
    const keys = [{ migration: 'batch', item: 'a' }, { migration: 'batch', item: 'absent' }];
    const { Responses } = await dynamoDb.documents.send(new BatchGetCommand({ RequestItems: { [TableName]: { Keys: keys } } }));
    assert.deepEqual(Responses?.[TableName], [{ migration: 'batch', item: 'a', value: 1 }]);
    const scan = await dynamoDb.documents.send(
      new ScanCommand({ TableName, FilterExpression: 'migration = :m', ExpressionAttributeValues: { ':m': 'batch' } }),
    );
    assert.equal(scan.LastEvaluatedKey === undefined ? scan.Count : 1, 1);
  });

  it('says loudly what it does not implement, and explains mistakes', async () => {
    const transaction = new TransactWriteCommand({ TransactItems: [{ Put: { TableName, Item: { migration: 'm', item: 'i' } } }] });
    await assert.rejects(dynamoDb.documents.send(transaction), { message: /DynamoDB TransactWriteItems/ });
    const expiry = new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName: 'a', Enabled: true } });
    await assert.rejects(dynamoDb.client.send(expiry), { message: /DynamoDB UpdateTimeToLive/ });
    await assert.rejects(update('m', 'i', { UpdateExpression: 'SET' }), { name: 'ValidationException', message: /UpdateExpression/ });
    const elsewhere = new GetCommand({ TableName: 'no-such-table', Key: { migration: 'm', item: 'i' } });
    await assert.rejects(dynamoDb.documents.send(elsewhere), { name: 'ResourceNotFoundException' });
  });
});

describe('the local DynamoDB as a process', () => {
  it('keeps every acknowledged write, and its index in step, when it is killed', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'ferry-test-'));
    const file = path.join(folder, 'tables.sqlite');
    const acknowledged = new Map<string, string>();
    let acknowledgements = 0;
    const server = spawn(process.execPath, [path.join(import.meta.dirname, 'serve.ts'), file], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [url] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
    const client = new DynamoDBClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
    const documents = DynamoDBDocumentClient.from(client);
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      try {
        for (let step = 0; ; step += 1) {
          const item = `database#${writer}-${step % 10}`;
          await documents.send(new PutCommand({ TableName, Item: { migration: 'm', item, state: `S${step}` } }));
          acknowledged.set(item, `S${step}`);
          acknowledgements += 1;
          // Seven other writers are in the middle of something.
          if (acknowledgements === 200) server.kill('SIGKILL');
        }
      } catch {
        // The server was killed.
      }
    });
    await Promise.all(writers);
    client.destroy();
    const again = await startDynamoDb(file);
    const query = { TableName, KeyConditionExpression: 'migration = :m', ExpressionAttributeValues: { ':m': 'm' } };
    const items = await again.documents.send(new QueryCommand(query));
    const states = new Map(items.Items?.map((item) => [item['item'] as string, item['state'] as string]));
    for (const [item, state] of acknowledged) {
      const kept = Number(states.get(item)?.slice(1));
      assert.ok(kept >= Number(state.slice(1)), `${item}: acknowledged ${state}, kept S${kept}`);
    }
    const indexed = await again.documents.send(new QueryCommand({ ...query, IndexName: 'by-state' }));
    const byItem = (left: Record<string, unknown>, right: Record<string, unknown>) => (String(left['item']) < String(right['item']) ? -1 : 1);
    assert.deepEqual(indexed.Items?.toSorted(byItem), items.Items?.toSorted(byItem));
    await again.stop();
    await rm(folder, { recursive: true });
  });
});
