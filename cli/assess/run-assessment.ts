/** One call of `ferry assess`: reads the servers, assesses what is not assessed yet, and reports what is known at its end. */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { assessServers } from '../../core/assessment/assess.ts';
import { performanceSchemaOverflow } from '../../core/assessment/checks/performance-schema-overflow.ts';
import type { Servers } from '../../core/assessment/facts.ts';
import type { CostlyReading } from '../../core/assessment/read-costly.ts';
import { readServer } from '../../core/assessment/read-server.ts';
import { checks } from '../../core/assessment/registry.ts';
import { FerryError, isErrorName } from '../../core/errors.ts';
import { isSystemDatabase } from '../../core/names.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import type { Context } from '../context.ts';
import { interruptedExitCode, print, sleep } from '../context.ts';
import { findOutputPlace, writeOutput } from '../files/outputs.ts';
import { Spool } from '../files/spool.ts';
import { writeStandardOutput } from '../files/standard-output.ts';
import { findDumpProgram } from '../mysql-programs.ts';
import { renderAssessment } from '../render/assessment.ts';
import { formatCount, formatDuration, formatPlural } from '../terminal/format.ts';
import { styleFor } from '../terminal/style.ts';
import { steadyJson } from '../terminal/text.ts';
import { assessFleet } from './assess-fleet.ts';
import type { WorkerConnections } from './assess-fleet.ts';
import { htmlReport } from './html-report.ts';
import { jsonReport } from './json-report.ts';
import { ProgressCounter } from './progress.ts';
import { showProgress } from './reporter.ts';
import { Rehearsals } from './rehearsals.ts';
import { AssessmentConnection } from './source-connection.ts';
import { AssessmentStore } from './store.ts';
import type { Summary } from './summary.ts';
import { isBlocked, summarize } from './summary.ts';
import { Throttle } from './throttle.ts';
import type { Clock } from './throttle.ts';

export interface AssessmentRequest {
  /** Undefined: all databases of the source. */
  readonly named: readonly string[] | undefined;
  readonly source: ServerAccess;
  readonly target: ServerAccess | undefined;
  /** Makes the definitions of every database on the target, in a scratch database. */
  readonly rehearses: boolean;
  readonly folder: string;
  readonly again: boolean;
  readonly also: readonly CostlyReading[];
  readonly concurrency: number;
  readonly pace: number;
  readonly 'max-threads-running': number;
  readonly html?: string | undefined;
  readonly json: boolean;
}

const storeFile = 'assessment.sqlite';
const [blockedShown, failuresShown, unknownShown] = [10, 5, 20];

/**
 * @returns 0 when nothing blocks, 130 when it was interrupted
 * @throws FerryError AssessmentBlocked after the report when something blocks; what keeps it from being made
 */
export async function runAssessment(context: Context, request: AssessmentRequest): Promise<number> {
  const connections = Array.from({ length: request.concurrency }, (): WorkerConnections => ({
    source: new AssessmentConnection('source', request.source),
    target: request.target === undefined ? undefined : new AssessmentConnection('target', request.target),
  }));
  try {
    const servers = await readServers(connections[0]?.source ?? new AssessmentConnection('source', request.source), request);
    return await assessAndReport(context, request, servers, connections);
  } finally {
    // An open connection would keep the process alive.
    for (const { source, target } of connections) {
      source.close();
      target?.close();
    }
  }
}

async function assessAndReport(context: Context, request: AssessmentRequest, servers: Servers, connections: readonly WorkerConnections[]): Promise<number> {
  const signal = context.interruption();
  const names = databaseNames(request, servers);
  const also = new Set(request.also);
  const store = new AssessmentStore(join(request.folder, storeFile), fingerprint(also, servers, request));
  try {
    store.setSource(addressOf(request.source));
    store.choose(names, request.again);
    await assessRest(context, request, { servers, connections, also, store, total: names.length, signal });
    store.putServerFindings(assessServers({ ...servers, tables: store.totals().tables }));
    const summary = summarizeRequest(store, request, servers, names.length, context.now());
    await report(context, request, store, summary);
    if (!signal.aborted) return conclude(summary, store);
    print(context.stderr, `Interrupted: ${formatCount(summary.totals.databases)} of ${formatPlural(names.length, 'database')} assessed. The same command goes on from here.`);
    return interruptedExitCode;
  } finally {
    store.close();
  }
}

function summarizeRequest(store: AssessmentStore, { source, target }: AssessmentRequest, servers: Servers, chosen: number, at: Date): Summary {
  return summarize(store, { source: addressOf(source), target: target === undefined ? undefined : addressOf(target), servers, chosen, at });
}

async function readServers(sourceConnection: AssessmentConnection, { target }: AssessmentRequest): Promise<Servers> {
  const read = async (connection: AssessmentConnection): ReturnType<typeof readServer> => {
    try {
      return await readServer(connection.query);
    } catch (error) {
      throw connection.failure(error);
    }
  };
  const source = await read(sourceConnection);
  if (target === undefined) return { source, target: undefined };
  const connection = new AssessmentConnection('target', target);
  try {
    return { source, target: await read(connection) };
  } finally {
    connection.close();
  }
}

/** @throws FerryError UnknownDatabase, EmptyDatabaseList */
function databaseNames({ named, source }: AssessmentRequest, servers: Servers): string[] {
  const known = servers.source.databases ?? new Set<string>();
  if (named === undefined) {
    // A folder that is no database shows itself with this prefix.
    const all = [...known].filter((name) => !isSystemDatabase(name) && !name.startsWith('#mysql50#'));
    if (all.length === 0) throw new FerryError('EmptyDatabaseList', 'The source has no database that this account can see.');
    return all.sort();
  }
  const unknown = named.filter((name) => !known.has(name));
  if (unknown.length === 0) return [...named];
  const shown = unknown.slice(0, unknownShown).map((name) => `\`${name}\``).join(', ');
  const more = unknown.length > unknownShown ? ` and ${unknown.length - unknownShown} more` : '';
  throw new FerryError('UnknownDatabase', `${unknown.length} of ${named.length} databases are not on the source ${addressOf(source)}, or its account may not see them: ${shown}${more}.`);
}

/** Results hold for the same checks, the same readings, and a target of the same version and accounts. */
function fingerprint(also: ReadonlySet<CostlyReading>, { target }: Servers, request: AssessmentRequest): string {
  const around = { checks, also: [...also].sort(), target: target?.version ?? '', packet: target?.variables.get('max_allowed_packet') ?? '', accounts: (target?.accounts ?? []).map(({ account }) => account), ...rehearsedOn(request) };
  return createHash('sha256').update(JSON.stringify(around)).digest('hex').slice(0, 16);
}

function rehearsedOn({ rehearses, target }: AssessmentRequest): { readonly rehearsedOn?: string } {
  return rehearses && target !== undefined ? { rehearsedOn: addressOf(target) } : {};
}

interface Rest {
  readonly servers: Servers;
  readonly connections: readonly WorkerConnections[];
  readonly also: ReadonlySet<CostlyReading>;
  readonly store: AssessmentStore;
  readonly total: number;
  readonly signal: AbortSignal;
}

async function assessRest(context: Context, request: AssessmentRequest, { servers, connections, also, store, total, signal }: Rest): Promise<void> {
  const waiting = store.unassessed();
  const earlier = total - waiting.length;
  if (earlier > 0) print(context.stderr, describeEarlier(earlier, store.totals().oldest, context.now()));
  if (waiting.length === 0) return;
  if (assessServers(servers).some(({ check }) => check === performanceSchemaOverflow.id)) {
    print(context.stderr, 'performance_schema overflows on the source and slows this down; the report has the remedy.');
  }
  const clock: Clock = { now: () => context.now().getTime(), sleep };
  const looking = new AssessmentConnection('source', request.source);
  const throttle = new Throttle({
    clock,
    readThreadsRunning: async () => {
      const [row] = await looking.query<{ Value: string }>("SHOW GLOBAL STATUS LIKE 'Threads_running'");
      return Number(row?.Value ?? 0);
    },
    maxThreadsRunning: request['max-threads-running'],
    pace: request.pace,
    signal,
  });
  const rehearsals = await startRehearsals(context, request, signal);
  const counter = new ProgressCounter({ source: addressOf(request.source), total, earlier, maxThreadsRunning: request['max-threads-running'] }, clock.now());
  const shown = showProgress(context, () => counter.read(clock.now(), throttle.load));
  try {
    const onAssessed = counter.add.bind(counter);
    await assessFleet({ store, servers, also, throttle, clock, connections, signal, known: { source: new Map(), target: new Map() }, onAssessed, rehearse: rehearsals?.rehearse }, waiting);
  } finally {
    shown.close();
    looking.close();
    await rehearsals?.close();
  }
}

async function startRehearsals(context: Context, { rehearses, source, target }: AssessmentRequest, signal: AbortSignal): Promise<Rehearsals | undefined> {
  if (!rehearses || target === undefined) return undefined;
  return Rehearsals.start(context, { source, target }, { programs: await findDumpProgram(context), signal });
}

function describeEarlier(count: number, oldest: string | null, now: Date): string {
  const age = oldest === null ? '' : ` (the first ${formatDuration((now.getTime() - Date.parse(oldest)) / 1000)} ago)`;
  return `${formatPlural(count, 'database')} ${count === 1 ? 'was' : 'were'} assessed before${age}: --again assesses them anew.`;
}

async function report(context: Context, { html, json }: AssessmentRequest, store: AssessmentStore, summary: Summary): Promise<void> {
  if (html !== undefined) {
    await writeOutput(await findOutputPlace('--html', resolve(context.directory, html)), htmlReport(store, summary));
    print(context.stderr, `The report is in ${html}.`);
  }
  if (json) {
    await using spool = await Spool.open();
    for (const piece of jsonReport(store, summary)) await spool.write(steadyJson(piece));
    await writeStandardOutput(context, spool.read());
    return;
  }
  const layout = { width: Math.min(context.stdout.columns ?? 110, 120), style: styleFor(context.stdout, context.environment) };
  const blocked = { findings: firstBlocked(store), failures: store.failures(failuresShown) };
  print(context.stdout, renderAssessment(summary, blocked, layout).join('\n'));
}

function firstBlocked(store: AssessmentStore): ReturnType<AssessmentStore['serverFindings']> {
  const first = [];
  const names = new Set<string>();
  for (const finding of store.findings('blocks')) {
    names.add(finding.database);
    if (names.size > blockedShown) break;
    first.push(finding);
  }
  return first;
}

function conclude(summary: Summary, store: AssessmentStore): number {
  const { outcome, totals, servers } = summary;
  if (isBlocked(summary)) {
    const blocking = servers.filter(({ severity }) => severity === 'blocks').map(({ check }) => check);
    const parts = [
      ...(totals.blocked > 0 ? [`${formatCount(totals.blocked)} of ${formatPlural(totals.databases, 'database')} cannot be migrated as ${totals.blocked === 1 ? 'it is' : 'they are'}`] : []),
      ...(blocking.length > 0 ? [`the servers do not fit each other (${blocking.join(', ')})`] : []),
    ];
    throw new FerryError('AssessmentBlocked', `${parts.join(', and ')}.`);
  }
  const [failure] = store.failures(1);
  if (failure === undefined) return 0;
  throw new FerryError(isErrorName(failure.error) ? failure.error : 'InternalError', `${formatPlural(outcome.failed, 'database')} could not be assessed. The first, \`${failure.name}\`: ${failure.message}`);
}

function addressOf({ host, port }: ServerAccess): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
