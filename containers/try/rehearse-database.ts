/**
 * Rehearses the migration of one database without its rows: its definitions are dumped, converted, loaded and compared
 * by the programs of a migration, in a scratch database of the target, and every view is read there. Nothing of it
 * stays.
 */
import { FerryError } from '../../core/errors.ts';
import { errnoOf, isConnectionLoss, serverFailure } from '../../core/mysql-failures.ts';
import { quoteIdentifier } from '../../core/names.ts';
import { canonicalView } from '../../core/objects/canonical.ts';
import { expectedStructure } from '../../core/objects/expected-structure.ts';
import { counterAttribute, openCounter, ownerAttribute } from '../../core/objects/structure.ts';
import type { Structure } from '../../core/objects/structure.ts';
import { scratchDatabase } from '../../core/rehearsal/rehearsal.ts';
import type { Rehearsal } from '../../core/rehearsal/rehearsal.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import { bytesAsText, MysqlSession, textOfBytes } from '../common/mysql-session.ts';
import { compareObjects } from '../import/compare-objects.ts';
import { noteExpiredEvents } from '../import/expired-events.ts';
import { planImport } from '../import/import-plan.ts';
import { Loader } from '../import/load.ts';
import { Rewriter } from '../import/rewrite/rewriter.ts';
import { rulesWithout } from '../import/rewrite/rules.ts';
import { readDefinitions } from './definitions.ts';
import type { Definitions } from './definitions.ts';
import { Findings } from './findings.ts';
import { leadsElsewhere, renamed } from './scratch-names.ts';
import { dropScratch, makeScratch } from './scratch.ts';
import { tryExpressions } from './try-expressions.ts';
import { tryViews } from './try-views.ts';

export interface RehearsalServers {
  readonly source: ServerAccess;
  readonly target: ServerAccess;
  /** Where mysqldump is. */
  readonly searchPath: string;
}

/** For one that waits for a lock of somebody else's, say. Ten thousand tables are made in a few minutes. */
const limitMilliseconds = 900_000;

/** What fails for every database, or may pass another time. What else fails is a finding about this one. */
const passedOn: ReadonlySet<string> = new Set([
  'SourceUnreachable',
  'SourceTlsFailed',
  'SourceAccessDenied',
  'TargetUnreachable',
  'TargetTlsFailed',
  'TargetAccessDenied',
  'DumpClientUnsupported',
  'UnknownDatabase',
  'ImportBusy',
  'ImportInterrupted',
  'TargetDatabaseExists',
  'InternalError',
]);

/** @throws FerryError when a server cannot be used, or another rehearsal works on the database; AbortError */
export async function rehearseDatabase(
  servers: RehearsalServers,
  database: string,
  stop: AbortSignal,
): Promise<Rehearsal> {
  const findings = new Findings(database, scratchDatabase(servers.source, database));
  const limit = AbortSignal.timeout(limitMilliseconds);
  const signal = AbortSignal.any([stop, limit]);
  const source = await opened('source', servers.source, { signal });
  try {
    const definitions = await readDefinitions(source, {
      database,
      access: servers.source,
      searchPath: servers.searchPath,
      signal,
    });
    await rehearse(servers, definitions, findings, { source, signal });
  } catch (error) {
    if (stop.aborted) throw error;
    if (limit.aborted) findings.untried('', 'The rehearsal took too long and was ended.');
    else {
      const failure = FerryError.from(serverFailure('source', servers.source, error));
      if (passedOn.has(failure.name)) throw failure;
      findings.untried('', `${failure.name}: ${failure.message}`);
    }
  } finally {
    await source.close();
  }
  return findings.rehearsal;
}

interface Run {
  readonly source: MysqlSession;
  readonly signal: AbortSignal;
}

async function rehearse(
  servers: RehearsalServers,
  definitions: Definitions,
  findings: Findings,
  run: Run,
): Promise<void> {
  const scratch = findings.scratch;
  try {
    const rewriter = await load(servers.target, definitions, findings, run.signal);
    // As for a verification: nothing that the dump has set is there.
    if (rewriter !== undefined) await inspect(servers.target, definitions, rewriter, findings, run);
  } catch (error) {
    throw serverFailure('target', servers.target, error);
  } finally {
    await dropScratch(servers.target, scratch).catch((error: unknown) => {
      throw serverFailure('target', servers.target, error);
    });
  }
}

/** @returns the rules' audit; undefined when not even the database could be made */
async function load(
  target: ServerAccess,
  { metadata, sql }: Definitions,
  findings: Findings,
  signal: AbortSignal,
): Promise<Rewriter | undefined> {
  const { database, scratch } = findings;
  const rewriter = new Rewriter(rulesWithout([]), { sourceVersion: metadata.version });
  const rewrite: Rewriter['rewrite'] = (statement) => {
    try {
      const sql = renamed(rewriter.rewrite(statement), statement.kind, { from: database, to: scratch });
      if (statement.kind === 'session' || !leadsElsewhere(sql, scratch)) return sql;
      findings.waits(statement, 'It names another database than its own, and was not made.');
      return '';
    } catch (error) {
      findings.refused(statement, error);
      return '';
    }
  };
  const part = { role: 'main', key: 'rehearsal', compression: 'none', bytes: sql.length, sha256: '', sqlBytes: sql.length, measured: true } as const;
  const readers = [{ part, sql: () => inOnePiece(sql) }];
  const plan = await planImport({ database: scratch, readers, byHand: false }, { rewrite });
  const collation = rewriter
    .rewrite({
      kind: 'database',
      verb: 'CREATE',
      object: bytesAsText(database),
      sql: `COLLATE ${metadata.defaultCollation}`,
    })
    .slice('COLLATE '.length);
  const session = await opened('target', target, { signal, bytes: true });
  try {
    if (!(await isMade(session, { name: scratch, characterSet: metadata.defaultCharacterSet, collation }, findings)))
      return undefined;
    const loader = new Loader(session, scratch, plan, (statement, failure) => {
      findings.refused(statement, failure);
    });
    await loader.loadSchema();
    await loader.loadTriggers();
    await noteExpiredEvents(session, scratch, plan, rewriter);
    return rewriter;
  } finally {
    await session.close();
  }
}

async function* inOnePiece(sql: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(sql);
}

/** @throws unless it is the target's answer to CREATE DATABASE, which is a finding */
async function isMade(
  session: MysqlSession,
  scratch: Parameters<typeof makeScratch>[1],
  findings: Findings,
): Promise<boolean> {
  try {
    await makeScratch(session, scratch);
    return true;
  } catch (error) {
    if (errnoOf(error) === undefined || isConnectionLoss(error)) throw error;
    findings.refused({ kind: 'database', verb: 'CREATE', object: '', sql: '' }, error);
    return false;
  }
}

async function inspect(
  target: ServerAccess,
  definitions: Definitions,
  rewriter: Rewriter,
  findings: Findings,
  { source, signal }: Run,
): Promise<void> {
  const session = await opened('target', target, { signal, bytes: true });
  const { scratch } = findings;
  const [refused, made] = [true, false].map((is) =>
    definitions.metadata.views.filter((view) => findings.isRefused(`view ${view}`) === is),
  );
  try {
    await session.execute('SET NAMES utf8mb4');
    // mysqldump makes a stand-in of each view first, which is left of one that is refused.
    for (const view of refused ?? [])
      await session.execute(`DROP VIEW IF EXISTS ${quoteIdentifier(scratch)}.${quoteIdentifier(view)}`);
    await compareObjects(session, scratch, { structure: expected(definitions, rewriter, findings), off: [] }).catch(
      (error: unknown) => {
        if (!(error instanceof FerryError) || error.name !== 'VerificationMismatch') throw error;
        findings.differs(error.message);
      },
    );
    await tryViews({ source, target: session }, made ?? [], findings);
    await tryExpressions(session, definitions.metadata.facts, findings);
  } finally {
    await session.close();
  }
}

/** What was refused is told already; counters stand still where no row is loaded. */
function expected({ metadata, structure }: Definitions, { audit }: Rewriter, findings: Findings): Structure {
  const whole = Object.entries(
    expectedStructure({ ...structure, ...viewsInScratch(metadata, structure, findings) }, audit),
  );
  const made = whole.filter(
    ([name, object]) => !findings.isRefused(name) && !findings.isRefused(object[ownerAttribute] ?? ''),
  );
  return Object.fromEntries(
    made.map(([name, object]) => [
      name,
      object[counterAttribute] === undefined ? object : { ...object, [counterAttribute]: openCounter('0') },
    ]),
  );
}

/**
 * Their texts name the database before each table, and a table may be called as the database is: in the scratch
 * database none is.
 */
function viewsInScratch(
  { facts }: Definitions['metadata'],
  structure: Structure,
  { database, scratch }: Findings,
): Structure {
  const inScratch = (definition: string): string =>
    canonicalView(textOfBytes(renamed(bytesAsText(definition), 'view', { from: database, to: scratch })), scratch);
  return Object.fromEntries(
    facts.views.map(({ name, definition }) => [
      `view ${name}`,
      { ...structure[`view ${name}`], definition: inScratch(definition) },
    ]),
  );
}

async function opened(
  role: 'source' | 'target',
  access: ServerAccess,
  options: { readonly signal: AbortSignal; readonly bytes?: boolean },
): Promise<MysqlSession> {
  try {
    const session = await MysqlSession.open(access, options);
    await session.execute('SET SESSION lock_wait_timeout = 30');
    return session;
  } catch (error) {
    throw serverFailure(role, access, error);
  }
}
