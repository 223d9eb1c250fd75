/**
 * `npm run bench -- --databases N`: the original's way against Ferry's, on the same two servers.
 *
 *   --databases N     databases to move (100)
 *   --source-databases N
 *                     databases that the source has, of which these are moved (as many): MySQL 5.6 gets slower with each file
 *   --tables N        tables in each (30)
 *   --rows N          rows in each table (50)
 *   --runs N          runs of each way, taken in turns (1)
 *   --way NAME        only this way; may be repeated: phases, overlapped, ferry
 *   --start WORDS     more words for `ferry start`, one string ("--max-concurrency 32")
 *   --source-option O more options of the source server ("--performance-schema=OFF"); may be repeated
 *   --keep FOLDER     where servers and dumps are kept (a temporary folder, removed at the end)
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { FerryError } from '../core/errors.ts';
import type { Report } from '../core/contracts.ts';
import { compareFleet } from '../local/fleet/compare.ts';
import { installTargetServer, mysqlCacheDirectory } from '../local/mysql/install.ts';
import type { MySqlPrograms } from '../local/mysql/install.ts';
import { startSourceServer } from '../local/mysql/source-server.ts';
import { startTargetServer } from '../local/mysql/target-server.ts';
import { databaseNames, emptyTarget, makeDefiner, seedDatabases } from './databases.ts';
import { runFerry } from './ferry.ts';
import { measure, untilIdle } from './measure.ts';
import type { Measurement, Servers } from './measure.ts';
import { prepareOriginal, runInPhases, runOverlapped } from './original.ts';
import { measurementTable, ratioLines, stageTable, verificationLine } from './summary.ts';

const ways = { phases: 'original, dumps and then imports', overlapped: 'original, overlapped', ferry: 'ferry' } as const;
type Way = keyof typeof ways;

const count = z.coerce.number().int().min(1);
const optionsSchema = z.object({
  databases: count.default(100),
  'source-databases': count.optional(),
  tables: count.default(30),
  rows: z.coerce.number().int().min(0).default(50),
  runs: count.default(1),
  way: z.array(z.enum(Object.keys(ways) as [Way, ...Way[]])).default(Object.keys(ways) as Way[]),
  start: z.string().default(''),
  'source-option': z.array(z.string()).default([]),
  keep: z.string().optional(),
});
type Options = z.infer<typeof optionsSchema>;

try {
  await bench(readArguments());
} catch (error) {
  const failure = FerryError.from(error);
  console.error(`${failure.name}: ${failure.message}`);
  process.exitCode = failure.exitCode;
}

function readArguments(): Options {
  const text = { type: 'string' } as const;
  const list = { type: 'string', multiple: true } as const;
  const { values } = parseArgs({ options: { databases: text, 'source-databases': text, tables: text, rows: text, runs: text, way: list, start: text, 'source-option': list, keep: text } });
  const parsed = optionsSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  throw new FerryError('InvalidInput', parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('; '));
}

function log(message: string): void {
  console.error(message);
}

async function bench(options: Options): Promise<void> {
  const programs = await installTargetServer({ cacheDirectory: mysqlCacheDirectory(process.env), log, searchPath: process.env['PATH'] });
  const directory = options.keep === undefined ? await mkdtemp(join(tmpdir(), 'ferry-bench-')) : resolve(options.keep);
  const servers = await startServers(options, programs, directory);
  try {
    const databases = Math.max(options.databases, options['source-databases'] ?? 0);
    log(`Making ${databases} databases of ${options.tables} tables ...`);
    await seedDatabases(servers.source.adminAccess, { ...options, databases });
    await makeDefiner(servers.target.adminAccess);
    await runAll(options, programs, servers, directory);
  } finally {
    await Promise.all([servers.source.stop(), servers.target.stop()]);
    if (options.keep === undefined) await rm(directory, { recursive: true, force: true });
  }
}

async function startServers(options: Options, programs: MySqlPrograms, directory: string): Promise<Servers> {
  const [source, target] = await Promise.all([
    startSourceServer({ directory: join(directory, 'source'), log, serverOptions: options['source-option'] }),
    startTargetServer({ directory: join(directory, 'target'), log, programs }),
  ]);
  return { source, target };
}

/** The ways take turns, so that a machine that gets busier meanwhile is unfair to none of them. */
async function runAll(options: Options, programs: MySqlPrograms, servers: Servers, directory: string): Promise<void> {
  const databases = databaseNames(options.databases);
  const measurements = new Map<string, Measurement[]>(options.way.map((way) => [ways[way], []]));
  const reports: Report[] = [];
  const original = { programs, servers, databases, directory: join(directory, 'original') };
  const startOptions = options.start.split(' ').filter((word) => word !== '');
  const run = async (way: Way): Promise<Measurement> => {
    if (way === 'ferry') {
      const ferry = await runFerry({ programs, servers, databases, directory: join(directory, 'ferry'), log: () => undefined, startOptions });
      reports.push(...ferry.reports);
      return ferry.measurement;
    }
    await prepareOriginal(original);
    return measure(servers, () => (way === 'phases' ? runInPhases(original) : runOverlapped(original)));
  };
  for (let number = 1; number <= options.runs; number += 1) {
    for (const way of options.way) {
      await emptyTarget(servers.target.adminAccess);
      await untilIdle(servers);
      log(`Run ${number} of ${options.runs}: ${ways[way]} ...`);
      measurements.get(ways[way])?.push(await run(way));
      await checkArrival(servers, databases);
    }
  }
  const of = options['source-databases'] === undefined ? '' : ` of a source with ${options['source-databases']}`;
  console.log(`\n${options.databases} databases${of}, ${options.tables} tables each, ${options.runs} runs; source ${servers.source.version}, target ${servers.target.version}\n`);
  console.log(measurementTable(measurements, options.databases));
  console.log(`\n${ratioLines(measurements, ways.overlapped)}`);
  if (reports.length > 0) console.log(`\n${stageTable(reports)}\n\n${verificationLine(reports)}`);
}

/** A way that loses something is not measured against one that does not. */
async function checkArrival(servers: Servers, databases: readonly string[]): Promise<void> {
  const { differences } = await compareFleet({ source: servers.source.adminAccess, target: servers.target.adminAccess, databases, content: false });
  const [first] = differences;
  if (first !== undefined) throw new FerryError('VerificationMismatch', `${differences.length} differences; the first: ${JSON.stringify(first)}`);
}
