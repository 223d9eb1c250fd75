/**
 * `npm run bench-report -- --databases N`: what the certificate of a large migration costs, in time and memory, and `ferry status` beside it.
 * One database is migrated for real; its record and its reports are then copied under N names, for the local DynamoDB and S3
 * to answer as they would after N migrations.
 *
 *   --databases N     databases of the migration (50,000)
 *   --tables N        tables in each (30)
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CopyObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { mapConcurrently } from '../core/concurrency.ts';
import { auditKey, databaseItem, manifestKey, reportKey } from '../core/names.ts';
import { installTargetServer, mysqlCacheDirectory } from '../local/mysql/install.ts';
import { startSourceServer } from '../local/mysql/source-server.ts';
import { startTargetServer } from '../local/mysql/target-server.ts';
import { startRuntime } from '../local/runtime.ts';
import type { Runtime } from '../local/runtime.ts';
import { runFerryCommand } from './command.ts';
import { databaseNames, seedDatabases } from './databases.ts';

const migration = 'bench';
const copiedAtOnce = 32;
const optionsSchema = z.object({ databases: z.coerce.number().int().min(1).default(50_000), tables: z.coerce.number().int().min(1).default(30) });

const { values } = parseArgs({ options: { databases: { type: 'string' }, tables: { type: 'string' } } });
await bench(optionsSchema.parse(values));

async function bench({ databases, tables }: z.infer<typeof optionsSchema>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'ferry-bench-'));
  const programs = await installTargetServer({ cacheDirectory: mysqlCacheDirectory(process.env), log: console.error, searchPath: process.env['PATH'] });
  const source = await startSourceServer({ directory: join(directory, 'source'), log: console.error });
  const target = await startTargetServer({ directory: join(directory, 'target'), log: console.error, programs });
  const runtime = await startRuntime({
    stateDirectory: join(directory, 'state'),
    projectDirectory: join(import.meta.dirname, '..'),
    source: source.access,
    target: target.access,
    clientPath: `${programs.binDirectory}${delimiter}${process.env['PATH'] ?? ''}`,
    log: () => undefined,
  });
  try {
    await seedDatabases(source.adminAccess, { databases: 1, tables, rows: 50 });
    const [first = '', ...others] = databaseNames(databases);
    await runFerryCommand(['start', '--state', join(directory, 'state'), '--migration', migration, first, '--json']);
    const started = performance.now();
    await copyRecords(runtime, first, others);
    console.error(`Copied ${others.length} records and their reports in ${seconds(performance.now() - started)} s.`);
    await report(directory, databases, tables);
  } finally {
    await runtime.stop();
    await Promise.all([source.stop(), target.stop()]);
    await rm(directory, { recursive: true, force: true });
  }
}

async function copyRecords(runtime: Runtime, from: string, names: readonly string[]): Promise<void> {
  const configuration = { endpoint: runtime.endpoint, region: 'us-east-1', credentials: runtime.credentials.root };
  const s3 = new S3Client({ ...configuration, forcePathStyle: true });
  const records = DynamoDBDocumentClient.from(new DynamoDBClient(configuration));
  const [Bucket = '', TableName = ''] = [runtime.outputs['BucketName'], runtime.outputs['TableName']];
  const { Item } = await records.send(new GetCommand({ TableName, Key: { migration, item: databaseItem(from) } }));
  const keys = (name: string): string[] => [manifestKey(migration, name, 1), auditKey(migration, name, 1), reportKey(migration, name, 1, 'verify')];
  const originals = keys(from);
  await mapConcurrently(names, copiedAtOnce, async (name) => {
    const copies = keys(name);
    await Promise.all(originals.map((key, index) => s3.send(new CopyObjectCommand({ Bucket, CopySource: `${Bucket}/${key}`, Key: copies[index] ?? '' }))));
    await records.send(new PutCommand({ TableName, Item: { ...Item, item: databaseItem(name), database: name, dumpManifest: copies[0] } }));
  });
  s3.destroy();
  records.destroy();
}

async function report(directory: string, databases: number, tables: number): Promise<void> {
  const [json, html] = [join(directory, 'certificate.json'), join(directory, 'certificate.html')];
  const state = ['--state', join(directory, 'state')];
  const commands: [string, string[]][] = [
    ['ferry report', ['report', ...state, '--migration', migration, '--json', json, '--html', html]],
    ['ferry report --check', ['report', '--check', json]],
    ['ferry status', ['status', ...state, '--json']],
  ];
  console.log(`${databases} databases of ${tables} tables\n\ncommand              |  seconds | peak MiB`);
  for (const [name, words] of commands) {
    const { milliseconds, peakBytes } = await runFerryCommand(words);
    console.log(`${name.padEnd(20)} | ${seconds(milliseconds).padStart(8)} | ${(peakBytes / 1024 / 1024).toFixed(0).padStart(8)}`);
  }
  console.log(`\nThe JSON has ${((await stat(json)).size / 1e6).toFixed(1)} MB, the HTML ${((await stat(html)).size / 1e6).toFixed(1)} MB.`);
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}
