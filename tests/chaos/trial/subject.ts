/**
 * Databases of a trial's own, to which an application writes. Each change is numbered, so that a copy tells by itself whether it
 * is of one moment: no reader has to have looked at the source at that time.
 */
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectionOptions, type ServerAccess } from '../../../core/server-access.ts';
import type { SubjectName } from '../kinds/kind.ts';
import { query } from '../../support/query.ts';

export interface Subject {
  readonly databases: readonly string[];
  /** Starts the application. */
  readonly begin: () => void;
  readonly end: () => Promise<void>;
  /** What shows that a copy is of no moment; undefined when it is of one. */
  readonly flawOf: (access: ServerAccess, database: string) => Promise<string | undefined>;
}

const pauseMilliseconds = 25;

export async function makeSubject(name: SubjectName, source: () => ServerAccess): Promise<Subject> {
  const { databases, prepare, change, flawOf } = name === 'written' ? written : changed;
  await query(source(), ...databases.flatMap((database) => [`DROP DATABASE IF EXISTS ${database}`, `CREATE DATABASE ${database}`, ...prepare(database)]));
  const application = new Application(source, databases, change);
  return { databases, begin: () => { application.begin(); }, end: () => application.end(), flawOf };
}

interface Script {
  readonly databases: readonly string[];
  readonly prepare: (database: string) => string[];
  /** The statements of the nth change, in order. */
  readonly change: (database: string, n: number) => string[];
  readonly flawOf: Subject['flawOf'];
}

/** The only writer; where its session ends it connects anew and goes on with the next number that is not there. */
class Application {
  readonly #source: () => ServerAccess;
  readonly #databases: readonly string[];
  readonly #change: Script['change'];
  #stop = new AbortController();
  #working: Promise<void> = Promise.resolve();
  #next = 1;

  constructor(source: () => ServerAccess, databases: readonly string[], change: Script['change']) {
    this.#source = source;
    this.#databases = databases;
    this.#change = change;
  }

  begin(): void {
    this.#stop = new AbortController();
    this.#working = this.#work(this.#stop.signal);
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await this.#working;
  }

  /** One statement that fails ends it: what comes after it would not be in order. */
  async #work(signal: AbortSignal): Promise<void> {
    let connection: Connection | undefined;
    try {
      connection = await createConnection({ ...connectionOptions(this.#source()), multipleStatements: true });
      connection.on('error', () => undefined);
      for (; !signal.aborted; this.#next += 1) {
        for (const database of this.#databases) for (const sql of this.#change(database, this.#next)) await connection.query(sql);
        await sleep(pauseMilliseconds);
      }
    } catch {
      // Another fault has ended the server or the session.
    } finally {
      connection?.destroy();
    }
  }
}

const rowsOfTable = 40;

/** `b_first` is written before `z_last`: with InnoDB in one transaction. `m_middle` keeps a dump of both apart. */
const written: Script = {
  databases: ['chaos_written_innodb', 'chaos_written_myisam'],
  prepare: (database) => {
    const engine = database.endsWith('innodb') ? 'InnoDB' : 'MyISAM';
    return [
      ...['b_first', 'z_last'].map((table) => `CREATE TABLE ${database}.${table} (n INT PRIMARY KEY, text CHAR(200) NOT NULL DEFAULT 'x') ENGINE=${engine}`),
      ...Array.from({ length: 12 }, (_, index) => `CREATE TABLE ${database}.m_${index} (id INT PRIMARY KEY) ENGINE=${engine}`),
    ];
  },
  change: (database, n) => {
    const inserts = ['b_first', 'z_last'].map((table) => `INSERT INTO ${database}.${table} (n) VALUES (${n})`);
    return database.endsWith('innodb') ? [`BEGIN; ${inserts.join('; ')}; COMMIT`] : inserts;
  },
  flawOf: async (access, database) => {
    const of = async (table: string) => numbersOf(await query(access, `SELECT COUNT(*) AS count, COALESCE(MAX(n), 0) AS last FROM ${database}.${table}`));
    const [first, last] = [await of('b_first'), await of('z_last')];
    const ahead = first.last - last.last;
    const isOneMoment = first.count === first.last && last.count === last.last && (ahead === 0 || (ahead === 1 && database.endsWith('myisam')));
    return isOneMoment ? undefined : `${database}: b_first has ${first.count} rows to ${first.last}, z_last ${last.count} rows to ${last.last}`;
  },
};

/** The ledger is stamped 2n-1 before the nth change and 2n after it: a table gets a column, another is emptied and filled anew. */
const changed: Script = {
  databases: ['chaos_changed'],
  prepare: (database) => [
    `CREATE TABLE ${database}.a_ledger (stamp INT PRIMARY KEY) ENGINE=InnoDB`,
    `CREATE TABLE ${database}.c_columns (id INT PRIMARY KEY) ENGINE=InnoDB`,
    `INSERT INTO ${database}.c_columns VALUES (1), (2)`,
    `CREATE TABLE ${database}.y_emptied (id INT PRIMARY KEY, n INT NOT NULL) ENGINE=InnoDB`,
    generation(database, 0),
  ],
  change: (database, n) => [
    `INSERT INTO ${database}.a_ledger VALUES (${2 * n - 1})`,
    `ALTER TABLE ${database}.c_columns ADD COLUMN c_${n} INT NOT NULL DEFAULT ${n}`,
    `TRUNCATE TABLE ${database}.y_emptied`,
    generation(database, n),
    `INSERT INTO ${database}.a_ledger VALUES (${2 * n})`,
  ],
  flawOf: async (access, database) => {
    const [ledger] = await query(access, `SELECT COALESCE(MAX(stamp), 0) AS stamp FROM ${database}.a_ledger`);
    const columns = (await query(access, `SHOW COLUMNS FROM ${database}.c_columns`)).length - 1;
    const generations = await query(access, `SELECT n, COUNT(*) AS count FROM ${database}.y_emptied GROUP BY n`);
    const stamp = Number(ledger?.['stamp']);
    return isMoment(stamp, columns, generations) ? undefined : `${database}: stamp ${stamp}, ${columns} columns, generations ${JSON.stringify(generations)}`;
  },
};

function generation(database: string, n: number): string {
  return `INSERT INTO ${database}.y_emptied VALUES ${Array.from({ length: rowsOfTable }, (_, id) => `(${id}, ${n})`).join(', ')}`;
}

/** Between two stamps the column comes first, then the table is empty, then it is full again. */
function isMoment(stamp: number, columns: number, generations: readonly RowDataPacket[]): boolean {
  const done = Math.floor(stamp / 2);
  const full = generations.length === 1 && Number(generations[0]?.['count']) === rowsOfTable ? Number(generations[0]?.['n']) : undefined;
  if (stamp % 2 === 0) return columns === done && full === done;
  if (columns === done) return full === done;
  return columns === done + 1 && (generations.length === 0 || full === done || full === done + 1);
}

function numbersOf([row]: readonly RowDataPacket[]): { count: number; last: number } {
  return { count: Number(row?.['count']), last: Number(row?.['last']) };
}
