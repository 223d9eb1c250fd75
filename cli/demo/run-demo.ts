/**
 * The demo: a legacy fleet on MySQL 5.6 and an Aurora-like MySQL 9, obstacles in the way of three databases, a migration, the
 * dead letters, their cure, a redrive, and an independent comparison. Nothing that it starts outlives it.
 */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { FerryError } from '../../core/errors.ts';
import type { DatabaseRecord } from '../../core/records.ts';
import { compareFleet, fingerprintDatabase } from '../../local/fleet/compare.ts';
import type { FleetComparison } from '../../local/fleet/compare.ts';
import { seedFleet } from '../../local/fleet/seed.ts';
import type { FleetSummary } from '../../local/fleet/seed.ts';
import { installTargetServer, mysqlCacheDirectory } from '../../local/mysql/install.ts';
import { startSourceServer } from '../../local/mysql/source-server.ts';
import { startTargetServer } from '../../local/mysql/target-server.ts';
import { makeTemporaryFolder } from '../../local/storage/temporary-folder.ts';
import { planRedrive, redriveRun } from '../commands/redrive.ts';
import { startRun } from '../commands/start.ts';
import type { Context } from '../context.ts';
import { interruptedExitCode, print } from '../context.ts';
import type { Deployment } from '../deployment.ts';
import type { LocalProcess } from '../local-process.ts';
import { startLocalProcess } from '../local-process.ts';
import { errorOfRun } from '../outcome.ts';
import type { Progress, RunSnapshot } from '../progress.ts';
import { recordsTable } from '../records.ts';
import { renderFailures } from '../render/failures.ts';
import { renderRedrivePlan } from '../render/redrive-plan.ts';
import { makeReporter } from '../reporter.ts';
import { describeRun } from '../runs.ts';
import { formatClock, formatCount, formatPlural } from '../terminal/format.ts';
import { styleFor } from '../terminal/style.ts';
import { printable } from '../terminal/text.ts';
import { watchRun } from '../watching/watch.ts';
import { Interrupted, Narrator } from './narrator.ts';
import { placeObstacles } from './obstacles.ts';
import type { DemoServers, Obstacle } from './obstacles.ts';
import { computeStageTimes, readAllRecords } from './stage-times.ts';
import { renderSummary } from './summary.ts';

export interface DemoOptions {
  readonly databases: number;
  readonly largeMegabytes: number;
  /** The folder for everything; a temporary one without it. Removed at the end unless kept. */
  readonly folder: string | undefined;
  readonly keep: boolean;
}

interface Demo {
  readonly context: Context;
  readonly options: DemoOptions;
  readonly narrator: Narrator;
  readonly signal: AbortSignal;
  readonly folder: string;
  readonly cleanup: AsyncDisposableStack;
}

const migration = 'demo';

/** @throws FerryError where the demo does not end as it should */
export async function runDemo(context: Context, options: DemoOptions): Promise<number> {
  const signal = context.interruption();
  const narrator = new Narrator(context, signal);
  const cleanup = new AsyncDisposableStack();
  try {
    const folder = await openFolder(options, cleanup, context);
    await play({ context, options, narrator, signal, folder, cleanup });
    return 0;
  } catch (error) {
    // An interruption may show as the failure of what it cut off.
    if (!(error instanceof Interrupted) && !signal.aborted) throw error;
    print(context.stderr, 'Interrupted: stopping everything that was started ...');
    return interruptedExitCode;
  } finally {
    await cleanup.disposeAsync();
  }
}

async function play(demo: Demo): Promise<void> {
  const { narrator } = demo;
  const { servers, programs } = await startServers(demo);
  const runtime = startRuntime(demo, servers, programs);
  const fleet = await seed(demo, servers);
  const obstacles = await narrator.step('Obstacles', () => placeObstacles(servers, fleet.databases), describeObstacles);
  const before = await fingerprintBystander(servers, obstacles);
  const { deployment } = await narrator.step('Runtime', () => runtime, ({ endpoint }) => `stands in for AWS on ${endpoint}`);

  // The source's administrator, who defined the fleet's views and programs, is not on the target: they would not run there.
  const definer = `${servers.target.access.username}@%`;
  const input = { migration, databases: fleet.databases, maxAttempts: 2, definer };
  const run = await narrator.timed('Migration', () => startRun(demo.context, deployment, input));
  const first = await watch(demo, deployment, run, 'Migration');
  reportDeadLetters(demo, first);
  const untouched = (await fingerprintBystander(servers, obstacles)) === before;
  narrator.say('Bystander', untouched ? `The invoices in \`${obstacles[0]?.database ?? ''}\` on the target are as they were: same definitions, same rows.` : 'The database on the target was CHANGED.');

  const last = first.run?.status === 'SUCCEEDED' ? first : await cureAndRedrive(demo, deployment, run, obstacles);
  const comparison = await compare(demo, servers, fleet);
  const records = await readAllRecords(recordsTable(deployment, migration));
  printSummary(demo, { servers, fleet, first, last, comparison, records, untouched });
  judge(last, comparison, untouched);
}

async function openFolder(options: DemoOptions, cleanup: AsyncDisposableStack, context: Context): Promise<string> {
  if (options.folder === undefined && !options.keep) {
    const temporary = await makeTemporaryFolder('aurora-ferry-demo-');
    cleanup.defer(() => temporary.remove());
    return temporary.path;
  }
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'aurora-ferry-demo-')));
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw new FerryError('InvalidInput', `The demo wants a folder of its own, and ${folder} is not empty.`);
  cleanup.defer(async () => {
    if (options.keep) print(context.stderr, `Kept: ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

async function startServers({ context, narrator, folder, cleanup }: Demo): Promise<{ servers: DemoServers; programs: string }> {
  return narrator.step(
    'Servers',
    async (progress) => {
      const log = progress;
      const programs = await installTargetServer({ cacheDirectory: mysqlCacheDirectory(context.environment), log, searchPath: context.environment['PATH'] });
      const starting = [
        startSourceServer({ directory: join(folder, 'source'), log }),
        startTargetServer({ directory: join(folder, 'target'), log, programs }),
      ] as const;
      for (const server of starting) cleanup.defer(() => server.then((running) => running.stop(), () => undefined));
      const [source, target] = await Promise.all(starting);
      return { servers: { source, target }, programs: programs.binDirectory };
    },
    ({ servers: { source, target } }) =>
      `MySQL ${source.version} on ${source.host}:${source.port} is the legacy source, MySQL ${target.version} on ${target.host}:${target.port} the target, set up like Aurora`,
  );
}

/** Packaging takes a while: it goes on beside the seeding. */
function startRuntime(demo: Demo, servers: DemoServers, programs: string): Promise<LocalProcess> {
  const { context, folder, cleanup, signal } = demo;
  const state = join(folder, 'state');
  const environment = { ...context.environment, PATH: [programs, context.environment['PATH'] ?? ''].join(delimiter) };
  const starting = startLocalProcess(
    { ...context, environment },
    { stateFolder: state, servers: { source: servers.source.access, target: servers.target.access }, selection: `--state ${state}`, signal },
  );
  starting.catch(() => undefined);
  cleanup.defer(() => starting.then((local) => local.stop(), () => undefined));
  return starting;
}

async function seed({ options, narrator }: Demo, { source }: DemoServers): Promise<FleetSummary> {
  return narrator.step(
    'Fleet',
    (progress) =>
      seedFleet({
        source: source.adminAccess,
        databases: options.databases,
        largeMegabytes: options.largeMegabytes,
        onProgress: (made, total) => {
          progress(`${formatCount(made)} of ${formatCount(total)} databases made`);
        },
      }),
    (fleet) =>
      `${formatCount(fleet.databases.length)} databases with ${formatCount(fleet.tables)} tables, MyISAM and InnoDB mixed, latin1 to utf8mb4, names to make a script stumble, one of ${options.largeMegabytes} MB`,
  );
}

function describeObstacles(obstacles: readonly Obstacle[]): string {
  return obstacles.map(({ database, what }) => `${printable(database)}: ${what}`).join('\n');
}

function fingerprintBystander({ target }: DemoServers, obstacles: readonly Obstacle[]): Promise<string> {
  return fingerprintDatabase(target.adminAccess, obstacles[0]?.database ?? '');
}

async function watch({ context, narrator, signal }: Demo, deployment: Deployment, run: RunSnapshot, title: string): Promise<Progress> {
  const { progress, interrupted } = await narrator.timed(title, () => watchRun(context, deployment, run, { signal, reporter: makeReporter(context) }));
  if (interrupted || progress === undefined) throw new Interrupted();
  const { counts, total, sinceRedriveSeconds } = progress;
  narrator.say(title, `${formatCount(counts.VERIFIED)} of ${formatCount(total)} databases verified, ${formatCount(counts.DEAD_LETTERED)} dead-lettered, in ${formatClock(sinceRedriveSeconds ?? 0)}`);
  return progress;
}

function reportDeadLetters({ narrator }: Demo, { deadLetters }: Progress): void {
  if (deadLetters.length === 0) return;
  narrator.lines(['', narrator.style.bold('Dead letters'), ...renderFailures(deadLetters, { width: narrator.width, style: narrator.style, shown: 5 }), '']);
}

async function cureAndRedrive(demo: Demo, deployment: Deployment, run: RunSnapshot, obstacles: readonly Obstacle[]): Promise<Progress> {
  const { narrator } = demo;
  await narrator.step(
    'Cures',
    async () => {
      for (const { remove } of obstacles) await remove();
    },
    () => obstacles.map(({ database, cure }) => `${printable(database)}: ${cure}`).join('\n'),
  );
  const ended = await describeRun(deployment, run.arn);
  const plan = await planRedrive(deployment, ended);
  narrator.lines(['', ...renderRedrivePlan(plan, { width: narrator.width, style: narrator.style }), '']);
  const redriven = await narrator.timed('Redrive', () => redriveRun(demo.context, deployment, ended));
  return watch(demo, deployment, redriven, 'Redrive');
}

async function compare({ narrator }: Demo, { source, target }: DemoServers, fleet: FleetSummary): Promise<FleetComparison> {
  return narrator.step(
    'Comparison',
    (progress) =>
      compareFleet({
        source: source.adminAccess,
        target: target.adminAccess,
        databases: fleet.databases,
        content: true,
        onProgress: (compared, total) => {
          progress(`${formatCount(compared)} of ${formatCount(total)} databases compared`);
        },
      }),
    ({ differences, rows, tables }) =>
      [
        `${formatCount(tables)} tables and ${formatCount(rows)} rows read on both sides by a program that shares nothing with Ferry's own verification: ${differences.length === 0 ? 'no difference' : formatPlural(differences.length, 'difference')}`,
        ...differences.slice(0, 10).map(({ database, object, source: here, target: there }) => printable(`${database}: ${object}: source ${here}, target ${there}`)),
      ].join('\n'),
  );
}

interface Played {
  readonly servers: DemoServers;
  readonly fleet: FleetSummary;
  readonly first: Progress;
  readonly last: Progress;
  readonly comparison: FleetComparison;
  readonly records: readonly DatabaseRecord[];
  readonly untouched: boolean;
}

function printSummary({ context, narrator }: Demo, played: Played): void {
  const { servers, fleet, first, last, comparison, records } = played;
  const sum = (value: (record: DatabaseRecord) => number | undefined): number => records.reduce((total, record) => total + (value(record) ?? 0), 0);
  const lines = renderSummary(
    {
      ...fleet,
      sourceVersion: servers.source.version,
      targetVersion: servers.target.version,
      databases: last.counts.VERIFIED,
      rows: comparison.rows,
      sqlBytes: sum(({ sqlBytes }) => sqlBytes),
      dumpBytes: sum(({ dumpBytes }) => dumpBytes),
      deadLetters: first.counts.DEAD_LETTERED,
      redrives: last.run?.redrives ?? 0,
      differences: comparison.differences.length,
      untouched: played.untouched,
      migrationSeconds: first.elapsedSeconds ?? 0,
      stages: computeStageTimes(records),
      steps: mergeSteps(narrator.times),
      totalSeconds: narrator.elapsedSeconds,
    },
    styleFor(context.stdout, context.environment),
  );
  print(context.stderr, '');
  print(context.stdout, lines.join('\n'));
}

/** Starting a run and watching it are one step to the reader. */
function mergeSteps(times: readonly { title: string; seconds: number }[]): { title: string; seconds: number }[] {
  const merged = new Map<string, number>();
  for (const { title, seconds } of times) merged.set(title, (merged.get(title) ?? 0) + seconds);
  return [...merged].map(([title, seconds]) => ({ title, seconds }));
}

/** @throws FerryError */
function judge(last: Progress, { differences }: FleetComparison, untouched: boolean): void {
  const failed = last.run === null ? undefined : errorOfRun(last.run);
  if (failed !== undefined) throw failed;
  if (!untouched) throw new FerryError('InternalError', 'The database that was on the target before the migration is not as it was.');
  if (differences.length > 0) throw new FerryError('VerificationMismatch', `The comparison found ${formatPlural(differences.length, 'difference')} between source and target.`);
}
