/**
 * A read lock on every table of one database, held by a session of its own: writers of that database wait, readers and
 * all other databases do not.
 *
 * FLUSH TABLES … WITH READ LOCK, and not LOCK TABLES … READ, for two reasons that were measured on MySQL 5.6. It waits for open
 * transactions, whose commits LOCK TABLES lets through afterwards. And it makes writers wait for the metadata lock: behind LOCK TABLES a
 * writer of a MyISAM table waits for the table's own lock, and MySQL then lets no new reader pass it, mysqldump neither.
 */
import { readPrepared } from '../../core/assessment/read-prepared.ts';
import { FerryError } from '../../core/errors.ts';
import { errnoOf, hasVanished, isConnectionLoss, messageOf, serverFailure, serverFailureName } from '../../core/mysql-failures.ts';
import { quoteIdentifier } from '../../core/names.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import { textLiteral } from '../../core/sql-text.ts';
import { systemClock } from '../common/clock.ts';
import { MysqlSession } from '../common/mysql-session.ts';

/** While the lock waits for a transaction, new statements on the tables wait behind it: not for long. */
const lockWaitSeconds = 20;
/** The server ends a session that says nothing for this long, and frees its lock, whatever became of the keeper. */
export const silenceSeconds = 60;
/** Tables may be made between the look at them and the lock. */
const tries = 3;
const shownNames = 10;
/** A transaction manager commits what it has prepared within milliseconds; writers wait meanwhile. */
const preparedMilliseconds = 5_000;
const pollMilliseconds = 200;
/** ER_LOCK_WAIT_TIMEOUT and ER_LOCK_DEADLOCK. */
const blockedErrors = new Set([1205, 1213]);

export class TableLock {
  readonly #session: MysqlSession;
  readonly #database: string;
  readonly #tables: ReadonlySet<string>;

  private constructor(session: MysqlSession, database: string, tables: ReadonlySet<string>) {
    this.#session = session;
    this.#database = database;
    this.#tables = tables;
  }

  /**
   * @throws FerryError FreezeBlocked, which names the sessions in the way; FreezeRefused for a table that cannot be locked;
   * SourceAccessDenied, SourcePrivilegeMissing, SourceUnreachable; AbortError
   */
  static async take(access: ServerAccess, database: string, signal: AbortSignal): Promise<TableLock> {
    // Once the lock is held, it is released in order and not by the signal.
    const taking = new AbortController();
    const abort = (): void => {
      taking.abort();
    };
    signal.throwIfAborted();
    signal.addEventListener('abort', abort, { once: true });
    let session: MysqlSession | undefined;
    try {
      session = await MysqlSession.open(access, { signal: taking.signal });
      const settings = [`wait_timeout = ${silenceSeconds}`, `lock_wait_timeout = ${lockWaitSeconds}`];
      for (const setting of settings) await session.execute(`SET SESSION ${setting}`);
      const tables = await lockAll(session, database);
      await waitForPrepared(session, database, taking.signal);
      return new TableLock(session, database, tables);
    } catch (error) {
      await session?.close();
      throw serverFailure('source', access, error);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Why the lock is not held any more; undefined when it is. It also keeps the session from being ended for its silence. */
  async flaw(): Promise<string | undefined> {
    try {
      await this.#session.query('SELECT 1');
      return undefined;
    } catch (error) {
      return `the session that held the lock is gone: ${messageOf(error)}`;
    }
  }

  /** A lock is on tables, not on the database: what is made meanwhile is not in the dump. @returns why the dump is not all there is */
  async addition(): Promise<string | undefined> {
    try {
      const made = (await readTables(this.#session, this.#database)).filter((name) => !this.#tables.has(name));
      return made.length === 0 ? undefined : `tables were made in it that its dump has not: ${listed(made)}`;
    } catch (error) {
      return `the session that held the lock is gone: ${messageOf(error)}`;
    }
  }

  /** The server frees the lock at the session's end. Never fails. */
  release(): Promise<void> {
    return this.#session.close();
  }
}

async function lockAll(session: MysqlSession, database: string): Promise<ReadonlySet<string>> {
  for (let tried = 1; ; tried += 1) {
    const tables = await readTables(session, database);
    await lock(session, database, tables);
    const now = await readTables(session, database);
    if (now.length === tables.length && now.every((name, index) => name === tables[index])) return new Set(tables);
    await session.execute('UNLOCK TABLES');
    if (tried === tries) throw new FerryError('FreezeBlocked', `\`${database}\` cannot be frozen: its tables changed ${tries} times while they were locked.`);
  }
}

async function lock(session: MysqlSession, database: string, tables: readonly string[]): Promise<void> {
  if (tables.length === 0) return;
  const names = tables.map((name) => `${quoteIdentifier(database)}.${quoteIdentifier(name)}`);
  try {
    await session.execute(`FLUSH TABLES ${names.join(', ')} WITH READ LOCK`);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== undefined && blockedErrors.has(errno)) throw await blocked(session, database, error);
    if (isConnectionLoss(error) || errno === undefined || serverFailureName('source', errno) !== undefined) throw error;
    if (hasVanished(error)) throw new FerryError('SourceChanged', `\`${database}\` could not be frozen, because it changed meanwhile: ${messageOf(error)}`, { cause: error });
    throw new FerryError('FreezeRefused', `The tables of \`${database}\` cannot be locked: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * An XA transaction that was prepared by a session which has ended since holds no lock before MySQL 8: its COMMIT passes this one. What
 * is prepared after this lock was given cannot have written to the tables; what was prepared before has to end before the dump begins.
 */
async function waitForPrepared(session: MysqlSession, database: string, signal: AbortSignal): Promise<void> {
  const query = <Row>(sql: string): Promise<Row[]> => session.query<Row>(sql);
  const until = systemClock.now() + preparedMilliseconds;
  let waiting = await readPrepared(query);
  while (waiting.length > 0) {
    if (systemClock.now() >= until) {
      const why = 'a COMMIT of XA transactions that are prepared on the server may pass its lock';
      const advice = 'XA RECOVER lists them; XA COMMIT or XA ROLLBACK ends them.';
      const named = waiting.slice(0, shownNames).join('; ');
      throw new FerryError('FreezeBlocked', `\`${database}\` could not be frozen, because ${why}: ${named}. ${advice}`);
    }
    await systemClock.sleep(pollMilliseconds, signal);
    const now = new Set(await readPrepared(query));
    waiting = waiting.filter((name) => now.has(name));
  }
}

async function readTables(session: MysqlSession, database: string): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${textLiteral(database)} AND TABLE_TYPE NOT LIKE '%VIEW' ORDER BY TABLE_NAME`,
  );
  return rows.map(({ name }) => name);
}

/** Sessions in the database, and those with an open transaction, which may be in any: the server does not say what a metadata lock waits for. */
async function blocked(session: MysqlSession, database: string, cause: unknown): Promise<FerryError> {
  const sessions = await session
    .query<{ id: number | string; user: string; seconds: number | string; transaction: number | string }>(
      `SELECT p.ID AS id, p.USER AS user, COALESCE(TIMESTAMPDIFF(SECOND, t.trx_started, NOW()), p.TIME) AS seconds, t.trx_id IS NOT NULL AS transaction
       FROM information_schema.PROCESSLIST p LEFT JOIN information_schema.INNODB_TRX t ON t.trx_mysql_thread_id = p.ID
       WHERE p.ID <> CONNECTION_ID() AND (p.DB = ${textLiteral(database)} OR t.trx_id IS NOT NULL) ORDER BY seconds DESC LIMIT ${shownNames}`,
    )
    .catch(() => []);
  const described = sessions.map(({ id, user, seconds, transaction }) => `${id} of ${user} (${Number(transaction) === 1 ? 'in a transaction for ' : ''}${seconds} s)`);
  const who = described.length === 0 ? 'the account may not see whose' : `sessions ${described.join(', ')}`;
  return new FerryError('FreezeBlocked', `\`${database}\` could not be frozen within ${lockWaitSeconds} s, because its tables are in use: ${who}.`, { cause });
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, shownNames).map((name) => `\`${name}\``).join(', ');
  return names.length > shownNames ? `${shown}, …` : shown;
}
