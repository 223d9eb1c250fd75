/** Runs the rows of a dump: one INSERT is one query, byte for byte as in the dump, in large transactions. */
import { FerryError } from '../../core/errors.ts';
import { bytesAsText, textOfBytes } from '../common/mysql-session.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import { AllowedStatements } from './allowed-statements.ts';
import type { ImportPlan } from './import-plan.ts';
import { changedValue, importFailure } from './rejections.ts';
import type { Warning } from './rejections.ts';
import { isRowsStatement } from './statement-kinds.ts';
import type { DumpStatement } from './statement-kinds.ts';
import type { Statement } from './statements.ts';

/** Rows and bytes after which a transaction is committed: a longer one would only grow the undo log. */
const committedRows = 1_000_000;
const committedBytes = 32 * 1024 * 1024;

/**
 * A source may have let in 31 February: it is to stay what it is. After the header, whose sql_mode says how literals
 * are read.
 */
export const laxDates: DumpStatement = {
  kind: 'session',
  verb: 'SET',
  object: '',
  sql: "SET SESSION sql_mode = CONCAT(@@sql_mode, ',ALLOW_INVALID_DATES')",
};

interface RowsOf {
  readonly database: string;
  readonly plan: ImportPlan;
  readonly longestStatement: number;
  /** The CREATE TABLE of a table, for what is said of its rows. */
  readonly definitionOf: (table: string) => string | undefined;
}

export class RowLoader {
  readonly #session: MysqlSession;
  readonly #database: string;
  readonly #rows: RowsOf;
  readonly #allowed: AllowedStatements;
  #statements = 0;
  #uncommittedRows = 0;
  #uncommittedBytes = 0;
  loadedBytes = 0;
  readonly affected = new Map<string, number>();

  constructor(session: MysqlSession, rows: RowsOf) {
    this.#session = session;
    this.#database = rows.database;
    this.#rows = rows;
    this.#allowed = new AllowedStatements(bytesAsText(rows.database));
    for (const { sql } of rows.plan.header) this.#allowed.check(sql);
    // A table without rows has been counted too.
    for (const name of rows.plan.tables.keys()) this.affected.set(textOfBytes(name), 0);
  }

  async commit(): Promise<void> {
    await this.#run('COMMIT');
  }

  async runRows(statements: Iterable<Statement>): Promise<void> {
    for (const { bytes, isRows, measure } of statements) {
      if (measure === undefined && (isRows || isRowsStatement(bytes))) await this.#runOne(bytes);
    }
  }

  async #runOne(bytes: Buffer): Promise<void> {
    const settings = this.#rows.plan.rowSettings.get(this.#statements);
    this.#statements += 1;
    if (settings !== undefined) await this.#changeSettings(settings);
    const table = textOfBytes(this.#allowed.tableOfRows(bytes));
    if (bytes.length >= this.#rows.longestStatement) throw this.#tooLong(table, bytes.length);
    const { rows, warnings } = await this.#run(bytes.toString('latin1'), table);
    if (warnings > 0) await this.#refuseChangedValues(table);
    this.#count(table, rows);
    this.#uncommittedRows += rows;
    this.#uncommittedBytes += bytes.length;
    this.loadedBytes += bytes.length;
    if (this.#uncommittedRows < committedRows && this.#uncommittedBytes < committedBytes) return;
    await this.#run('COMMIT AND CHAIN');
    this.#uncommittedRows = 0;
    this.#uncommittedBytes = 0;
  }

  /** Where the case of letters tells no tables apart, a dump may write a name in two ways. */
  #count(name: string, rows: number): void {
    const sameName = (known: string): boolean => known.toLowerCase() === name.toLowerCase();
    const table = this.affected.has(name) ? name : ([...this.affected.keys()].find(sameName) ?? name);
    this.affected.set(table, (this.affected.get(table) ?? 0) + rows);
  }

  async #changeSettings({ sql }: DumpStatement): Promise<void> {
    this.#allowed.check(sql);
    for (const statement of [sql, laxDates.sql]) await this.#run(statement);
  }

  /** In the lax mode in which rows are loaded, what does not fit is changed, with a warning only. */
  async #refuseChangedValues(table: string): Promise<void> {
    const warnings = await this.#session.query<Warning>('SHOW WARNINGS');
    const failure = changedValue(warnings, this.#database, table);
    if (failure !== undefined) throw failure;
  }

  async #run(sql: string, rowsOf?: string): Promise<{ readonly rows: number; readonly warnings: number }> {
    try {
      return await this.#session.executeBytes(sql);
    } catch (error) {
      const what = rowsOf === undefined ? { sql } : { rowsOf, definition: this.#rows.definitionOf(rowsOf) };
      throw importFailure(error, { database: this.#database, ...what });
    }
  }

  #tooLong(table: string, bytes: number): FerryError {
    const limit = `the target's max_allowed_packet is ${this.#rows.longestStatement}`;
    const what = `A row of table \`${table}\` of \`${this.#database}\` takes a statement of ${bytes} bytes`;
    return new FerryError('ImportRejected', `${what}; ${limit}.`);
  }
}
