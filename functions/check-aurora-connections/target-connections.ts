/** Who is connected to the target now, over one connection that is kept between invocations. */
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { RowDataPacket } from 'mysql2';
import type { Connection } from 'mysql2/promise';
import type { ServerAccess } from '../../core/server-access.ts';
import { connectServer, naming, readServerAccess } from '../shared/server-connection.ts';

export interface ConnectionCounts {
  readonly total: number;
  /** Of these, those under Aurora Ferry's own account. */
  readonly ferry: number;
}

/**
 * The default schema of the gate's own connections. They are known by it in the process list and not counted: the gates
 * of several containers would else keep a small limit shut among themselves.
 */
const gateSchema = 'information_schema';
/** A container that is not asked for this long keeps no connection open; the next question opens another. */
const idleSeconds = 60;

/** Threads of the server itself: they are not connections. */
const serverThreads = new Set(['system user', 'event_scheduler']);

interface Open {
  readonly access: ServerAccess;
  readonly connection: Connection;
}

export class TargetConnections {
  readonly #secrets: SecretsManagerClient;
  readonly #secretArn: string;
  #open: Promise<Open> | undefined;

  constructor(secrets: SecretsManagerClient, secretArn: string) {
    this.#secrets = secrets;
    this.#secretArn = secretArn;
  }

  /**
   * The account needs PROCESS, or it sees only its own connections.
   * @param mayLogIn asked before a new connection is made; throws where it must not be
   * @throws FerryError TargetUnreachable, TargetAccessDenied
   */
  async count(mayLogIn: () => Promise<void>): Promise<ConnectionCounts> {
    if (this.#open !== undefined) {
      try {
        return await countConnections(await this.#open);
      } catch {
        // The kept connection was closed meanwhile (wait_timeout, a failover): a new one tells.
        this.close();
      }
    }
    try {
      await mayLogIn();
      return await countConnections(await this.#connect());
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    void this.#open?.then(
      ({ connection }) => {
        connection.destroy();
      },
      () => undefined,
    );
    this.#open = undefined;
  }

  #connect(): Promise<Open> {
    this.#open = (async () => {
      const access = await readServerAccess(this.#secrets, this.#secretArn);
      const connection = await connectServer('target', access, gateSchema);
      await naming('target', access, () => connection.query(`SET SESSION wait_timeout = ${idleSeconds}`));
      return { access, connection };
    })();
    return this.#open;
  }
}

async function countConnections({ access, connection }: Open): Promise<ConnectionCounts> {
  const [rows] = await naming('target', access, () => connection.query<RowDataPacket[]>({ sql: 'SHOW PROCESSLIST', timeout: 10_000 }));
  const clients = rows.filter((row) => {
    const isGate = row['User'] === access.username && row['db'] === gateSchema;
    return !isGate && !serverThreads.has(String(row['User']));
  });
  return { total: clients.length, ferry: clients.filter((row) => row['User'] === access.username).length };
}
