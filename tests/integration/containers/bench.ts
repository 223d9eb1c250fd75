/**
 * What the tests of the task programs run on: both MySQL servers, S3 and DynamoDB on loopback, and the bundled programs
 * as processes of their own.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, GetObjectCommand, ListMultipartUploadsCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { createConnection } from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import { buildContainers, type containerNames } from '../../../containers/build.ts';
import { manifestSchema, reportSchema } from '../../../core/contracts.ts';
import type { Manifest, Report } from '../../../core/contracts.ts';
import { databaseItem, manifestKey, reportKey } from '../../../core/names.ts';
import type { Stage } from '../../../core/names.ts';
import { connectionOptions } from '../../../core/server-access.ts';
import { createSlots, readHolders } from '../../../core/slots.ts';
import type { SlotsTable } from '../../../core/slots.ts';
import { createDynamoDb } from '../../../local/dynamodb/create-dynamodb.ts';
import { startEndpoint } from '../../../local/endpoint/server.ts';
import type { MySqlPrograms } from '../../../local/mysql/install.ts';
import type { RunningServer } from '../../../local/mysql/source-server.ts';
import { startTargetServer } from '../../../local/mysql/target-server.ts';
import type { Pair } from '../../../local/mysql/versions.ts';
import { createS3 } from '../../../local/s3/create-s3.ts';
import { killed, lean, log, startServers } from '../../support/servers.ts';
import { credentials, keyVariables, secretOf } from '../../support/keys.ts';

export const migration = 'spring-cutover';
export const bucket = 'ferry-dumps';
const tableName = 'ferry';

export interface Ended {
  readonly exitCode: number | null;
  readonly stderr: string;
  readonly seconds: number;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export class Bench {
  readonly source: RunningServer;
  target: RunningServer;
  readonly sourceAdmin: Connection;
  targetAdmin: Connection;
  readonly s3: S3Client;
  readonly slots: SlotsTable;
  readonly programsFolder: string;
  /** The programs' TMPDIR. */
  readonly temporaryFolder: string;
  readonly #environment: Record<string, string>;
  readonly #programs: MySqlPrograms;
  readonly #started: AsyncDisposableStack;

  private constructor(parts: {
    source: RunningServer;
    target: RunningServer;
    sourceAdmin: Connection;
    targetAdmin: Connection;
    s3: S3Client;
    slots: SlotsTable;
    folder: string;
    programs: MySqlPrograms;
    environment: Record<string, string>;
    started: AsyncDisposableStack;
  }) {
    this.source = parts.source;
    this.target = parts.target;
    this.sourceAdmin = parts.sourceAdmin;
    this.targetAdmin = parts.targetAdmin;
    this.s3 = parts.s3;
    this.slots = parts.slots;
    this.programsFolder = join(parts.folder, 'programs');
    this.temporaryFolder = join(parts.folder, 'tmp');
    this.#programs = parts.programs;
    this.#environment = parts.environment;
    this.#started = parts.started;
  }

  /** What it starts is stopped with `started`. */
  static async start(started: AsyncDisposableStack, pair?: Pair): Promise<Bench> {
    const { directory: folder, programs, source, target } = await startServers(started, [], pair);
    await Promise.all([mkdir(join(folder, 'tmp')), buildContainers(join(folder, 'programs'))]);
    const s3 = closed(started, createS3({ directory: join(folder, 's3'), clock: () => new Date() }));
    s3.createBucket(bucket);
    const dynamodb = closed(started, createDynamoDb({ file: join(folder, 'dynamodb.sqlite') }));
    await dynamodb.createTables([tableProperties]);
    const endpoint = started.adopt(await startEndpoint({ secretOf, handlers: { s3: s3.handler, dynamodb: dynamodb.handler } }), (open) => open.close());
    const aws = { AWS_ENDPOINT_URL: endpoint.url, AWS_REGION: 'us-east-1', ...keyVariables() };
    const client = { endpoint: endpoint.url, region: 'us-east-1', credentials };
    const dynamodbClient = destroyed(started, new DynamoDBClient(client));
    const slots = { client: DynamoDBDocumentClient.from(dynamodbClient), tableName, migration };
    await createSlots(slots, 'source');
    await createSlots(slots, 'target');
    const s3Client = destroyed(started, new S3Client(client));
    const sourceAdmin = destroyed(started, await adminOf(source));
    const targetAdmin = destroyed(started, await adminOf(target));
    return new Bench({
      source,
      target,
      sourceAdmin,
      targetAdmin,
      s3: s3Client,
      slots,
      folder,
      programs,
      environment: { ...aws, PATH: `${programs.binDirectory}:${process.env['PATH'] ?? ''}`, TABLE_NAME: tableName, BUCKET_NAME: bucket, MIGRATION: migration },
      started,
    });
  }

  /** After `target.kill()`: the same data, accounts and port. */
  async restartTarget(): Promise<void> {
    this.targetAdmin.destroy();
    const { directory, port } = this.target;
    this.target = killed(this.#started, await startTargetServer({ directory, port, log, programs: this.#programs, serverOptions: lean }));
    this.targetAdmin = destroyed(this.#started, await adminOf(this.target));
  }

  environmentOf(stage: Stage, database: string, attempt = 1, overrides: Record<string, string> = {}): Record<string, string> {
    return {
      ...this.#environment,
      TMPDIR: this.temporaryFolder,
      STAGE: stage,
      DATABASE: database,
      ATTEMPT: String(attempt),
      BRANCH: branchOf(database),
      SOURCE_SECRET: JSON.stringify(this.source.access),
      TARGET_SECRET: JSON.stringify(this.target.access),
      DUMP_THREADS: '4',
      DUMP_MANIFEST: manifestKey(migration, database, 1),
      ...overrides,
    };
  }

  /** Starts the bundled program as ECS would. */
  start(stage: Stage, database: string, attempt = 1, overrides: Record<string, string> = {}): Running {
    const program: (typeof containerNames)[number] = stage === 'dump' ? 'dump' : 'import';
    const startedAt = performance.now();
    const child = spawn(process.execPath, [join(this.programsFolder, program, 'main.mjs')], {
      env: this.environmentOf(stage, database, attempt, overrides),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.resume();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = once(child, 'close').then(() => ({ exitCode: child.exitCode, stderr, seconds: (performance.now() - startedAt) / 1000 }));
    return { child, ended };
  }

  async run(stage: Stage, database: string, attempt = 1, overrides: Record<string, string> = {}): Promise<Ended> {
    await this.claim(database, attempt);
    return this.start(stage, database, attempt, overrides).ended;
  }

  /** An import that ends as one does whose task could not verify it any more: marked, and without a word of a verification. */
  async importOnly(database: string, attempt = 1, overrides: Record<string, string> = {}): Promise<Ended> {
    const ended = await this.run('import', database, attempt, overrides);
    if (ended.exitCode !== 0) return ended;
    const { verified, ...result } = (await this.report('import', database, attempt)).result!;
    if (verified === undefined) return ended;
    await this.put(reportKey(migration, database, attempt, 'import'), JSON.stringify({ ...(await this.report('import', database, attempt)), result }));
    await this.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: reportKey(migration, database, attempt, 'verify') }));
    await this.mark(database, attempt);
    return ended;
  }

  /** The marker of an attempt, as its import makes it. */
  async mark(database: string, attempt: number): Promise<void> {
    await this.targetAdmin.query(
      'CREATE TABLE ??._aurora_ferry_import (migration VARCHAR(48) PRIMARY KEY, database_name VARCHAR(64), attempt INT, owner VARCHAR(512), created_at VARCHAR(32)) ENGINE=InnoDB SELECT ? AS migration, ? AS database_name, ? AS attempt, ? AS owner',
      [database, migration, database, attempt, branchOf(database)],
    );
  }

  /** As ClaimDatabase leaves the record. */
  async claim(database: string, attempt: number, owner = branchOf(database)): Promise<void> {
    const Item = { migration, item: databaseItem(database), owner, attempt };
    await this.slots.client.send(new PutCommand({ TableName: tableName, Item }));
  }

  async report(stage: Stage, database: string, attempt = 1): Promise<Report> {
    return reportSchema.parse(await this.json(reportKey(migration, database, attempt, stage)));
  }

  /** Without its checksum, so that a test can put it back with something else in it. */
  async manifest(database: string, attempt = 1): Promise<Manifest> {
    return manifestSchema.omit({ checksum: true }).parse(await this.json(manifestKey(migration, database, attempt)));
  }

  async json(key: string): Promise<unknown> {
    return JSON.parse((await this.object(key)).toString('utf8')) as unknown;
  }

  async object(key: string): Promise<Buffer> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Buffer.from(await Body!.transformToByteArray());
  }

  async hasObject(key: string): Promise<boolean> {
    return this.object(key).then(
      () => true,
      (error: unknown) => {
        if (error instanceof NoSuchKey) return false;
        throw error;
      },
    );
  }

  async put(key: string, body: string | Buffer): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  }

  async unfinishedUploads(): Promise<number> {
    const { Uploads } = await this.s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    return Uploads?.length ?? 0;
  }

  async holders(server: 'source' | 'target'): Promise<string[]> {
    return Object.keys(await readHolders(this.slots, server));
  }
}

export function branchOf(database: string): string {
  return `arn:aws:states:us-east-1:000000000000:execution:ferry/Map:${Buffer.from(database).toString('hex')}`;
}

function closed<Open extends { close(): void }>(started: AsyncDisposableStack, open: Open): Open {
  return started.adopt(open, () => {
    open.close();
  });
}

function destroyed<Open extends { destroy(): void }>(started: AsyncDisposableStack, open: Open): Open {
  return started.adopt(open, () => {
    open.destroy();
  });
}

async function adminOf(server: RunningServer): Promise<Connection> {
  const connection = await createConnection({ ...connectionOptions(server.adminAccess), ssl: undefined as never, multipleStatements: true });
  // Tests kill servers: a connection lost between two queries must not end the test.
  connection.on('error', () => undefined);
  return connection;
}

const tableProperties = {
  TableName: tableName,
  KeySchema: [
    { AttributeName: 'migration', KeyType: 'HASH' },
    { AttributeName: 'item', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'migration', AttributeType: 'S' },
    { AttributeName: 'item', AttributeType: 'S' },
  ],
  BillingMode: 'PAY_PER_REQUEST',
};
