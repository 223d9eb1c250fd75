/** Makes the fleet of the demo and the tests on a legacy server. */
import { createConnection } from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import { quoteIdentifier } from '../../core/names.ts';
import { connectionOptions } from '../../core/server-access.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import { fleetNames, largeDatabase } from './names.ts';
import { queriesOf } from './plan.ts';
import type { DatabasePlan, SchemaContext } from './plan.ts';
import { Random } from './random.ts';
import { attic } from './schemas/attic.ts';
import { clinic } from './schemas/clinic.ts';
import { haulage } from './schemas/haulage.ts';
import { magazine } from './schemas/magazine.ts';
import { fillPhotoArchive } from './schemas/photo-archive.ts';
import { shop } from './schemas/shop.ts';

export interface SeedOptions {
  /** An account that may create databases, definers of others included (root). */
  readonly source: ServerAccess;
  readonly databases: number;
  /** Size of the database `photo_archive`; it exists in fleets of two or more. */
  readonly largeMegabytes: number;
  readonly clock?: () => number;
  readonly onProgress?: (made: number, total: number) => void;
}

export interface FleetSummary {
  /** In the order of `fleetNames`. */
  readonly databases: readonly string[];
  readonly tables: number;
  readonly views: number;
  readonly triggers: number;
  readonly routines: number;
  readonly events: number;
  readonly milliseconds: number;
}

const connections = 4;
const schemas = [shop, clinic, magazine, haulage, attic] as const;
const characterSets = ['latin1', 'utf8', 'utf8mb4'] as const;
const objectKinds = { views: / VIEW /, triggers: / TRIGGER /, routines: / (PROCEDURE|FUNCTION) /, events: / EVENT / } as const;

/**
 * The same databases, byte for byte, on each call with the same numbers.
 * @throws Error that names the database and has the server's message; for one that exists already, too
 */
export async function seedFleet(options: SeedOptions): Promise<FleetSummary> {
  const clock = options.clock ?? Date.now;
  const started = clock();
  const names = fleetNames(options.databases);
  const counts = { tables: 0, views: 0, triggers: 0, routines: 0, events: 0 };
  // The large one first: it takes the longest.
  const waiting = names.map((name, index) => ({ name, index })).sort((a, b) => Number(b.name === largeDatabase) - Number(a.name === largeDatabase));
  let made = 0;
  const seedWaiting = async (): Promise<void> => {
    const connection = await seedingConnection(options.source);
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const added = await seedDatabase(connection, next.name, next.index, options.largeMegabytes);
        for (const kind of Object.keys(counts) as (keyof typeof counts)[]) counts[kind] += added[kind];
        made += 1;
        options.onProgress?.(made, names.length);
      }
    } finally {
      connection.destroy();
    }
  };
  await Promise.all(Array.from({ length: Math.min(connections, names.length) }, seedWaiting));
  return { databases: names, ...counts, milliseconds: clock() - started };
}

/** A session in which nothing depends on the machine: its clock, zone and modes are fixed. */
async function seedingConnection(source: ServerAccess): Promise<Connection> {
  const connection = await createConnection({ ...connectionOptions(source), charset: 'utf8mb4', multipleStatements: true });
  await connection.query("SET time_zone = '+00:00', timestamp = 1420070400, default_storage_engine = InnoDB, foreign_key_checks = 0");
  return connection;
}

type Counts = Omit<FleetSummary, 'databases' | 'milliseconds'>;

async function seedDatabase(connection: Connection, name: string, index: number, largeMegabytes: number): Promise<Counts> {
  const random = new Random(index + 1);
  await connection.query("SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'");
  if (name === largeDatabase) {
    await connection.query(`CREATE DATABASE ${quoteIdentifier(name)} DEFAULT CHARACTER SET utf8; USE ${quoteIdentifier(name)}`);
    await fillPhotoArchive(connection, random, largeMegabytes);
    return { tables: 4, views: 1, triggers: 1, routines: 0, events: 0 };
  }
  const plan = planOf(index, random);
  try {
    for (const query of queriesOf(name, plan)) await connection.query(query);
  } catch (error) {
    // eslint-disable-next-line preserve-caught-error -- mysql2's error carries the whole SQL, megabytes of it
    throw new Error(`The database ${quoteIdentifier(name)} could not be made: ${error instanceof Error ? error.message : String(error)}`);
  }
  return countsOf(plan);
}

function planOf(index: number, random: Random): DatabasePlan {
  const schema = schemas[index % schemas.length] ?? shop;
  const context: SchemaContext = {
    random,
    characterSet: characterSets[index % characterSets.length] ?? 'latin1',
    scale: random.pick([10, 15, 20, 20, 30, 60]),
    engine: () => (random.chance(55) ? 'MyISAM' : 'InnoDB'),
  };
  return schema(context);
}

function countsOf(plan: DatabasePlan): Counts {
  const count = (pattern: RegExp): number => plan.objects.filter((statement) => statement.startsWith('CREATE') && pattern.test(statement.slice(0, 120))).length;
  return {
    tables: plan.tables.length,
    views: count(objectKinds.views),
    triggers: count(objectKinds.triggers),
    routines: count(objectKinds.routines),
    events: count(objectKinds.events),
  };
}
