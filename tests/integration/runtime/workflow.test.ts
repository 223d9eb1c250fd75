/** The whole workflow on real servers: dead letter and redrive, and a runtime that is killed in the middle. */
import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, RedriveExecutionCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { createConnection } from 'mysql2/promise';
import type { RowDataPacket } from 'mysql2/promise';
import { manifestSchema } from '../../../core/contracts.ts';
import { databaseKey, manifestKey, quoteIdentifier } from '../../../core/names.ts';
import { connectionOptions, type ServerAccess } from '../../../core/server-access.ts';
import { rootAccessKeyId } from '../../../local/iam/callers.ts';
import { seedFleet } from '../../../local/fleet/seed.ts';
import type { MySqlPrograms } from '../../../local/mysql/install.ts';
import type { RunningServer } from '../../../local/mysql/source-server.ts';
import { startTargetServer } from '../../../local/mysql/target-server.ts';
import { startRuntime, type Runtime, type RuntimeOptions } from '../../../local/runtime.ts';
import { runtimeFileSchema } from '../../../local/state-folder.ts';
import { killed, lean, log, startServers } from '../../support/servers.ts';

const projectDirectory = join(import.meta.dirname, '../../..');

describe('the local runtime', () => {
  let directory: string;
  let programs: MySqlPrograms;
  let source: RunningServer;
  let target: RunningServer;
  let databases: readonly string[];

  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    ({ directory, programs, source, target } = await startServers(started));
    ({ databases } = await seedFleet({ source: source.adminAccess, databases: 5, largeMegabytes: 4 }));
  });

  it('migrates a fleet, dead-letters what it must not touch, and finishes it by a redrive', async () => {
    const occupied = databases[1]!;
    await query(target.adminAccess, `CREATE DATABASE ${quoteIdentifier(occupied)}`, `CREATE TABLE ${quoteIdentifier(occupied)}.someone_elses (id INT)`);
    const runtime = await startRuntime(options('dead-letter'));
    try {
      const client = clientOf(runtime);
      const executionArn = await startExecution(client, 'dead-letter');
      const held = await untilEnded(client, executionArn);
      assert.equal(held.status, 'FAILED');
      assert.equal(held.error, 'DatabasesDeadLettered');
      assert.match(held.cause ?? '', /1 of 5 databases .* \(TargetDatabaseExists\)/);
      const states = await statesOf(client, 'dead-letter');
      assert.equal(states.get(occupied), 'DEAD_LETTERED');
      assert.deepEqual(databases.filter((name) => name !== occupied && states.get(name) !== 'VERIFIED'), []);
      assert.deepEqual(await query(target.adminAccess, `SHOW TABLES FROM ${quoteIdentifier(occupied)}`), [{ [`Tables_in_${occupied}`]: 'someone_elses' }]);

      await query(target.adminAccess, `DROP DATABASE ${quoteIdentifier(occupied)}`);
      await client.stepFunctions.send(new RedriveExecutionCommand({ executionArn }));
      assert.equal((await untilEnded(client, executionArn)).status, 'SUCCEEDED');
      await assertMigrated(client, 'dead-letter');
    } finally {
      await runtime.stop();
    }
    await assertNoSecrets(join(directory, 'dead-letter'));
  });

  it('ends the tasks of a run that is stopped, and a new run of the migration finishes', async () => {
    await dropTargets();
    const runtime = await startRuntime(options('stopped'));
    try {
      const client = clientOf(runtime);
      const executionArn = await startExecution(client, 'stopped');
      await untilAnyState(client, 'stopped', (state) => state !== 'PENDING' && state !== 'DUMPING');
      await client.stepFunctions.send(new StopExecutionCommand({ executionArn, error: 'StoppedByOperator', cause: 'a test' }));
      assert.equal((await untilEnded(client, executionArn)).status, 'ABORTED');
      const next = await startExecution(client, 'stopped');
      const ended = await untilEnded(client, next);
      assert.equal(ended.status, 'SUCCEEDED', ended.cause);
      await assertMigrated(client, 'stopped');
      assert.deepEqual(await holdersOf(client, 'stopped', 'source'), []);
      // The gate's function may have granted a slot just after its branch was stopped: a dead holder is swept when a slot is wanted.
      for (const holder of await holdersOf(client, 'stopped', 'target')) assert.equal((await describeExecution(client, holder)).status, 'ABORTED');
    } finally {
      await runtime.stop();
    }
  });

  it('takes in a dump that someone put into the bucket, by its event, and imports it', async () => {
    const name = databases[0]!;
    await query(target.adminAccess, `DROP DATABASE IF EXISTS ${quoteIdentifier(name)}`);
    // The dump of the test before serves as the one made by hand.
    const runtime = await startRuntime(options('stopped'));
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
      assert.deepEqual(await countsOf(target.adminAccess, name), await countsOf(source.adminAccess, name));
    } finally {
      await runtime.stop();
    }
  });

  it('lets one runtime only use a state folder, and says which', async () => {
    const runtime = await startRuntime(options('shared'));
    try {
      const file = join(directory, 'shared', 'runtime.json');
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      assert.equal(runtimeFileSchema.parse(JSON.parse(await readFile(file, 'utf8'))).endpoint, runtime.endpoint);
      await assert.rejects(startRuntime(options('shared')), { name: 'LocalRuntimeRunning', message: new RegExp(`process ${process.pid}`) });
    } finally {
      await runtime.stop();
    }
    await (await startRuntime(options('shared'))).stop();
  });

  it('loses nothing when it is killed in the middle: started again and redriven, every database is verified', async () => {
    await dropTargets();
    const killed = await spawnRuntime('killed');
    const client = clientOf(killed.runtime);
    const executionArn = await startExecution(client, 'killed');
    await untilAnyState(client, 'killed', (state) => state !== 'PENDING' && state !== 'DUMPING');
    const groups = hostsOf(killed.child.pid!);
    assert.ok(groups.length > 0);
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    await untilGone(groups);

    const again = await spawnRuntime('killed');
    const clientAgain = clientOf(again.runtime);
    try {
      const interrupted = await describeExecution(clientAgain, executionArn);
      assert.deepEqual([interrupted.status, interrupted.error], ['ABORTED', 'Local.RuntimeStopped']);
      await clientAgain.stepFunctions.send(new RedriveExecutionCommand({ executionArn }));
      const ended = await untilEnded(clientAgain, executionArn);
      // What had reached its dead letter before the kill, or could not be claimed at once, is for a second redrive.
      if (ended.status !== 'SUCCEEDED') {
        assert.equal(ended.error, 'DatabasesDeadLettered', ended.cause);
        await clientAgain.stepFunctions.send(new RedriveExecutionCommand({ executionArn }));
        assert.equal((await untilEnded(clientAgain, executionArn)).status, 'SUCCEEDED');
      }
      await assertMigrated(clientAgain, 'killed');
    } finally {
      again.child.kill('SIGTERM');
      await once(again.child, 'exit');
    }
  });

  it('ends when the target dies in the middle, and a redrive finishes once it is back', async () => {
    await dropTargets();
    const runtime = await startRuntime(options('target-death'));
    try {
      const client = clientOf(runtime);
      const executionArn = await startExecution(client, 'target-death');
      await untilAnyState(client, 'target-death', (state) => state === 'IMPORTING');
      await target.kill();
      const held = await untilEnded(client, executionArn);
      assert.deepEqual([held.status, held.error], ['FAILED', 'DatabasesDeadLettered']);
      assert.match(held.cause ?? '', /TargetUnreachable|ImportInterrupted/);
      assert.deepEqual([...new Set((await statesOf(client, 'target-death')).values())].filter((state) => state !== 'VERIFIED'), ['DEAD_LETTERED']);

      target = killed(started, await startTargetServer({ directory: target.directory, port: target.port, log, programs, serverOptions: lean }));
      await client.stepFunctions.send(new RedriveExecutionCommand({ executionArn }));
      assert.equal((await untilEnded(client, executionArn)).status, 'SUCCEEDED');
      await assertMigrated(client, 'target-death');
    } finally {
      await runtime.stop();
    }
  });

  function options(state: string): RuntimeOptions {
    return {
      stateDirectory: join(directory, state),
      projectDirectory,
      source: source.access,
      target: target.access,
      clientPath: programs.binDirectory,
      log,
      maxTasks: 4,
    };
  }

  /** A runtime in a process of its own. */
  async function spawnRuntime(state: string): Promise<{ readonly child: ChildProcess; readonly runtime: Pick<Runtime, 'endpoint' | 'outputs'> }> {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'runtime-process.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(JSON.stringify(options(state)));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return { child, runtime: JSON.parse(line.toString()) as Runtime };
  }

  async function dropTargets(): Promise<void> {
    for (const name of databases) await query(target.adminAccess, `DROP DATABASE IF EXISTS ${quoteIdentifier(name)}`);
  }

  async function startExecution(client: Client, migration: string, names = databases): Promise<string> {
    const input = JSON.stringify({ migration, databases: names });
    const { executionArn } = await client.stepFunctions.send(new StartExecutionCommand({ stateMachineArn: client.outputs['StateMachineArn'], input }));
    return executionArn!;
  }

  async function assertMigrated(client: Client, migration: string): Promise<void> {
    assert.deepEqual([...(await statesOf(client, migration))].filter(([, state]) => state !== 'VERIFIED'), []);
    for (const name of databases) {
      const [from, to] = await Promise.all([source, target].map(({ adminAccess }) => countsOf(adminAccess, name)));
      assert.ok(from!.size > 0);
      assert.deepEqual(to, from, name);
    }
  }

  async function assertNoSecrets(folder: string): Promise<void> {
    const passwords = [source.access.password, target.access.password];
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const content = await readFile(join(entry.parentPath, entry.name), 'latin1');
      assert.ok(!passwords.some((password) => content.includes(password)), `${entry.name} holds a password`);
    }
  }
});

interface Client {
  readonly stepFunctions: SFNClient;
  readonly documents: DynamoDBDocumentClient;
  readonly s3: S3Client;
  readonly outputs: Readonly<Record<string, string>>;
}

function clientOf({ endpoint, outputs }: Pick<Runtime, 'endpoint' | 'outputs'>): Client {
  const configuration = { endpoint, region: 'us-east-1', credentials: { accessKeyId: rootAccessKeyId, secretAccessKey: 's' } };
  return {
    stepFunctions: new SFNClient(configuration),
    documents: DynamoDBDocumentClient.from(new DynamoDBClient(configuration)),
    s3: new S3Client({ ...configuration, forcePathStyle: true }),
    outputs,
  };
}

function describeExecution(client: Client, executionArn: string) {
  return client.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
}

async function untilEnded(client: Client, executionArn: string) {
  for (;;) {
    const execution = await describeExecution(client, executionArn);
    if (execution.status !== 'RUNNING') return execution;
    await sleep(100);
  }
}

/** State of each database of the migration, by name. */
async function statesOf({ documents, outputs }: Client, migration: string): Promise<Map<string, string>> {
  const states = new Map<string, string>();
  const pages = paginateQuery(
    { client: documents },
    {
      TableName: outputs['TableName'],
      KeyConditionExpression: 'migration = :migration AND begins_with(#item, :prefix)',
      ExpressionAttributeNames: { '#item': 'item' },
      ExpressionAttributeValues: { ':migration': migration, ':prefix': 'database#' },
      ConsistentRead: true,
    },
  );
  for await (const { Items = [] } of pages) for (const item of Items) states.set(item['database'] as string, item['state'] as string);
  return states;
}

async function untilAnyState(client: Client, migration: string, wanted: (state: string) => boolean): Promise<void> {
  while (![...(await statesOf(client, migration)).values()].some(wanted)) await sleep(20);
}

async function holdersOf({ documents, outputs }: Client, migration: string, server: string): Promise<string[]> {
  const Key = { migration, item: `slots#${server}` };
  const { Item } = await documents.send(new GetCommand({ TableName: outputs['TableName'], Key, ConsistentRead: true }));
  return Object.keys(Item?.['holders'] as object);
}

async function query(access: ServerAccess, ...statements: string[]): Promise<RowDataPacket[]> {
  const connection = await createConnection(connectionOptions(access));
  try {
    let rows: RowDataPacket[] = [];
    for (const statement of statements) [rows] = await connection.query<RowDataPacket[]>(statement);
    return rows;
  } finally {
    await connection.end();
  }
}

/** Rows of each base table. */
async function countsOf(access: ServerAccess, database: string): Promise<Map<string, number>> {
  const tables = await query(access, `SHOW FULL TABLES FROM ${quoteIdentifier(database)} WHERE Table_type = 'BASE TABLE'`);
  const counts = new Map<string, number>();
  for (const row of tables) {
    const name = String(Object.values(row)[0]);
    const [count] = await query(access, `SELECT COUNT(*) AS n FROM ${quoteIdentifier(database)}.${quoteIdentifier(name)}`);
    counts.set(name, Number(count!['n']));
  }
  return counts;
}

/** Process groups of the task hosts of a runtime. */
function hostsOf(pid: number): string[] {
  const lines = execFileSync('ps', ['-eo', 'ppid=,pgid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.map((line) => line.trim().split(/\s+/)).filter(([parent, , ...words]) => parent === String(pid) && words.join(' ').includes('task-host')).map(([, group]) => group!);
}

async function untilGone(groups: readonly string[]): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const lines = execFileSync('ps', ['-eo', 'pgid=,stat=,args='], { encoding: 'utf8' }).split('\n').map((line) => line.trim());
    const left = lines.filter((line) => groups.some((group) => line.startsWith(`${group} `)) && !/^\d+\s+Z/.test(line));
    if (left.length === 0) return;
    assert.ok(Date.now() < deadline, `left behind: ${left.join('; ')}`);
    await sleep(50);
  }
}
