/** Two servers, a fleet, a local runtime between them, and the `ferry` command: what the tests of the proofs start from. */
import { createConnection } from 'mysql2/promise';
import { connectionOptions } from '../../../../core/server-access.ts';
import type { ServerAccess } from '../../../../core/server-access.ts';
import { seedFleet } from '../../../../local/fleet/seed.ts';
import type { Pair } from '../../../../local/mysql/versions.ts';
import type { RunningServer } from '../../../../local/mysql/server-process.ts';
import type { Outcome } from '../ferry.ts';
import { ferry } from '../ferry.ts';
import { startCommandServers, startLocalRuntime, type CommandServers } from './local-runtime.ts';

/** Tables without and with a key of integers. */
export const smallDatabase: readonly string[] = [
  'CREATE DATABASE small',
  'CREATE TABLE small.pairs (a INT, b VARCHAR(9)) ENGINE=InnoDB',
  "INSERT INTO small.pairs VALUES (1, 'x'), (1, 'x'), (2, NULL)",
  'CREATE TABLE small.keyed (id BIGINT, part INT, b BLOB, PRIMARY KEY (id, part)) ENGINE=InnoDB',
  "INSERT INTO small.keyed VALUES (-9223372036854775808, 1, 'low'), (0, 1, 'a'), (0, 2, 'b'), (9223372036854775807, 1, 'high')",
];

export class MigratedFleet {
  readonly #servers: CommandServers;
  readonly databases: readonly string[];

  private constructor(servers: CommandServers, databases: readonly string[]) {
    this.#servers = servers;
    this.databases = databases;
  }

  /** Seeded and not yet migrated; stopped with `started`. @param sourceOptions options of mysqld */
  static async open(started: AsyncDisposableStack, databases: number, sourceOptions: readonly string[] = [], pair?: Pair): Promise<MigratedFleet> {
    const servers = await startCommandServers(started, sourceOptions, pair);
    const fleet = await seedFleet({ source: servers.source.adminAccess, databases, largeMegabytes: 1 });
    await startLocalRuntime(started, servers);
    return new MigratedFleet(servers, fleet.databases);
  }

  get directory(): string {
    return this.#servers.directory;
  }

  get source(): RunningServer {
    return this.#servers.source;
  }

  get target(): RunningServer {
    return this.#servers.target;
  }

  get sourceWords(): readonly string[] {
    return this.#servers.sourceWords;
  }

  get targetWords(): readonly string[] {
    return this.#servers.targetWords;
  }

  run(words: readonly string[], input?: string): Promise<Outcome> {
    return ferry(words, { directory: this.directory, input, environment: this.#servers.passwords });
  }

  onSource(...statements: readonly string[]): Promise<void> {
    return execute(this.source.adminAccess, statements);
  }

  onTarget(...statements: readonly string[]): Promise<void> {
    return execute(this.target.adminAccess, statements);
  }
}

async function execute(access: ServerAccess, statements: readonly string[]): Promise<void> {
  const connection = await createConnection(connectionOptions(access));
  try {
    for (const statement of statements) await connection.query(statement);
  } finally {
    await connection.end();
  }
}
