/**
 * Every role of the packaged template against what it calls: migrations that take each path (success, dead letters,
 * redrive, stop, a killed task, a long list, a dump made by hand) run on the real local runtime, which denies what a role
 * may not do. The table of roles is printed. Fails for a denied call, and for a permission that is neither used nor explained.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListMultipartUploadsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { readAllRecords } from '../../../cli/demo/stage-times.ts';
import { manifestSchema } from '../../../core/contracts.ts';
import { endFreeze, writeFreeze } from '../../../core/freezes.ts';
import { databaseItem, manifestKey, quoteIdentifier, reportKey } from '../../../core/names.ts';
import { readRecord, type DatabaseRecord, type RecordsTable } from '../../../core/records.ts';
import { connectionOptions, type ServerAccess } from '../../../core/server-access.ts';
import { takeSlot } from '../../../core/slots.ts';
import { seedFleet } from '../../../local/fleet/seed.ts';
import { allowFreeze } from '../../../local/mysql/source-server.ts';
import type { RunningServer } from '../../../local/mysql/source-server.ts';
import { startRuntime, type Runtime, type RuntimeOptions } from '../../../local/runtime.ts';
import { keyVariables } from '../../support/keys.ts';
import { log, startServers } from '../../support/servers.ts';
import { ferry, type Outcome } from '../../integration/cli/ferry.ts';
import { exceptions } from './exceptions.ts';
import { examine } from './role-table.ts';

const projectDirectory = join(import.meta.dirname, '../../..');

describe('the roles of the packaged template', () => {
  let directory: string;
  let source: RunningServer;
  let target: RunningServer;
  let runtime: Runtime;
  let databases: readonly string[];
  let large: string;
  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    const servers = await startServers(started);
    ({ directory, source, target } = servers);
    ({ databases } = await seedFleet({ source: source.adminAccess, databases: 5, largeMegabytes: 60 }));
    large = await largestDatabase(source.adminAccess);
    const settings: RuntimeOptions = {
      stateDirectory: join(directory, '.ferry'),
      projectDirectory,
      source: source.access,
      target: target.access,
      clientPath: servers.programs.binDirectory,
      log,
      maxTasks: 4,
    };
    runtime = started.adopt(await startRuntime(settings), (running) => running.stop());
  });

  it('let an operator start, watch and redrive a run with a dead letter', async () => {
    const occupied = databases[1]!;
    await execute(target.adminAccess, `CREATE DATABASE ${quoteIdentifier(occupied)}`, `CREATE TABLE ${quoteIdentifier(occupied)}.precious (id INT)`);
    const started = await run(['start', '--migration', 'spring', '--accounts'], databases.join('\n'));
    assert.equal(started.code, 80, started.stderr);
    assert.equal((await run(['status', '--json'])).code, 0);
    assert.equal((await run(['show', occupied])).code, 0);
    assert.equal((await run(['accounts'])).code, 0);
    assert.equal((await run(['accounts', '--migration', 'nobody'])).code, 26);
    // Reads manifests and reports; drift and verify read no more of AWS. What was dead-lettered has no reports of its import.
    assert.equal((await run(['report', '--json', join(directory, 'certificate.json')])).code, 0);
    await run(['doctor', '--local', '--json']);
    const environment = { AWS_ENDPOINT_URL: runtime.endpoint, AWS_REGION: 'us-east-1', ...keyVariables(runtime.credentials.operator) };
    const byStage = await ferry(['status', '--stage', 'dev', '--json'], { directory, environment });
    assert.equal(byStage.code, 0, byStage.stderr);
    await execute(target.adminAccess, `DROP DATABASE ${quoteIdentifier(occupied)}`);
    const redriven = await run(['redrive']);
    assert.equal(redriven.code, 0, redriven.stderr);
    // What it found is kept, and read by the certificate.
    const targetWords = ['--target', `mysql://${target.access.username}@${target.access.host}:${target.access.port}`, '--target-tls', 'required'];
    const verified = await ferry(['verify', ...targetWords], { directory, environment: { FERRY_TARGET_PASSWORD: target.access.password } });
    assert.equal(verified.code, 0, verified.stderr);
    assert.doesNotMatch(verified.stderr, /could not be kept/);
    assert.equal((await run(['report', '--json', join(directory, 'certificate.json')])).code, 0);
  });

  it('let the operator read reports and records, and give a list that is too long for an input', async () => {
    const key = reportKey('spring', databases[0]!, 1, 'verify');
    const { Body } = await operator().s3.send(new GetObjectCommand({ Bucket: runtime.outputs['BucketName'], Key: key }));
    assert.match((await Body?.transformToString()) ?? '', /"stage": "verify"/);
    assert.equal((await readAllRecords(operator().table('spring'))).length, databases.length);
    const names = Array.from({ length: 4000 }, (_, index) => `no_such_database_${'x'.repeat(40)}_${index}`);
    assert.equal((await run(['start', '--migration', 'large'], names.join('\n'))).code, 14);
    const databaseList = `s3://${runtime.outputs['BucketName']!}/large/lists/missing.txt`;
    const input = JSON.stringify({ migration: 'large', databaseList });
    const { stepFunctions } = operator();
    const { executionArn } = await stepFunctions.send(new StartExecutionCommand({ stateMachineArn: runtime.outputs['StateMachineArn'], input }));
    for (;;) {
      const { status, cause } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
      if (status !== 'RUNNING') {
        assert.match(cause ?? '', /missing\.txt does not exist/);
        return;
      }
      await sleep(50);
    }
  });

  it('let a run be stopped in the middle of an upload', async () => {
    const starting = start('upload', ['--run', 'upload'], [large]);
    await untilUploading();
    const executionArn = `${runtime.outputs['StateMachineArn']!.replace(':stateMachine:', ':execution:')}:upload`;
    await operator().stepFunctions.send(new StopExecutionCommand({ executionArn }));
    assert.equal((await starting).code, 82);
    await untilSeen('DumpTaskRole', 's3:AbortMultipartUpload');
  });

  it('let a run be stopped whose databases another run must not take over', async () => {
    await emptyTarget();
    const other = await withoutNewDatabases();
    const starting = start('first', ['--run', 'first'], [large]);
    await untilUploading();
    // Its branch finds the database claimed by one that lives.
    assert.equal((await start('first', ['--run', 'second'], [large])).code, 80);
    assert.equal((await run(['stop', '--run', 'first'])).code, 0);
    assert.equal((await starting).code, 82);
    await other.end();
  });

  it('let a run be stopped while branches import and wait at the gate, and be redriven', async () => {
    await emptyTarget();
    // One connection is another's, and no database can be made: one branch holds the only slot, the others wait for it.
    const other = await withoutNewDatabases();
    const starting = start('gate', ['--run', 'gate', '--max-connections', '2', '--max-concurrency', '4'], databases);
    await untilSeen('CheckAuroraConnectionsRole', 'states:DescribeExecution');
    // One that ended without a word, whose slot on the source is taken from it; and a history that a stop makes too long.
    const gone = `${runtime.outputs['StateMachineArn']!.replace(':stateMachine:', ':execution:')}/MigrateDatabases:gone`;
    await takeSlot(root().table('gate'), 'source', gone, 9, '2026-01-01T00:00:00.000Z');
    await lengthenHistories('gate');
    // EventBridge does it each minute.
    const { FunctionError } = await root().lambda.send(new InvokeCommand({ FunctionName: 'aurora-ferry-dev-reportProgress' }));
    assert.equal(FunctionError, undefined);
    assert.equal((await run(['stop', '--run', 'gate'])).code, 0);
    const stopped = await starting;
    await other.end();
    assert.equal(stopped.code, 82, stopped.stderr);
    const redriven = await run(['redrive', '--run', 'gate']);
    assert.equal(redriven.code, 0, redriven.stderr);
  });

  it('let a branch be held whose sessions the servers end, and go on', async () => {
    await emptyTarget();
    const starting = start('held', [], [large]);
    await untilUploading();
    await killSessions(source.adminAccess, '%');
    await untilRecord('held', large, ({ heldFor }) => heldFor === 'source');
    await untilRecord('held', large, ({ state }) => state === 'IMPORTING');
    // Not before the marker is there: an empty database that says nothing is nobody's to drop.
    await killSessions(target.adminAccess, '%INSERT%');
    await untilRecord('held', large, ({ heldFor }) => heldFor === 'target');
    const { code, stderr } = await starting;
    assert.equal(code, 0, stderr);
  });

  it('let a branch be given up whose task was killed before its report', async () => {
    const starting = start('killed', ['--max-attempts', '1'], [large]);
    await untilUploading();
    // Its tally finds a slot of a branch that ended without a word.
    const gone = `${runtime.outputs['StateMachineArn']!.replace(':stateMachine:', ':execution:')}/MigrateDatabases:gone`;
    await takeSlot(root().table('killed'), 'target', gone, 9, '2026-01-01T00:00:00.000Z');
    for (const host of taskHosts()) process.kill(-host, 'SIGKILL');
    const { code, stderr } = await starting;
    assert.equal(code, 80);
    assert.match(stderr, /TaskCrashed/);
  });

  it('let in a dump that the operator made by hand, and refuse one without its parts', async () => {
    const name = databases[1]!;
    await execute(target.adminAccess, `DROP DATABASE ${quoteIdentifier(name)}`);
    const bucket = { Bucket: runtime.outputs['BucketName']! };
    const { dumpManifest } = (await readRecord(root().table('spring'), name))!;
    const { Body } = await root().s3.send(new GetObjectCommand({ ...bucket, Key: dumpManifest }));
    const manifest = manifestSchema.parse(JSON.parse(await Body!.transformToString()));
    const put = (parts: typeof manifest.parts): Promise<unknown> => {
      const made = { ...manifest, parts, migration: 'by-hand', attempt: 'manual' };
      return operator().s3.send(new PutObjectCommand({ ...bucket, Key: manifestKey('by-hand', name, 'manual'), Body: JSON.stringify(made) }));
    };
    await put(manifest.parts.map((part) => ({ ...part, key: `${part.key}.missing` })));
    await untilSeen('RegisterDumpRole', 's3:ListBucket');
    await put(manifest.parts);
    await untilRecord('by-hand', name, ({ state }) => state === 'DUMPED');
    await put(manifest.parts);
    await untilSeen('RegisterDumpRole', 'dynamodb:UpdateItem');
    const started = await run(['start', '--migration', 'by-hand', name]);
    assert.equal(started.code, 0, started.stderr);
  });

  it('let the dump of a frozen database answer the state that waits for it, and the operator end what is left of a freeze', async () => {
    await emptyTarget();
    const [name = ''] = databases;
    const refused = await start('frozen', ['--freeze'], [name]);
    assert.match(refused.stderr, /SourcePrivilegeMissing/);
    assert.match(refused.stderr, /RELOAD/);
    assert.match(refused.stdout, /Remedy: +Grant Ferry's account on the source/);
    await allowFreeze(source, 'lock');
    const frozen = await start('frozen', ['--freeze'], [name]);
    assert.equal(frozen.code, 0, frozen.stderr);
    await untilSeen('DumpTaskRole', 'dynamodb:DeleteItem');
    const table = root().table('frozen');
    const times = { since: '2026-01-01T00:00:00Z', until: '2026-01-01T01:00:00Z' };
    await writeFreeze(table, { database: name, id: 'lost', mode: 'lock', branch: 'gone', attempt: 9, ...times });
    await endFreeze(table, name, 'lost', { endedAt: times.until, reason: 'its keeper was killed' });
    assert.equal((await run(['unfreeze', '--all', '--migration', 'frozen'])).code, 0);
  });

  /** A migration of its own finds the target empty. */
  async function emptyTarget(): Promise<void> {
    for (const name of databases) await execute(target.adminAccess, `DROP DATABASE IF EXISTS ${quoteIdentifier(name)}`);
  }

  function start(migration: string, options: readonly string[], names: readonly string[]): Promise<Outcome> {
    return run(['start', '--migration', migration, ...options], names.join('\n'));
  }

  /** As many retries have made them. */
  async function lengthenHistories(migration: string): Promise<void> {
    const { client, tableName } = root().table(migration);
    const transitions = Array.from({ length: 80 }, (_, attempt) => ({ state: 'RETRYING', at: '2026-01-01T00:00:00.000Z', attempt, by: 'a test' }));
    for (const name of databases) {
      await client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: { migration, item: databaseItem(name) },
          UpdateExpression: 'SET transitions = list_append(:more, transitions)',
          ExpressionAttributeValues: { ':more': transitions },
        }),
      );
    }
  }

  /** No database can be made on the target until the connection ends: what imports, waits. */
  async function withoutNewDatabases(): Promise<Connection> {
    const connection = await createConnection(connectionOptions(target.adminAccess));
    started.defer(() => connection.end());
    await connection.query('LOCK INSTANCE FOR BACKUP');
    return connection;
  }

  async function untilUploading(): Promise<void> {
    const { s3 } = root();
    for (;;) {
      const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: runtime.outputs['BucketName'] }));
      if (Uploads.length > 0) return;
      await sleep(20);
    }
  }

  async function untilSeen(role: string, action: string): Promise<void> {
    while (!runtime.accessReport().calls.some((call) => call.role === role && call.action === action)) await sleep(20);
  }

  async function untilRecord(migration: string, database: string, wanted: (record: DatabaseRecord) => boolean): Promise<void> {
    for (;;) {
      const record = await readRecord(root().table(migration), database);
      if (record !== undefined && wanted(record)) return;
      await sleep(20);
    }
  }

  /** Of Ferry's account, those that work on the large database with such a statement. */
  async function killSessions(server: ServerAccess, statement: string): Promise<void> {
    const connection = await createConnection(connectionOptions(server));
    try {
      for (let ended = 0; ended === 0; ) {
        const [rows] = await connection.query<RowDataPacket[]>(
          "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE USER = 'ferry' AND DB = ? AND COALESCE(INFO, '') LIKE ?",
          [large, statement],
        );
        for (const row of rows) await connection.query(`KILL ${String(row['id'])}`).then(() => (ended += 1), () => undefined);
        await sleep(20);
      }
    } finally {
      await connection.end();
    }
  }

  function run(words: readonly string[], input?: string): Promise<Outcome> {
    return ferry(words, { directory, input });
  }

  const operator = (): Clients => clientsOf(runtime, runtime.credentials.operator);
  const root = (): Clients => clientsOf(runtime, runtime.credentials.root);

  it('are allowed what they call, and nothing that they do not need', async () => {
    const report = runtime.accessReport();
    const findings = examine(report, exceptions);
    console.log(findings.table);
    assert.deepEqual([...report.statements.keys()].filter((role) => role !== 'Operator').sort(), await rolesOfTemplate(), 'roles that nothing bears');
    assert.deepEqual(findings.denied, [], 'denied calls');
    assert.deepEqual(findings.broad, [], 'actions with wildcards, or on every resource');
    assert.deepEqual(findings.unexplained, [], 'permissions that are neither used nor explained');
    assert.deepEqual(findings.stale, [], 'exceptions that explain nothing');
  });
});

/** Logical ids. */
async function rolesOfTemplate(): Promise<string[]> {
  const file = join(projectDirectory, '.serverless/cloudformation-template-update-stack.json');
  const { Resources } = JSON.parse(await readFile(file, 'utf8')) as { Resources: Record<string, { Type: string }> };
  return Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role').map(([logicalId]) => logicalId).sort();
}

interface Clients {
  readonly lambda: LambdaClient;
  readonly stepFunctions: SFNClient;
  readonly s3: S3Client;
  readonly table: (migration: string) => RecordsTable;
}

function clientsOf({ endpoint, outputs }: Runtime, credentials: Runtime['credentials']['root']): Clients {
  const options = { endpoint, region: 'us-east-1', credentials };
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(options));
  return { lambda: new LambdaClient(options), stepFunctions: new SFNClient(options), s3: new S3Client({ ...options, forcePathStyle: true }), table: (migration) => ({ client, tableName: outputs['TableName']!, migration }) };
}

async function largestDatabase(server: ServerAccess): Promise<string> {
  const connection = await createConnection(connectionOptions(server));
  try {
    const query = 'SELECT table_schema AS name FROM information_schema.tables GROUP BY table_schema ORDER BY SUM(data_length) DESC LIMIT 1';
    const [rows] = await connection.query<RowDataPacket[]>(query);
    return String(rows[0]?.['name']);
  } finally {
    await connection.end();
  }
}

/** Process groups of the runtime in this process in which tasks run. */
function taskHosts(): number[] {
  const lines = execFileSync('ps', ['-eo', 'ppid=,pgid=,args='], { encoding: 'utf8' }).split('\n');
  const words = lines.map((line) => line.trim().split(/\s+/));
  return words.filter(([parent, , ...command]) => parent === String(process.pid) && command.join(' ').includes('task-host')).map(([, group]) => Number(group));
}

async function execute(server: ServerAccess, ...statements: string[]): Promise<void> {
  const connection = await createConnection(connectionOptions(server));
  try {
    for (const statement of statements) await connection.query(statement);
  } finally {
    await connection.end();
  }
}
