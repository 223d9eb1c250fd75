/** A run that is stopped, and a dump that was made by hand, on real servers. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { manifestSchema } from '../../../core/contracts.ts';
import { databaseKey, manifestKey, quoteIdentifier } from '../../../core/names.ts';
import { type Client, clientOf, countsOf, describeExecution, Fleet, startExecution, untilAnyState, untilEnded } from '../../integration/runtime/fleet.ts';
import { query } from '../../support/query.ts';

describe('the local runtime', () => {
  let fleet: Fleet;
  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    fleet = await Fleet.open(started);
  });

  it('ends the tasks of a run that is stopped, and a new run of the migration finishes', async () => {
    await fleet.dropTargets();
    const runtime = await fleet.startRuntime('stopped');
    try {
      const client = clientOf(runtime);
      const executionArn = await startExecution(client, 'stopped', fleet.databases);
      await untilAnyState(client, 'stopped', (state) => state !== 'PENDING' && state !== 'DUMPING');
      await client.stepFunctions.send(new StopExecutionCommand({ executionArn, error: 'StoppedByOperator', cause: 'a test' }));
      assert.equal((await untilEnded(client, executionArn)).status, 'ABORTED');
      const next = await startExecution(client, 'stopped', fleet.databases);
      const ended = await untilEnded(client, next);
      assert.equal(ended.status, 'SUCCEEDED', ended.cause);
      await fleet.assertMigrated(client, 'stopped');
      assert.deepEqual(await holdersOf(client, 'stopped', 'source'), []);
      // The gate's function may have granted a slot just after its branch was stopped: a dead holder is swept when a slot is wanted.
      for (const holder of await holdersOf(client, 'stopped', 'target')) assert.equal((await describeExecution(client, holder)).status, 'ABORTED');
    } finally {
      await runtime.stop();
    }
  });

  it('takes in a dump that someone put into the bucket, by its event, and imports it', async () => {
    const name = fleet.databases[0]!;
    await query(fleet.target.adminAccess, `DROP DATABASE IF EXISTS ${quoteIdentifier(name)}`);
    // The dump of the test before serves as the one made by hand.
    const runtime = await fleet.startRuntime('stopped');
    try {
      const client = clientOf(runtime);
      const bucket = { Bucket: client.outputs['BucketName']! };
      const { Contents = [] } = await client.s3.send(new ListObjectsV2Command({ ...bucket, Prefix: `stopped/dumps/${databaseKey(name)}/` }));
      const made = Contents.map(({ Key = '' }) => Key).findLast((key) => key.endsWith('/manifest.json'))!;
      const { Body } = await client.s3.send(new GetObjectCommand({ ...bucket, Key: made }));
      const manifest = manifestSchema.parse(JSON.parse(await Body!.transformToString()));
      const Key = manifestKey('by-hand', name, 'manual');
      await client.s3.send(new PutObjectCommand({ ...bucket, Key, Body: JSON.stringify({ ...manifest, migration: 'by-hand', attempt: 'manual' }) }));
      await untilAnyState(client, 'by-hand', (state) => state === 'DUMPED');
      assert.equal((await untilEnded(client, await startExecution(client, 'by-hand', [name]))).status, 'SUCCEEDED');
      assert.deepEqual(await countsOf(fleet.target.adminAccess, name), await countsOf(fleet.source.adminAccess, name));
    } finally {
      await runtime.stop();
    }
  });
});

async function holdersOf({ documents, outputs }: Client, migration: string, server: string): Promise<string[]> {
  const Key = { migration, item: `slots#${server}` };
  const { Item } = await documents.send(new GetCommand({ TableName: outputs['TableName'], Key, ConsistentRead: true }));
  return Object.keys(Item?.['holders'] as object);
}
