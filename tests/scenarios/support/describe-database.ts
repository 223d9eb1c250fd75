/** A database as text: every definition as the server shows it, and every row. */
import { createHash } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { quoteIdentifier } from '../../../core/names.ts';
import { connectionOptions } from '../../../core/server-access.ts';
import type { ServerAccess } from '../../../core/server-access.ts';

type Row = Readonly<Record<string, Buffer | null>>;

export interface DescribedDatabase {
  readonly definitions: string;
  readonly rows: string;
}

/** The same text for the same content: objects by name, rows sorted, no numbers that depend on time. */
export async function describeDatabase(access: ServerAccess, database: string): Promise<DescribedDatabase> {
  const connection = await createConnection(connectionOptions(access));
  try {
    await connection.query("SET NAMES utf8mb4");
    await connection.query("SET time_zone = '+00:00', sql_mode = ''");
    const reader = new Reader(connection, database);
    return { definitions: await reader.definitions(), rows: await reader.rows() };
  } finally {
    connection.destroy();
  }
}

class Reader {
  readonly #connection: Connection;
  readonly #database: string;

  constructor(connection: Connection, database: string) {
    this.#connection = connection;
    this.#database = database;
  }

  async definitions(): Promise<string> {
    const quoted = quoteIdentifier(this.#database);
    const tables = await this.#names(`SHOW FULL TABLES FROM ${quoted}`, 1);
    const texts = [
      await this.#created(`DATABASE ${quoted}`, 2),
      ...(await this.#each('TABLE', tables.filter(([, type]) => type !== 'VIEW'), 2)),
      ...(await this.#each('VIEW', tables.filter(([, type]) => type === 'VIEW'), 2)),
      ...(await this.#each('FUNCTION', await this.#names(`SHOW FUNCTION STATUS WHERE Db = BINARY '${this.#database}'`, 2), 3)),
      ...(await this.#each('PROCEDURE', await this.#names(`SHOW PROCEDURE STATUS WHERE Db = BINARY '${this.#database}'`, 2), 3)),
      ...(await this.#each('TRIGGER', await this.#names(`SHOW TRIGGERS FROM ${quoted}`, 1), 3)),
      ...(await this.#each('EVENT', await this.#names(`SHOW EVENTS FROM ${quoted}`, 2), 4)),
    ];
    return texts.map((text) => `${text};\n`).join('\n');
  }

  /** One line for each row: its table, its values by column. */
  async rows(): Promise<string> {
    const tables = await this.#names(`SHOW FULL TABLES FROM ${quoteIdentifier(this.#database)}`, 1);
    const lines: string[] = [];
    for (const [table = ''] of tables.filter(([, type]) => type !== 'VIEW')) {
      const from = `${quoteIdentifier(this.#database)}.${quoteIdentifier(table)}`;
      const columns = await this.#query(`SHOW COLUMNS FROM ${from}`);
      // The bytes as they are stored, in whatever character set; numbers and times as text.
      const names = columns.map((column) => quoteIdentifier(column['Field']?.toString('utf8') ?? ''));
      const values = names.map((name) => `CAST(${name} AS BINARY) AS ${name}`);
      const rows = await this.#query(`SELECT ${values.join(', ')} FROM ${from}`);
      lines.push(...rows.map((row) => `-- ${table}: ${Object.entries(row).map(([name, value]) => `${name}=${shown(value)}`).join(', ')}`).sort());
    }
    return lines.join('\n');
  }

  async #each(kind: string, names: readonly (readonly string[])[], column: number): Promise<string[]> {
    const texts: string[] = [];
    for (const [name = ''] of names) texts.push(await this.#created(`${kind} ${quoteIdentifier(this.#database)}.${quoteIdentifier(name)}`, column));
    return texts;
  }

  /** The n-th column of SHOW CREATE. */
  async #created(what: string, column: number): Promise<string> {
    const [row] = await this.#query(`SHOW CREATE ${what}`);
    const text = Object.values(row ?? {})[column - 1]?.toString('utf8') ?? '';
    // Counters of a table that is not open may be one too low, and start times of events are when they were made.
    return text.replace(/ STARTS '[^']*'/, " STARTS '…'").replaceAll(`\`${this.#database}\``, '`scenario`');
  }

  /** The n-th column and the one after it, sorted. */
  async #names(sql: string, column: number): Promise<string[][]> {
    const rows = await this.#query(sql);
    const names = rows.map((row) => Object.values(row).slice(column - 1, column + 1).map((value) => value?.toString('utf8') ?? ''));
    return names.sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  }

  async #query(sql: string): Promise<Row[]> {
    const [rows] = await this.#connection.query<RowDataPacket[]>({ sql, typeCast: (field) => field.buffer() });
    return rows;
  }
}

/** Text where the bytes are UTF-8 that can be read, else hexadecimal digits; what is long is told by its beginning and a digest. */
function shown(value: Buffer | null): string {
  if (value === null) return 'NULL';
  const text = value.toString('utf8');
  const isReadable = !/[\p{Cc}\p{Cn}\p{Co}\u{fffd}]/u.test(text.replaceAll(/[\n\t\r]/g, ''));
  const full = isReadable ? JSON.stringify(text) : `0x${value.toString('hex')}`;
  if (full.length <= 800) return full;
  return `${full.slice(0, 60)}… (${value.length} bytes, SHA-256 ${createHash('sha256').update(value).digest('hex').slice(0, 16)})`;
}
