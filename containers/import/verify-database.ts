/** The stage `verify`: what arrived is compared with what was dumped; only then does the marker go. */
import type { Manifest } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import { freeSlot } from '../../core/slots.ts';
import { serverFailure } from '../../core/mysql-failures.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import { withRecords } from '../common/records.ts';
import { countRows } from '../common/row-counts.ts';
import { textLiteral } from '../../core/sql-text.ts';
import type { TaskContext, TaskOutcome } from '../common/task.ts';
import { readImportedRows } from './audit.ts';
import { holdTargetSlot } from './branch-claim.ts';
import { readManifest } from './dump-parts.ts';
import { checkMarker, databaseIsThere, dropMarker, lockDatabase, markerTable, readMarker } from './ownership.ts';
import { connectTarget, readSuccess, readTargetTask } from './target.ts';

const shownDifferences = 20;

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
    const expected = await expectedRows(context, manifest, marker.attempt);
    const rows = await stopwatch.time('count', () => compareRows(session, task.database, expected));
    const result = {
      dumpManifest: target.manifestKey,
      tables: expected.size,
      rows,
      sqlBytes: manifest.parts.reduce((total, part) => total + part.sqlBytes, 0),
      dumpBytes: manifest.parts.reduce((total, part) => total + part.bytes, 0),
      conversions: 0,
    };
    return { result, close, afterReport: () => release(context, session) };
  } catch (error) {
    await close();
    throw serverFailure('target', target.access, error);
  }
}

/** A verification of the same dump that got as far as dropping the marker, and was then cut off. */
async function verifiedBefore(context: TaskContext, manifestKey: string): Promise<TaskOutcome | undefined> {
  for (let { attempt } = context.task; attempt > 0; attempt -= 1) {
    const result = await readSuccess(context, 'verify', attempt);
    if (result?.dumpManifest === manifestKey) return attempt === context.task.attempt ? {} : { result };
  }
  return undefined;
}

/** Rows by table as the source had them, or, for a dump that was made without counting, as its INSERTs made them. */
async function expectedRows(context: TaskContext, manifest: Manifest, attempt: number): Promise<ReadonlyMap<string, number>> {
  if (manifest.tables !== undefined) return new Map(manifest.tables.map(({ name, rows }) => [name, rows]));
  const imported = await readImportedRows(context, attempt);
  if (imported !== undefined) return imported;
  const { database } = context.task;
  throw new FerryError('DumpMissing', `The manifest of \`${database}\` counts no rows, and its import left no audit.json to compare with.`);
}

/** @returns rows of all tables; @throws FerryError VerificationMismatch */
async function compareRows(session: MysqlSession, database: string, expected: ReadonlyMap<string, number>): Promise<number> {
  const present = await session.query<{ name: string }>(
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${textLiteral(database)} AND TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME <> '${markerTable}'`,
  );
  const names = present.map(({ name }) => name);
  const counts = await countRows((sql) => session.query(sql), database, names);
  const differences = [
    ...[...expected].filter(([name, rows]) => counts.get(name) !== rows).map(([name, rows]) => `\`${name}\`: source ${rows}, target ${counts.get(name) ?? 'has no such table'}`),
    ...names.filter((name) => !expected.has(name)).map((name) => `\`${name}\`: not in the dump, target ${counts.get(name) ?? 0}`),
  ];
  if (differences.length > 0) {
    const shown = differences.slice(0, shownDifferences).join('; ');
    const more = differences.length > shownDifferences ? `; and ${differences.length - shownDifferences} more` : '';
    throw new FerryError('VerificationMismatch', `${differences.length} of ${expected.size} tables of \`${database}\` differ: ${shown}${more}.`);
  }
  return [...counts.values()].reduce((total, count) => total + count, 0);
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
    log(`The target slot stays held until it is swept: ${String(error)}`);
  });
}
