/** The tables that a dump makes and gives rows to, in its order: an import makes all of them first. */
import { Refusal } from './allowed/strict-tokens.ts';
import type { Place } from './refused-statement.ts';

export class DumpedTables {
  readonly #tables = new Set<string>();
  readonly #views = new Set<string>();
  /** By table: its first INSERT. */
  readonly #rows = new Map<string, Place>();
  rowStatements = 0;

  get names(): readonly string[] {
    return [...this.#tables];
  }

  /** A view may stand for a table of another database: nothing is inserted through one. */
  strayRows(): Place | undefined {
    const lower = (names: Iterable<string>): Set<string> => new Set([...names].map((name) => name.toLowerCase()));
    const [tables, views] = [lower(this.#tables), lower(this.#views)];
    return [...this.#rows].find(([name]) => !this.#tables.has(name) && (!tables.has(name.toLowerCase()) || views.has(name.toLowerCase())))?.[1];
  }

  /** @throws Refusal */
  create(name: string): void {
    this.#checkOrder(name, 'makes');
    this.#tables.add(name);
    this.#views.delete(name);
  }

  createView(name: string): void {
    this.#views.add(name);
    this.#tables.delete(name);
  }

  /** @throws Refusal */
  drop(name: string): void {
    this.#checkOrder(name, 'drops');
    this.#tables.delete(name);
    this.#views.delete(name);
  }

  addRows(name: string, place: Place): void {
    this.rowStatements += 1;
    if (!this.#rows.has(name)) this.#rows.set(name, place);
  }

  /** The import makes and drops before it loads. */
  #checkOrder(name: string, what: string): void {
    if (this.#rows.has(name)) throw new Refusal(`it ${what} a table that has been given rows before`);
  }
}
