/**
 * Who may write to a database of the target. The proof lies in the target itself: a marker table, made in the same
 * round trip as the database, gone when the database is verified. What has no marker of this migration is not touched.
 */
import { createHash } from 'node:crypto';
import { FerryError } from '../../core/errors.ts';
import { markerTable, quoteIdentifier, scratchTable, scratchView } from '../../core/names.ts';
import { errnoOf } from '../../core/mysql-failures.ts';
import { BatchError, bytesAsText } from '../common/mysql-session.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import { textLiteral } from '../../core/sql-text.ts';
import type { Task } from '../common/task-environment.ts';

/** The server notices a client that died within this time, unless it still runs its statement. */
const lockSeconds = 10;
const [databaseExists, noSuchTable, noSuchColumn, noSuchDatabase] = [1007, 1146, 1054, 1049];

export interface Marker {
  readonly migration: string;
  readonly database: string;
  /** The attempt that loaded, or is loading, the database. */
  readonly attempt: number;
}

/**
 * One import or verification of a database at a time, whatever became of the branch of an earlier one. The lock goes
 * with the connection.
 * @throws FerryError ImportBusy
 */
export async function lockDatabase(session: MysqlSession, database: string): Promise<void> {
  const name = databaseLock(database);
  const [row] = await session.query<{ locked: number | string | null }>(`SELECT GET_LOCK('${name}', ${lockSeconds}) AS locked`);
  if (Number(row?.locked) === 1) return;
  throw new FerryError('ImportBusy', `Another import of \`${database}\` is still connected to the target (it holds the lock ${name}).`);
}

/** The name of a database's lock. */
export function databaseLock(database: string): string {
  return `aurora-ferry:${createHash('sha256').update(database).digest('hex').slice(0, 40)}`;
}

export interface NewDatabase<Earlier> {
  readonly task: Task;
  readonly characterSet: string;
  readonly collation: string;
  /**
   * Of a database that the operator has named for replacement: whether the one that is there, without a marker, is the one that
   * this migration has verified. Absent: it is not to be replaced.
   */
  readonly mayReplace?: (() => Promise<boolean>) | undefined;
  readonly createdAt: string;
  /** What this attempt, or one before it, has made of the database already; asked only when the database is there. */
  readonly findEarlier: () => Promise<Earlier | undefined>;
}

/**
 * Makes the database, empty but for its marker. A half-loaded copy of this migration is dropped first.
 * @param session takes bytes, and holds the database's lock
 * @returns undefined; or, when nothing is left to load, what was found earlier
 * @throws FerryError TargetDatabaseExists, ImportBusy when a newer attempt has loaded it; what the server answers
 */
export async function claimDatabase<Earlier>(session: MysqlSession, target: NewDatabase<Earlier>): Promise<Earlier | undefined> {
  if (await createDatabase(session, target)) return undefined;
  const earlier = await target.findEarlier();
  if (earlier !== undefined) return earlier;
  const { database } = target.task;
  const marker = await readMarker(session, database);
  const isOurs = marker === undefined ? await target.mayReplace?.() : checkMarker(marker, target.task);
  if (isOurs !== true) throw await databaseIsThere(session, database, marker, isOurs === false && marker === undefined);
  await dropDatabase(session, database);
  if (await createDatabase(session, target)) return undefined;
  throw new FerryError('ImportBusy', `\`${database}\` was made again on the target just after it was dropped.`);
}

/** @returns whether the marker is of this migration and database; @throws FerryError ImportBusy when of a newer attempt */
export function checkMarker(marker: Marker, task: Task): boolean {
  if (marker.migration !== task.migration || marker.database !== task.database) return false;
  if (marker.attempt <= task.attempt) return true;
  const message = `Attempt ${marker.attempt} works on \`${task.database}\`; this is attempt ${task.attempt}, which came too late.`;
  throw new FerryError('ImportBusy', message);
}

/** Undefined when there is no database, or none with a marker. */
export async function readMarker(session: MysqlSession, database: string): Promise<Marker | undefined> {
  try {
    const [row] = await session.query<{ migration: string; database: string; attempt: number | string }>(
      `SELECT migration, database_name AS \`database\`, attempt FROM ${markerName(database)}`,
    );
    return row === undefined ? undefined : { ...row, attempt: Number(row.attempt) };
  } catch (error) {
    if ([noSuchTable, noSuchColumn, noSuchDatabase].includes(errnoOf(error) ?? 0)) return undefined;
    throw error;
  }
}

/** And whatever a killed verification may have left beside it, in the same round trip. @param session takes bytes */
export async function dropMarker(session: MysqlSession, database: string): Promise<void> {
  const [view, table] = [scratchView, scratchTable].map((name) => `${quoteIdentifier(database)}.${quoteIdentifier(name)}`);
  try {
    await session.executeAll([`DROP VIEW IF EXISTS ${view ?? ''}`, `DROP TABLE IF EXISTS ${table ?? ''}, ${markerName(database)}`].map(bytesAsText));
  } catch (error) {
    const cause = error instanceof BatchError ? error.cause : error;
    if (errnoOf(cause) !== noSuchDatabase) throw cause;
  }
}

/**
 * Keys of other databases may refer to its tables (error 3730): with the checks off they stay, and hold again as soon as the
 * tables are made anew.
 */
async function dropDatabase(session: MysqlSession, database: string): Promise<void> {
  await session.execute('SET SESSION foreign_key_checks = 0');
  await session.execute(`DROP DATABASE ${quoteIdentifier(database)}`);
  await session.execute('SET SESSION foreign_key_checks = DEFAULT');
}

/** @param isStrange it was to be replaced, but is not the one that this migration has verified */
export async function databaseIsThere(session: MysqlSession, database: string, marker: Marker | undefined, isStrange = false): Promise<FerryError> {
  const [row] = await session.query<{ n: number | string }>(
    `SELECT COUNT(*) AS n FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${textLiteral(database)}`,
  );
  const whose = marker === undefined ? 'and no marker of Ferry' : `and the marker of migration ${marker.migration}, database \`${marker.database}\``;
  const strange = isStrange ? ' It is not the one that this migration verified, or its tables or programs were made anew since: nothing proves that it may be replaced.' : '';
  return new FerryError('TargetDatabaseExists', `The target already has a database \`${database}\`, with ${Number(row?.n ?? 0)} tables ${whose}.${strange} It was not touched.`);
}

/** @returns false when there is a database of that name */
async function createDatabase(session: MysqlSession, target: NewDatabase<unknown>): Promise<boolean> {
  const { task } = target;
  const charset = `CHARACTER SET ${textLiteral(target.characterSet)} COLLATE ${textLiteral(target.collation)}`;
  // One round trip: should this program die, the server still runs the second statement after the first.
  const statements = [`CREATE DATABASE ${quoteIdentifier(task.database)} ${charset}`, createMarker(target)];
  try {
    await session.executeAll(statements.map(bytesAsText));
    return true;
  } catch (error) {
    if (!(error instanceof BatchError)) throw error;
    if (error.index === 0 && errnoOf(error.cause) === databaseExists) return false;
    // Made a moment ago, by this connection, and without a marker it would be nobody's.
    if (error.index > 0) await dropIfEmpty(session, task.database).catch(() => undefined);
    throw error.cause;
  }
}

/** Somebody may have begun to use it since. */
async function dropIfEmpty(session: MysqlSession, database: string): Promise<void> {
  const schema = textLiteral(database);
  const [found] = await session.query<{ objects: number | string }>(
    `SELECT (SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${schema} AND TABLE_NAME <> '${markerTable}')
      + (SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ${schema})
      + (SELECT COUNT(*) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ${schema}) AS objects`,
  );
  if (Number(found?.objects) === 0) await session.execute(`DROP DATABASE ${quoteIdentifier(database)}`);
}

function createMarker({ task, createdAt }: NewDatabase<unknown>): string {
  const values = [
    `${textLiteral(task.migration)} AS migration`,
    `${textLiteral(task.database)} AS database_name`,
    `${task.attempt} AS attempt`,
    `${textLiteral(task.branch)} AS owner`,
    `${textLiteral(createdAt)} AS created_at`,
  ];
  return `CREATE TABLE ${markerName(task.database)} (
  migration VARCHAR(48) NOT NULL PRIMARY KEY,
  database_name VARCHAR(64) NOT NULL,
  attempt INT NOT NULL,
  owner VARCHAR(512) NOT NULL,
  created_at VARCHAR(32) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin SELECT ${values.join(', ')}`;
}

function markerName(database: string): string {
  return `${quoteIdentifier(database)}.${quoteIdentifier(markerTable)}`;
}
