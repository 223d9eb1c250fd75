/** What the trials of one process share: two servers behind proxies, a fleet on the source, and bystanders on both. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quoteIdentifier } from '../../../core/names.ts';
import { passwordEnvironment, serverWords } from '../../../cli/servers.ts';
import { seedFleet } from '../../../local/fleet/seed.ts';
import { startTargetServer } from '../../../local/mysql/target-server.ts';
import { everyDay, startVersion } from '../../../local/mysql/versions.ts';
import { fingerprint, type Fingerprint } from '../reader/fingerprint.ts';
import { cache, installPrograms, lean, log } from '../../support/servers.ts';
import type { FaultFile } from './fault-file.ts';
import { ChaosServer } from './server.ts';

export interface World {
  /** Where trials make their folders, and the servers have theirs. */
  readonly directory: string;
  readonly source: ChaosServer;
  readonly target: ChaosServer;
  /** Those that a trial picks from. */
  readonly fleet: readonly string[];
  /** Names of the databases that no trial may touch, with what they are. */
  readonly bystanders: Bystanders;
  /** Options that name both servers, and the passwords beside them. */
  readonly serverWords: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

export type Bystanders = Readonly<Record<'source' | 'target', ReadonlyMap<string, Fingerprint>>>;

const usualDatabases = 18;
const largeMegabytes = 6;
/** Two of the fleet stand by: `#1 …` looks like a remark in a list. */
const standingBy = ['#1 "Best" Pizza', 'back`tick'];
export const targetBystanders = ['bystander', 'half imported by another'] as const;

/** @param databases of the fleet; two of them stand by */
export async function openWorld(started: AsyncDisposableStack, databases = usualDatabases): Promise<World> {
  const directory = started.adopt(await mkdtemp(join(tmpdir(), 'ferry-chaos-')), (folder) => rm(folder, { recursive: true, force: true }));
  const programs = await installPrograms();
  const [source, target] = await Promise.all([
    ChaosServer.open('source', ({ port = 0 }) => startVersion(everyDay.source, { directory: join(directory, 'source'), port, serverOptions: lean, ...cache })),
    ChaosServer.open('target', ({ port = 0 }) => startTargetServer({ directory: join(directory, 'target'), port, log, serverOptions: lean, programs })),
  ]);
  started.use(source);
  started.use(target);
  const fleet = await seedFleet({ source: source.adminAccess, databases, largeMegabytes });
  await makeTargetBystanders(target);
  const authority = join(directory, 'ca.pem');
  await writeFile(authority, target.access.ca ?? '');
  const access = { source: source.access, target: target.access };
  return {
    directory,
    source,
    target,
    fleet: fleet.databases.filter((name) => !standingBy.includes(name)),
    bystanders: { source: await fingerprints(source, standingBy), target: await fingerprints(target, targetBystanders) },
    serverWords: [...serverWords('source', access.source, undefined), ...serverWords('target', access.target, authority)],
    environment: { ...passwordEnvironment(access), PATH: `${programs.binDirectory}:${process.env['PATH'] ?? ''}` },
    secrets: [access.source.password, access.target.password],
  };
}

/** Of the commands of a trial, which has its own temporary folder and its own faults. */
export function commandEnvironment(world: World, directory: string, faults: FaultFile): Record<string, string> {
  return {
    ...world.environment,
    HOME: process.env['HOME'] ?? '',
    TMPDIR: join(directory, 'tmp'),
    NODE_COMPILE_CACHE: join(world.directory, 'compile-cache'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AURORA_FERRY_FAULTS: faults.path,
  };
}

/** One of an application, and one that carries the marker of another migration. */
async function makeTargetBystanders(target: ChaosServer): Promise<void> {
  const [plain, marked] = targetBystanders.map(quoteIdentifier);
  await target.admin(
    `CREATE DATABASE ${plain ?? ''}`,
    `CREATE TABLE ${plain ?? ''}.t (id INT PRIMARY KEY, text VARCHAR(40))`,
    `INSERT INTO ${plain ?? ''}.t VALUES (1, 'mine'), (2, NULL)`,
    `CREATE VIEW ${plain ?? ''}.v AS SELECT id FROM ${plain ?? ''}.t`,
    `CREATE DATABASE ${marked ?? ''}`,
    `CREATE TABLE ${marked ?? ''}._aurora_ferry_import (migration VARCHAR(64), name VARCHAR(64), attempt INT)`,
    `INSERT INTO ${marked ?? ''}._aurora_ferry_import VALUES ('another', 'half imported by another', 1)`,
  );
}

export async function fingerprints(server: ChaosServer, names: readonly string[]): Promise<ReadonlyMap<string, Fingerprint>> {
  const prints = new Map<string, Fingerprint>();
  for (const name of names) prints.set(name, await fingerprint(server.adminAccess, name));
  return prints;
}
