/**
 * Holds the definitions of a database's tables while it is dumped. MySQL's snapshots cover rows and not definitions: a
 * table that is truncated, swapped or made anew after a snapshot reads as empty in it, for mysqldump and for the digests
 * alike. So the session that takes the digests first takes a shared metadata lock on every table, and keeps it until both
 * have ended.
 *
 * Measured on MySQL 5.5 to 9.7 and MariaDB 10.11, for every engine and for partitioned tables: a SELECT that reads no
 * row takes the lock, a transaction keeps it, and no read view is opened by it: the snapshot is younger than the locks.
 */
import { FerryError } from '../../core/errors.ts';
import { errnoOf, isConnectionLoss, messageOf } from '../../core/mysql-failures.ts';
import { quoteIdentifier } from '../../core/names.ts';
import { textLiteral } from '../../core/sql-text.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import type { Clock } from '../common/clock.ts';
import { describeDefinitionChanges } from './definition-changes.ts';

export interface HeldTables {
  readonly names: readonly string[];
  /** Whether all rows have a snapshot, as it seemed when the transaction began. */
  readonly transactional: boolean;
  /** Could not be opened, and why: neither mysqldump nor a digest can read them. */
  readonly unopened: ReadonlyMap<string, string>;
}

interface NoRowStatement {
  readonly tables: readonly string[];
  readonly sql: string;
}

/** A join may have 61 tables. */
const tablesOfStatement = 60;
/** While it waits for one table, the session keeps definition changes of others waiting, and the application behind them. */
const lockWaitSeconds = 1;
/** A definition change that is under way when the dump comes may end soon. */
const patienceMilliseconds = 30_000;
const pauseMilliseconds = 1_000;
/** ER_LOCK_WAIT_TIMEOUT and ER_LOCK_DEADLOCK. */
const busyErrors = new Set([1205, 1213]);

/** Somebody changes the definition of one of the tables, or waits to do so. */
export function isBusy(error: unknown): boolean {
  return busyErrors.has(errnoOf(error) ?? 0);
}

/**
 * One statement for some tables, which needs their metadata locks and reads no row. HIGH_PRIORITY: while mysqldump holds the
 * read lock of a MyISAM table, a waiting writer would keep other readers out.
 */
export function noRowStatements(database: string, tables: readonly string[]): NoRowStatement[] {
  const statements: NoRowStatement[] = [];
  for (let start = 0; start < tables.length; start += tablesOfStatement) {
    const some = tables.slice(start, start + tablesOfStatement);
    // Aliases: the names of two tables may be one to the server where they are apart by case.
    const from = some.map((name, index) => `${quoteIdentifier(database)}.${quoteIdentifier(name)} AS t${index}`);
    statements.push({ tables: some, sql: `SELECT HIGH_PRIORITY 1 FROM ${from.join(', ')} WHERE FALSE` });
  }
  return statements;
}

export interface HoldOptions {
  /** In autocommit: the names must be those of now, and a transaction of MySQL 8 would have its read view from them. */
  readonly session: MysqlSession;
  readonly database: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether all rows have a snapshot, where that is known better than by the engines' names. */
  readonly transactional: boolean | undefined;
  /** Told which tables are about to be locked. */
  readonly onNames: (names: readonly string[]) => void;
}

/**
 * Begins a transaction that holds all tables of the database.
 * @throws FerryError SourceChanged, and what the server answers
 */
export async function holdTables(options: HoldOptions): Promise<HeldTables> {
  const { session, database, clock, signal, onNames } = options;
  const until = clock.now() + patienceMilliseconds;
  for (;;) {
    const tables = await readTables(session, database);
    const names = tables.map(({ name }) => name);
    onNames(names);
    try {
      return await lockTables(session, database, names, options.transactional ?? areTransactional(tables));
    } catch (error) {
      if (!isBusy(error)) throw error;
      const changes = await describeDefinitionChanges(session, names);
      await releaseTables(session);
      if (clock.now() >= until) {
        const message = `\`${database}\` was not dumped, because the definition of a table is being changed${changes}.`;
        throw new FerryError('SourceChanged', message, { cause: error });
      }
      await clock.sleep(pauseMilliseconds, signal);
    }
  }
}

export async function releaseTables(session: MysqlSession): Promise<void> {
  await session.execute('ROLLBACK');
}

interface NamedTable {
  readonly name: string;
  readonly engine: string | null;
}

function readTables(session: MysqlSession, database: string): Promise<NamedTable[]> {
  return session.query<NamedTable>(
    `SELECT TABLE_NAME AS name, ENGINE AS engine FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = ${textLiteral(database)} AND TABLE_TYPE NOT LIKE '%VIEW' ORDER BY TABLE_NAME`,
  );
}

async function lockTables(session: MysqlSession, database: string, names: readonly string[], transactional: boolean): Promise<HeldTables> {
  await session.execute(`SET SESSION lock_wait_timeout = ${lockWaitSeconds}`);
  // Where rows have no snapshot, each digest is to be of the moment when it is taken.
  await session.execute(`SET SESSION TRANSACTION ISOLATION LEVEL ${transactional ? 'REPEATABLE READ' : 'READ COMMITTED'}`);
  await session.execute('START TRANSACTION');
  const unopened = new Map<string, string>();
  for (const { sql, tables } of noRowStatements(database, names)) {
    if ((await lockOrWhy(session, sql)) === undefined) continue;
    for (const name of tables) {
      const why = await lockOrWhy(session, noRowStatements(database, [name])[0]?.sql ?? '');
      if (why !== undefined) unopened.set(name, why);
    }
  }
  await session.execute('SET SESSION lock_wait_timeout = DEFAULT');
  return { names: names.filter((name) => !unopened.has(name)), transactional, unopened };
}

/** Whether one snapshot covers all rows. */
export function areTransactional(tables: readonly { readonly engine: string | null }[]): boolean {
  return tables.every(({ engine }) => engine?.toLowerCase() === 'innodb');
}

/** @returns why the tables cannot be opened; undefined when they are locked */
async function lockOrWhy(session: MysqlSession, sql: string): Promise<string | undefined> {
  try {
    await session.query(sql);
    return undefined;
  } catch (error) {
    if (errnoOf(error) === undefined || isBusy(error) || isConnectionLoss(error)) throw error;
    return messageOf(error);
  }
}
