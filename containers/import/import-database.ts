/** The stage `import`: a dump becomes a database of the target, marked as unverified. */
import type { Audit, Manifest } from '../../core/contracts.ts';
import { FerryError } from '../../core/errors.ts';
import { handMadeAttempt, markerTable, quoteIdentifier } from '../../core/names.ts';
import { serverFailure } from '../../core/mysql-failures.ts';
import { bytesAsText } from '../common/mysql-session.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import { textLiteral } from '../../core/sql-text.ts';
import { runStageWithin } from '../common/task.ts';
import type { TaskContext, TaskOutcome } from '../common/task.ts';
import { writeAudit } from './audit.ts';
import { checkClaim, holdTargetSlot, mayLogIn } from './branch-claim.ts';
import { checkFreeze } from './confirm-freeze.ts';
import { readDefinerPolicy } from './definer-policy.ts';
import { PartReader, readManifest } from './dump-parts.ts';
import { findEarlierImport } from './earlier-import.ts';
import { noteExpiredEvents } from './expired-events.ts';
import { isAsReleased } from './identity.ts';
import { planImport } from './import-plan.ts';
import type { ImportPlan } from './import-plan.ts';
import { restoreJsonValues } from './json-values.ts';
import { Loader } from './load.ts';
import { readNativeFunctions } from './native-functions.ts';
import { claimDatabase, lockDatabase } from './ownership.ts';
import { Rewriter } from './rewrite/rewriter.ts';
import { rulesWithout } from './rewrite/rules.ts';
import { connectTarget, readTargetTask } from './target.ts';
import type { TargetTask } from './target.ts';
import { verifyImported } from './verify-database.ts';

/** @throws FerryError, whose name says what failed; AbortError when told to stop */
export async function importDatabase(context: TaskContext): Promise<TaskOutcome> {
  const { task, stopwatch } = context;
  const target = readTargetTask(context);
  const manifest = await stopwatch.time('manifest', () => readManifest(context, target.manifestKey));
  // Of a dump made by hand nobody knows who has counted.
  const isFerrys = manifest.attempt !== handMadeAttempt;
  const readers = manifest.parts.map((part) => new PartReader({ ...part, measured: isFerrys && part.measured }, context));
  await stopwatch.time('record', () => Promise.all([mayLogIn(context), checkClaim(context), holdTargetSlot(context), checkFreeze(context, manifest.freeze)]));
  const definers = await readDefinerPolicy(context, target);
  const nativeFunctions = await readNativeFunctions(context, target, manifest);
  const rewriter = new Rewriter(rulesWithout(target.conversion.off), { sourceVersion: manifest.sourceVersion, definers, nativeFunctions });
  const plan = await stopwatch.time('read', () => planImport({ database: task.database, readers, byHand: isByHand(manifest) }, rewriter));
  const collation = collationOf(manifest, rewriter);
  const loaded = await load(context, target, manifest, { plan, rewriter, readers, collation });
  if (loaded.earlier !== undefined) return loaded.earlier;
  const { rows, others } = loaded;
  const audit = await stopwatch.time('audit', () => writeAudit(context, { entries: rewriter.audit, off: target.conversion.off, rows, others }));
  const result = {
    dumpManifest: target.manifestKey,
    tables: manifest.tables?.length ?? rows.size,
    rows: [...rows.values()].reduce((total, count) => total + count, 0),
    sqlBytes: manifest.parts.reduce((total, part) => total + part.sqlBytes, 0),
    dumpBytes: manifest.parts.reduce((total, part) => total + part.bytes, 0),
    conversions: rewriter.conversions,
  };
  const endedAt = new Date();
  // Another task would need half a minute to start, with a slot of the target held for it.
  const verified = await runStageWithin(context, 'verify', (inner) => verifyImported(inner, manifest, audit));
  if (verified === undefined) return { result };
  const { afterReport, close } = verified;
  return { result: { ...result, verified: target.verification }, endedAt, ...(afterReport && { afterReport }), ...(close && { close }) };
}

interface PreparedImport {
  readonly plan: ImportPlan;
  readonly rewriter: Rewriter;
  readonly readers: readonly PartReader[];
  /** Of the database. */
  readonly collation: string;
}

/** Rows by table; or, where nothing is left to load, what was done earlier. */
type Loaded = { readonly rows: ReadonlyMap<string, number>; readonly others: Audit['others']; readonly earlier?: never } | { readonly earlier: TaskOutcome };

async function load(context: TaskContext, target: TargetTask, manifest: Manifest, { plan, rewriter, readers, collation }: PreparedImport): Promise<Loaded> {
  const { task, stopwatch } = context;
  const session = await connectTarget(target, context);
  const loader = new Loader(session, task.database, plan);
  try {
    const earlier = await stopwatch.time('claim', () => claim(context, session, target, { ...manifest, defaultCollation: collation }));
    if (earlier !== undefined) return { earlier };
    const [limits] = await session.query<{ packet: number | string }>('SELECT @@max_allowed_packet AS packet');
    context.moved.count = () => loader.loadedBytes;
    await stopwatch.time('schema', () => loader.loadSchema());
    const rows = await stopwatch.time('rows', () => loader.loadRows(readers, Number(limits?.packet ?? 0), isByHand(manifest)));
    await stopwatch.time('json', () => restoreJsonValues(context, session, manifest));
    await stopwatch.time('triggers', () => loader.loadTriggers());
    if (!target.conversion.off.includes('expired-event')) await noteExpiredEvents(session, task.database, plan, rewriter);
    await stopwatch.time('engines', () => checkEngines(session, task.database));
    return { rows, others: loader.others };
  } catch (error) {
    throw serverFailure('target', target.access, error);
  } finally {
    await session.close();
  }
}

/** Ferry says in its manifests what they can be verified with. */
function isByHand({ attempt, verification }: Manifest): boolean {
  return attempt === handMadeAttempt || verification === undefined;
}

/** The import makes the database itself, so that the dump has no statement for the rules. */
function collationOf({ database, defaultCollation }: Manifest, rewriter: Rewriter): string {
  const clause = rewriter.rewrite({ kind: 'database', verb: 'CREATE', object: bytesAsText(database), sql: `COLLATE ${defaultCollation}` });
  return clause.slice('COLLATE '.length);
}

/** @returns undefined when the database is there, empty and ours; else what was done earlier */
async function claim(context: TaskContext, session: MysqlSession, target: TargetTask, manifest: Manifest): Promise<TaskOutcome | undefined> {
  const { task } = context;
  await lockDatabase(session, task.database);
  const earlier = await claimDatabase(session, {
    task,
    characterSet: manifest.defaultCharacterSet,
    collation: manifest.defaultCollation,
    mayReplace: target.replace ? () => isAsReleased(context, session) : undefined,
    createdAt: new Date().toISOString(),
    findEarlier: () => findEarlierImport(context, target, session),
  });
  if (earlier === undefined) await session.execute(`USE ${quoteIdentifier(task.database)}`);
  return earlier;
}

/** Whatever the dump said and the rules missed: nothing but InnoDB survives a restart of Aurora. */
async function checkEngines(session: MysqlSession, database: string): Promise<void> {
  const others = await session.query<{ name: string; engine: string | null }>(
    `SELECT TABLE_NAME AS name, ENGINE AS engine FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${textLiteral(database)} AND TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME <> '${markerTable}' AND (ENGINE IS NULL OR ENGINE <> 'InnoDB')`,
  );
  if (others.length === 0) return;
  const named = others.slice(0, 20).map(({ name, engine }) => `\`${name}\` (${engine ?? 'none'})`);
  throw new FerryError('ImportRejected', `${others.length} tables of \`${database}\` are not InnoDB on the target: ${named.join(', ')}.`);
}
