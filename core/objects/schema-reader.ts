/** Rows of information_schema, with what all readers of objects make of them. */
import type { Query } from '../digests/table-digests.ts';
import { errnoOf } from '../mysql-failures.ts';
import { isAtLeast, isMariaDb, isMySqlAtLeast } from '../mysql-versions.ts';
import { quoteIdentifier } from '../names.ts';
import { textLiteral } from '../sql-text.ts';
import { canonicalCharacterSet } from './canonical.ts';
import { databaseCollation } from './structure.ts';
import type { StructureObject } from './structure.ts';

/** ER_TABLEACCESS_DENIED_ERROR, ER_COLUMNACCESS_DENIED_ERROR: the server still tells what the account may see. */
const accessDenied = [1142, 1143];

/** Named values of one row, names in small letters; everything as text. */
export type SchemaRow = Readonly<Record<string, string | null>>;

export interface ReaderOptions {
  /** As `VERSION()` says. */
  readonly version: string;
  /** Alone, where the others are of no interest. */
  readonly table?: string;
  /** Whether a dump is made of what is read, and its checks read by the same reader. */
  readonly forDump?: boolean;
}

/** Asks the server the same question once: what it answered stays as it was for the reader's short life. */
export class SchemaReader {
  readonly #query: Query;
  readonly #answers = new Map<string, Promise<SchemaRow[]>>();
  readonly database: string;
  readonly isMariadb: boolean;
  /** MySQL has CHECK constraints since 8.0.16; MariaDB tells of its own since 10.3.10. */
  readonly hasChecks: boolean;
  /** Whether `Shop` and `shop` are two databases. */
  #hasCase = true;
  /** Whether the server keeps definitions in tables, as MySQL does since version 8. */
  readonly hasDictionary: boolean;
  readonly readsForDump: boolean;
  readonly #table: string | undefined;
  #programTables: Promise<ReadonlySet<string>> | undefined;

  constructor(query: Query, database: string, { version, table, forDump = false }: ReaderOptions) {
    this.#query = query;
    this.database = database;
    this.readsForDump = forDump;
    this.#table = table;
    this.isMariadb = isMariaDb(version);
    this.hasDictionary = isMySqlAtLeast(version, 8);
    this.hasChecks = this.isMariadb ? isAtLeast(version, 10, 3, 10) : isAtLeast(version, 8, 0, 16);
  }

  /**
   * Whether the database may have routines or events. Before MySQL 8, and in MariaDB, information_schema reads those of all databases
   * to answer for one; the tables below it have an index.
   */
  async mayHave(table: 'proc' | 'event'): Promise<boolean> {
    if (this.hasDictionary) return true;
    return (await this.#programs()).has(table);
  }

  #programs(): Promise<ReadonlySet<string>> {
    return (this.#programTables ??= this.#readProgramTables());
  }

  /** One question for both tables, where the account may read both. */
  async #readProgramTables(): Promise<ReadonlySet<string>> {
    const tables = ['proc', 'event'];
    const anyIn = (table: string): string =>
      `(SELECT '${table}' AS name FROM mysql.${table} WHERE db = CONVERT(${textLiteral(this.database)} USING utf8) LIMIT 1)`;
    const ask = async (...asked: readonly string[]): Promise<string[]> =>
      (await this.#query<{ name: string }>(asked.map(anyIn).join(' UNION ALL '))).map(({ name }) => name);
    try {
      return new Set(await ask(...tables));
    } catch (error) {
      if (!isAccessDenied(error)) throw error;
    }
    const found = new Set<string>();
    for (const table of tables) {
      const isClosed = (error: unknown): string[] => {
        if (!isAccessDenied(error)) throw error;
        return [table];
      };
      for (const name of await ask(table).catch(isClosed)) found.add(name);
    }
    return found;
  }

  /** To be asked for first: it tells how names are compared. */
  async schema(): Promise<SchemaRow | undefined> {
    const select = 'SELECT *, @@lower_case_table_names AS ignores_case FROM information_schema.SCHEMATA';
    const sql = `${select} WHERE SCHEMA_NAME = ${textLiteral(this.database)}`;
    const rows = await this.#ask(sql);
    this.#hasCase = rows.every((row) => row['ignores_case'] === '0');
    return rows.find((row) => this.isOwn(row['schema_name']));
  }

  /**
   * The rows of a view of information_schema that are of this database. SELECT *, because versions differ in its columns.
   * @param schemaColumn the server compares it without regard to case in some views: there `Shop` answers for `shop` too
   */
  async rows(view: string, schemaColumn: string, condition = '', select = '*'): Promise<SchemaRow[]> {
    const from = `information_schema.${view} WHERE ${schemaColumn} = ${textLiteral(this.database)}`;
    const rows = await this.#ask(`SELECT ${select} FROM ${from}${condition}`);
    return rows.filter((row) => this.isOwn(row[schemaColumn.toLowerCase()]));
  }

  /** Whether this is the name of the database that is read, as the server compares names. */
  isOwn(schema: string | null | undefined): boolean {
    return schema === this.database || (!this.#hasCase && schema?.toLowerCase() === this.database.toLowerCase());
  }

  #ask(sql: string): Promise<SchemaRow[]> {
    const known = this.#answers.get(sql);
    if (known !== undefined) return known;
    const answer = this.#query<Record<string, SchemaValue>>(sql).then(textRows);
    this.#answers.set(sql, answer);
    return answer;
  }

  /** Tables, views and whatever else is listed with them; `update_seconds` is when each was last written to, since 1970. */
  listed(): Promise<SchemaRow[]> {
    return this.rows('TABLES', 'TABLE_SCHEMA', '', '*, UNIX_TIMESTAMP(UPDATE_TIME) AS update_seconds');
  }

  /** Lets go of what it remembers, which of thousands of tables is much. */
  forget(): void {
    this.#answers.clear();
    this.#programTables = undefined;
  }

  async baseTables(): Promise<SchemaRow[]> {
    if (!this.readsForDump) return this.rowsOfTables('TABLES', " AND TABLE_TYPE = 'BASE TABLE'");
    return (await this.listed()).filter((row) => row['table_type'] === 'BASE TABLE');
  }

  columns(): Promise<SchemaRow[]> {
    return this.rowsOfTables('COLUMNS', ' ORDER BY TABLE_NAME, ORDINAL_POSITION');
  }

  foreignKeyColumns(): Promise<SchemaRow[]> {
    const inOrder = ' ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION';
    return this.rowsOfTables('KEY_COLUMN_USAGE', ` AND REFERENCED_TABLE_NAME IS NOT NULL${inOrder}`);
  }

  views(): Promise<SchemaRow[]> {
    return this.rows('VIEWS', 'TABLE_SCHEMA');
  }

  /** By another column a server before MySQL 8 would look at all schemas. In the order in which they fire. */
  triggers(): Promise<SchemaRow[]> {
    const inOrder = ' ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER';
    return this.rows('TRIGGERS', 'EVENT_OBJECT_SCHEMA', inOrder);
  }

  /** The same of a view that tells of tables. */
  rowsOfTables(view: string, condition: string): Promise<SchemaRow[]> {
    const ofTable = this.#table === undefined ? '' : ` AND TABLE_NAME = ${textLiteral(this.#table)}`;
    return this.rows(view, 'TABLE_SCHEMA', `${ofTable}${condition}`);
  }

  /** What SHOW CREATE TABLE prints, by table; each character is a byte. */
  async printedTables(tables: readonly string[]): Promise<Map<string, string>> {
    const texts = new Map<string, string>();
    await this.#query('SET character_set_results = binary');
    try {
      for (const table of tables) {
        const [row = {}] = await this.#query<Record<string, SchemaValue>>(`SHOW CREATE TABLE ${quoteIdentifier(this.database)}.${quoteIdentifier(table)}`);
        const [, text] = Object.values(row);
        if (Buffer.isBuffer(text)) texts.set(table, text.toString('latin1'));
      }
    } finally {
      await this.#query('SET character_set_results = utf8mb4');
    }
    return texts;
  }
}

type SchemaValue = string | number | Buffer | null;

/** The rows of one answer have the same names. */
function textRows(rows: readonly Record<string, SchemaValue>[]): SchemaRow[] {
  const names = Object.keys(rows[0] ?? {}).map((name) => [name, name.toLowerCase()] as const);
  return rows.map((row) => {
    const text: Record<string, string | null> = {};
    for (const [name, lower] of names) text[lower] = textOf(row[name] ?? null);
    return text;
  });
}

function isAccessDenied(error: unknown): boolean {
  return accessDenied.includes(errnoOf(error) ?? 0);
}

function textOf(value: SchemaValue): string | null {
  if (value === null) return null;
  return Buffer.isBuffer(value) ? value.toString('utf8') : String(value);
}

/** Attributes that have a value. */
export function attributes(values: Readonly<Record<string, string | null | undefined>>): StructureObject {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== undefined && entry[1] !== ''));
}

/** The account and the character sets under which a view, trigger, routine or event was made. */
export function madeBy(row: SchemaRow): StructureObject {
  return attributes({
    definer: row['definer'],
    client: canonicalCharacterSet(row['character_set_client'] ?? ''),
    connection: canonicalCharacterSet(row['collation_connection'] ?? ''),
    [databaseCollation]: canonicalCharacterSet(row['database_collation'] ?? ''),
  });
}

/** Of a part of a table: `column orders.id`. */
export function partName(kind: string, row: SchemaRow, name: string | null | undefined): string {
  return `${kind} ${row['table_name'] ?? ''}.${name ?? ''}`;
}

export function tableName(row: SchemaRow): string {
  return `table ${row['table_name'] ?? ''}`;
}
