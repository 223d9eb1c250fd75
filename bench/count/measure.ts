/** Counts requests of the workflow on the local runtime, with servers of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Report } from '../../core/contracts.ts';
import { readRecord } from '../../core/records.ts';
import { installTargetServer, mysqlCacheDirectory, type MySqlPrograms } from '../../local/mysql/install.ts';
import { startSourceServer } from '../../local/mysql/source-server.ts';
import { startTargetServer } from '../../local/mysql/target-server.ts';
import { startRuntime, type Runtime } from '../../local/runtime.ts';
import { databaseNames, emptyTarget, makeDefiner, seedDatabases } from '../databases.ts';
import type { Servers } from '../measure.ts';
import { readReports } from '../reports.ts';
import { type Counts, dividedBy, type Measured, minus } from './counts.ts';
import { itemBytes } from './item-size.ts';
import { Recorder } from './recorder.ts';
import { type Observed, type Place, runAtShutGate, runCleanly, runIntoDeadLetter, runWithImportRetry } from './scenarios.ts';

export interface CountOptions {
  readonly databases: number;
  readonly tables: number;
  readonly rows: number;
  readonly log: (message: string) => void;
}

const project = fileURLToPath(new URL('../..', import.meta.url));
const fewer = 2;
const polls = 2;

export async function countOnLocalRuntime(options: CountOptions): Promise<Measured> {
  const { log } = options;
  const programs = await installTargetServer({ cacheDirectory: mysqlCacheDirectory(process.env), log, searchPath: process.env['PATH'] });
  const directory = await mkdtemp(join(tmpdir(), 'ferry-count-'));
  const [source, target] = await Promise.all([
    startSourceServer({ directory: join(directory, 'source'), log }),
    startTargetServer({ directory: join(directory, 'target'), log, programs }),
  ]);
  try {
    await seedDatabases(source.adminAccess, options);
    await makeDefiner(target.adminAccess);
    return await countWith(options, { source, target }, programs, directory);
  } finally {
    await Promise.all([source.stop(), target.stop()]);
    await rm(directory, { recursive: true, force: true });
  }
}

async function countWith(options: CountOptions, servers: Servers, programs: MySqlPrograms, directory: string): Promise<Measured> {
  const recorder = new Recorder();
  const runtime = await startRuntime({
    stateDirectory: join(directory, 'state'),
    projectDirectory: project,
    source: servers.source.access,
    target: servers.target.access,
    clientPath: programs.binDirectory,
    log: () => undefined,
    watch: recorder.watch,
  });
  const configuration = { endpoint: runtime.endpoint, region: 'us-east-1', credentials: runtime.credentials.root };
  const client = new SFNClient(configuration);
  const place = { client, stateMachineArn: runtime.outputs['StateMachineArn'] ?? '', recorder, targetAdmin: servers.target.adminAccess };
  try {
    const runs = await runAll(options, place);
    return { ...describeServers(options, servers), ...countsOf(runs, options.databases), ...(await sizesOf(runs, runtime, options)) };
  } finally {
    client.destroy();
    await runtime.stop();
  }
}

interface Runs {
  readonly few: Observed;
  readonly many: Observed;
  /** Of a record that was VERIFIED at its first try. */
  readonly sizes: { readonly record: number; readonly index: number };
  readonly shut: Awaited<ReturnType<typeof runAtShutGate>>;
  readonly retried: Awaited<ReturnType<typeof runWithImportRetry>>;
  readonly dead: Observed;
}

const manyMigration = 'count-many';

async function runAll({ databases, log }: CountOptions, place: Place): Promise<Runs> {
  const names = databaseNames(databases);
  const [first = ''] = names;
  const next = async <Result>(what: string, run: () => Promise<Result>): Promise<Result> => {
    log(`Counting: ${what} ...`);
    await emptyTarget(place.targetAdmin);
    return run();
  };
  // The gate's first connection is preceded by a read, and is kept: it belongs to no run that is counted.
  await next('nothing yet, one database to begin with', () => runCleanly(place, 'count-first', [first]));
  const few = await next(`${fewer} databases`, () => runCleanly(place, 'count-few', names.slice(0, fewer)));
  const many = await next(`${databases} databases`, () => runCleanly(place, manyMigration, names));
  const { recordBytes, indexBytes } = place.recorder;
  return {
    few,
    many,
    sizes: { record: recordBytes, index: indexBytes },
    shut: await next('a shut gate', () => runAtShutGate(place, 'count-gate', first, polls)),
    retried: await next('an import that is retried', () => runWithImportRetry(place, 'count-retry', first)),
    dead: await next('a dead letter', () => runIntoDeadLetter(place, 'count-dead', first)),
  };
}

type CountedFields = Pick<Measured, 'perDatabase' | 'perRun' | 'perGatePoll' | 'perImportRetry' | 'perDeadLetter'>;

/** Each kind is what a run took more than another one that differs in it alone. */
function countsOf({ few, many, shut, retried, dead }: Runs, databases: number): CountedFields {
  const perDatabase = dividedBy(minus(many.counts, few.counts), databases - fewer);
  const perRun = minus(few.counts, perDatabase, fewer);
  const one: Counts = minus(perRun, perDatabase, -1);
  return {
    perDatabase,
    perRun,
    perGatePoll: dividedBy(minus(shut.observed.counts, one), shut.polls),
    perImportRetry: dividedBy(minus(retried.observed.counts, one), retried.retries),
    perDeadLetter: minus(dead.counts, perRun),
  };
}

function describeServers({ tables }: CountOptions, { source, target }: Servers): Pick<Measured, 'measuredAt' | 'source' | 'target' | 'tables'> {
  return { measuredAt: today(), source: source.version, target: target.version, tables };
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

type SizeFields = Omit<Measured, keyof CountedFields | 'measuredAt' | 'source' | 'target' | 'tables'>;

async function sizesOf({ many, sizes }: Runs, runtime: Runtime, { databases }: CountOptions): Promise<SizeFields> {
  const reports = await reportsOf(runtime);
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: runtime.endpoint, region: 'us-east-1', credentials: runtime.credentials.root }));
  const table = { client: documents, tableName: runtime.outputs['TableName'] ?? '', migration: manyMigration };
  const [name = ''] = databaseNames(databases);
  const record = await readRecord(table, name);
  documents.destroy();
  const [branch] = many.branches;
  const holder = { S: new Date().toISOString() };
  const bytesWith = (holders: Record<string, { S: string }>): number =>
    itemBytes({ migration: { S: manyMigration }, item: { S: 'slots#target' }, holders: { M: holders } });
  return {
    sqlBytes: record?.sqlBytes ?? 0,
    dumpBytes: record?.dumpBytes ?? 0,
    recordBytes: sizes.record,
    indexBytes: sizes.index,
    holderBytes: bytesWith({ [branch?.executionArn ?? '']: holder }) - bytesWith({}),
    emptySlotsBytes: bytesWith({}),
    historyEventsOfBranch: branch?.events.length ?? 0,
    inputBytes: Buffer.byteLength(branch?.events[0]?.executionStartedEventDetails?.input ?? ''),
    reportBytes: Math.max(...reports.map((report) => Buffer.byteLength(JSON.stringify(report, null, 1)))),
    timedAt: today(),
    stageMilliseconds: medianSteps(reports),
  };
}

async function reportsOf(runtime: Runtime): Promise<Report[]> {
  const s3 = new S3Client({ endpoint: runtime.endpoint, region: 'us-east-1', forcePathStyle: true, credentials: runtime.credentials.root });
  try {
    return await readReports(s3, runtime.outputs['BucketName'] ?? '', manyMigration);
  } finally {
    s3.destroy();
  }
}

/** Medians by `stage.step`, and the whole task as `stage`: other work on the machine weighs less in them than in means. */
function medianSteps(reports: readonly Report[]): Record<string, number> {
  const values = new Map<string, number[]>();
  const note = (name: string, value: number): void => void values.set(name, [...(values.get(name) ?? []), value]);
  for (const { stage, milliseconds, startedAt, finishedAt } of reports) {
    note(stage, Date.parse(finishedAt) - Date.parse(startedAt));
    for (const [step, value] of Object.entries(milliseconds)) note(`${stage}.${step}`, value);
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, Math.round((all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0) * 10) / 10]));
}
