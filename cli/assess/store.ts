/**
 * The results of assessments, in SQLite: fifty thousand databases do not fit into memory, and an interrupted assessment goes on.
 * One row for a database, one for each of its findings.
 */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Finding, Severity } from '../../core/assessment/check.ts';
import { severities } from '../../core/assessment/check.ts';
import { FerryError } from '../../core/errors.ts';
import { openDatabase, transactions } from '../../local/storage/open-database.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS databases (
    name TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, assessed_at TEXT NOT NULL, queries INTEGER NOT NULL, milliseconds REAL NOT NULL,
    tables INTEGER NOT NULL, views INTEGER NOT NULL, triggers INTEGER NOT NULL, routines INTEGER NOT NULL, events INTEGER NOT NULL,
    data_bytes INTEGER NOT NULL, index_bytes INTEGER NOT NULL, error TEXT, message TEXT,
    blocks INTEGER NOT NULL, converted INTEGER NOT NULL, warning INTEGER NOT NULL, information INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS findings (
    database TEXT NOT NULL, position INTEGER NOT NULL, check_id TEXT NOT NULL, severity TEXT NOT NULL, count INTEGER NOT NULL, occurrences TEXT NOT NULL,
    PRIMARY KEY (database, position)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS findings_by_check ON findings (check_id, database);
`;

/** Findings about the servers are kept under this name, which no database can have. */
const serversName = '';

export interface ObjectCounts {
  readonly tables: number;
  readonly views: number;
  readonly triggers: number;
  readonly routines: number;
  readonly events: number;
  readonly dataBytes: number;
  readonly indexBytes: number;
}

export interface AssessedDatabase extends ObjectCounts {
  readonly name: string;
  readonly assessedAt: string;
  readonly queries: number;
  readonly milliseconds: number;
  /** It could not be assessed. */
  readonly error?: { readonly name: string; readonly message: string } | undefined;
  readonly findings: readonly Finding[];
}

const occurrencesSchema = z.array(z.object({ object: z.string(), detail: z.string().optional() }));
const findingRow = z
  .object({ database: z.string(), check_id: z.string(), severity: z.enum(severities), count: z.number(), occurrences: z.string() })
  .transform((row) => ({
    database: row.database,
    check: row.check_id,
    severity: row.severity,
    occurrences: occurrencesSchema.parse(JSON.parse(row.occurrences)),
  }));

const totalsRow = z.object({
  databases: z.number(), failed: z.number(), tables: z.number(), views: z.number(), triggers: z.number(), routines: z.number(), events: z.number(), dataBytes: z.number(), indexBytes: z.number(),
  queries: z.number(), blocked: z.number(), warned: z.number(), convertedOnly: z.number(), clean: z.number(), oldest: z.string().nullable(),
});
const checkRow = z.object({ check: z.string(), severity: z.enum(severities), databases: z.number(), objects: z.number() });
const severityRow = z.object({ severity: z.enum(severities), databases: z.number(), objects: z.number() });

export type Totals = z.infer<typeof totalsRow>;
export type CheckCount = z.infer<typeof checkRow>;
export type SeverityCount = z.infer<typeof severityRow>;
export type DatabaseFinding = z.infer<typeof findingRow>;

export class AssessmentStore {
  readonly #database: DatabaseSync;
  readonly #transaction: ReturnType<typeof transactions>;
  readonly #file: string;
  readonly #fingerprint: string;

  /**
   * @param fingerprint of the checks and of what they look at: results of others are made again
   * @throws FerryError InvalidInput when another assessment works on the file
   */
  constructor(file: string, fingerprint: string) {
    this.#file = file;
    this.#fingerprint = fingerprint;
    this.#database = this.#naming(() => openDatabase(file, schema));
    this.#transaction = transactions(this.#database);
    // Which databases the present assessment is about: those that it was told, not all that were ever assessed.
    this.#database.exec('CREATE TEMPORARY TABLE chosen (name TEXT PRIMARY KEY) WITHOUT ROWID');
  }

  close(): void {
    this.#database.close();
  }

  /** @throws FerryError InvalidInput when the file holds the assessment of another source */
  setSource(source: string): void {
    const known = this.#database.prepare("SELECT value FROM facts WHERE name = 'source'").get();
    if (known === undefined) this.#database.prepare("INSERT INTO facts (name, value) VALUES ('source', ?)").run(source);
    else if (known['value'] !== source) {
      throw new FerryError('InvalidInput', `${this.#file} holds the assessment of ${String(known['value'])}, not of ${source}: give this one its own --state folder.`);
    }
  }

  /** @param again forgets what is known of them */
  choose(names: readonly string[], again: boolean): void {
    this.#transaction(() => {
      const insert = this.#database.prepare('INSERT OR IGNORE INTO chosen (name) VALUES (?)');
      for (const name of names) insert.run(name);
      if (!again) return;
      this.#database.exec('DELETE FROM findings WHERE database IN (SELECT name FROM chosen); DELETE FROM databases WHERE name IN (SELECT name FROM chosen)');
    });
  }

  /** Chosen, and not assessed by these checks, or not with success. */
  unassessed(): string[] {
    const rows = this.#database
      .prepare('SELECT chosen.name AS name FROM chosen LEFT JOIN databases ON databases.name = chosen.name AND databases.fingerprint = ? AND databases.error IS NULL WHERE databases.name IS NULL ORDER BY chosen.name')
      .all(this.#fingerprint);
    return rows.map(({ name }) => String(name));
  }

  put(assessed: AssessedDatabase): void {
    const count = (severity: Severity): number => assessed.findings.filter((finding) => finding.severity === severity).reduce((sum, { occurrences }) => sum + occurrences.length, 0);
    this.#transaction(() => {
      this.#putFindings(assessed.name, assessed.findings);
      this.#database
        .prepare('INSERT OR REPLACE INTO databases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
        .run(
          assessed.name, this.#fingerprint, assessed.assessedAt, assessed.queries, assessed.milliseconds,
          assessed.tables, assessed.views, assessed.triggers, assessed.routines, assessed.events, assessed.dataBytes, assessed.indexBytes,
          assessed.error?.name ?? null, assessed.error?.message ?? null,
          ...severities.map(count),
        );
    });
  }

  putServerFindings(findings: readonly Finding[]): void {
    this.#transaction(() => {
      this.#putFindings(serversName, findings);
    });
  }

  serverFindings(): DatabaseFinding[] {
    return this.#database.prepare('SELECT * FROM findings WHERE database = ? ORDER BY position').all(serversName).map((row) => findingRow.parse(row));
  }

  /** Over what was chosen and is assessed. */
  totals(): Totals {
    const row = this.#database
      .prepare(
        `SELECT COUNT(*) AS databases, COUNT(error) AS failed, COALESCE(SUM(tables), 0) AS tables, COALESCE(SUM(views), 0) AS views, COALESCE(SUM(triggers), 0) AS triggers,
           COALESCE(SUM(routines), 0) AS routines, COALESCE(SUM(events), 0) AS events, COALESCE(SUM(data_bytes), 0) AS dataBytes, COALESCE(SUM(index_bytes), 0) AS indexBytes,
           COALESCE(SUM(queries), 0) AS queries, COALESCE(SUM(blocks > 0), 0) AS blocked, COALESCE(SUM(blocks = 0 AND warning > 0), 0) AS warned,
           COALESCE(SUM(blocks = 0 AND warning = 0 AND converted > 0), 0) AS convertedOnly, COALESCE(SUM(error IS NULL AND blocks = 0 AND warning = 0 AND converted = 0), 0) AS clean,
           MIN(assessed_at) AS oldest
         FROM databases JOIN chosen USING (name)`,
      )
      .get();
    return totalsRow.parse(row);
  }

  severityCounts(): SeverityCount[] {
    const rows = this.#database
      .prepare('SELECT severity, COUNT(DISTINCT database) AS databases, SUM(count) AS objects FROM findings JOIN chosen ON chosen.name = findings.database GROUP BY severity')
      .all();
    return rows.map((row) => severityRow.parse(row));
  }

  checkCounts(): CheckCount[] {
    const rows = this.#database
      .prepare('SELECT check_id AS "check", severity, COUNT(*) AS databases, SUM(count) AS objects FROM findings JOIN chosen ON chosen.name = findings.database GROUP BY check_id, severity')
      .all();
    return rows.map((row) => checkRow.parse(row));
  }

  /** The first databases in which a check found something. */
  samples(check: string, limit: number): DatabaseFinding[] {
    const rows = this.#database.prepare('SELECT findings.* FROM findings JOIN chosen ON chosen.name = findings.database WHERE check_id = ? ORDER BY database LIMIT ?').all(check, limit);
    return rows.map((row) => findingRow.parse(row));
  }

  /** Findings in the order of database and report; of one severity, or of all. Read one by one. */
  *findings(severity?: Severity): Generator<DatabaseFinding> {
    const statement = this.#database.prepare(
      'SELECT findings.* FROM findings JOIN chosen ON chosen.name = findings.database WHERE severity = COALESCE(?, severity) ORDER BY database, position',
    );
    for (const row of statement.iterate(severity ?? null)) yield findingRow.parse(row);
  }

  *databases(): Generator<AssessedDatabase> {
    const statement = this.#database.prepare('SELECT databases.* FROM databases JOIN chosen USING (name) ORDER BY name');
    const findingsOf = this.#database.prepare('SELECT * FROM findings WHERE database = ? ORDER BY position');
    for (const row of statement.iterate()) {
      const { data_bytes: dataBytes, index_bytes: indexBytes, assessed_at: assessedAt, error, message, ...others } = databaseRow.parse(row);
      yield {
        ...others, dataBytes, indexBytes, assessedAt,
        error: error === null ? undefined : { name: error, message: message ?? '' },
        findings: findingsOf.all(others.name).map((each) => findingRow.parse(each)),
      };
    }
  }

  /** Those that could not be assessed. */
  failures(limit: number): { name: string; error: string; message: string }[] {
    const rows = this.#database.prepare('SELECT name, error, message FROM databases JOIN chosen USING (name) WHERE error IS NOT NULL ORDER BY name LIMIT ?').all(limit);
    return rows.map((row) => z.object({ name: z.string(), error: z.string(), message: z.string() }).parse(row));
  }

  #putFindings(database: string, findings: readonly Finding[]): void {
    this.#database.prepare('DELETE FROM findings WHERE database = ?').run(database);
    const insert = this.#database.prepare('INSERT INTO findings (database, position, check_id, severity, count, occurrences) VALUES (?, ?, ?, ?, ?, ?)');
    findings.forEach(({ check, severity, occurrences }, position) => {
      insert.run(database, position, check, severity, occurrences.length, JSON.stringify(occurrences));
    });
  }

  #naming<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      if (error instanceof Error && error.message.includes('database is locked')) {
        throw new FerryError('InvalidInput', `Another ferry assess works on ${this.#file}: let it end, or give this one its own --state folder.`, { cause: error });
      }
      throw error;
    }
  }
}

const databaseRow = z.object({
  name: z.string(), assessed_at: z.string(), queries: z.number(), milliseconds: z.number(), tables: z.number(), views: z.number(), triggers: z.number(), routines: z.number(), events: z.number(),
  data_bytes: z.number(), index_bytes: z.number(), error: z.string().nullable(), message: z.string().nullable(),
});
