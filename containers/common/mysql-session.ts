/** One connection to a MySQL server, used by one query at a time, that an abort signal ends at once. */
import type { Connection, ConnectionOptions, QueryError, QueryOptions, ResultSetHeader, RowDataPacket } from 'mysql2';
import { startConnection } from '../../core/mysql/connect.ts';
import { settingsWith } from '../../core/mysql/session-settings.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import type { Activity, ServerSession } from './stall-watch.ts';
import { allowSeveralStatements } from './statement-option.ts';

export interface SessionOptions {
  readonly signal: AbortSignal;
  /** Whether the session takes statements as bytes: `executeBytes`, `executeAll`. */
  readonly bytes?: boolean;
  /** SET statements for what it is to begin with, beside the settings of every session. */
  readonly settings?: readonly string[];
  /** Of the stage that the session works for: each answer is a sign of its life. */
  readonly activity?: Activity;
}

/** An error packet of the server, or the loss of the connection. */
export type MysqlError = QueryError;

/** One of several statements failed; those before it are done, those after it are not. */
export class BatchError extends Error {
  readonly index: number;

  constructor(index: number, cause: Error) {
    super(cause.message, { cause });
    this.index = index;
  }
}

export class MysqlSession implements ServerSession {
  readonly access: ServerAccess;
  readonly #connection: Connection;
  readonly #signal: AbortSignal;
  readonly #bytes: boolean;
  readonly #activity: Activity | undefined;
  /** Rejects the query in progress; mysql2 itself forgets it when a connection is destroyed. */
  #interrupt: ((reason: Error) => void) | undefined;
  /** Whether the server takes several statements in one query: a session for bytes begins so. */
  #takesSeveral = true;

  private constructor(access: ServerAccess, connection: Connection, { signal, bytes = false, activity }: SessionOptions) {
    this.access = access;
    this.#connection = connection;
    this.#signal = signal;
    this.#bytes = bytes;
    this.#activity = activity;
    // The driver tells a lost connection to commands with a callback, and to the connection for those without one
    // (executeAll), which would wait for ever. One that is lost between two queries is noticed by the next.
    connection.on('error', (error: Error) => this.#interrupt?.(error));
    signal.addEventListener('abort', this.#abort);
  }

  /** @throws what mysql2 throws when it cannot connect; FerryError of a token that cannot be made; AbortError */
  static async open(access: ServerAccess, options: SessionOptions): Promise<MysqlSession> {
    options.signal.throwIfAborted();
    const text: ConnectionOptions = { keepAliveInitialDelay: 30_000 };
    // Where the session is tracked, mysql2 follows SET NAMES and would encode what are bytes already.
    const flags = ['-SESSION_TRACK'];
    const bytes: ConnectionOptions = { ...text, charset: 'BINARY', flags, multipleStatements: true, user: bytesAsText(access.username) };
    const connection = await startConnection(access, options.bytes === true ? bytes : text);
    const session = new MysqlSession(access, connection, options);
    try {
      await session.#untilAnswered<undefined>((resolve, reject) => {
        session.#connection.connect((error) => {
          if (error === null) resolve(undefined);
          else reject(error);
        });
      });
      // What the driver takes for bytes is utf8mb4 to the server.
      const names = options.bytes === true ? ['SET NAMES utf8mb4'] : [];
      await session.execute(settingsWith([...names, ...(options.settings ?? [])]));
    } catch (error) {
      session.destroy();
      throw error;
    }
    options.activity?.sessions.add(session);
    return session;
  }

  /** The server's number of this session: what KILL takes. */
  get serverId(): number {
    return this.#connection.threadId;
  }

  async query<Row>(sql: string): Promise<Row[]> {
    const rows = await this.#send<RowDataPacket[]>(this.#bytes ? bytesAsText(sql) : sql);
    return rows as Row[];
  }

  /** @returns each value of each row as the bytes that the server sent */
  async queryBytes(sql: string): Promise<(Buffer | null)[][]> {
    return (await this.#send<RowDataPacket[]>({ sql, rowsAsArray: true, typeCast: (field) => field.buffer() })) as (Buffer | null)[][];
  }

  /** @returns the number of affected rows */
  async execute(sql: string): Promise<number> {
    const result = await this.#send<ResultSetHeader>(this.#bytes ? bytesAsText(sql) : sql);
    return result.affectedRows;
  }

  /**
   * Sends what is one statement and never more: the server itself refuses a second one, wherever it sees one begin.
   * @param sql each character is a byte, and is sent as that byte
   * @returns the numbers of affected rows and of warnings
   */
  async executeBytes(sql: string): Promise<{ readonly rows: number; readonly warnings: number }> {
    await this.#takeSeveral(false);
    const { affectedRows, warningStatus } = await this.#send<ResultSetHeader>(sql);
    return { rows: affectedRows, warnings: warningStatus };
  }

  /**
   * Sends statements that return no rows in one round trip; the server stops at the first that fails.
   * @param statements each character is a byte, and is sent as that byte; none that comes from a dump may hold a semicolon
   * @throws BatchError
   */
  async executeAll(statements: readonly string[]): Promise<void> {
    if (statements.length === 0) return;
    await this.#takeSeveral(true);
    await this.#untilAnswered<undefined>((resolve, reject) => {
      let done = 0;
      this.#connection
        .query(statements.join('\n;\n'))
        .on('result', () => {
          done += 1;
        })
        .on('error', (error) => {
          reject(new BatchError(Math.min(done, statements.length - 1), error));
        })
        .on('end', () => {
          resolve(undefined);
        });
    });
  }

  /** Says goodbye, so that the server frees locks at once; never fails. */
  async close(): Promise<void> {
    if (this.#signal.aborted) return;
    const timer = new Promise((resolve) => setTimeout(resolve, 1_000).unref());
    const ended = new Promise((resolve) => {
      this.#connection.end(resolve);
    });
    await Promise.race([ended, timer]);
    this.destroy();
  }

  destroy(): void {
    this.#signal.removeEventListener('abort', this.#abort);
    this.#activity?.sessions.delete(this);
    this.#connection.destroy();
  }

  async #takeSeveral(several: boolean): Promise<void> {
    if (this.#takesSeveral === several) return;
    await this.#untilAnswered<undefined>((resolve, reject) => {
      allowSeveralStatements(this.#connection, several, (error) => {
        if (error === undefined) resolve(undefined);
        else reject(error);
      });
    });
    this.#takesSeveral = several;
  }

  #send<Result extends RowDataPacket[] | ResultSetHeader>(query: string | QueryOptions): Promise<Result> {
    return this.#untilAnswered<Result>((resolve, reject) => {
      this.#connection.query<Result>(typeof query === 'string' ? { sql: query } : query, (error, result) => {
        if (error === null) resolve(result);
        else reject(error);
      });
    });
  }

  #untilAnswered<Result>(ask: (resolve: (result: Result) => void, reject: (error: Error) => void) => void): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      if (this.#signal.aborted) {
        reject(abortError());
        return;
      }
      this.#interrupt = reject;
      ask(resolve, reject);
    }).finally(() => {
      this.#activity?.mark();
      this.#interrupt = undefined;
    });
  }

  readonly #abort = (): void => {
    this.#interrupt?.(abortError());
    this.destroy();
  };
}

/** Text whose character codes are the UTF-8 bytes of `text`: what `executeBytes` takes. */
export function bytesAsText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** The reverse of `bytesAsText`, for people. */
export function textOfBytes(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function abortError(): Error {
  return new DOMException('The task was told to stop.', 'AbortError');
}
