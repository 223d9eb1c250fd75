/** What scenarios run on: sources and one target, started once, and the task programs in this process. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOnTarget } from '../../../core/assessment/ask-target.ts';
import type { AskedServer } from '../../../core/assessment/ask-target.ts';
import { assessDatabase } from '../../../core/assessment/assess.ts';
import { blockingChecks } from '../../../core/assessment/blocked-branch.ts';
import type { Finding as AssessmentFinding } from '../../../core/assessment/check.ts';
import { definerNotOnTarget } from '../../../core/assessment/checks/definer-not-on-target.ts';
import { readDatabase } from '../../../core/assessment/read-database.ts';
import { readServer } from '../../../core/assessment/read-server.ts';
import { run as runDump } from '../../../containers/dump/main.ts';
import type { AuditEntry } from '../../../containers/import/rewrite/rewriter.ts';
import { MysqlSession } from '../../../containers/common/mysql-session.ts';
import { run as runImport } from '../../../containers/import/main.ts';
import { rehearseDatabase } from '../../../containers/try/rehearse-database.ts';
import type { Rehearsal } from '../../../core/rehearsal/rehearsal.ts';
import type { Manifest, Report } from '../../../core/contracts.ts';
import type { CannotRun } from '../../../core/stored-objects/cannot-run.ts';
import { dumpPrefix, handMadeAttempt, manifestKey, quoteIdentifier, reportKey } from '../../../core/names.ts';
import { checksChain, clientOptionFile } from '../../../core/server-access.ts';
import type { ServerAccess } from '../../../core/server-access.ts';
import type { RunningServer } from '../../../local/mysql/source-server.ts';
import { startVersion } from '../../../local/mysql/versions.ts';
import type { TargetName, VersionName } from '../../../local/mysql/versions.ts';
import { Bench, migration } from '../../integration/containers/bench.ts';
import { cache, killed, temporaryFolder } from '../../support/servers.ts';
import { testLog } from '../../support/test-log.ts';
import { describeAudit } from './describe-audit.ts';
import { describeDatabase } from './describe-database.ts';
import type { DescribedDatabase } from './describe-database.ts';
import type { Finding } from './findings.ts';
import { fileOf, nameFor } from './scenario.ts';
import type { Scenario } from './scenario.ts';

export interface Played {
  readonly database: string;
  /** Of the first stage that failed. */
  readonly failure: { readonly stage: string; readonly error: string; readonly message: string } | undefined;
  readonly audit: string;
  /** What the verification says of objects that are as on the source. */
  readonly cannotRun: readonly CannotRun[];
  /** Of an assessment of the source with the target; undefined for a dump that was made by other means. */
  readonly findings: readonly Finding[] | undefined;
  readonly source: DescribedDatabase | undefined;
  readonly target: DescribedDatabase | undefined;
}

export class Stage {
  readonly #bench: Bench;
  readonly #sources: Readonly<Partial<Record<VersionName, RunningServer>>>;
  readonly #folder: string;

  private constructor(bench: Bench, sources: Readonly<Partial<Record<VersionName, RunningServer>>>, folder: string) {
    this.#bench = bench;
    this.#sources = sources;
    this.#folder = folder;
  }

  /** What it starts is stopped with `started`. */
  static async open(started: AsyncDisposableStack, sources: readonly VersionName[], target: TargetName): Promise<Stage> {
    const folder = await temporaryFolder(started);
    const [first, ...others] = sources;
    if (first === undefined) throw new Error('There is no source to start.');
    const start = async (version: VersionName) => [version, killed(started, await startVersion(version, { directory: join(folder, version), ...cache }))] as const;
    const [bench, ...running] = await Promise.all([Bench.start(started, { source: first, target }), ...others.map(start)]);
    process.env['TMPDIR'] = bench.temporaryFolder;
    return new Stage(bench, Object.fromEntries([[first, bench.source], ...running]), folder);
  }

  async play(scenario: Scenario, source: VersionName): Promise<Played> {
    const database = `${scenario.name}_${source}`.replaceAll(/[-.]/g, '_');
    const server = this.#server(source);
    const isDump = scenario.dump !== undefined;
    if (isDump) await this.#storeDump(scenario, database);
    else await this.fill(source, database, scenario.database, fileOf(scenario, nameFor(scenario, 'source.sql', source)) ?? '');
    const preparation = fileOf(scenario, 'target.sql');
    if (preparation !== undefined) await this.#client(this.#bench.target.adminAccess, preparation);
    const findings = isDump ? undefined : await this.#assess(server, database);
    const failure = await this.migrate(source, database, scenario.options, isDump ? handMadeAttempt : 1);
    if (failure !== undefined) return { database, failure, findings, audit: '', cannotRun: [], source: undefined, target: undefined };
    return {
      database,
      failure,
      findings,
      audit: await this.#audit(database, scenario.wholeAudit),
      cannotRun: await this.#cannotRun(database),
      source: isDump ? undefined : await describeDatabase(server.adminAccess, database),
      target: await describeDatabase(this.#bench.target.adminAccess, database),
    };
  }

  /** As `ferry assess` does, with the accounts that Ferry has. */
  async #assess(server: RunningServer, database: string): Promise<Finding[]> {
    const { signal } = new AbortController();
    const [source, target] = await Promise.all([server, this.#bench.target].map(({ access }) => MysqlSession.open(access, { signal })));
    if (source === undefined || target === undefined) throw new Error('Unreachable: both are opened.');
    try {
      const servers = { source: await readServer((sql) => source.query(sql)), target: await readServer((sql) => target.query(sql)) };
      const facts = await readDatabase({ query: (sql) => source.query(sql), name: database, version: servers.source.version, depth: 'full' });
      const asked = (session: MysqlSession): AskedServer => ({ query: (sql) => session.query(sql), known: new Map() });
      const onTarget = await readOnTarget(facts, asked(target), asked(source));
      // The tests' own administrator is not on the target.
      const isOfInterest = ({ check, occurrences }: AssessmentFinding): boolean => check !== definerNotOnTarget.id || occurrences.some(({ detail = '' }) => !detail.startsWith('root@'));
      return assessDatabase({ ...facts, onTarget }, servers).filter(isOfInterest).map(({ check, severity }) => ({ id: check, severity }));
    } finally {
      await Promise.all([source.close(), target.close()]);
    }
  }

  /** Administrators' accounts, for comparisons. */
  accessOf(server: VersionName | 'target'): ServerAccess {
    return server === 'target' ? this.#bench.target.adminAccess : this.#server(server).adminAccess;
  }

  #server(source: VersionName): RunningServer {
    const server = this.#sources[source];
    if (server === undefined) throw new Error(`${source} was not started.`);
    return server;
  }

  /** Makes a database on a source and runs a script in it; `options` follow CREATE DATABASE and its name. */
  async fill(source: VersionName, database: string, options: string, sql: string): Promise<void> {
    const use = `CREATE DATABASE ${quoteIdentifier(database)} ${options}; USE ${quoteIdentifier(database)};\n`;
    await this.#client(this.#server(source).adminAccess, use + sql);
  }

  /** Runs a script with the `mysql` program, which knows DELIMITER. */
  async #client(access: ServerAccess, sql: string): Promise<void> {
    const [optionFile, authority] = [join(this.#folder, `${crypto.randomUUID()}.cnf`), join(this.#folder, `${crypto.randomUUID()}.pem`)];
    if (checksChain(access)) await writeFile(authority, access.ca ?? '');
    await writeFile(optionFile, clientOptionFile(access, checksChain(access) ? authority : undefined), { mode: 0o600 });
    // A server before 8.0 does not know the collation with which this client would ask for utf8mb4.
    const script = ['SET NAMES utf8mb4;', sql].join('\n');
    const child = spawn('mysql', [`--defaults-file=${optionFile}`, '--default-character-set=utf8mb4'], { env: { PATH: this.#bench.environmentOf('dump', '')['PATH'] }, stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.stdin.end(script);
    await once(child, 'close');
    if (child.exitCode !== 0) throw new Error(`mysql failed: ${said}`);
  }

  async #storeDump(scenario: Scenario, database: string): Promise<void> {
    const sql = Buffer.from(fileOf(scenario, 'dump.sql') ?? '');
    const key = `${dumpPrefix(migration, database, handMadeAttempt)}dump.sql`;
    const { sourceVersion = '', characterSet = '', collation = '' } = scenario.dump ?? {};
    const manifest: Manifest = {
      format: 1,
      migration,
      database,
      attempt: handMadeAttempt,
      createdAt: new Date().toISOString(),
      tool: 'by hand',
      options: [],
      sourceVersion,
      defaultCharacterSet: characterSet,
      defaultCollation: collation,
      parts: [{ role: 'main', key, compression: 'none', bytes: sql.length, sha256: createHash('sha256').update(sql).digest('hex'), sqlBytes: sql.length }],
    };
    await this.#bench.put(key, sql);
    await this.#bench.put(manifestKey(migration, database, handMadeAttempt), JSON.stringify(manifest));
  }

  /** Through all stages, whatever the checks before the dump say, or from a dump by hand through those after the first. */
  async migrate(source: VersionName, database: string, { noConvert, definer }: Scenario['options'], dump: 1 | typeof handMadeAttempt): Promise<Played['failure']> {
    const overrides = { ALLOWED_CHECKS: JSON.stringify(blockingChecks), DUMP_MANIFEST: manifestKey(migration, database, dump), SOURCE_SECRET: JSON.stringify(this.#server(source).access), CONVERSION: JSON.stringify({ off: noConvert, ...(definer === undefined ? {} : { definer }) }) };
    await this.#bench.claim(database, 1);
    const { signal } = new AbortController();
    const log = testLog();
    for (const stage of dump === 1 ? (['dump', 'import', 'verify'] as const) : (['import', 'verify'] as const)) {
      const environment = this.#bench.environmentOf(stage, database, 1, overrides);
      const exitCode = await (stage === 'dump' ? runDump : runImport)(environment, signal, log);
      if (exitCode === 0) continue;
      const { error }: Report = await this.#bench.report(stage, database);
      return { stage, error: error?.name ?? '', message: error?.message ?? '' };
    }
    return undefined;
  }

  /** Sorted, because servers list objects in orders of their own. That the tests' own administrator is not on the target is left out. */
  async #cannotRun(database: string): Promise<readonly CannotRun[]> {
    const { result } = await this.#bench.report('verify', database);
    const found = (result?.verification?.cannotRun?.first ?? []).filter(({ cause }) => !cause.startsWith('Its definer root@'));
    return found.toSorted((one, other) => (`${one.object} ${one.cause}` < `${other.object} ${other.cause}` ? -1 : 1));
  }

  /** As `ferry assess --try` does. */
  rehearse(source: VersionName, database: string): Promise<Rehearsal> {
    const searchPath = this.#bench.environmentOf('dump', '')['PATH'] ?? '';
    return rehearseDatabase({ source: this.#server(source).access, target: this.#bench.target.access, searchPath }, database, new AbortController().signal);
  }

  async #audit(database: string, whole: boolean): Promise<string> {
    const key = reportKey(migration, database, 1, 'import').replace(/[^/]+$/, 'audit.json');
    const { entries } = (await this.#bench.json(key)) as { entries: AuditEntry[] };
    return describeAudit(entries, database, whole);
  }
}
