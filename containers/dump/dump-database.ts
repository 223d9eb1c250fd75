/** The stage `dump`: one database of the source becomes parts and a manifest in the bucket. */
import { z } from 'zod';
import { refuseBlocked, refuseBlockedKeys } from '../../core/assessment/blocked-branch.ts';
import type { DumpedTable, Manifest } from '../../core/contracts.ts';
import { defaults, verificationLevelSchema } from '../../core/contracts.ts';
import { readEnvironment } from '../../core/environment.ts';
import { FerryError } from '../../core/errors.ts';
import { followCounters } from '../../core/objects/counters.ts';
import { readStructure } from '../../core/objects/read-structure.ts';
import type { Structure } from '../../core/objects/structure.ts';
import { dumpPrefix, manifestKey } from '../../core/names.ts';
import { parseServerAccess } from '../../core/server-access.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import { MysqlSession } from '../common/mysql-session.ts';
import { serverFailure } from '../../core/mysql-failures.ts';
import type { TaskContext, TaskOutcome } from '../common/task.ts';
import { supportedMysqldump, withOptionFile } from './client-programs.ts';
import { startPart } from './dump-part.ts';
import type { DumpPart, PartInProgress, SqlSource } from './dump-part.ts';
import { mainOptions, Mysqldump, viewOptions } from './mysqldump.ts';
import type { DumpSubject, MysqldumpCall } from './mysqldump.ts';
import { checkUnchanged, digestSource, prepareDigests } from './source-digests.ts';
import { readSourceMetadata } from './source-metadata.ts';
import type { SourceMetadata } from './source-metadata.ts';
import { takeSourceSlot } from './source-slot.ts';
import { readTriggers, withTriggers } from './triggers.ts';

const dumpEnvironmentSchema = z.object({
  SOURCE_SECRET: z.string().min(1),
  DUMP_THREADS: z.coerce.number().int().min(1).default(defaults.dumpThreads),
  /** Checks in spite of which the database is dumped, as a JSON list. */
  ALLOWED_CHECKS: z
    .string()
    .default('[]')
    .transform((json, context): string[] => {
      try {
        return z.array(z.string()).parse(JSON.parse(json));
      } catch {
        context.addIssue('must be a JSON list of checks');
        return [];
      }
    }),
  VERIFICATION: verificationLevelSchema.default('digests'),
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
});

/** More tables than this are not named to mysqldump one by one: its arguments have a limit of 2 MB. */
const namedTables = 4_000;

interface SourceDump {
  readonly metadata: SourceMetadata;
  readonly options: readonly string[];
  /** Absent where nothing is to be verified. */
  readonly tables?: readonly DumpedTable[];
  readonly structure?: Structure;
  /** Still being stored. */
  readonly parts: readonly Promise<DumpPart>[];
}

/** Shuts writers out. @returns what the manifest says of it */
type TakeFreeze = (access: ServerAccess) => Promise<NonNullable<Manifest['freeze']>>;

/** @throws FerryError, whose name says what failed; AbortError when told to stop */
export async function dumpDatabase(context: TaskContext, takeFreeze?: TakeFreeze): Promise<TaskOutcome> {
  const { task, stopwatch, storage, signal } = context;
  const environment = readEnvironment(dumpEnvironmentSchema, context.environment);
  const access = parseServerAccess('SOURCE_SECRET', environment.SOURCE_SECRET);
  const tool = await supportedMysqldump(environment.PATH);
  const freeSlot = await stopwatch.time('slot', () => takeSourceSlot(context, environment.DUMP_THREADS));
  let dump: SourceDump;
  let freeze: Manifest['freeze'];
  try {
    freeze = await stopwatch.time('freeze', async () => takeFreeze?.(access));
    dump = await dumpWithSlot(context, access, environment);
  } finally {
    await freeSlot();
  }
  const { metadata } = dump;
  const parts = await stopwatch.time('upload', () => Promise.all(dump.parts));
  const manifest: Manifest = {
    format: 1,
    migration: task.migration,
    database: task.database,
    attempt: task.attempt,
    createdAt: new Date().toISOString(),
    tool,
    options: [...dump.options],
    sourceVersion: metadata.version,
    readAt: metadata.readAt,
    defaultCharacterSet: metadata.defaultCharacterSet,
    defaultCollation: metadata.defaultCollation,
    parts,
    verification: environment.VERIFICATION,
    ...(dump.tables === undefined ? {} : { tables: [...dump.tables] }),
    ...(dump.structure === undefined ? {} : { structure: dump.structure }),
    ...(metadata.binlog === undefined ? {} : { binlog: metadata.binlog }),
    ...(freeze === undefined ? {} : { freeze }),
  };
  const key = manifestKey(task.migration, task.database, task.attempt);
  await stopwatch.time('manifest', () => storage.putJson(key, manifest, signal));
  return {
    result: {
      dumpManifest: key,
      tables: metadata.tables.length,
      // Where nothing is counted: the server's estimates, until the import knows better.
      rows: sum((dump.tables ?? metadata.tables).map(({ rows }) => rows)),
      sqlBytes: sum(parts.map((part) => part.sqlBytes)),
      dumpBytes: sum(parts.map((part) => part.bytes)),
      conversions: 0,
    },
  };
}

interface SourceContext extends TaskContext {
  /** That has read all else of the source. */
  readonly session: MysqlSession;
}

/** All that uses the source. Uploads may outlast it. */
async function dumpWithSlot(context: TaskContext, access: ServerAccess, environment: z.infer<typeof dumpEnvironmentSchema>): Promise<SourceDump> {
  const { task, signal, stopwatch } = context;
  const started: PartInProgress[] = [];
  context.moved.count = () => sum(started.map((part) => part.sqlBytes()));
  let session: MysqlSession | undefined;
  try {
    const opened = await stopwatch.time('connect', () => MysqlSession.open(access, { signal }));
    session = opened;
    const metadata = await stopwatch.time('metadata', () => readSourceMetadata(opened, task.database));
    refuseBlocked(metadata.facts, metadata.version, environment.ALLOWED_CHECKS);
    const { allTransactional } = metadata;
    const subject = { database: task.database, allTransactional };
    const dump = (): Promise<void> =>
      withOptionFile(access, (optionFile) => dumpParts({ ...context, session: opened }, metadata, started, { optionFile, subject, searchPath: environment.PATH, password: access.password }));
    const described = await describeAround(context, opened, metadata, environment, dump);
    if (!allTransactional) await checkUnchanged(opened, task.database, metadata.tables);
    return { metadata, options: mainOptions(subject), ...described, parts: started.map(({ stored }) => stored) };
  } catch (error) {
    await Promise.allSettled(started.map(({ stored }) => stored));
    throw serverFailure('source', access, error);
  } finally {
    await session?.close();
  }
}

/** Reads what the import is to be compared with: objects before the dump, rows in a snapshot of that moment. */
async function describeAround(
  { task, stopwatch }: TaskContext,
  session: MysqlSession,
  metadata: SourceMetadata,
  { VERIFICATION: level, ALLOWED_CHECKS: allowed }: z.infer<typeof dumpEnvironmentSchema>,
  dump: () => Promise<void>,
): Promise<Pick<SourceDump, 'tables' | 'structure'>> {
  await prepareDigests(session, metadata.allTransactional);
  if (level === 'none') {
    await dump();
    return {};
  }
  const query = <Row>(sql: string): Promise<Row[]> => session.query<Row>(sql);
  const found = await stopwatch.time('objects', () => readStructure(query, task.database, metadata));
  refuseBlockedKeys(metadata.facts, found, metadata.version, allowed);
  await dump();
  const tables = await stopwatch.time('digest', () => digestSource(session, task.database, metadata.tables, level));
  return { tables, structure: await stopwatch.time('objects', () => followCounters(query, task.database, found)) };
}

/** Runs mysqldump, once where views let it; each part is pushed to `started` when it begins. */
async function dumpParts(
  context: SourceContext,
  metadata: SourceMetadata,
  started: PartInProgress[],
  { subject, ...account }: { readonly subject: DumpSubject } & Pick<MysqldumpCall, 'optionFile' | 'searchPath' | 'password'>,
): Promise<void> {
  const { stopwatch, signal } = context;
  const call = { ...account, database: subject.database, signal };
  const main = { ...call, options: mainOptions(subject), tables: [] };
  const { tables, views } = metadata;
  try {
    await stopwatch.time('dump', () => dumpPart(context, metadata, started, 'dump', main));
  } catch (error) {
    const couldNotLock = error instanceof FerryError && error.message.includes('when using LOCK TABLES');
    if (!couldNotLock || views.length === 0 || tables.length === 0 || tables.length + views.length > namedTables) throw error;
    context.log.write('StageWarning', `The views of \`${subject.database}\` cannot be locked and are dumped apart: ${error.message}`, {});
    started.pop();
    const names = tables.map(({ name }) => name);
    await stopwatch.time('dump', () => dumpPart(context, metadata, started, 'dump', { ...main, tables: names }));
    await stopwatch.time('views', () => dumpPart(context, metadata, started, 'views', { ...call, options: viewOptions, tables: views }));
  }
}

async function dumpPart(
  { task, storage, signal, session }: SourceContext,
  metadata: SourceMetadata,
  started: PartInProgress[],
  name: 'dump' | 'views',
  call: MysqldumpCall,
): Promise<void> {
  const key = `${dumpPrefix(task.migration, task.database, task.attempt)}${name}.sql.zst`;
  const source = name === 'dump' ? dumpedSql(session, metadata, call) : new Mysqldump(call);
  const part = startPart('main', source, signal, { storage, key, partBytes: partBytesFor(metadata.dataBytes) });
  started.push(part);
  await part.dumped;
}

/** What mysqldump writes, and what is read beside it. @param session has read the metadata */
export function dumpedSql(session: MysqlSession, { defaultCollation: collation, triggers: names }: SourceMetadata, call: MysqldumpCall): SqlSource {
  return withTriggers(new Mysqldump(call), () => readTriggers(session, { database: call.database, collation, names }));
}

const mebibyte = 1024 * 1024;
/** Amazon S3 takes 10,000 parts: enough for 80 GB compressed, and for 480 GB. */
export const smallestPartBytes = 8 * mebibyte;
export const largestPartBytes = 48 * mebibyte;

/** A database that may need more than the smallest parts can hold gets larger ones. */
function partBytesFor(dataBytes: number): number {
  const needed = Math.ceil(dataBytes / 9_000 / mebibyte) * mebibyte;
  return Math.min(largestPartBytes, Math.max(smallestPartBytes, needed));
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
