/**
 * The scratch databases of rehearsals on the target: each carries the marker of rehearsals from the moment it is made,
 * and is worked on under its lock. One whose lock is free and whose marker is a rehearsal's is left over from one that
 * was killed.
 */
import { quoteIdentifier } from '../../core/names.ts';
import { rehearsalMigration, scratchPrefix } from '../../core/rehearsal/rehearsal.ts';
import { MysqlSession } from '../common/mysql-session.ts';
import type { Task } from '../common/task-environment.ts';
import { claimDatabase, databaseLock, lockDatabase, readMarker } from '../import/ownership.ts';
import type { ServerAccess } from '../../core/server-access.ts';

export interface Scratch {
  readonly name: string;
  readonly characterSet: string;
  readonly collation: string;
}

/** A scratch database is dropped within this time even if the rehearsal was told to stop. */
const dropMilliseconds = 40_000;
/** The server notices within this time that the connection of a rehearsal is gone. */
const lockSeconds = 20;

/**
 * @param session takes bytes; keeps the lock until it is closed. @throws FerryError ImportBusy, TargetDatabaseExists
 */
export async function makeScratch(session: MysqlSession, { name, characterSet, collation }: Scratch): Promise<void> {
  await session.execute('SET NAMES utf8mb4');
  await lockDatabase(session, name);
  const task: Task = {
    stage: 'import',
    migration: rehearsalMigration,
    database: name,
    attempt: 1,
    branch: 'ferry assess --try',
  };
  await claimDatabase(session, {
    task,
    characterSet,
    collation,
    createdAt: new Date().toISOString(),
    findEarlier: () => Promise.resolve(undefined),
  });
  await session.execute(`USE ${quoteIdentifier(name)}`);
}

/**
 * Over a connection of its own: that of the rehearsal may be gone. One whose lock another rehearsal holds is that one's.
 * @throws what the server answers
 */
export async function dropScratch(access: ServerAccess, name: string): Promise<void> {
  const session = await MysqlSession.open(access, { signal: AbortSignal.timeout(dropMilliseconds), bytes: true });
  try {
    await session.execute('SET NAMES utf8mb4');
    if (await isFree(session, name, lockSeconds)) await dropOwn(session, name);
  } finally {
    await session.close();
  }
}

/** Drops what killed rehearsals have left. @returns their names */
export async function sweepScratch(access: ServerAccess, signal: AbortSignal): Promise<string[]> {
  const session = await MysqlSession.open(access, { signal, bytes: true });
  const swept: string[] = [];
  try {
    await session.execute('SET NAMES utf8mb4');
    const rows = await session.query<{ name: string }>(
      `SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE LEFT(SCHEMA_NAME, ${scratchPrefix.length}) = '${scratchPrefix}'`,
    );
    for (const { name } of rows) {
      if (!name.startsWith(scratchPrefix) || !(await isFree(session, name, 0))) continue;
      if (await dropOwn(session, name)) swept.push(name);
      await session.query(`SELECT RELEASE_LOCK('${databaseLock(name)}')`);
    }
    return swept;
  } finally {
    await session.close();
  }
}

/** @returns whether this session holds the lock now: nobody rehearses in the database */
async function isFree(session: MysqlSession, name: string, seconds: number): Promise<boolean> {
  const [row] = await session.query<{ locked: number | string | null }>(
    `SELECT GET_LOCK('${databaseLock(name)}', ${seconds}) AS locked`,
  );
  return Number(row?.locked) === 1;
}

/** @returns false for one that is not there, or has no marker of a rehearsal: it is not touched */
async function dropOwn(session: MysqlSession, name: string): Promise<boolean> {
  const marker = await readMarker(session, name);
  if (marker?.migration !== rehearsalMigration || marker.database !== name) return false;
  await session.execute(`DROP DATABASE ${quoteIdentifier(name)}`);
  return true;
}
