/** Collects what a rehearsal finds, under the names of the source's objects. */
import { FerryError } from '../../core/errors.ts';
import { errnoOf } from '../../core/mysql-failures.ts';
import { firstTokens, nameIn } from '../../core/sql-tokens.ts';
import type { Token } from '../../core/sql-tokens.ts';
import type { Rehearsal } from '../../core/rehearsal/rehearsal.ts';
import { textOfBytes } from '../common/mysql-session.ts';
import { saidOf } from '../import/rejections.ts';
import type { DumpStatement } from '../import/statement-kinds.ts';

const [shownCharacters, shownStatement] = [600, 60];
/** Of a table, database or routine that is not there. */
const invalidView = 1356;
const absent = new Set([1049, 1146, 1305, invalidView]);

type Found = { -readonly [Kind in keyof Rehearsal]: { object: string; detail: string }[] };

export class Findings {
  readonly database: string;
  readonly scratch: string;
  readonly rehearsal: Found = { refused: [], views: [], differences: [], untried: [] };

  constructor(database: string, scratch: string) {
    this.database = database;
    this.scratch = scratch;
  }

  /** @param error of a rule that refuses it, or of the target. Made in two steps, a view may be refused twice. */
  refused(statement: DumpStatement, error: unknown): void {
    const object = objectOf(statement);
    if (this.isRefused(object)) return;
    const cause = error instanceof FerryError ? error.cause : error;
    const detail = errnoOf(cause) === undefined ? FerryError.from(error).message : saidOf(cause);
    if (errnoOf(cause) !== undefined && this.#waits(errnoOf(cause), detail)) this.untried(object, detail);
    else this.rehearsal.refused.push({ object, detail: this.#said(detail) });
  }

  /** Of a part of an object that was made: rows would meet it. */
  refusedPart(object: string, detail: string): void {
    this.rehearsal.refused.push({ object, detail: this.#said(detail) });
  }

  fails(object: string, error: unknown): void {
    if (this.rehearsal.views.some((found) => found.object === object)) return;
    const detail = saidOf(error);
    if (this.#waits(errnoOf(error), detail)) this.untried(object, detail);
    else this.rehearsal.views.push({ object, detail: this.#said(detail) });
  }

  differs(message: string): void {
    this.rehearsal.differences.push({ object: '', detail: this.#said(message) });
  }

  untried(object: string, why: string): void {
    this.rehearsal.untried.push({ object, detail: this.#said(why) });
  }

  waits(statement: DumpStatement, why: string): void {
    this.untried(objectOf(statement), why);
  }

  /** Whether nothing is to be expected of it, as `table t` or `procedure p`. */
  isRefused(object: string): boolean {
    return (
      object !== '' && [...this.rehearsal.refused, ...this.rehearsal.untried].some((found) => found.object === object)
    );
  }

  /**
   * For an object of another database, which is not there in a rehearsal, or for one of its own that was refused
   * itself. Of a view that was made the server says in one message (1356) what may also come of a body that names its
   * database, which is not there.
   */
  #waits(errno: number | undefined, detail: string): boolean {
    if (errno === undefined || !absent.has(errno)) return false;
    const named = /'([^']*)'/.exec(detail)?.[1] ?? '';
    const isOwn = named.startsWith(`${this.scratch}.`) && errno !== invalidView;
    return (
      !isOwn ||
      this.rehearsal.refused.some(({ object }) => object.replace(/^\w+ /, '') === named.slice(this.scratch.length + 1))
    );
  }

  #said(text: string): string {
    const said = text.replaceAll(this.scratch, this.database);
    return said.length > shownCharacters ? `${said.slice(0, shownCharacters - 1)}…` : said;
  }
}

/** As reports name it: `table t`, `procedure p`. */
function objectOf({ kind, object, sql }: DumpStatement): string {
  if (kind === 'database') return '';
  if (kind === 'other') return textOfBytes(sql).slice(0, shownStatement);
  if (object === '') return kind;
  const tokens = firstTokens(sql, 24);
  if (kind === 'trigger') return `trigger ${textOfBytes(withoutQualifier(tokens))}`;
  const routine = tokens.find(({ upper }) => upper === 'PROCEDURE' || upper === 'FUNCTION')?.upper.toLowerCase();
  return `${kind === 'routine' ? (routine ?? kind) : kind} ${textOfBytes(object)}`;
}

/** A trigger's name stands as it was typed, with its database maybe: `shop`.`t`, shop.t */
function withoutQualifier(tokens: readonly Token[]): string {
  const at = tokens.findIndex(({ kind, upper }) => kind === 'word' && upper === 'TRIGGER');
  const [name, dot, part] = tokens.slice(at + 1, at + 4);
  if (dot?.text === '.') return nameIn(part);
  if (dot?.text.startsWith('.') === true) return dot.text.slice(1);
  if (name?.kind === 'word' && name.text.endsWith('.')) return nameIn(dot);
  return nameIn(name).replace(name?.kind === 'word' ? /^.*\./ : /^$/, '');
}
