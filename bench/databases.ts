/** The databases of the benchmark: many, alike and small, as a hosting company's are. */
import { createConnection } from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import { z } from 'zod';
import { quoteIdentifier } from '../core/names.ts';
import { connectionOptions } from '../core/server-access.ts';
import type { ServerAccess } from '../core/server-access.ts';
import { Random } from '../local/fleet/random.ts';

export interface BenchSize {
  readonly databases: number;
  readonly tables: number;
  readonly rows: number;
}

const prefix = 'bench_';
const connections = 4;

export function databaseNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${String(index + 1).padStart(5, '0')}`);
}

/**
 * Two thirds of the tables are InnoDB, the others MyISAM; a view and a trigger in each database. With 30 tables of 50
 * rows a database is about 215 KB of SQL.
 * @param existing so many of them are there already
 */
export async function seedDatabases(source: ServerAccess, size: BenchSize, existing = 0): Promise<void> {
  const [first, ...all] = databaseNames(size.databases);
  if (first === undefined) return;
  if (existing === 0) await withConnection(source, (connection) => makeFirst(connection, first, size));
  const others = all.slice(Math.max(0, existing - 1));
  await Promise.all(
    Array.from({ length: connections }, () =>
      withConnection(source, async (connection) => {
        for (let name = others.shift(); name !== undefined; name = others.shift()) await copyFirst(connection, first, name, size.tables);
      }),
    ),
  );
}

/**
 * The account that defines the databases' views and triggers, the source's administrator, as an operator would have made it
 * on the target before: without it, what costs most there is to say of each object that it cannot run.
 */
export async function makeDefiner(target: ServerAccess): Promise<void> {
  await withConnection(target, async (connection) => {
    await connection.query("CREATE USER IF NOT EXISTS 'root'@'127.0.0.1' IDENTIFIED BY RANDOM PASSWORD ACCOUNT LOCK");
    await connection.query("GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE, TRIGGER, EVENT, SHOW VIEW ON *.* TO 'root'@'127.0.0.1'");
  });
}

async function makeFirst(connection: Connection, name: string, { tables, rows }: BenchSize): Promise<void> {
  const random = new Random(1);
  await connection.query(`CREATE DATABASE ${quoteIdentifier(name)} DEFAULT CHARACTER SET utf8; USE ${quoteIdentifier(name)}`);
  for (let table = 0; table < tables; table += 1) {
    await connection.query(
      `CREATE TABLE t${table} (
         id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, customer_id INT NOT NULL, name VARCHAR(80) NOT NULL, state ENUM('new','open','closed') NOT NULL DEFAULT 'new',
         amount DECIMAL(10,2) DEFAULT NULL, created DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00', note TEXT, KEY customer (customer_id), KEY created (created, state)
       ) ENGINE=${table % 3 === 2 ? 'MyISAM' : 'InnoDB'} DEFAULT CHARSET=${table % 2 === 0 ? 'utf8' : 'latin1'}`,
    );
    const values = Array.from({ length: rows }, () => [
      random.int(1, 5000), random.personName(), random.pick(['new', 'open', 'closed']), random.money(), random.dateTime(), random.sentence(),
    ]);
    if (rows > 0) await connection.query(`INSERT INTO t${table} (customer_id, name, state, amount, created, note) VALUES ?`, [values]);
  }
  await addObjects(connection);
}

/** On the server: a fleet of hundreds is made in seconds. */
async function copyFirst(connection: Connection, first: string, name: string, tables: number): Promise<void> {
  await connection.query(`CREATE DATABASE ${quoteIdentifier(name)} DEFAULT CHARACTER SET utf8; USE ${quoteIdentifier(name)}`);
  const copies = Array.from({ length: tables }, (_, table) => `CREATE TABLE t${table} LIKE ${first}.t${table}; INSERT INTO t${table} SELECT * FROM ${first}.t${table}`);
  await connection.query(copies.join(';'));
  await addObjects(connection);
}

async function addObjects(connection: Connection): Promise<void> {
  await connection.query("CREATE VIEW open_items AS SELECT id, name, amount FROM t0 WHERE state = 'open'");
  await connection.query('CREATE TRIGGER t0_amount BEFORE INSERT ON t0 FOR EACH ROW SET NEW.amount = COALESCE(NEW.amount, 0)');
}

/** Drops the benchmark's databases from the target, and nothing else. */
export async function emptyTarget(target: ServerAccess): Promise<void> {
  await withConnection(target, async (connection) => {
    const [rows] = await connection.query({ sql: `SHOW DATABASES LIKE '${prefix.replace('_', '\\_')}%'`, rowsAsArray: true });
    for (const [name] of z.array(z.tuple([z.string()])).parse(rows)) await connection.query(`DROP DATABASE ${quoteIdentifier(name)}`);
  });
}

async function withConnection(access: ServerAccess, use: (connection: Connection) => Promise<void>): Promise<void> {
  const connection = await createConnection({ ...connectionOptions(access), multipleStatements: true });
  try {
    await use(connection);
  } finally {
    await connection.end();
  }
}
