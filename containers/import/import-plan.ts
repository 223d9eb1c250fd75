/**
 * What an import will run, known before the target is touched: every statement of a dump but its rows, rewritten, in
 * the order schema, (rows,) triggers. A schema is small where rows are large, so it is held in memory.
 */
import { FerryError } from '../../core/errors.ts';
import { bytesAsText } from '../common/mysql-session.ts';
import type { DumpPart } from './dump-parts.ts';
import { withoutRepeatedSettings } from './repeated-settings.ts';
import type { Rewriter } from './rewrite/rewriter.ts';
import { classify } from './statement-kinds.ts';
import type { DumpStatement } from './statement-kinds.ts';
import { StatementSplitter } from './statements.ts';

export interface ImportPlan {
  /** Session settings with which the dump begins: rows and triggers need them too. */
  readonly header: DumpStatement[];
  readonly schema: DumpStatement[];
  readonly triggers: DumpStatement[];
}

/** A part of a dump, wherever its SQL is. */
export interface SqlPart {
  readonly part: Pick<DumpPart, 'role'>;
  sql(): AsyncIterable<Buffer>;
}

/** Reads all parts to their ends, so that a dump that is not whole is refused before anything is done. */
export async function planImport(parts: readonly SqlPart[], database: string, rewriter: Pick<Rewriter, 'rewrite'>): Promise<ImportPlan> {
  const plan: ImportPlan = { header: [], schema: [], triggers: [] };
  const planner = new Planner(plan, bytesAsText(database), rewriter);
  for (const each of parts) {
    const splitter = new StatementSplitter({ skipRows: true });
    for await (const chunk of each.sql()) {
      for (const { bytes, isRows } of splitter.split(chunk, false)) if (!isRows) planner.add(classify(bytes.toString('latin1')), each.part.role);
    }
    for (const { bytes, isRows } of splitter.split(Buffer.alloc(0), true)) if (!isRows) planner.add(classify(bytes.toString('latin1')), each.part.role);
  }
  return { ...plan, schema: withoutRepeatedSettings(plan.schema) };
}

class Planner {
  readonly #plan: ImportPlan;
  readonly #database: string;
  readonly #rewriter: Pick<Rewriter, 'rewrite'>;
  #inHeader = true;
  /** Since the last object: what a trigger in the main part needs to be made later. */
  #settings: DumpStatement[] = [];
  /** Between the two ALTER DATABASE around a routine or trigger that was made under another collation of the database. */
  #isAltered = false;
  /** Such a trigger was the last object: the second of them belongs to it. */
  #isToBePutBack = false;

  constructor(plan: ImportPlan, database: string, rewriter: Pick<Rewriter, 'rewrite'>) {
    this.#plan = plan;
    this.#database = database;
    this.#rewriter = rewriter;
  }

  add(original: DumpStatement, role: 'main' | 'triggers'): void {
    if (!this.#concernsTheImport(original)) return;
    const sql = this.#rewriter.rewrite(original);
    if (sql === '') return;
    const statement = { ...original, sql };
    if (role === 'triggers') this.#plan.triggers.push(statement);
    else if (statement.kind === 'session') this.#addSettings(statement);
    else this.#addObject(statement);
  }

  #addSettings(statement: DumpStatement): void {
    if (this.#inHeader) this.#plan.header.push(statement);
    this.#settings.push(statement);
    this.#plan.schema.push(statement);
  }

  #addObject(statement: DumpStatement): void {
    const { triggers, schema } = this.#plan;
    const isPutBack = statement.kind === 'database' && this.#isToBePutBack;
    if (statement.kind === 'trigger' || isPutBack) triggers.push(...this.#settings, statement);
    if (statement.kind !== 'trigger') schema.push(statement);
    if (statement.kind === 'database') this.#isAltered = !this.#isAltered;
    this.#isToBePutBack = statement.kind === 'trigger' && this.#isAltered;
    this.#settings = statement.kind === 'database' && !isPutBack ? [...this.#settings, statement] : [];
    this.#inHeader = false;
  }

  /** The database is made by the import itself; rows have their own reading; locks and key switches have no use. */
  #concernsTheImport({ kind, verb, object }: DumpStatement): boolean {
    if (kind === 'rows' || kind === 'lock' || kind === 'keys') return false;
    if (kind !== 'use' && kind !== 'database') return true;
    if (object !== this.#database) {
      throw new FerryError('ImportRejected', `The dump leads to another database: ${verb} \`${object}\`. Dump one database alone, without --databases.`);
    }
    return verb === 'ALTER';
  }
}
