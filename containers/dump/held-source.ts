/** A database whose definitions are held while it is dumped: what was read of it first, and whether it is so at the end. */
import { canonicalJson } from '../../core/canonical-json.ts';
import { FerryError } from '../../core/errors.ts';
import { readPrograms } from '../../core/objects/read-structure.ts';
import type { Structure } from '../../core/objects/structure.ts';
import { quoteIdentifier } from '../../core/names.ts';
import { errnoOf, isConnectionLoss } from '../../core/mysql-failures.ts';
import { textLiteral } from '../../core/sql-text.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import type { Clock } from '../common/clock.ts';
import { holdTables, releaseTables } from './definition-locks.ts';
import type { HeldTables } from './definition-locks.ts';
import type { DefinitionWatch } from './definition-watch.ts';
import { readSourceMetadata, useDatabase } from './source-metadata.ts';
import type { SourceMetadata } from './source-metadata.ts';

/** Tables may be made between the look at them and the locks. */
const tries = 5;
const shownObjects = 10;

export class HeldSource {
  readonly metadata: SourceMetadata;
  readonly #session: MysqlSession;
  readonly #database: string;
  readonly #held: HeldTables;

  private constructor(session: MysqlSession, database: string, metadata: SourceMetadata, held: HeldTables) {
    this.#session = session;
    this.#database = database;
    this.metadata = metadata;
    this.#held = held;
  }

  /**
   * Locks the definitions, and then reads them.
   * @param session has the settings of `dumpSession`, and is in a transaction afterwards
   * @throws FerryError UnknownDatabase, SourceChanged, and what the server answers
   */
  static async hold(session: MysqlSession, database: string, watch: DefinitionWatch, clock: Clock): Promise<HeldSource> {
    await useDatabase(session, database);
    let transactional: boolean | undefined;
    for (let tried = 0; tried < tries; tried += 1) {
      const onNames = (names: readonly string[]): void => {
        watch.watch(session, names);
      };
      const held = await holdTables({ session, database, clock, signal: watch.signal, transactional, onNames });
      onNames(held.names);
      // Rows of the server's own tables are read next, whose locks are not to be kept. Aria, MariaDB's, has no savepoints.
      await serverMayRefuse(session.execute('SAVEPOINT ferry'));
      const metadata = await readSourceMetadata(session, database);
      const known = new Set([...held.names, ...held.unopened.keys()]);
      const isHeld = metadata.facts.tables.every(({ name }) => known.has(name));
      if (isHeld && metadata.allTransactional === held.transactional) return new HeldSource(session, database, metadata, held);
      transactional = metadata.allTransactional;
      await releaseTables(session);
    }
    throw new FerryError('SourceChanged', `\`${database}\` was not dumped: tables were made in it ${tries} times while its tables were locked.`);
  }

  /** After all definitions were read, and before any row: the snapshot is younger than the locks, and older than mysqldump's. */
  async openSnapshot(): Promise<void> {
    await serverMayRefuse(this.#session.execute('ROLLBACK TO SAVEPOINT ferry'));
    const [first] = this.#held.names;
    if (!this.metadata.allTransactional || first === undefined) return;
    await this.#session.query(`SELECT 1 FROM ${quoteIdentifier(this.#database)}.${quoteIdentifier(first)} LIMIT 1`);
  }

  /** After the dump and the digests. A read view of MySQL 8 would not show what was made meanwhile. */
  release(): Promise<void> {
    return releaseTables(this.#session);
  }

  /**
   * Compares what no lock on tables keeps as it is, after `release`: which tables there are, and views, routines and events.
   * @param structure as it was read after `hold`; undefined where none was
   * @throws FerryError SourceChanged
   */
  async checkSame(structure: Structure | undefined): Promise<void> {
    const { facts, version, defaultCollation } = this.metadata;
    const before = [...facts.tables, ...facts.views].map(({ name }) => name);
    const now = await readNames(this.#session, this.#database);
    const changed = [...onlyIn(before, now.names), ...onlyIn(now.names, before)].map((name) => `\`${name}\``);
    if (now.collation !== defaultCollation) changed.push("the database's collation");
    // Tables that can be opened by now were not held.
    changed.push(...[...this.#held.unopened.keys()].map((name) => `\`${name}\``));
    if (structure !== undefined) {
      const options = { version, hasViews: facts.views.length > 0 };
      const programs = await readPrograms((sql) => this.#session.query(sql), this.#database, options);
      changed.push(...changedPrograms(structure, programs));
    }
    if (changed.length === 0) return;
    const named = changed.slice(0, shownObjects).join(', ') + (changed.length > shownObjects ? ', …' : '');
    const what = `${changed.length} objects of \`${this.#database}\` were made, changed or dropped during its dump`;
    throw new FerryError('SourceChanged', `${what}: ${named}.`);
  }
}

/** Of tables, views, sequences and all that is listed with them. */
async function readNames(session: MysqlSession, database: string): Promise<{ names: readonly string[]; collation: string }> {
  const rows = await session.query<{ name: string; kind: string }>(
    `SELECT TABLE_NAME AS name, 'table' AS kind FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${textLiteral(database)}
     UNION ALL SELECT DEFAULT_COLLATION_NAME, 'collation' FROM information_schema.SCHEMATA
     WHERE SCHEMA_NAME = ${textLiteral(database)}`,
  );
  const names = rows.filter(({ kind }) => kind === 'table').map(({ name }) => name);
  return { names, collation: rows.find(({ kind }) => kind === 'collation')?.name ?? '' };
}

function onlyIn(some: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return some.filter((name) => !known.has(name));
}

/** Triggers are part of their tables: to make or drop one takes an exclusive lock. */
function changedPrograms(before: Structure, now: Structure): string[] {
  const names = Object.keys({ ...before, ...now }).filter((name) => /^(?:view|procedure|function|event) /.test(name));
  return names.filter((name) => canonicalJson(before[name] ?? {}) !== canonicalJson(now[name] ?? {}));
}

async function serverMayRefuse(executed: Promise<unknown>): Promise<void> {
  try {
    await executed;
  } catch (error) {
    if (errnoOf(error) === undefined || isConnectionLoss(error)) throw error;
  }
}
