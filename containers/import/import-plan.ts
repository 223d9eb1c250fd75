/**
 * What an import will run, known before the target is touched: every statement of a dump but its rows, rewritten, in
 * the order schema, (rows,) triggers. A schema is small where rows are large, so it is held in memory. Of Ferry's own
 * dumps the schema begins with functions and procedures, and the events come behind the triggers.
 */
import { bytesAsText } from '../common/mysql-session.ts';
import { AllowedStatements } from './allowed-statements.ts';
import type { Allowed } from './allowed/allowed.ts';
import { Refusal } from './allowed/strict-tokens.ts';
import type { SqlPart } from './dump-parts.ts';
import { DumpedTables } from './dumped-tables.ts';
import { withBackticks } from './allowed/with-backticks.ts';
import { refusedStatement } from './refused-statement.ts';
import { withoutRepeatedSettings } from './repeated-settings.ts';
import type { Rewriter } from './rewrite/rewriter.ts';
import { classify, isRowsStatement } from './statement-kinds.ts';
import type { DumpStatement } from './statement-kinds.ts';
import { ReadingFollower } from './statement-reading.ts';
import { StatementSplitter } from './statements.ts';
import type { Statement } from './statements.ts';
import { refuseUnreadableTrigger } from './unreadable-trigger.ts';

export interface ImportPlan {
  /** Session settings with which the dump begins: rows and triggers need them too. */
  readonly header: DumpStatement[];
  readonly schema: DumpStatement[];
  /** Keys that were added behind rows. */
  readonly afterRows: DumpStatement[];
  /** And whatever else is to be made after the rows. */
  readonly triggers: DumpStatement[];
  /** Settings that differ from the header's, by the number of the first INSERT that is read with them. */
  readonly rowSettings: ReadonlyMap<number, DumpStatement>;
  /** The base tables that it makes, by name (its characters are bytes), and how many rows it has for each. */
  readonly tables: ReadonlyMap<string, number>;
}

export interface PlannedDump {
  readonly database: string;
  readonly readers: readonly SqlPart[];
  /** Whether another program than Ferry may have written it. */
  readonly byHand: boolean;
}

/**
 * Reads all parts to their ends, so that a dump that is not whole, or holds what no dump has, is refused before anything is done.
 * @throws FerryError DumpRefused, ImportRejected
 */
export async function planImport({ database, readers, byHand }: PlannedDump, rewriter: Pick<Rewriter, 'rewrite'>): Promise<ImportPlan> {
  const planner = new Planner(bytesAsText(database), rewriter, byHand);
  for (const reader of readers) {
    const { measured, role } = reader.part;
    const splitter = new StatementSplitter({ readRows: byHand, measured: !byHand && measured === true });
    const addAll = async (chunk: Buffer, isLast: boolean): Promise<void> => {
      for (const statement of splitter.split(chunk, isLast)) {
        const { bytes, isRows, measure } = statement;
        const place = { reader, startedAt: splitter.startedAt };
        try {
          if (measure === undefined && (isRows || isRowsStatement(bytes))) planner.addRows(bytes, place);
          else planner.add(statement, role);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          throw await refusedStatement(database, error, { ...place, sql: bytes.toString('latin1', 0, 1_000) });
        }
      }
    };
    for await (const chunk of reader.sql()) await addAll(chunk, false);
    await addAll(Buffer.alloc(0), true);
  }
  const stray = planner.tables.strayRows();
  if (stray !== undefined) throw await refusedStatement(database, new Refusal('it makes no table of that name'), stray);
  return planner.plan();
}

class Planner {
  readonly #plan = { header: [] as DumpStatement[], schema: [] as DumpStatement[], afterRows: [] as DumpStatement[], triggers: [] as DumpStatement[] };
  readonly #allowed: AllowedStatements;
  readonly #rewriter: Pick<Rewriter, 'rewrite'>;
  readonly #readings = new ReadingFollower();
  readonly #byHand: boolean;
  readonly tables = new DumpedTables();
  #inHeader = true;
  /** Since the last object: what a trigger in the main part needs to be made later. */
  #settings: DumpStatement[] = [];
  /**
   * Between the two ALTER DATABASE around a routine or trigger that was made under another collation of the database.
   */
  #isAltered = false;
  /** Such a trigger was the last object: the second of them belongs to it. */
  #isToBePutBack = false;
  readonly #rowSettings = new Map<number, DumpStatement>();
  /** What the next rows are read with, unless they say otherwise. */
  #rowsKey = '';
  #headerKey = '';

  constructor(database: string, rewriter: Pick<Rewriter, 'rewrite'>, byHand: boolean) {
    this.#allowed = new AllowedStatements(database);
    this.#rewriter = rewriter;
    this.#byHand = byHand;
  }

  plan(): ImportPlan {
    const { schema } = this.#plan;
    return { ...this.#plan, schema: withoutRepeatedSettings(schema), rowSettings: this.#rowSettings, tables: this.tables.counts };
  }

  /** @throws Refusal */
  addRows(bytes: Buffer, place: { readonly reader: SqlPart; readonly startedAt: number }): void {
    this.#endHeader();
    const { table, rows } = this.#allowed.checkRows(bytes);
    this.tables.addRows(table, rows, { ...place, sql: bytes.toString('latin1', 0, 1_000) });
    const { key } = this.#allowed.settings;
    if (key !== this.#rowsKey) this.#rowSettings.set(this.tables.rowStatements - 1, this.#settingsNow());
    this.#rowsKey = key;
  }

  /** @throws Refusal; FerryError ImportRejected */
  add({ bytes, measure }: Statement, role: SqlPart['part']['role']): void {
    const text = bytes.toString('latin1');
    const reading = this.#readings.follow(text);
    if (measure !== undefined) refuseUnreadableTrigger(measure, reading);
    const planned = this.#planned(classify(text, reading, measure));
    if (planned === undefined) return;
    if (role === 'triggers' || measure?.rows === 'after') this.#plan.triggers.push(planned);
    else if (measure?.rows === 'before') this.#plan.schema.push(planned);
    else if (planned.kind === 'session') this.#addSettings(planned);
    else this.#addObject(planned);
  }

  /**
   * The database is made by the import itself, which locks and commits by itself too: what is left out is undefined.
   */
  #planned(original: DumpStatement): DumpStatement | undefined {
    const { kind, verb } = original;
    if (kind === 'rows') throw new Refusal('its rows are hidden in a comment');
    const isOfNoUse = kind === 'lock' || kind === 'keys' || kind === 'use' || (kind === 'database' && verb !== 'ALTER');
    const statement = kind === 'table' && this.#allowed.settings.reading.ansiQuotes ? { ...original, sql: withBackticks(original.sql, this.#allowed.settings.reading) } : original;
    const sql = isOfNoUse ? statement.sql : this.#rewriter.rewrite(statement);
    if (sql === '') return undefined;
    const allowed = this.#allowed.check(sql);
    if (allowed.kind !== kind || (isOfNoUse && !allowed.isSkipped)) {
      throw new Refusal('it can be read in more than one way');
    }
    if (allowed.isSkipped) return undefined;
    this.#follow(verb, allowed);
    // The name of a measured statement is told beside it, in UTF-8.
    return { ...statement, object: statement.isMeasured === true ? statement.object : allowed.object, sql };
  }

  #follow(verb: string, { kind, object, others }: Allowed): void {
    if (kind === 'table') this.tables.create(object);
    if (kind === 'view') this.tables.createView(object);
    if (kind === 'drop' && verb === 'DROP') for (const name of [object, ...others]) this.tables.drop(name);
  }

  #addSettings(statement: DumpStatement): void {
    if (this.#inHeader) this.#plan.header.push(statement);
    this.#settings.push(statement);
    this.#plan.schema.push(statement);
  }

  #addObject(statement: DumpStatement): void {
    this.#endHeader();
    const { triggers, schema, afterRows } = this.#plan;
    const isPutBack = statement.kind === 'database' && this.#isToBePutBack;
    const isOfTable = statement.kind === 'other' && this.tables.rowStatements > 0;
    if (statement.kind === 'trigger' || isPutBack) triggers.push(...this.#settings, ...this.#ofDumpsOwn(), statement);
    else if (isOfTable) afterRows.push(...this.#ofDumpsOwn(), statement);
    if (statement.kind !== 'trigger' && !isOfTable) schema.push(statement);
    if (statement.kind === 'database') this.#isAltered = !this.#isAltered;
    this.#isToBePutBack = statement.kind === 'trigger' && this.#isAltered;
    this.#settings = statement.kind === 'database' && !isPutBack ? [...this.#settings, statement] : [];
  }

  #endHeader(): void {
    if (!this.#inHeader) return;
    this.#inHeader = false;
    this.#headerKey = this.#allowed.settings.key;
    this.#rowsKey = this.#headerKey;
  }

  /**
   * What is made later is read as it would have been in its place. Ferry's own dumps say all of it around each object.
   */
  #ofDumpsOwn(): DumpStatement[] {
    return this.#byHand && this.#allowed.settings.key !== this.#headerKey ? [this.#settingsNow()] : [];
  }

  #settingsNow(): DumpStatement {
    return { kind: 'session', verb: 'SET', object: '', sql: this.#allowed.settings.statement };
  }
}
