/** Reads databases for the comparison: what is in them, and digests of their rows. */
import { createHash } from 'node:crypto';
import { createConnection } from 'mysql2';
import type { Connection, RowDataPacket } from 'mysql2';
import { quoteIdentifier } from '../../core/names.ts';
import { connectionOptions } from '../../core/server-access.ts';
import type { ServerAccess } from '../../core/server-access.ts';

export type Row = Readonly<Record<string, string | null>>;

export interface TableContent {
  readonly rows: number;
  /** The same for the same set of rows, in whatever order the server gives them; SHA-256. */
  readonly digest: string;
}

/** One session in which both versions print a value in the same way: UTC, utf8mb4, and no modes. */
export class DatabaseReader {
  readonly #connection: Connection;

  constructor(access: ServerAccess) {
    this.#connection = createConnection({ ...connectionOptions(access), charset: 'utf8mb4' });
    // A connection that breaks between queries is reported by the next one.
    this.#connection.on('error', () => undefined);
  }

  async prepare(): Promise<void> {
    await this.rows("SET time_zone = '+00:00', sql_mode = ''");
    // MySQL 8 caches AUTO_INCREMENT and the like for a day; the executable comment hides the variable from older ones.
    await this.rows('SET /*!80000 information_schema_stats_expiry = 0, */ net_write_timeout = 600');
  }

  /** Names of the columns in lower case, all values as text. */
  rows(sql: string, values: string[] = []): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.#connection.query<RowDataPacket[]>({ sql, values, typeCast: (field) => field.string() }, (error, rows) => {
        if (error !== null) reject(error);
        else resolve(Array.isArray(rows) ? rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value as string | null]))) : []);
      });
    });
  }

  /** Reads every row as the bytes that the server sends; memory holds a digest of each, not the row. */
  content(database: string, table: string): Promise<TableContent> {
    const sql = `SELECT * FROM ${quoteIdentifier(database)}.${quoteIdentifier(table)}`;
    return new Promise((resolve, reject) => {
      const digests: string[] = [];
      this.#connection
        .query({ sql, rowsAsArray: true, typeCast: (field) => field.buffer() })
        .on('result', (row: unknown) => digests.push(rowDigest(row as (Buffer | null)[])))
        .on('error', reject)
        .on('end', () => {
          resolve({ rows: digests.length, digest: sha256(digests.sort().join('')) });
        });
    });
  }

  close(): void {
    this.#connection.destroy();
  }
}

/** Each value with its length before it, so that ('a', 'bc') and ('ab', 'c') differ; NULL has a length of its own. */
function rowDigest(row: readonly (Buffer | null)[]): string {
  const hash = createHash('sha1');
  for (const value of row) {
    hash.update(value === null ? 'NULL;' : `${value.length};`);
    if (value !== null) hash.update(value);
  }
  return hash.digest('base64');
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
