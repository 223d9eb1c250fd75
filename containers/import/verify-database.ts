/** The stage `verify`: what arrived is compared with what was dumped; only then does the marker go. */
import type { Manifest } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import { freeSlot } from '../../core/slots.ts';
import { serverFailure } from '../../core/mysql-failures.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import { withRecords } from '../common/records.ts';
import type { TaskContext, TaskOutcome } from '../common/task.ts';
import { readAudit } from './audit.ts';
import type { ImportAudit } from './audit.ts';
import { holdTargetSlot } from './branch-claim.ts';
import { compareObjects } from './compare-objects.ts';
import { compareTables } from './compare-tables.ts';
import type { ExpectedTable } from './compare-tables.ts';
import { readManifest } from './dump-parts.ts';
import { expectedStructure } from './expected-structure.ts';
import { checkMarker, databaseIsThere, dropMarker, lockDatabase, readMarker } from './ownership.ts';
import { connectTarget, readSuccess, readTargetTask } from './target.ts';

/** @throws FerryError, whose name says what failed; AbortError when told to stop */
export async function verifyDatabase(context: TaskContext): Promise<TaskOutcome> {
  const { task, stopwatch } = context;
  const target = readTargetTask(context);
  const manifest = await stopwatch.time('manifest', () => readManifest(context, target.manifestKey));
  await stopwatch.time('record', () => holdTargetSlot(context));
  const session = await connectTarget(target, context);
  const close = (): Promise<void> => session.close();
  try {
    await session.execute('SET NAMES utf8mb4');
    await lockDatabase(session, task.database);
    const marker = await readMarker(session, task.database);
    const isOurs = marker !== undefined && checkMarker(marker, task);
    if (!isOurs) {
      const earlier = await verifiedBefore(context, target.manifestKey);
      if (earlier === undefined) throw await databaseIsThere(session, task.database, marker);
      return { ...earlier, afterReport: () => freeTargetSlot(context), close };
    }
    const audit = await readAudit(context, marker.attempt);
    const expected = expectedTables(context, manifest, audit);
    const { rows, comparedBy, digest } = await stopwatch.time('digest', () => compareTables(session, task.database, expected));
    const { structure } = manifest;
    if (structure !== undefined) {
      await stopwatch.time('objects', () => compareObjects(session, task.database, expectedStructure(structure, audit?.entries ?? [])));
    }
    const result = {
      dumpManifest: target.manifestKey,
      tables: expected.length,
      rows,
      sqlBytes: manifest.parts.reduce((total, part) => total + part.sqlBytes, 0),
      dumpBytes: manifest.parts.reduce((total, part) => total + part.bytes, 0),
      conversions: 0,
      verification: { targetVersion: await readVersion(session), comparedBy, digest },
    };
    return { result, close, afterReport: () => release(context, session) };
  } catch (error) {
    await close();
    throw serverFailure('target', target.access, error);
  }
}

async function readVersion(session: MysqlSession): Promise<string> {
  const [server] = await session.query<{ version: string }>('SELECT VERSION() AS version');
  const [aurora] = await session.query<{ Value: string }>("SHOW GLOBAL VARIABLES LIKE 'aurora_version'");
  return `${server?.version ?? ''}${aurora === undefined ? '' : ` (Aurora ${aurora.Value})`}`;
}

/** A verification of the same dump that got as far as dropping the marker, and was then cut off. */
async function verifiedBefore(context: TaskContext, manifestKey: string): Promise<TaskOutcome | undefined> {
  for (let { attempt } = context.task; attempt > 0; attempt -= 1) {
    const result = await readSuccess(context, 'verify', attempt);
    if (result?.dumpManifest === manifestKey) return attempt === context.task.attempt ? {} : { result };
  }
  return undefined;
}

/** The tables as the source had them, or, for a dump that was made without counting, as its INSERTs made them. */
function expectedTables(context: TaskContext, manifest: Manifest, audit: ImportAudit | undefined): readonly ExpectedTable[] {
  if (manifest.tables !== undefined) return manifest.tables;
  if (audit !== undefined) return [...audit.rows].map(([name, rows]) => ({ name, rows }));
  const { database } = context.task;
  throw new FerryError('DumpMissing', `The manifest of \`${database}\` counts no rows, and its import left no audit.json to compare with.`);
}

async function release(context: TaskContext, session: MysqlSession): Promise<void> {
  const target = readTargetTask(context);
  try {
    await dropMarker(session, context.task.database);
  } catch (error) {
    throw serverFailure('target', target.access, error);
  }
  await freeTargetSlot(context);
}

/** Not worth a failure: a slot that stays held is swept with its branch. */
async function freeTargetSlot({ slots, task, log }: TaskContext): Promise<void> {
  await withRecords('Freeing the target slot', () => freeSlot(slots, 'target', task.branch)).catch((error: unknown) => {
    log.write('StageWarning', `The target slot stays held until it is swept: ${String(error)}`, {});
  });
}
