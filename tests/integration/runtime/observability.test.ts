/** What the functions and the tasks of a whole run write, read as CloudWatch reads it. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { EventName, MetricName } from '../../../core/events.ts';
import { quoteIdentifier } from '../../../core/names.ts';
import { connectionOptions } from '../../../core/server-access.ts';
import { seedFleet } from '../../../local/fleet/seed.ts';
import type { RunningServer } from '../../../local/mysql/source-server.ts';
import { startRuntime, type Runtime, type RuntimeOptions } from '../../../local/runtime.ts';
import { log, startServers } from '../../support/servers.ts';
import { parseLines, type Datum, type Line } from '../../unit/observability/support/embedded-metrics.ts';
import { checkLine } from '../../unit/observability/support/vocabulary.ts';

const service = 'aurora-ferry-dev';

describe('the logs of a run', () => {
  let source: RunningServer;
  let target: RunningServer;
  let databases: readonly string[];
  const lines: Line[] = [];
  const data: Datum[] = [];

  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    const servers = await startServers(started);
    const { directory, programs } = servers;
    ({ source, target } = servers);
    ({ databases } = await seedFleet({ source: source.adminAccess, databases: 4, largeMegabytes: 2 }));
    await occupy(target, databases[1]!);
    const settings: RuntimeOptions = {
      stateDirectory: join(directory, 'state'),
      projectDirectory: join(import.meta.dirname, '../../..'),
      source: source.access,
      target: target.access,
      clientPath: programs.binDirectory,
      log,
    };
    const runtime = started.adopt(await startRuntime(settings), (running) => running.stop());
    await migrateAndStop({ ...runtime, logs: join(directory, 'state', 'logs') }, source, databases);
    await runtime.stop();
    for (const line of await readLogs(join(directory, 'state', 'logs'))) {
      lines.push(line);
      data.push(...checkLine(line, service));
    }
  });

  const eventsOf = (name: EventName): Line[] => lines.filter(({ event }) => event === name);
  /** Under the stack alone. */
  const sumOf = (name: MetricName): number =>
    data.filter((datum) => datum.name === name && Object.keys(datum.dimensions).length === 1).reduce((sum, { value }) => sum + value, 0);
  const errorsOf = (name: MetricName): string[] => data.flatMap((datum) => (datum.name === name && 'error' in datum.dimensions ? [datum.dimensions['error'] ?? ''] : []));

  it('hold to the vocabulary, and tell every step of the run', () => {
    const told = new Set(lines.map(({ event }) => event));
    const expected: EventName[] = [
      'PassBegun', 'StageStarted', 'StageSucceeded', 'StageFailed', 'GateGranted', 'GateRefused', 'FailureClassified', 'BranchEnded', 'PassTallied', 'RunHeld', 'ProgressReported', 'FunctionFailed',
    ];
    assert.deepEqual(expected.filter((name) => !told.has(name)), []);
    for (const line of eventsOf('StageStarted')) assert.ok(databases.includes(String(line['database'])), JSON.stringify(line));
  });

  it('count in the metrics what is in the events', () => {
    assert.equal(sumOf('Verifications'), 3);
    const succeeded = eventsOf('StageSucceeded');
    const totalOf = (stage: string, field: string): number => succeeded.filter((line) => line['stage'] === stage).reduce((sum, line) => sum + Number(line[field]), 0);
    assert.equal(sumOf('DumpedRows'), totalOf('dump', 'rows'));
    assert.equal(sumOf('DumpStoredBytes'), totalOf('dump', 'dumpBytes'));
    assert.equal(sumOf('DumpedSqlBytes'), totalOf('dump', 'sqlBytes'));
    assert.equal(sumOf('ImportedRows'), totalOf('import', 'rows'));
    assert.ok(sumOf('ImportedSqlBytes') > 0 && sumOf('ImportedSqlBytes') < totalOf('import', 'sqlBytes'), 'rows only');
    assert.equal(sumOf('GateGrants'), eventsOf('GateGranted').length);
    assert.equal(sumOf('GateRefusals'), eventsOf('GateRefused').length);
    assert.ok(sumOf('GateWaitSeconds') > 0);
    assert.equal(sumOf('RunsUnderWay'), eventsOf('ProgressReported').length);
    for (const name of ['DumpSeconds', 'ImportSeconds', 'VerifySeconds'] as const) assert.ok(sumOf(name) > 0, name);
  });

  it('count a dead letter by its error, and a branch that was stopped apart from it', () => {
    assert.deepEqual(errorsOf('DeadLetters'), ['TargetDatabaseExists']);
    assert.equal(sumOf('DeadLetters'), 1);
    assert.ok(errorsOf('StageFailures').includes('TargetDatabaseExists'));
    assert.equal(sumOf('AbortedBranches'), 1);
    const ended = eventsOf('BranchEnded').map((line) => [line['status'], line['error']]).sort();
    assert.deepEqual(ended, [['ABORTED', 'BranchAborted'], ['FAILED', 'TargetDatabaseExists']]);
  });

  it('name the database of every event that has one, and no database in any dimension', () => {
    for (const datum of data) assert.ok(Object.values(datum.dimensions).every((value) => !databases.includes(value)), JSON.stringify(datum));
    const named = lines.filter(({ database }) => database !== undefined);
    assert.deepEqual([...new Set(named.map(({ database }) => database))].sort(), [...databases].sort());
  });

  it('hold no secret', () => {
    const text = JSON.stringify(lines);
    for (const { password } of [source.access, target.access, source.adminAccess, target.adminAccess]) {
      assert.ok(password.length >= 8);
      assert.equal(text.includes(password), false);
    }
  });

  it('take little room', () => {
    // A warning says that objects cannot run: the fleet's definer is not on the target.
    const others = ['GateRefused', 'StageWarning'];
    const untroubled = lines.filter((line) => line['migration'] === 'spring' && line['database'] === databases[0] && !others.includes(String(line['event'])));
    const bytes = untroubled.reduce((sum, line) => sum + JSON.stringify(line).length + 1, 0);
    assert.equal(untroubled.length, 7);
    // docs/observability.md reckons with it for the whole fleet.
    assert.ok(bytes < 5_000, `${bytes} bytes`);
  });
});

/** A run with a dead letter at a gate for one; then one that is stopped while its dump waits for a lock. */
async function migrateAndStop(runtime: Runtime & { readonly logs: string }, source: RunningServer, databases: readonly string[]): Promise<void> {
  const options = { endpoint: runtime.endpoint, region: 'us-east-1', credentials: runtime.credentials.root };
  const [stepFunctions, lambda, admin] = [new SFNClient(options), new LambdaClient(options), await createConnection(connectionOptions(source.adminAccess))];
  const start = async (input: object): Promise<string> => {
    const { executionArn } = await stepFunctions.send(new StartExecutionCommand({ stateMachineArn: runtime.outputs['StateMachineArn'], input: JSON.stringify(input) }));
    return executionArn!;
  };
  const untilEnded = (executionArn: string): Promise<void> =>
    until(async () => (await stepFunctions.send(new DescribeExecutionCommand({ executionArn }))).status !== 'RUNNING');
  try {
    const held = await start({ migration: 'spring', databases, maxConnections: 1 });
    await until(async () => (await invoke(lambda, 'reportProgress', {})) === '{"runs":1}');
    await untilEnded(held);
    assert.equal(await invoke(lambda, 'reportProgress', {}), '{"runs":0}');
    assert.match(await invoke(lambda, 'selectDatabases', { input: { migration: 'spring', databases: ['mysql'] }, runArn: held, run: 'refused' }), /SystemDatabase/);

    const [[table]] = await admin.query<RowDataPacket[]>(`SHOW FULL TABLES FROM ${quoteIdentifier(databases[0]!)} WHERE Table_type = 'BASE TABLE'`);
    await admin.query(`LOCK TABLES ${quoteIdentifier(databases[0]!)}.${quoteIdentifier(String(Object.values(table!)[0]))} WRITE`);
    const stopped = await start({ migration: 'summer', databases: [databases[0]] });
    await until(async () => (await readLogs(runtime.logs)).some(({ event, migration }) => event === 'StageStarted' && migration === 'summer'));
    await stepFunctions.send(new StopExecutionCommand({ executionArn: stopped }));
    await untilEnded(stopped);
    await until(async () => (await readLogs(runtime.logs)).some(({ event, status }) => event === 'BranchEnded' && status === 'ABORTED'));
  } finally {
    await admin.end();
    stepFunctions.destroy();
    lambda.destroy();
  }
}

/** The function's answer, or its error, as text. */
async function invoke(lambda: LambdaClient, name: string, event: object): Promise<string> {
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: `${service}-${name}`, Payload: JSON.stringify(event) }));
  return Buffer.from(Payload ?? []).toString();
}

/** Of every function and task; not what Node.js itself says when a host crashes. */
async function readLogs(folder: string): Promise<Line[]> {
  const files = (await readdir(folder)).filter((name) => name !== 'task-hosts.log');
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap(parseLines);
}

async function occupy({ adminAccess }: RunningServer, database: string): Promise<void> {
  const connection = await createConnection(connectionOptions(adminAccess));
  await connection.query(`CREATE DATABASE ${quoteIdentifier(database)}`);
  await connection.query(`CREATE TABLE ${quoteIdentifier(database)}.someone_elses (id INT)`);
  await connection.end();
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await sleep(50);
}
