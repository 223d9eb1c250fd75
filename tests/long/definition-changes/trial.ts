/** One trial: a database is dumped while its definitions change at random times, imported and verified; what is verified must be one moment. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { run as runDump } from '../../../containers/dump/main.ts';
import { run as runImport } from '../../../containers/import/main.ts';
import { EventLog } from '../../../core/event-log.ts';
import { manifestKey } from '../../../core/names.ts';
import { connectionOptions } from '../../../core/server-access.ts';
import type { ServerAccess } from '../../../core/server-access.ts';
import { Random } from '../../../local/fleet/random.ts';
import type { VersionName } from '../../../local/mysql/versions.ts';
import { Bench, migration } from '../../integration/containers/bench.ts';
import { installPrograms } from '../../support/servers.ts';
import { makeSlowMysqldump } from '../../support/slow-mysqldump.ts';
import { engineFor, mixtures, partitioned, partitionedEngine, partitions, pickChange, smallTables, tableWith } from './changes.ts';
import type { Mixture, Subject } from './changes.ts';

export interface Trial {
  readonly seed: number;
  readonly version: VersionName;
  readonly mixture: Mixture;
  readonly changes: readonly string[];
  /** `VERIFIED`, or the name of what failed, after so many tries as a branch has. */
  readonly outcome: string;
  /** What each try before it failed with. */
  readonly failures: readonly string[];
  readonly message: string;
  /** Undefined unless it was verified. */
  readonly isOneMoment: boolean | undefined;
  /** Of the application's queries and of the changes' own statements, in milliseconds. */
  readonly longestWait: number;
  readonly longestChange: number;
}

const bigRows = 2_000;
/** Of a dump of them. */
const bigBytes = 2_200_000;
const applicationPause = 50;
/** Of a stage, unless a run is told otherwise. */
const tries = 3;

export class Trials {
  readonly #bench: Bench;
  readonly #version: VersionName;
  readonly #mysqldump: string;

  private constructor(bench: Bench, version: VersionName, mysqldump: string) {
    this.#bench = bench;
    this.#version = version;
    this.#mysqldump = mysqldump;
  }

  /** What it starts is stopped with `started`. */
  static async open(started: AsyncDisposableStack, version: VersionName): Promise<Trials> {
    const bench = await Bench.start(started, { source: version, target: 'mysql-9.7' });
    // Where the programs, which run in this process, keep their files.
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = bench.temporaryFolder;
    started.defer(() => {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    });
    const mysqldump = join((await installPrograms()).binDirectory, 'mysqldump');
    await bench.sourceAdmin.query(`CREATE DATABASE template; CREATE TABLE template.a_big (id INT PRIMARY KEY, generation INT NOT NULL, filler VARCHAR(1200) NOT NULL) ENGINE=MyISAM`);
    const rows = Array.from({ length: bigRows }, (_, id) => `(${id}, 0, REPEAT('z', 1000))`);
    await bench.sourceAdmin.query(`INSERT INTO template.a_big VALUES ${rows.join(', ')}`);
    return new Trials(bench, version, mysqldump);
  }

  async run(seed: number): Promise<Trial> {
    const random = new Random(seed);
    const mixture = random.pick(mixtures);
    const database = `trial_${seed}`;
    const subject: Subject = { version: this.#version, mixture, random, database, other: `${database}_other` };
    const admin = this.#bench.sourceAdmin;
    await this.#fill(subject);
    const milliseconds = random.pick([0, 300, 800, 1_500, 2_500]);
    await makeSlowMysqldump(this.#bench.temporaryFolder, { mysqldump: this.#mysqldump, milliseconds, bytes: bigBytes });
    const over = new AbortController();
    const mutator = new Mutator(subject, await open(this.#bench.source.adminAccess, database));
    const application = watchApplication(await open(this.#bench.source.adminAccess, database), mixture, over.signal);
    const [migrated] = await Promise.all([this.#migrate(database).finally(() => { mutator.stop(); }), mutator.run(milliseconds)]);
    over.abort();
    const longestWait = await application;
    const isOneMoment = migrated.outcome === 'VERIFIED' ? mutator.states.has(await describeState(this.#bench.targetAdmin, database)) : undefined;
    mutator.close();
    await admin.query(`DROP DATABASE ${database}; DROP DATABASE ${subject.other}`);
    await this.#bench.targetAdmin.query(`DROP DATABASE IF EXISTS ${database}`);
    return { seed, version: this.#version, mixture, ...migrated, isOneMoment, changes: mutator.made, longestWait, longestChange: mutator.longest };
  }

  async #fill(subject: Subject): Promise<void> {
    const { database, other, mixture } = subject;
    const ledgerEngine = mixture === 'InnoDB' ? 'InnoDB' : 'MyISAM';
    const statements = [
      `CREATE DATABASE ${database}`,
      `CREATE DATABASE ${other}`,
      `USE ${database}`,
      `CREATE TABLE a_big (PRIMARY KEY (id)) ENGINE=${ledgerEngine} SELECT * FROM template.a_big`,
      ...['b_ledger', 'z_ledger'].flatMap((name) => [`CREATE TABLE ${name} (generation INT NOT NULL PRIMARY KEY) ENGINE=${ledgerEngine}`, `INSERT INTO ${name} VALUES (0)`]),
      ...smallTables.flatMap((name) => tableWith(name, 0, engineFor(subject))),
      ...tableWith(partitioned, 0, partitionedEngine(subject), partitions),
      'CREATE SQL SECURITY INVOKER VIEW v AS SELECT 0 AS generation',
      'CREATE FUNCTION f() RETURNS INT DETERMINISTIC NO SQL RETURN 0',
    ];
    await this.#bench.sourceAdmin.query(statements.join(';\n'));
  }

  /** Dumps again what cannot be one moment, as a branch does. */
  async #migrate(database: string): Promise<Pick<Trial, 'outcome' | 'message' | 'failures'>> {
    const failures: string[] = [];
    for (let attempt = 1; ; attempt += 1) {
      const tried = await this.#try(database, attempt);
      if (attempt === tries || !['SourceChanged', 'VerificationMismatch'].includes(tried.outcome)) return { ...tried, failures };
      failures.push(tried.outcome);
    }
  }

  async #try(database: string, attempt: number): Promise<Pick<Trial, 'outcome' | 'message'>> {
    const log = EventLog.of('aurora-ferry', () => undefined);
    const { signal } = new AbortController();
    await this.#bench.claim(database, attempt);
    const PATH = `${this.#bench.temporaryFolder}:${this.#bench.environmentOf('dump', database)['PATH'] ?? ''}`;
    if ((await runDump(this.#bench.environmentOf('dump', database, attempt, { PATH }), signal, log)) !== 0) return this.#failure('dump', database, attempt);
    const ofDump = { DUMP_MANIFEST: manifestKey(migration, database, attempt) };
    if ((await runImport(this.#bench.environmentOf('import', database, attempt, ofDump), signal, log)) !== 0) return this.#failure('import', database, attempt);
    // The import's task verifies as well, and leaves what went wrong to a verification of its own.
    const { result } = await this.#bench.report('import', database, attempt);
    if (result?.verified !== undefined) return { outcome: 'VERIFIED', message: '' };
    await runImport(this.#bench.environmentOf('verify', database, attempt, ofDump), signal, log);
    return this.#failure('verify', database, attempt);
  }

  async #failure(stage: 'dump' | 'import' | 'verify', database: string, attempt: number): Promise<Pick<Trial, 'outcome' | 'message'>> {
    const { error } = await this.#bench.report(stage, database, attempt);
    return { outcome: error?.name ?? 'nothing', message: error?.message ?? '' };
  }
}

/** The only writer: after each statement it notes what the database looks like, so that every moment of it is known. */
class Mutator {
  readonly states = new Set<string>();
  readonly made: string[] = [];
  longest = 0;
  readonly #subject: Subject;
  readonly #connection: Connection;
  readonly #stop = new AbortController();

  constructor(subject: Subject, connection: Connection) {
    this.#subject = subject;
    this.#connection = connection;
  }

  /** Changes at random times of a dump that takes about so long; stops at its end. */
  async run(milliseconds: number): Promise<void> {
    const { random, mixture } = this.#subject;
    this.states.add(await describeState(this.#connection, this.#subject.database));
    const count = random.int(1, 4);
    for (let n = 1; n <= count; n += 1) {
      await sleep(random.int(0, Math.max(400, milliseconds)) / (n === 1 ? 1 : 3), undefined, { signal: this.#stop.signal }).catch(() => undefined);
      if (this.#stop.signal.aborted) return;
      const change = pickChange(this.#subject, n);
      this.made.push(change.name);
      // Before and after: a state that lasts for one statement is told from the same tables at another time.
      const stamps = (at: number): string[] => {
        const inserts = ['b_ledger', 'z_ledger'].map((name) => `INSERT INTO ${name} VALUES (${at})`);
        return mixture === 'InnoDB' ? [`BEGIN; ${inserts.join('; ')}; COMMIT`] : inserts;
      };
      for (const sql of [...stamps(2 * n - 1), ...change.statements, ...stamps(2 * n)]) await this.#execute(sql);
    }
  }

  async #execute(sql: string): Promise<void> {
    const began = performance.now();
    await this.#connection.query(sql).catch((error: unknown) => {
      // A trial's random changes may be refused: an engine without partitions, a table that is gone.
      if (!(error instanceof Error) || !('errno' in error)) throw error;
    });
    if (!sql.startsWith('INSERT') && !sql.startsWith('BEGIN') && !sql.startsWith('UPDATE')) this.longest = Math.max(this.longest, performance.now() - began);
    this.states.add(await describeState(this.#connection, this.#subject.database));
  }

  stop(): void {
    this.#stop.abort();
  }

  close(): void {
    this.#connection.destroy();
  }
}

/** @returns how long its longest query took, in milliseconds */
async function watchApplication(connection: Connection, mixture: Mixture, signal: AbortSignal): Promise<number> {
  let longest = 0;
  for (let n = 0; !signal.aborted; n += 1) {
    const table = smallTables[n % smallTables.length] ?? '';
    // A dump of tables without snapshots keeps writers out, as it says.
    const sql = mixture === 'InnoDB' && n % 3 === 0 ? `UPDATE ${table} SET generation = generation WHERE id = 1` : `SELECT COUNT(*) FROM ${table}`;
    const began = performance.now();
    await connection.query(sql).catch(() => undefined);
    longest = Math.max(longest, performance.now() - began);
    await sleep(applicationPause);
  }
  connection.destroy();
  return longest;
}

/** Tables and views with their columns, numbers of rows and generations; triggers and routines. */
async function describeState(connection: Connection, database: string): Promise<string> {
  const rows = async (sql: string): Promise<RowDataPacket[]> => (await connection.query<RowDataPacket[]>(sql))[0];
  const columns = await rows(`SELECT TABLE_NAME AS name, GROUP_CONCAT(COLUMN_NAME ORDER BY ORDINAL_POSITION) AS columns FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '${database}' GROUP BY 1 ORDER BY 1`);
  const counts = await rows(columns.map(({ name }) => `SELECT '${String(name)}' AS name, COUNT(*) AS n, COALESCE(SUM(generation), 0) AS total FROM ${database}.${String(name)}`).join(' UNION ALL '));
  const triggers = await rows(`SELECT TRIGGER_NAME AS name, ACTION_STATEMENT AS body FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = '${database}' ORDER BY 1`);
  const routines = await rows(`SELECT ROUTINE_NAME AS name, ROUTINE_DEFINITION AS body FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = '${database}' ORDER BY 1`);
  return JSON.stringify([columns, counts.map(({ name, n, total }) => [name, String(n), String(total)] as unknown[]), triggers, routines]);
}

async function open(access: ServerAccess, database: string): Promise<Connection> {
  return createConnection({ ...connectionOptions(access), ssl: undefined as never, database, multipleStatements: true });
}
