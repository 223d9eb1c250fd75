/** The tables that a dump makes and gives rows to, in its order: an import makes all of them first. */
import { Refusal } from './allowed/strict-tokens.ts';
import type { Place } from './refused-statement.ts';

export class DumpedTables {
  readonly #tables = new Set<string>();
  readonly #views = new Set<string>();
  /** By table: its first INSERT. */
  readonly #rows = new Map<string, { readonly first: Place; count: number }>();
  rowStatements = 0;

  /** Rows by table; where the case of letters tells no tables apart, a dump may write a name in two ways. */
  get counts(): ReadonlyMap<string, number> {
    const counts = new Map([...this.#tables].map((name) => [name, 0]));
    for (const [name, { count }] of this.#rows) {
      const table = counts.has(name) ? name : ([...counts.keys()].find((each) => each.toLowerCase() === name.toLowerCase()) ?? name);
      counts.set(table, (counts.get(table) ?? 0) + count);
    }
    return counts;
  }

  /** A view may stand for a table of another database: nothing is inserted through one. */
  strayRows(): Place | undefined {
    const lower = (names: Iterable<string>): Set<string> => new Set([...names].map((name) => name.toLowerCase()));
    const [tables, views] = [lower(this.#tables), lower(this.#views)];
    return [...this.#rows].find(([name]) => !this.#tables.has(name) && (!tables.has(name.toLowerCase()) || views.has(name.toLowerCase())))?.[1].first;
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

  addRows(name: string, count: number, first: Place): void {
    this.rowStatements += 1;
    const rows = this.#rows.get(name);
    if (rows === undefined) this.#rows.set(name, { first, count });
    else rows.count += count;
  }

  /** The import makes and drops before it loads. */
  #checkOrder(name: string, what: string): void {
    if (this.#rows.has(name)) throw new Refusal(`it ${what} a table that has been given rows before`);
  }
}
