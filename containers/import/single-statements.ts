/**
 * A connection on which the target takes one statement at a time. The end of a stored program is where the dump's
 * delimiter stands; the target may see one before, at a semicolon, and would run what follows by itself, as the
 * importing account. Of what Ferry has dumped that is known not to be so: it was one statement to the source, which
 * keeps no versioned comments, the one thing that another version reads otherwise.
 */
import type { MysqlSession } from '../common/mysql-session.ts';
import type { DumpStatement } from './statement-kinds.ts';

const programs: ReadonlySet<DumpStatement['kind']> = new Set(['routine', 'trigger', 'event']);

export function mayHoldOthers({ kind, sql, isMeasured }: DumpStatement): boolean {
  return programs.has(kind) && (isMeasured !== true || /\/\*M?!/.test(sql));
}

export class SingleStatements {
  readonly #open: () => Promise<MysqlSession>;
  #session: MysqlSession | undefined;
  #settings: readonly DumpStatement[] = [];
  #sent = 0;

  /** @param open opens a connection that uses the database and takes one statement at a time */
  constructor(open: () => Promise<MysqlSession>) {
    this.#open = open;
  }

  /**
   * @param settings of the session that the statement is meant for, from its beginning
   * @throws what the server answers
   */
  async run(statement: DumpStatement, settings: readonly DumpStatement[]): Promise<void> {
    this.#session ??= await this.#open();
    const isContinued = this.#settings.slice(0, this.#sent).every((setting, index) => setting === settings[index]);
    for (const { sql } of settings.slice(isContinued ? this.#sent : 0)) await this.#session.executeBytes(sql);
    [this.#settings, this.#sent] = [settings, settings.length];
    await this.#session.executeBytes(statement.sql);
  }

  async close(): Promise<void> {
    await this.#session?.close();
  }
}
