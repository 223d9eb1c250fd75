/** A connection of an assessment, which counts its queries and is made again once it is lost. */
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { Query } from '../../core/assessment/facts.ts';
import { errnoOf, isConnectionLoss, serverFailure } from '../../core/mysql-failures.ts';
import type { ServerRole } from '../../core/mysql-failures.ts';
import { connect } from '../../core/mysql/connect.ts';
import { sessionSettings } from '../../core/mysql/session-settings.ts';
import type { ServerAccess } from '../../core/server-access.ts';

/** Does not wait for a lock of somebody's ALTER TABLE; shows which temporal columns are of an old format. Where the server knows them. */
const settings = ['SET SESSION lock_wait_timeout = 5', 'SET SESSION show_old_temporals = ON', 'SET SESSION information_schema_stats_expiry = 0'];

export class AssessmentConnection {
  readonly #role: ServerRole;
  readonly #access: ServerAccess;
  #connection: Connection | undefined;
  queries = 0;

  constructor(role: ServerRole, access: ServerAccess) {
    this.#role = role;
    this.#access = access;
  }

  /** @throws what the server answers; FerryError when it cannot be reached */
  readonly query: Query = async <Row>(sql: string): Promise<Row[]> => {
    this.#connection ??= await this.#connect();
    this.queries += 1;
    try {
      const [rows] = await this.#connection.query<RowDataPacket[]>(sql);
      return rows as Row[];
    } catch (error) {
      if (isConnectionLoss(error)) this.close();
      throw error;
    }
  };

  /** Any thrown value with the server's name on it. */
  failure(error: unknown): Error {
    return serverFailure(this.#role, this.#access, error);
  }

  close(): void {
    this.#connection?.destroy();
    this.#connection = undefined;
  }

  async #connect(): Promise<Connection> {
    const connection = await connect(this.#access).catch((error: unknown) => {
      throw this.failure(error);
    });
    // One that is lost between two queries is noticed by the next.
    connection.on('error', () => undefined);
    await connection.query(sessionSettings).catch((error: unknown) => {
      throw this.failure(error);
    });
    for (const setting of settings) {
      await connection.query(setting).catch((error: unknown) => {
        if (errnoOf(error) === undefined) throw this.failure(error);
      });
    }
    return connection;
  }
}
