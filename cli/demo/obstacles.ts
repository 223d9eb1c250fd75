/**
 * Three obstacles of the kinds that an operator meets, each in the way of one database, and how an operator removes them:
 * someone's data on the target, a crashed MyISAM table on the source, a privilege missing on the target.
 */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from 'mysql2/promise';
import { z } from 'zod';
import { quoteIdentifier } from '../../core/names.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import { connect } from '../../core/mysql/connect.ts';
import type { RunningServer } from '../../local/mysql/server-process.ts';
import { largeDatabase } from '../../local/fleet/names.ts';

export interface Obstacle {
  readonly database: string;
  /** What stands in the way. */
  readonly what: string;
  /** What the operator does about it. */
  readonly cure: string;
  readonly remove: () => Promise<void>;
}

export interface DemoServers {
  readonly source: RunningServer;
  readonly target: RunningServer;
}

/** Needs a fleet of five or more; `databases[0]` gets the first obstacle. */
export async function placeObstacles(servers: DemoServers, databases: readonly string[]): Promise<Obstacle[]> {
  const [occupied = '', ...rest] = databases.filter((name) => name !== largeDatabase);
  // Names that are easy to read come first; the others are in the fleet to be migrated, not to be told about.
  const others = [...rest.filter(isPlainName), ...rest.filter((name) => !isPlainName(name))];
  const source = await connect(servers.source.adminAccess);
  try {
    const crashed = await findMyIsamTable(source, others);
    const views = await findDatabaseWithView(source, others.filter((name) => name !== crashed?.database));
    return [
      await occupyTarget(servers.target, occupied),
      ...(crashed === undefined ? [] : [await crashTable(servers.source, crashed)]),
      ...(views === undefined ? [] : [await revokeCreateView(servers, views)]),
    ];
  } finally {
    await source.end();
  }
}

function isPlainName(name: string): boolean {
  return /^[a-z]+_[a-z]+$/.test(name) && name.length <= 24;
}

/** Data that came to the target before Ferry did, under the name of a database of the fleet. */
async function occupyTarget(target: RunningServer, database: string): Promise<Obstacle> {
  const aside = `${database}_kept`;
  await execute(target.adminAccess, [
    `CREATE DATABASE ${quoteIdentifier(database)}`,
    `CREATE TABLE ${quoteIdentifier(database)}.invoices (id INT PRIMARY KEY AUTO_INCREMENT, customer VARCHAR(80), total DECIMAL(10,2))`,
    `INSERT INTO ${quoteIdentifier(database)}.invoices (customer, total) VALUES ('Ada', 120.50), ('Grace', 99.00), ('Edsger', 1024.00)`,
  ]);
  return {
    database,
    what: `the target has a database of that name already, with three invoices that nobody may lose`,
    cure: `its owner moves the invoices to \`${aside}\``,
    remove: () =>
      execute(target.adminAccess, [
        `CREATE DATABASE ${quoteIdentifier(aside)}`,
        `RENAME TABLE ${quoteIdentifier(database)}.invoices TO ${quoteIdentifier(aside)}.invoices`,
        `DROP DATABASE ${quoteIdentifier(database)}`,
      ]),
  };
}

interface TableName {
  readonly database: string;
  readonly table: string;
}

/** Byte 26 of a .MYI file holds the state's flags, 2 means crashed. Source: MySQL 5.6, storage/myisam/mi_open.c, myisamdef.h. */
const stateFlagsOffset = 26;
const crashedFlag = 2;

async function crashTable(source: RunningServer, { database, table }: TableName): Promise<Obstacle> {
  const quoted = `${quoteIdentifier(database)}.${quoteIdentifier(table)}`;
  await execute(source.adminAccess, [`FLUSH TABLES ${quoted}`]);
  const file = await open(join(source.directory, 'data', database, `${table}.MYI`), 'r+');
  try {
    const flags = Buffer.alloc(1);
    await file.read(flags, 0, 1, stateFlagsOffset);
    await file.write(Buffer.of((flags[0] ?? 0) | crashedFlag), 0, 1, stateFlagsOffset);
  } finally {
    await file.close();
  }
  return {
    database,
    what: `its MyISAM table \`${table}\` is marked as crashed on the source, as after a power cut`,
    cure: `REPAIR TABLE ${quoted} on the source`,
    remove: () => execute(source.adminAccess, [`REPAIR TABLE ${quoted}`]),
  };
}

async function revokeCreateView({ target }: DemoServers, database: string): Promise<Obstacle> {
  const account = `'${target.access.username}'@'%'`;
  await execute(target.adminAccess, [`REVOKE CREATE VIEW ON ${quoteIdentifier(database)}.* FROM ${account}`]);
  return {
    database,
    what: `Ferry's account may not create views in it on the target`,
    cure: `GRANT CREATE VIEW ON ${quoteIdentifier(database)}.* on the target`,
    remove: () => execute(target.adminAccess, [`GRANT CREATE VIEW ON ${quoteIdentifier(database)}.* TO ${account}`]),
  };
}

/** Only where names are file names as they are: MySQL encodes others. */
async function findMyIsamTable(source: Connection, databases: readonly string[]): Promise<TableName | undefined> {
  for (const database of databases.filter((name) => /^[A-Za-z0-9_]+$/.test(name))) {
    const [rows] = await source.query("SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? AND engine = 'MyISAM' ORDER BY 1", [database]);
    const tables = z.array(z.object({ name: z.string() })).parse(rows);
    const table = tables.find(({ name }) => /^[A-Za-z0-9_]+$/.test(name));
    if (table !== undefined) return { database, table: table.name };
  }
  return undefined;
}

async function findDatabaseWithView(source: Connection, databases: readonly string[]): Promise<string | undefined> {
  for (const database of databases) {
    const [rows] = await source.query("SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_type = 'VIEW' LIMIT 1", [database]);
    if (Array.isArray(rows) && rows.length > 0) return database;
  }
  return undefined;
}

async function execute(access: ServerAccess, statements: readonly string[]): Promise<void> {
  const connection = await connect(access);
  try {
    for (const statement of statements) await connection.query(statement);
  } finally {
    await connection.end();
  }
}
