/**
 * Lets a definition change through that comes to wait for a dump. A statement that waits for an exclusive lock makes
 * every later query of that table wait behind it, the application's too. So while a dump lasts, a session of its own
 * tries every half second what an application does: to use the tables. Where that does not succeed within a second, the
 * dump gives up, and its locks go at once.
 */
import { FerryError } from '../../core/errors.ts';
import { errnoOf, isConnectionLoss, isLoginRefused, serverFailure } from '../../core/mysql-failures.ts';
import { textLiteral } from '../../core/sql-text.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import { MysqlSession } from '../common/mysql-session.ts';
import type { Clock } from '../common/clock.ts';
import { describeDefinitionChanges } from './definition-changes.ts';
import { isBusy, noRowStatements } from './definition-locks.ts';

/** A small dump is over by then, and costs no second connection. */
const firstLookMilliseconds = 700;
const pauseMilliseconds = 500;
/** Of ten thousand tables a look takes a second of the server's time. */
const pausePerLook = 2;
/** Where there are more, they are only tried while the server says that somebody waits, if the account may see that. */
const triedTables = 600;
/** A dump that cannot be watched must not hold locks for long. */
const blindMilliseconds = 10_000;

export interface WatchOptions {
  readonly access: ServerAccess;
  readonly database: string;
  readonly clock: Clock;
  /** The task is told to stop. */
  readonly signal: AbortSignal;
}

export class DefinitionWatch {
  readonly #options: WatchOptions;
  readonly #gaveUp = new AbortController();
  readonly #over = new AbortController();
  /** Aborted when the dump is to end, by whatever reason. */
  readonly signal: AbortSignal;
  #finding: FerryError | undefined;
  #holder: MysqlSession | undefined;
  #session: MysqlSession | undefined;
  #seesOthers = false;
  #tables: readonly string[] = [];
  #watching: Promise<void> | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.signal = AbortSignal.any([options.signal, this.#gaveUp.signal]);
  }

  /** Why the dump was given up. */
  get finding(): FerryError | undefined {
    return this.#finding;
  }

  /** The tables that `holder` has locked, or is about to lock. */
  watch(holder: MysqlSession, tables: readonly string[]): void {
    this.#holder = holder;
    this.#tables = tables;
    this.#watching ??= this.#run();
  }

  /** No locks are held any more. */
  async end(): Promise<void> {
    this.#over.abort();
    await this.#watching;
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    const ended = AbortSignal.any([this.signal, this.#over.signal]);
    let sawAt = clock.now();
    await clock.sleep(firstLookMilliseconds, ended);
    while (!ended.aborted) {
      const began = clock.now();
      try {
        await this.#look(ended);
        sawAt = clock.now();
      } catch (error) {
        this.#session?.destroy();
        this.#session = undefined;
        const failure = serverFailure('source', this.#options.access, error);
        if (!isAborted(ended) && (isLoginRefused(failure) || clock.now() - sawAt >= blindMilliseconds)) this.#giveUp(failure);
      }
      await clock.sleep(Math.max(pauseMilliseconds, (clock.now() - began) * pausePerLook), ended);
    }
    await this.#session?.close();
  }

  async #look(ended: AbortSignal): Promise<void> {
    const { access, database } = this.#options;
    const session = (this.#session ??= await this.#open(access, ended));
    if (this.#seesOthers && this.#tables.length > triedTables && !(await somebodyWaits(session))) return;
    for (const { tables, sql } of noRowStatements(database, this.#tables)) {
      try {
        await session.query(sql);
      } catch (error) {
        if (isBusy(error)) await this.#letThrough(session, tables);
        // A table that cannot be opened is a finding of others.
        else if (errnoOf(error) === undefined || isConnectionLoss(error)) throw error;
      }
      if (ended.aborted) return;
    }
  }

  async #open(access: ServerAccess, signal: AbortSignal): Promise<MysqlSession> {
    const session = await MysqlSession.open(access, { signal });
    await session.execute('SET NAMES utf8mb4');
    await session.execute('SET SESSION lock_wait_timeout = 1');
    this.#seesOthers = await seesOthers(session);
    return session;
  }

  /** The server would go on with a long SELECT, and keep its locks, after its client has gone: so it is told. */
  async #letThrough(session: MysqlSession, tables: readonly string[]): Promise<void> {
    const { database } = this.#options;
    const changes = await describeDefinitionChanges(session, tables);
    const dumping = await findMysqldump(session, database).catch(() => []);
    for (const id of [this.#holder?.serverId, ...dumping]) {
      if (id !== undefined) await session.execute(`KILL ${id}`).catch(() => undefined);
    }
    const why = 'the definition of a table was to be changed, and queries of the application wait behind such a change';
    this.#giveUp(new FerryError('SourceChanged', `The dump of \`${database}\` was given up, because ${why}${changes}.`));
  }

  #giveUp(finding: FerryError): void {
    this.#finding = finding;
    this.#gaveUp.abort();
  }
}

/** Asked again, because it changes while something is waited for. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** The same privilege, PROCESS, shows InnoDB's transactions and the sessions of other accounts. */
async function seesOthers(session: MysqlSession): Promise<boolean> {
  try {
    await session.query('SELECT trx_id FROM information_schema.INNODB_TRX LIMIT 0');
    return true;
  } catch (error) {
    if (errnoOf(error) === undefined || isConnectionLoss(error)) throw error;
    return false;
  }
}

/** For whatever of a table: the tries tell more. */
async function somebodyWaits(session: MysqlSession): Promise<boolean> {
  const sql = "SELECT ID FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for %' LIMIT 1";
  return (await session.query(sql)).length > 0;
}

/** Sessions of this account, which need no privilege to be seen, in statements that only mysqldump sends. */
async function findMysqldump(session: MysqlSession, database: string): Promise<(number | string)[]> {
  const rows = await session.query<{ id: number | string }>(
    `SELECT ID AS id FROM information_schema.PROCESSLIST
     WHERE USER = SUBSTRING_INDEX(USER(), '@', 1) AND DB = ${textLiteral(database)}
     AND (INFO LIKE 'SELECT /*!40001 SQL_NO_CACHE */%' OR INFO LIKE 'LOCK TABLES % READ /*!32311 LOCAL */%')`,
  );
  return rows.map(({ id }) => id);
}
