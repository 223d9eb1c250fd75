import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Pass } from '../../../core/contracts.ts';
import { databaseItem, databaseKey } from '../../../core/names.ts';
import { readRecord, type RecordsTable, registerDatabase } from '../../../core/records.ts';
import { readHolders, takeSlot } from '../../../core/slots.ts';
import type { EndedBranch } from '../../../functions/tally-outcomes/ended-branches.ts';
import { tallyOutcomes } from '../../../functions/tally-outcomes/tally-outcomes.ts';
import { AwsError } from '../../../local/endpoint/aws-error.ts';
import { type Cloud, startCloud, tableWithSlots } from './support/cloud.ts';

const machine = 'arn:aws:states:us-east-1:000000000000:execution:ferry';
const runArn = `${machine}:run-1`;
const branch = (name: string): string => `${machine}/MigrateDatabases:${name}`;
const now = '2026-01-02T00:00:00.000Z';
const done = { state: 'VERIFIED', checkpoint: 'VERIFIED' };

type Executions = Readonly<Record<string, { readonly status: string; readonly error?: string; readonly cause?: string }>>;

/** Executions by ARN; the run itself is at work. */
async function start(t: TestContext, records: Readonly<Record<string, Record<string, unknown>>>, executions: Executions = {}) {
  const cloud = await startCloud(t);
  const table = await tableWithSlots(cloud);
  for (const [database, attributes] of Object.entries(records)) {
    await registerDatabase(table, database, { by: 'test', now: '2026-01-01T00:00:00.000Z' });
    if (Object.keys(attributes).length > 0) await setRecord(table, database, attributes);
  }
  const asked: string[] = [];
  cloud.serveStepFunctions((_operation, body) => {
    const { executionArn } = body as { executionArn: string };
    asked.push(executionArn);
    const known = executionArn === runArn ? { status: 'RUNNING', redriveCount: 0 } : executions[executionArn];
    if (known === undefined) return Promise.reject(new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`, 400));
    return Promise.resolve({ executionArn, ...known });
  });
  const ended: EndedBranch[] = [];
  const tally = async (databases: readonly string[] = Object.keys(records), changes: Partial<Pass> = {}, through: RecordsTable = table) => {
    await cloud.putText('spring/passes/run-1/1/databases.jsonl', databases.map((database) => `${JSON.stringify({ database, key: databaseKey(database) })}\n`).join(''));
    const pass = {
      migration: 'spring', run: 'run-1', pass: 1, bucket: cloud.bucket, listKey: 'spring/passes/run-1/1/databases.jsonl',
      count: databases.length, verifiedBefore: 0, unverifiedBefore: 0, freeze: { mode: 'none', minutes: 60 }, ...changes,
    } as Pass;
    return tallyOutcomes(
      { table: through, s3: cloud.s3, stepFunctions: cloud.stepFunctions, now: () => new Date(now), onEnded: (branchEnded) => ended.push(branchEnded) },
      { pass, runArn },
    );
  };
  return { cloud, table, tally, asked, ended };
}

async function setRecord(table: RecordsTable, database: string, attributes: Record<string, unknown>): Promise<void> {
  const names = Object.keys(attributes);
  await table.client.send(
    new UpdateCommand({
      TableName: table.tableName,
      Key: { migration: 'spring', item: databaseItem(database) },
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, attributes[name]])),
    }),
  );
}

/** The same table, whose index is far behind: it still has every database as `state`. */
function withStaleIndex(t: TestContext, cloud: Cloud, databases: readonly string[], state: string): RecordsTable {
  const { endpoint, credentials } = cloud.dynamodb.config;
  assert.ok(endpoint !== undefined);
  const client = new DynamoDBClient({ region: 'us-east-1', endpoint, credentials });
  t.after(() => {
    client.destroy();
  });
  client.middlewareStack.add((next) => async (call) => {
    const { IndexName, ExpressionAttributeValues = {} } = call.input as { IndexName?: string; ExpressionAttributeValues?: Record<string, unknown> };
    if (IndexName === undefined) return next(call);
    const isAsked = JSON.stringify(ExpressionAttributeValues).includes(`"${state}"`);
    const items = databases.map((database) => ({ database, state, attempt: 1, updatedAt: now }));
    return { response: {}, output: { $metadata: {}, Items: isAsked ? items : [], Count: isAsked ? items.length : 0 } as never };
  }, { step: 'initialize' });
  return { ...cloud.table('spring'), client: DynamoDBDocumentClient.from(client) };
}

describe('TallyOutcomes', () => {
  it('counts what the records say', async (t) => {
    const { tally } = await start(t, {
      a: { ...done, cannotRun: 2 },
      b: { state: 'DEAD_LETTERED', error: 'DumpFailed' },
      c: {},
      d: { state: 'IMPORTED', checkpoint: 'UNVERIFIED' },
      elsewhere: { ...done, cannotRun: 3 },
    });
    assert.deepEqual(await tally(['a', 'b', 'c', 'd'], { verifiedBefore: 4, unverifiedBefore: 1 }), {
      total: 8, verified: 4, unverified: 2, deadLettered: 1, unfinished: 1, cannotRun: 5, allVerified: false, anotherPass: false,
      sample: ['b (DumpFailed)', 'c (PENDING)'],
    });
  });

  it('calls nothing verified that the index alone has as verified', async (t) => {
    const { cloud, tally } = await start(t, { a: { state: 'DEAD_LETTERED', error: 'DumpFailed' }, b: {} });
    const counted = await tally(['a', 'b'], {}, withStaleIndex(t, cloud, ['a', 'b'], 'VERIFIED'));
    assert.deepEqual([counted.verified, counted.deadLettered, counted.unfinished, counted.allVerified], [0, 1, 1, false]);
  });

  it('calls nothing unfinished that the index alone has as unfinished, nor verified what it does not have yet', async (t) => {
    const { cloud, tally } = await start(t, { a: done, b: {} });
    const counted = await tally(['a', 'b'], {}, withStaleIndex(t, cloud, ['a'], 'IMPORTING'));
    assert.deepEqual([counted.verified, counted.unfinished], [1, 1]);
  });

  it('does not call a database verified whose record is gone, or says so by half', async (t) => {
    const { table, tally } = await start(t, { a: done, b: { state: 'VERIFIED', checkpoint: 'IMPORTED' } });
    await table.client.send(new DeleteCommand({ TableName: table.tableName, Key: { migration: 'spring', item: databaseItem('a') } }));
    const { verified, allVerified, sample } = await tally(['a', 'b']);
    assert.deepEqual([verified, allVerified, sample], [0, false, ['a (no record)', 'b (VERIFIED)']]);
  });

  it('puts right what branches have left whose end no event told of, with the reason of their execution', async (t) => {
    const { table, tally, ended } = await start(
      t,
      {
        stopped: { state: 'IMPORTING', checkpoint: 'DUMPED', owner: branch('1'), run: 'run-1', attempt: 2 },
        timedOut: { state: 'DUMPING', owner: branch('2'), run: 'run-1', attempt: 1 },
        failed: { state: 'RETRYING', owner: branch('3'), run: 'run-1', attempt: 1 },
        forgotten: { state: 'DUMPING', owner: branch('4'), run: 'run-0', attempt: 1 },
        late: { state: 'DUMPING', owner: branch('5'), run: 'run-1', attempt: 1 },
        others: { state: 'DUMPING', owner: branch('6'), run: 'run-2', attempt: 1 },
        recorded: { state: 'DEAD_LETTERED', error: 'DumpFailed', owner: branch('7'), run: 'run-1', attempt: 1 },
      },
      {
        [branch('1')]: { status: 'ABORTED', error: 'Stopped', cause: 'by hand' },
        [branch('2')]: { status: 'TIMED_OUT' },
        [branch('3')]: { status: 'FAILED', error: 'RecordsFailed', cause: 'throttled' },
        [branch('5')]: { status: 'RUNNING' },
        [branch('6')]: { status: 'RUNNING' },
        [branch('7')]: { status: 'FAILED' },
      },
    );
    const counted = await tally();
    assert.deepEqual([counted.deadLettered, counted.unfinished], [6, 1]);
    const said = async (name: string) => {
      const record = await readRecord(table, name);
      return [record?.state, record?.error, record?.errorStage, record?.owner, record?.transitions.at(-1)?.message];
    };
    assert.deepEqual(await said('stopped'), ['DEAD_LETTERED', 'BranchAborted', 'import', branch('1'), 'The branch of `stopped` was stopped: Stopped: by hand']);
    assert.deepEqual(await said('timedOut'), ['DEAD_LETTERED', 'BranchAborted', 'dump', branch('2'), 'The branch of `timedOut` timed out.']);
    assert.equal((await readRecord(table, 'failed'))?.error, 'RecordsFailed');
    assert.deepEqual((await said('forgotten')).slice(0, 2), ['DEAD_LETTERED', 'BranchAborted']);
    assert.deepEqual((await said('late')).slice(0, 2), ['DEAD_LETTERED', 'BranchAborted'], 'the pass is over, whatever DescribeExecution still says');
    assert.deepEqual((await said('others')).slice(0, 2), ['DUMPING', undefined], 'another run lives');
    assert.equal((await readRecord(table, 'recorded'))?.transitions.length, 1);
    assert.deepEqual(ended.map(({ database }) => database).sort(), ['failed', 'forgotten', 'late', 'stopped', 'timedOut']);
  });

  it('takes the slots of branches that have ended, on both servers, and of no other', async (t) => {
    const { table, tally } = await start(t, { a: done }, { [branch('1')]: { status: 'ABORTED' }, [branch('2')]: { status: 'RUNNING' } });
    for (const server of ['source', 'target'] as const) for (const name of ['1', '2']) await takeSlot(table, server, branch(name), 9, now);
    await tally();
    for (const server of ['source', 'target'] as const) assert.deepEqual(Object.keys(await readHolders(table, server)), [branch('2')], server);
  });
});
