/** What has to be known of a database before it is dumped, read once for its checks and for its dump. */
import type { DatabaseFacts, StoredProgram } from '../../core/assessment/facts.ts';
import { readDatabase } from '../../core/assessment/read-database.ts';
import type { DigestColumn } from '../../core/digests/row-hash.ts';
import { digestColumn } from '../../core/digests/table-digests.ts';
import { FerryError } from '../../core/errors.ts';
import { SchemaReader } from '../../core/objects/schema-reader.ts';
import { quoteIdentifier } from '../../core/names.ts';
import { errnoOf } from '../../core/mysql-failures.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import { areTransactional } from './definition-locks.ts';

export interface SourceTable {
  readonly name: string;
  readonly engine: string | null;
  /** An estimate for InnoDB. */
  readonly rows: number;
  /** When it was last written to, in seconds since 1970 by the server's clock; null where the engine does not say (InnoDB before MySQL 5.7). */
  readonly updatedAt: number | null;
  /** In the order of their definition. */
  readonly columns: readonly DigestColumn[];
}

export interface SourceMetadata {
  readonly facts: DatabaseFacts;
  /** Has read the facts, and remembers what the server answered. */
  readonly reader: SchemaReader;
  readonly version: string;
  /** The server's clock before anything was read, in seconds since 1970. */
  readonly readAt: number;
  readonly defaultCharacterSet: string;
  readonly defaultCollation: string;
  /** Base tables. */
  readonly tables: readonly SourceTable[];
  readonly views: readonly string[];
  readonly allTransactional: boolean;
  /** Of rows and not of indexes; for InnoDB an estimate. */
  readonly dataBytes: number;
  /** Triggers in the order in which the server fires them. */
  readonly programs: readonly StoredProgram[];
  readonly binlog: { readonly file: string; readonly position: number } | undefined;
}

/** @throws what the server answers */
export async function readSourceMetadata(session: MysqlSession, database: string): Promise<SourceMetadata> {
  const [server] = await session.query<{ version: string; readAt: string | number }>('SELECT VERSION() AS version, UNIX_TIMESTAMP() AS readAt');
  if (server === undefined) throw new FerryError('InternalError', 'SELECT VERSION() answered no row.');
  const binlog = await readBinlogPosition(session, server.version);
  const { version } = server;
  const query = <Row>(sql: string): Promise<Row[]> => session.query<Row>(sql);
  const reader = new SchemaReader(query, database, { version, forDump: true });
  const facts = await readDatabase({ query, name: database, version, depth: 'branch', reader });
  const { views, programs } = facts;
  const tables = facts.tables.filter(({ type }) => type === 'BASE TABLE');
  return {
    facts,
    reader,
    version,
    readAt: Number(server.readAt),
    defaultCharacterSet: facts.characterSet,
    defaultCollation: facts.collation,
    tables: tables.map(({ name, engine, rows, updatedAt, columns }) => ({ name, engine, rows, updatedAt, columns: columns.map(digestColumn) })),
    views: views.map(({ name }) => name),
    allTransactional: areTransactional(tables),
    dataBytes: tables.reduce((sum, { dataBytes }) => sum + dataBytes, 0),
    programs,
    binlog,
  };
}

/** @throws FerryError UnknownDatabase */
export async function useDatabase(session: MysqlSession, database: string): Promise<void> {
  try {
    await session.execute(`USE ${quoteIdentifier(database)}`);
  } catch (error) {
    if (errnoOf(error) !== 1049) throw error;
    throw new FerryError('UnknownDatabase', `The source has no database \`${database}\`.`, { cause: error });
  }
}

/**
 * Taken before the dump, so that whatever the dump may have missed comes after it. Absent where binary logging is off
 * and where the account lacks REPLICATION CLIENT.
 */
async function readBinlogPosition(session: MysqlSession, version: string): Promise<SourceMetadata['binlog']> {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const renamed = !/mariadb/i.test(version) && (major > 8 || (major === 8 && minor >= 2));
  try {
    const [row] = await session.query<{ File: string; Position: string | number }>(renamed ? 'SHOW BINARY LOG STATUS' : 'SHOW MASTER STATUS');
    return row === undefined ? undefined : { file: row.File, position: Number(row.Position) };
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
