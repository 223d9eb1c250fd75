/** The stage `dump`: one database of the source becomes parts and a manifest in the bucket. */
import { z } from 'zod';
import { refuseBlocked, refuseBlockedKeys } from '../../core/assessment/blocked-branch.ts';
import type { DumpedTable, Manifest } from '../../core/contracts.ts';
import { defaults, verificationLevelSchema } from '../../core/contracts.ts';
import { readEnvironment } from '../../core/environment.ts';
import { FerryError } from '../../core/errors.ts';
import { followCounters } from '../../core/objects/counters.ts';
import { readStructureBy } from '../../core/objects/read-structure.ts';
import type { Structure } from '../../core/objects/structure.ts';
import { dumpPrefix, manifestKey } from '../../core/names.ts';
import { withChecksum } from '../../core/manifests/checksum.ts';
import { refuseWhileAccessDenied } from '../../core/recovery/outages.ts';
import { parseServerAccess } from '../../core/server-access.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import { MysqlSession } from '../common/mysql-session.ts';
import { serverFailure } from '../../core/mysql-failures.ts';
import type { TaskContext, TaskOutcome } from '../common/task.ts';
import { supportedMysqldump, withOptionFile } from './client-programs.ts';
import { systemClock } from '../common/clock.ts';
import { DefinitionWatch } from './definition-watch.ts';
import { startPart } from './dump-part.ts';
import type { DumpPart, PartInProgress, SqlSource } from './dump-part.ts';
import { HeldSource } from './held-source.ts';
import { dumpJsonValues } from './json-values.ts';
import type { DumpedJson } from './json-values.ts';
import { missingDatabases } from './missing-databases.ts';
import { mainOptions, Mysqldump, viewOptions } from './mysqldump.ts';
import type { DumpSubject, MysqldumpCall } from './mysqldump.ts';
import { readPrograms, withPrograms } from './programs/read-programs.ts';
import { checkUnchanged, digestSource, dumpSession } from './source-digests.ts';
import type { SourceMetadata } from './source-metadata.ts';
import { withRecords } from '../common/records.ts';
import { takeSourceSlot } from './source-slot.ts';
import { assertEverythingVisible, assertNothingHidden } from './visible.ts';

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

/** More are not named to mysqldump one by one. */
const namedTables = 4_000;

interface SourceDump {
  readonly metadata: SourceMetadata;
  readonly options: readonly string[];
  /** Absent where nothing is to be verified. */
  readonly tables?: readonly DumpedTable[];
  readonly structure?: Structure;
  readonly jsonValues?: Manifest['jsonValues'];
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
    // Dumps that waited for the slot of one whose login was refused would lock the account, one after the other.
    await withRecords('Reading the outage of the source', () => refuseWhileAccessDenied(context.slots, 'source'));
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
    ...(dump.jsonValues === undefined ? {} : { jsonValues: dump.jsonValues }),
    ...(metadata.binlog === undefined ? {} : { binlog: metadata.binlog }),
    ...(freeze === undefined ? {} : { freeze }),
  };
  const key = manifestKey(task.migration, task.database, task.attempt);
  await stopwatch.time('manifest', () => storage.putJson(key, withChecksum(manifest), signal));
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
  readonly access: ServerAccess;
}

/** All that uses the source. Uploads may outlast it. */
async function dumpWithSlot(context: TaskContext, access: ServerAccess, environment: z.infer<typeof dumpEnvironmentSchema>): Promise<SourceDump> {
  const { task, stopwatch } = context;
  const watch = new DefinitionWatch({ access, database: task.database, clock: systemClock, signal: context.signal });
  const watched = { ...context, signal: watch.signal };
  const started: PartInProgress[] = [];
  context.moved.count = () => sum(started.map((part) => part.sqlBytes()));
  let session: MysqlSession | undefined;
  try {
    const opened = await stopwatch.time('connect', () => MysqlSession.open(access, { ...watched, settings: dumpSession }));
    session = opened;
    await stopwatch.time('privileges', () => assertEverythingVisible(opened, task.database));
    const held = await stopwatch.time('metadata', () => HeldSource.hold(opened, task.database, watch, systemClock));
    const { metadata } = held;
    const missing = await missingDatabases(context, opened, metadata.facts);
    refuseBlocked(metadata.facts, metadata.version, environment.ALLOWED_CHECKS, missing);
    assertNothingHidden(metadata.facts);
    const { allTransactional } = metadata;
    const subject = { database: task.database, allTransactional };
    const dump = (): Promise<void> => dumpParts({ ...watched, session: opened, access }, metadata, started, { subject, searchPath: environment.PATH });
    const described = await describeAround(watched, opened, held, environment, dump);
    const json = await stopwatch.time('json', () => dumpJsonValues(watched, opened, metadata));
    const structure = await stopwatch.time('objects', () => checkAfter(task.database, metadata, described.structure));
    await held.release();
    await watch.end();
    await stopwatch.time('objects', () => held.checkSame(described.structure));
    const compared = { ...described, ...withJson(described, json), ...(structure === undefined ? {} : { structure }) };
    return { metadata, options: mainOptions(subject), ...compared, parts: started.map(({ stored }) => stored) };
  } catch (error) {
    await Promise.allSettled(started.map(({ stored }) => stored));
    throw watch.finding ?? serverFailure('source', access, error);
  } finally {
    await session?.close();
    await watch.end();
  }
}

/**
 * What may have changed while the locks were held: counters, and rows without a snapshot. One question for both.
 * @returns the structure, with the ways of its counters; @throws FerryError SourceChanged
 */
async function checkAfter(
  database: string,
  { reader, tables, allTransactional }: SourceMetadata,
  structure: Structure | undefined,
): Promise<Structure | undefined> {
  if (allTransactional && structure === undefined) return undefined;
  const listed = await reader.listed();
  if (!allTransactional) checkUnchanged(database, tables, listed);
  return structure === undefined ? undefined : followCounters(structure, listed);
}

function withJson({ tables }: Pick<SourceDump, 'tables'>, { types, object }: DumpedJson): Pick<SourceDump, 'tables' | 'jsonValues'> {
  const typed = tables?.map((table) => {
    const jsonTypes = types.get(table.name);
    return jsonTypes === undefined ? table : { ...table, jsonTypes };
  });
  return { ...(typed === undefined ? {} : { tables: typed }), ...(object === undefined ? {} : { jsonValues: object }) };
}

/** Reads what the import is to be compared with: objects before the dump, rows in a snapshot of that moment. */
async function describeAround(
  { task, stopwatch }: TaskContext,
  session: MysqlSession,
  held: HeldSource,
  { VERIFICATION: level, ALLOWED_CHECKS: allowed }: z.infer<typeof dumpEnvironmentSchema>,
  dump: () => Promise<void>,
): Promise<Pick<SourceDump, 'tables' | 'structure'>> {
  const { metadata } = held;
  if (level === 'none') {
    metadata.reader.forget();
    await held.openSnapshot();
    await dump();
    return {};
  }
  const found = await stopwatch.time('objects', () => readStructureBy(metadata.reader));
  metadata.reader.forget();
  refuseBlockedKeys(metadata.facts, found, metadata.version, allowed);
  await stopwatch.time('metadata', () => held.openSnapshot());
  await dump();
  const tables = await stopwatch.time('digest', () => digestSource(session, task.database, metadata.tables, level));
  return { tables, structure: found };
}

/** Runs mysqldump, once where views let it; each part is pushed to `started` when it begins. */
async function dumpParts(
  context: SourceContext,
  metadata: SourceMetadata,
  started: PartInProgress[],
  { subject, searchPath }: { readonly subject: DumpSubject } & Pick<MysqldumpCall, 'searchPath'>,
): Promise<void> {
  const { stopwatch, signal } = context;
  const call = { searchPath, database: subject.database, signal, tables: [], ignored: [] };
  const main = { ...call, options: mainOptions(subject) };
  const { tables, views } = metadata;
  try {
    await stopwatch.time('dump', () => dumpPart(context, metadata, started, 'dump', main));
  } catch (error) {
    const couldNotLock = error instanceof FerryError && error.message.includes('when using LOCK TABLES');
    if (!couldNotLock || views.length === 0 || tables.length === 0) throw error;
    context.log.write('StageWarning', `The views of \`${subject.database}\` cannot be locked and are dumped apart: ${error.message}`, {});
    started.pop();
    const names = metadata.facts.tables.map(({ name }) => name);
    const [tablesOnly, viewsOnly] = chooseOnly(names, views, error);
    await stopwatch.time('dump', () => dumpPart(context, metadata, started, 'dump', { ...main, ...tablesOnly }));
    await stopwatch.time('views', () => dumpPart(context, metadata, started, 'views', { ...call, ...viewsOnly, options: viewOptions }));
  }
}

type Chosen = Pick<PartCall, 'tables' | 'ignored'>;

/**
 * What is left out is not named in arguments, which have a limit of 2 MB. mysqldump leaves out what differs by case alone as
 * well: where there is such a name, what is dumped is named.
 * @returns what chooses the tables alone, and the views alone
 * @throws the failure that made it necessary, where there are too many to name
 */
function chooseOnly(tables: readonly string[], views: readonly string[], failure: FerryError): readonly [Chosen, Chosen] {
  const folded = new Set(tables.map(foldName));
  if (!views.some((name) => folded.has(foldName(name)))) return [{ tables: [], ignored: views }, { tables: [], ignored: tables }];
  if (tables.length + views.length > namedTables) throw failure;
  return [{ tables, ignored: [] }, { tables: views, ignored: [] }];
}

function foldName(name: string): string {
  return name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

interface PartCall extends Omit<MysqldumpCall, 'optionFile' | 'password'> {
  /** Tables and views of the database that are left out. */
  readonly ignored: readonly string[];
}

async function dumpPart(
  { task, storage, signal, session, access }: SourceContext,
  metadata: SourceMetadata,
  started: PartInProgress[],
  name: 'dump' | 'views',
  { ignored, ...call }: PartCall,
): Promise<void> {
  const key = `${dumpPrefix(task.migration, task.database, task.attempt)}${name}.sql.zst`;
  const without = ignored.map((table) => `${task.database}.${table}`);
  await withOptionFile(access, async (optionFile, password) => {
    const full = { ...call, optionFile, password };
    const source = name === 'dump' ? dumpedSql(session, metadata, full) : new Mysqldump(full);
    const part = startPart('main', source, signal, { storage, key, partBytes: partBytesFor(metadata.dataBytes) });
    started.push(part);
    await part.dumped;
  }, without);
}

/** What mysqldump writes, and what is read beside it. @param session has read the metadata */
export function dumpedSql(session: MysqlSession, { defaultCollation: collation, programs }: SourceMetadata, call: MysqldumpCall): SqlSource {
  return withPrograms(new Mysqldump(call), () => readPrograms(session, { database: call.database, collation, programs }));
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
