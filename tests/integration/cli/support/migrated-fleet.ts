/** Two servers, a fleet, a local runtime between them, and the `ferry` command: what the tests of the proofs start from. */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { connectionOptions } from '../../../../core/server-access.ts';
import type { ServerAccess } from '../../../../core/server-access.ts';
import { seedFleet } from '../../../../local/fleet/seed.ts';
import { mysqlCacheDirectory } from '../../../../local/mysql/install.ts';
import type { RunningServer } from '../../../../local/mysql/server-process.ts';
import { startTargetServer } from '../../../../local/mysql/target-server.ts';
import { everyDay, startVersion, targetPrograms } from '../../../../local/mysql/versions.ts';
import type { Pair } from '../../../../local/mysql/versions.ts';
import type { FerryProcess, Outcome } from '../ferry.ts';
import { ferry, spawnFerry, untilStderr } from '../ferry.ts';

const log = (): void => undefined;

export class MigratedFleet {
  readonly directory: string;
  readonly source: RunningServer;
  readonly target: RunningServer;
  readonly databases: readonly string[];
  readonly #local: FerryProcess;

  private constructor(directory: string, source: RunningServer, target: RunningServer, databases: readonly string[], local: FerryProcess) {
    this.directory = directory;
    this.source = source;
    this.target = target;
    this.databases = databases;
    this.#local = local;
  }

  /** Seeded and not yet migrated. @param serverOptions of the source */
  static async open(databases: number, serverOptions: readonly string[] = [], pair: Pair = everyDay): Promise<MigratedFleet> {
    const directory = await mkdtemp(join(tmpdir(), 'ferry-proof-'));
    const cache = { cacheDirectory: mysqlCacheDirectory(process.env), log };
    const programs = await targetPrograms(pair.target, cache);
    const [source, target] = await Promise.all([
      startVersion(pair.source, { directory: join(directory, 'source'), serverOptions, ...cache }),
      startTargetServer({ directory: join(directory, 'target'), log, programs }),
    ]);
    await writeFile(join(directory, 'source-ca.pem'), source.access.ca ?? '');
    const fleet = await seedFleet({ source: source.adminAccess, databases, largeMegabytes: 1 });
    await writeFile(join(directory, 'ca.pem'), target.access.ca ?? '');
    const words = [...sourceWords(source, directory), ...targetWords(target, directory)];
    const local = spawnFerry(['local', ...words], { directory, environment: passwords(source, target) });
    await untilStderr(local, /The local runtime listens on http:\/\/127\.0\.0\.1:\d+/);
    local.stderr.resume();
    return new MigratedFleet(directory, source, target, fleet.databases, local);
  }

  run(words: readonly string[], input?: string): Promise<Outcome> {
    return ferry(words, { directory: this.directory, input, environment: passwords(this.source, this.target) });
  }

  get sourceWords(): readonly string[] {
    return sourceWords(this.source, this.directory);
  }

  get targetWords(): readonly string[] {
    return targetWords(this.target, this.directory);
  }

  onSource(...statements: readonly string[]): Promise<void> {
    return execute(this.source.adminAccess, statements);
  }

  onTarget(...statements: readonly string[]): Promise<void> {
    return execute(this.target.adminAccess, statements);
  }

  async close(): Promise<void> {
    this.#local.kill('SIGTERM');
    if (this.#local.exitCode === null) await once(this.#local, 'close');
    await Promise.all([this.source.stop(), this.target.stop()]);
    await rm(this.directory, { recursive: true, force: true });
  }
}

function sourceWords({ access }: RunningServer, directory: string): string[] {
  return ['--source', url(access), ...(access.tls === 'disabled' ? ['--source-tls', 'disabled'] : ['--source-ca', join(directory, 'source-ca.pem')])];
}

function targetWords({ access }: RunningServer, directory: string): string[] {
  return ['--target', url(access), '--target-ca', join(directory, 'ca.pem')];
}

function url({ username, host, port }: ServerAccess): string {
  return `mysql://${username}@${host}:${port}`;
}

function passwords(source: RunningServer, target: RunningServer): Record<string, string> {
  return { FERRY_SOURCE_PASSWORD: source.access.password, FERRY_TARGET_PASSWORD: target.access.password };
}

async function execute(access: ServerAccess, statements: readonly string[]): Promise<void> {
  const connection = await createConnection(connectionOptions(access));
  try {
    for (const statement of statements) await connection.query(statement);
  } finally {
    await connection.end();
  }
}
