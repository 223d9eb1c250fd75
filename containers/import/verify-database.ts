/**
 * The stage `verify`: what arrived is compared with what was dumped; only then does the marker go. Where nothing is to be
 * verified it goes as well: a later run must not take for half-loaded what applications may use by then.
 */
import type { Audit, Manifest, Report, Verification, VerifiedObjects } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import { type Stage, verifiedObjectsKey } from '../../core/names.ts';
import { errnoOf, serverFailure } from '../../core/mysql-failures.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import type { TaskContext, TaskOutcome } from '../common/task.ts';
import { readAudit } from './audit.ts';
import { holdTargetSlot, mayLogIn } from './branch-claim.ts';
import { compareObjects } from './compare-objects.ts';
import { compareTables } from './compare-tables.ts';
import { confirmFreeze } from './confirm-freeze.ts';
import { findWhatCannotRun } from './find-what-cannot-run.ts';
import type { ExpectedTable } from './compare-tables.ts';
import type { TableDifference } from '../../core/digests/compare-tables.ts';
import { readManifest } from './dump-parts.ts';
import { expectedStructure } from '../../core/objects/expected-structure.ts';
import { readIdentity } from './identity.ts';
import { makeWaiting } from './other-databases.ts';
import { summaryOf } from '../../core/stored-objects/cannot-run.ts';
import { checkMarker, databaseIsThere, lockDatabase, readMarker } from './ownership.ts';
import { freeTargetSlot, releaseDatabase } from './release.ts';
import { connectTarget, rankOf, readSuccess, readTargetTask } from './target.ts';
import { stageToResume } from './stage-to-resume.ts';
import type { TargetTask } from './target.ts';

const unknownVariable = 1193;

/** @throws FerryError, whose name says what failed; AbortError when told to stop */
export async function verifyDatabase(context: TaskContext): Promise<TaskOutcome> {
  const { stopwatch } = context;
  const target = readTargetTask(context);
  const manifest = await stopwatch.time('manifest', () => readManifest(context, target.manifestKey));
  await stopwatch.time('record', () => Promise.all([mayLogIn(context), holdTargetSlot(context)]));
  return verifyDump(context, target, manifest, (attempt) => readAudit(context, attempt));
}

/**
 * The same by the import's own task, which has read the manifest and holds the slot. The connection is a new one: rows that the
 * import did not commit are not there for it, and nothing that the dump has set is either.
 */
export function verifyImported(context: TaskContext, manifest: Manifest, audit: Audit): Promise<TaskOutcome> {
  return verifyDump(context, readTargetTask(context), manifest, () => Promise.resolve(audit));
}

async function verifyDump(
  context: TaskContext,
  target: TargetTask,
  manifest: Manifest,
  auditOf: (attempt: number) => Promise<Audit | undefined>,
): Promise<TaskOutcome> {
  const { task } = context;
  const session = await connectTarget(target, context);
  const close = (): Promise<void> => session.close();
  try {
    await lockDatabase(session, task.database);
    const marker = await readMarker(session, task.database);
    const isOurs = marker !== undefined && checkMarker(marker, task);
    if (!isOurs) {
      const earlier = await verifiedBefore(context, target);
      if (earlier === undefined) throw await databaseIsThere(session, task.database, marker);
      return { ...earlier, afterReport: () => freeTargetSlot(context), close };
    }
    const audit = await auditOf(marker.attempt);
    await context.stopwatch.time('others', () => makeWaiting(context, target, audit?.others));
    const compared = await compare(context, session, target, manifest, audit);
    const result = { ...compared, identity: await context.stopwatch.time('identity', () => readIdentity(session, task.database)) };
    return { result, close, afterReport: () => releaseDatabase(context, target, session) };
  } catch (error) {
    await close();
    throw serverFailure('target', target.access, error);
  }
}

async function readVersion(session: MysqlSession): Promise<string> {
  const [server] = await session.query<{ version: string }>('SELECT VERSION() AS version');
  const [aurora] = await session.query<{ version: string }>('SELECT @@aurora_version AS version').catch((error: unknown) => {
    // SHOW VARIABLES would answer without an error, and compute all six hundred of them for it.
    if (errnoOf(error) === unknownVariable) return [];
    throw error;
  });
  return `${server?.version ?? ''}${aurora === undefined ? '' : ` (Aurora ${aurora.version})`}`;
}

/** @throws FerryError VerificationMismatch, FreezeLost, DumpMissing when the dump does not hold what is to be compared */
async function compare(
  context: TaskContext,
  session: MysqlSession,
  target: TargetTask,
  manifest: Manifest,
  audit: Audit | undefined,
): Promise<NonNullable<Report['result']>> {
  const { task, stopwatch } = context;
  const { manifestKey, verification: level } = target;
  const result = {
    dumpManifest: manifestKey,
    sqlBytes: manifest.parts.reduce((total, part) => total + part.sqlBytes, 0),
    dumpBytes: manifest.parts.reduce((total, part) => total + part.bytes, 0),
    conversions: 0,
    level,
  };
  if (level === 'none') {
    const loaded = Object.values(audit?.rows ?? {});
    return { ...result, tables: loaded.length, rows: loaded.reduce((total, rows) => total + rows, 0) };
  }
  if (rankOf(manifest.verification) < rankOf(level)) {
    const message = `The dump of \`${task.database}\` was made by a run with --verification ${manifest.verification ?? ''}, and holds nothing to compare ${level} with: it has to be made again.`;
    throw new FerryError('DumpMissing', message);
  }
  const tables = expectedTables(context, manifest, audit);
  const expected = level === 'counts' ? tables.map(({ name, rows }) => ({ name, rows })) : tables;
  const resumeAt = (differences: readonly TableDifference[]): Stage => stageToResume(differences, manifest, audit);
  const connect = (): Promise<MysqlSession> => connectTarget(target, context);
  const { rows, comparedBy, digest } = await stopwatch.time('digest', () => compareTables(session, task.database, expected, connect, resumeAt));
  const objects = await verifyObjects(context, session, manifestKey, manifest, audit);
  const freeze = await stopwatch.time('freeze', () => confirmFreeze(context, manifest.freeze));
  const verification = {
    targetVersion: await readVersion(session),
    comparedBy,
    ...(digest === undefined ? {} : { digest }),
    ...objects,
    ...(freeze === undefined ? {} : { freeze }),
  };
  return { ...result, tables: expected.length, rows, verification };
}

/** @returns how many objects are as on the source, and which of them cannot run; nothing where the manifest describes none */
async function verifyObjects(context: TaskContext, session: MysqlSession, manifestKey: string, { structure }: Manifest, audit: Audit | undefined): Promise<Pick<Verification, 'objects' | 'cannotRun'>> {
  if (structure === undefined) return {};
  const { task, stopwatch, storage, signal } = context;
  const expected = { structure: expectedStructure(structure, audit?.entries ?? []), off: audit?.off ?? [] };
  const found = await stopwatch.time('objects', () => compareObjects(session, task.database, expected));
  const cannotRun = await stopwatch.time('cannotRun', () => findWhatCannotRun(context, session, found));
  const verified = { dumpManifest: manifestKey, structure: found, ...(cannotRun.length === 0 ? {} : { cannotRun }) } satisfies VerifiedObjects;
  await stopwatch.time('objects', () => storage.putJson(verifiedObjectsKey(task.migration, task.database), verified, signal));
  const summary = summaryOf(cannotRun);
  return { objects: Object.keys(found).length, ...(summary === undefined ? {} : { cannotRun: summary }) };
}

/** A verification of the same dump that got as far as dropping the marker, and was then cut off. */
async function verifiedBefore(context: TaskContext, target: TargetTask): Promise<TaskOutcome | undefined> {
  for (let { attempt } = context.task; attempt > 0; attempt -= 1) {
    const result = await readSuccess(context, 'verify', attempt);
    const isEnough = result?.dumpManifest === target.manifestKey && rankOf(result.level) >= rankOf(target.verification);
    if (isEnough) return attempt === context.task.attempt ? {} : { result };
  }
  return undefined;
}

/** The tables as the source had them, or, for a dump that was made without counting, as its INSERTs made them. */
function expectedTables(context: TaskContext, manifest: Manifest, audit: Audit | undefined): readonly ExpectedTable[] {
  if (manifest.tables !== undefined) return manifest.tables;
  if (audit !== undefined) return Object.entries(audit.rows).map(([name, rows]) => ({ name, rows }));
  const { database } = context.task;
  throw new FerryError('DumpMissing', `The manifest of \`${database}\` counts no rows, and its import left no audit.json to compare with.`);
}
