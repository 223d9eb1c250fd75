/** What has to be known of a database before it is dumped. Each query names one schema, which is cheap on any version. */
import { FerryError } from '../../core/errors.ts';
import { quoteIdentifier } from '../../core/names.ts';
import { errnoOf } from '../../core/mysql-failures.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import { textLiteral } from '../../core/sql-text.ts';

export interface SourceTable {
  readonly name: string;
  readonly engine: string | null;
  /** An estimate for InnoDB. */
  readonly rows: number;
  /** When it was last written to; null where the engine does not say (InnoDB before MySQL 5.7). */
  readonly updatedAt: string | null;
}

export interface SourceMetadata {
  readonly version: string;
  readonly defaultCharacterSet: string;
  readonly defaultCollation: string;
  /** Base tables. */
  readonly tables: readonly SourceTable[];
  readonly views: readonly string[];
  readonly allTransactional: boolean;
  /** Of rows and not of indexes; for InnoDB an estimate. */
  readonly dataBytes: number;
  readonly tablesWithTriggers: readonly string[];
  readonly binlog: { readonly file: string; readonly position: number } | undefined;
}

/** @throws FerryError UnknownDatabase, and what the server answers */
export async function readSourceMetadata(session: MysqlSession, database: string): Promise<SourceMetadata> {
  await useDatabase(session, database);
  const [server] = await session.query<{ version: string; characterSet: string; collation: string }>(
    'SELECT VERSION() AS version, @@character_set_database AS characterSet, @@collation_database AS collation',
  );
  if (server === undefined) throw new FerryError('InternalError', 'SELECT VERSION() answered no row.');
  const binlog = await readBinlogPosition(session, server.version);
  const { tables, views, dataBytes } = await readTables(session, database);
  const triggers = await session.query<{ Table: string }>(`SHOW TRIGGERS FROM ${quoteIdentifier(database)}`);
  return {
    version: server.version,
    defaultCharacterSet: server.characterSet,
    defaultCollation: server.collation,
    tables,
    views,
    allTransactional: tables.every(({ engine }) => engine?.toLowerCase() === 'innodb'),
    dataBytes,
    tablesWithTriggers: [...new Set(triggers.map((trigger) => trigger.Table))],
    binlog,
  };
}

export async function readTables(session: MysqlSession, database: string): Promise<Pick<SourceMetadata, 'tables' | 'views' | 'dataBytes'>> {
  const rows = await session.query<TableRow>(
    `SELECT TABLE_NAME AS name, TABLE_TYPE AS type, ENGINE AS engine, DATA_LENGTH AS bytes, TABLE_ROWS AS n, UPDATE_TIME AS updatedAt FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${textLiteral(database)}`,
  );
  const tables = rows.filter(({ type }) => type === 'BASE TABLE');
  return {
    tables: tables.map(({ name, engine, n, updatedAt }) => ({ name, engine, rows: Number(n ?? 0), updatedAt })),
    views: rows.filter(({ type }) => type === 'VIEW').map(({ name }) => name),
    dataBytes: tables.reduce((sum, { bytes }) => sum + Number(bytes ?? 0), 0),
  };
}

interface TableRow {
  readonly name: string;
  readonly type: string;
  readonly engine: string | null;
  readonly bytes: string | number | null;
  readonly n: string | number | null;
  readonly updatedAt: string | null;
}

async function useDatabase(session: MysqlSession, database: string): Promise<void> {
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
