/**
 * Runs an import's plan on one connection: schema first, then rows in large transactions, then triggers. A schema's
 * statements go in batches; one INSERT is one query, byte for byte as in the dump.
 */
import type { Audit } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import { quoteIdentifier } from '../../core/names.ts';
import type { ErrorName } from '../../core/errors.ts';
import { errnoOf } from '../../core/mysql-failures.ts';
import { BatchError, textOfBytes } from '../common/mysql-session.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import type { PartReader } from './dump-parts.ts';
import type { ImportPlan } from './import-plan.ts';
import { importFailure } from './rejections.ts';
import { laxDates, RowLoader } from './row-loader.ts';
import type { DumpStatement } from './statement-kinds.ts';
import { StatementSplitter } from './statements.ts';
import { importSettings } from './session-settings.ts';
import { describeOthers, isForOthers, refersToOthers } from './other-databases.ts';
import { remadeViews, viewsFromBelow, withImporter, withOwnDefiner } from './view-order.ts';
import type { View } from './view-order.ts';

const batchedStatements = 200;
const batchedCharacters = 256 * 1024;

/** Their bodies are kept as text. What follows one in a batch, the delimiter, the server takes for a part of it. */
const lastOfBatch: ReadonlySet<DumpStatement['kind']> = new Set(['routine', 'trigger', 'event']);

const firstSettings = importSettings.map((sql): DumpStatement => ({ kind: 'session', verb: 'SET', object: '', sql }));

const startTransaction: DumpStatement = { kind: 'other', verb: 'START', object: '', sql: 'START TRANSACTION' };

/** Of use where the account may set them (SESSION_VARIABLES_ADMIN) and the server knows them. */
const welcomeSettings = ['SESSION innodb_strict_mode = OFF', 'SESSION restrict_fk_on_non_standard_key = OFF'];

/** What the target answers to one statement, and would to the same another time. */
const refusals: ReadonlySet<ErrorName> = new Set(['ImportRejected', 'TargetPrivilegeMissing']);

export type RefusedStatement = (statement: DumpStatement, failure: FerryError) => void;

export class Loader {
  readonly #session: MysqlSession;
  readonly #database: string;
  readonly #plan: ImportPlan;
  readonly #onRefused: RefusedStatement | undefined;
  #rowLoader: RowLoader | undefined;
  #waitingViews: readonly View[] = [];

  /**
   * @param session takes bytes, and uses the database
   * @param onRefused told of each statement that the target does not take, after which the others are run all the same;
   * without it the first of them ends the import
   */
  constructor(session: MysqlSession, database: string, plan: ImportPlan, onRefused?: RefusedStatement) {
    this.#session = session;
    this.#database = database;
    this.#plan = plan;
    this.#onRefused = onRefused;
  }

  /** @throws FerryError ImportRejected, ImportInterrupted */
  async loadSchema(): Promise<void> {
    await this.#setWelcome();
    await this.#reset();
    if (refersToOthers(this.#plan.schema, this.#database)) await this.#loadWithoutStandIns();
    else await this.#loadFrom(0);
  }

  /**
   * Where a view waits for another database, its stand-in would be there for a moment, and a view of a third database could
   * be made over it, and verified, before it goes.
   */
  async #loadWithoutStandIns(): Promise<void> {
    const { schema } = this.#plan;
    await this.#runAll(schema.filter(({ kind }) => kind !== 'view'));
    await this.#reset();
    const views = viewsFromBelow(schema);
    const statements = [...views.flatMap(withImporter), ...views.toReversed().flatMap(withOwnDefiner)];
    if (this.#onRefused !== undefined) await this.#runAll(statements);
    else await this.#makeViews(statements, true);
  }

  /** Both at once, mostly; else whichever may be set. */
  async #setWelcome(): Promise<void> {
    if (await this.#maySet(welcomeSettings.join(', '))) return;
    for (const setting of welcomeSettings) await this.#maySet(setting);
  }

  async #maySet(settings: string): Promise<boolean> {
    try {
      await this.#session.execute(`SET ${settings}`);
      return true;
    } catch (error) {
      if (errnoOf(error) === undefined) throw importFailure(error, { database: this.#database });
      return false;
    }
  }

  async #loadFrom(first: number): Promise<void> {
    const rest = this.#plan.schema.slice(first);
    try {
      await this.#sendAll(rest);
    } catch (error) {
      const failed = error instanceof BatchError ? error.index : 0;
      const isRefused = error instanceof BatchError && errnoOf(error.cause) !== undefined;
      const isOfView = isRefused && rest[failed]?.kind === 'view';
      if (isOfView) {
        await this.#goOnAfter(first + failed);
        return;
      }
      this.#refuse(error, rest);
      await this.#loadFrom(first + failed + 1);
    }
  }

  /** After a view that could not be made in its turn. */
  async #goOnAfter(index: number): Promise<void> {
    const { schema } = this.#plan;
    await this.#runAll(schema.slice(index + 1).filter(({ kind }) => kind !== 'view'));
    await this.#reset();
    const statements = remadeViews(schema);
    // Where every refusal is told, a view that waits for another database is one of them.
    if (this.#onRefused !== undefined) await this.#runAll(statements);
    else await this.#makeViews(statements);
  }

  /** @param again with stand-ins: names of columns may hide which view of the database is below which */
  async #makeViews(statements: readonly DumpStatement[], again = false): Promise<void> {
    try {
      await this.#sendAll(statements);
    } catch (error) {
      const refused = error instanceof BatchError ? statements[error.index] : undefined;
      const isRefusedView = refused?.kind === 'view' && errnoOf((error as BatchError).cause) !== undefined;
      if (isRefusedView && isForOthers(error, refused, this.#database)) await this.#leaveViews();
      else if (isRefusedView && again) await this.#makeViews(remadeViews(this.#plan.schema));
      else throw this.#failure(error, statements);
    }
  }

  /**
   * What is over a view that waits must not be made over its stand-in: all wait for the verification, which makes them.
   */
  async #leaveViews(): Promise<void> {
    const views = viewsFromBelow(this.#plan.schema);
    await this.#reset();
    const drop = ({ object }: DumpStatement): string => `DROP VIEW IF EXISTS ${quoteIdentifier(object)}`;
    await this.#runAll(views.map(({ statement }) => ({ ...statement, sql: drop(statement) })));
    this.#waitingViews = views;
  }

  /** What refers to other databases; undefined where nothing does. */
  get others(): Audit['others'] {
    return describeOthers(this.#plan.schema, this.#waitingViews);
  }

  /**
   * @returns rows that the INSERTs of each table say they made
   * @throws FerryError ImportRejected, ImportInterrupted
   */
  async loadRows(
    readers: readonly PartReader[],
    longestStatement: number,
    byHand: boolean,
  ): Promise<Map<string, number>> {
    await this.#runAll([...this.#firstStatements, laxDates, startTransaction]);
    const definitionOf = (table: string): string | undefined => this.#definitionOf(table);
    const [database, plan] = [this.#database, this.#plan];
    const rows = new RowLoader(this.#session, { database, plan, longestStatement, definitionOf });
    this.#rowLoader = rows;
    for (const reader of readers) {
      const splitter = new StatementSplitter({ readRows: byHand, measured: !byHand && reader.part.measured === true });
      for await (const chunk of reader.sql()) await rows.runRows(splitter.split(chunk, false));
      await rows.runRows(splitter.split(Buffer.alloc(0), true));
    }
    await rows.commit();
    return rows.affected;
  }

  /** Bytes of rows that the target has taken so far. */
  get loadedBytes(): number {
    return this.#rowLoader?.loadedBytes ?? 0;
  }

  /** @throws FerryError ImportRejected, ImportInterrupted */
  async loadTriggers(): Promise<void> {
    const made = [...this.#plan.afterRows, ...this.#plan.triggers];
    await this.#runAll([...this.#firstStatements, ...made, ...(made.length === 0 ? [] : this.#firstStatements)]);
  }

  #definitionOf(table: string): string | undefined {
    return this.#plan.schema.find(({ kind, object }) => kind === 'table' && textOfBytes(object) === table)?.sql;
  }

  async #reset(): Promise<void> {
    await this.#runAll(this.#firstStatements);
  }

  get #firstStatements(): readonly DumpStatement[] {
    return [...firstSettings, ...this.#plan.header];
  }

  async #runAll(statements: readonly DumpStatement[]): Promise<void> {
    for (let rest = statements; rest.length > 0;) {
      try {
        await this.#sendAll(rest);
        return;
      } catch (error) {
        this.#refuse(error, rest);
        rest = rest.slice((error instanceof BatchError ? error.index : 0) + 1);
      }
    }
  }

  /** @throws FerryError unless the others are to be run all the same */
  #refuse(error: unknown, statements: readonly DumpStatement[]): void {
    const failure = this.#failure(error, statements);
    const statement = error instanceof BatchError ? statements[error.index] : undefined;
    if (statement === undefined || this.#onRefused === undefined || !refusals.has(failure.name)) throw failure;
    this.#onRefused(statement, failure);
  }

  /** @throws BatchError whose index is that of the statement; what else breaks a connection */
  async #sendAll(statements: readonly DumpStatement[]): Promise<void> {
    let first = 0;
    let characters = 0;
    for (const [index, { sql, kind }] of statements.entries()) {
      characters += sql.length;
      const isFull = index + 1 - first >= batchedStatements || characters >= batchedCharacters || lastOfBatch.has(kind);
      // What holds a semicolon goes alone, and what comes before it goes first: the server is to take it for one
      // statement.
      const next = statements[index + 1];
      const isLast = isFull || next === undefined || sql.includes(';') || next.sql.includes(';');
      if (!isLast) continue;
      await this.#sendBatch(statements.slice(first, index + 1), first);
      first = index + 1;
      characters = 0;
    }
  }

  async #sendBatch(batch: readonly DumpStatement[], first: number): Promise<void> {
    const [only] = batch;
    try {
      if (batch.length === 1 && only?.sql.includes(';') === true) await this.#session.executeBytes(only.sql);
      else await this.#session.executeAll(batch.map(({ sql }) => sql));
    } catch (error) {
      const cause = error instanceof BatchError ? error.cause : undefined;
      if (error instanceof BatchError && cause instanceof Error) throw new BatchError(first + error.index, cause);
      throw errnoOf(error) === undefined || !(error instanceof Error) ? error : new BatchError(first, error);
    }
  }

  #failure(error: unknown, statements: readonly DumpStatement[]): FerryError {
    const [cause, index] = error instanceof BatchError ? [error.cause, error.index] : [error, 0];
    return importFailure(cause, { database: this.#database, sql: statements[index]?.sql ?? '' });
  }
}
