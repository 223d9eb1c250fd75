/**
 * `npm run bench:rewriter`: how fast the import reads and rewrites a dump, against `cat`, and what memory it takes.
 *
 *   --megabytes N   size of the database with few, large tables (200)
 *   --tables N      tables of the database with many, small ones (1000)
 *   --runs N        runs of each, of which the best counts (3)
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { mainOptions } from '../containers/dump/mysqldump.ts';
import { clientOptionFile } from '../core/server-access.ts';
import { seedFleet } from '../local/fleet/seed.ts';
import { largeDatabase } from '../local/fleet/names.ts';
import { installTargetServer, mysqlCacheDirectory } from '../local/mysql/install.ts';
import { startSourceServer } from '../local/mysql/source-server.ts';
import type { RunningServer } from '../local/mysql/source-server.ts';
import { databaseNames, seedDatabases } from './databases.ts';

const count = z.coerce.number().int().min(1);
const optionsSchema = z.object({ megabytes: count.default(200), tables: count.default(1000), runs: count.default(3) });
const longLineBytes = 64 * 1024 * 1024;
const ways = {
  cat: 'cat',
  plan: 'plan: split, every value looked at, definitions rewritten',
  rows: 'rows: split, handed over',
} as const;
type Way = keyof typeof ways;

const text = { type: 'string' } as const;
await bench(optionsSchema.parse(parseArgs({ options: { megabytes: text, tables: text, runs: text } }).values));

async function bench({ megabytes, tables, runs }: z.infer<typeof optionsSchema>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-bench-rewriter-'));
  try {
    const dumps = await makeDumps(folder, megabytes, tables);
    console.log('| dump | way | MB/s | peak memory, MB |\n|---|---|---|---|');
    for (const [name, file] of Object.entries(dumps)) {
      const { size } = await stat(file);
      for (const way of Object.keys(ways) as Way[]) {
        const measured = [];
        for (let run = 0; run < runs; run += 1) measured.push(await runWay(way, file));
        const seconds = Math.min(...measured.map((each) => each.seconds));
        const memory = Math.max(...measured.map((each) => each.peakBytes));
        console.log(`| ${name}, ${(size / 1e6).toFixed(0)} MB | ${ways[way]} | ${(size / 1e6 / seconds).toFixed(0)} | ${way === 'cat' ? '-' : (memory / 1e6).toFixed(0)} |`);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeDumps(folder: string, megabytes: number, tables: number): Promise<Record<string, string>> {
  const log = (message: string): void => {
    console.error(message);
  };
  const programs = await installTargetServer({ cacheDirectory: mysqlCacheDirectory(process.env), log, searchPath: process.env['PATH'] });
  const source = await startSourceServer({ directory: join(folder, 'source'), log });
  try {
    log('Making the databases ...');
    await seedFleet({ source: source.adminAccess, databases: 2, largeMegabytes: megabytes });
    await seedDatabases(source.adminAccess, { databases: 1, tables, rows: 5 });
    const [many = ''] = databaseNames(1);
    return {
      'few large tables': await dump(programs.mysqldump, source, largeDatabase, folder),
      'many small tables': await dump(programs.mysqldump, source, many, folder),
      'one INSERT of 64 MB': await makeLongLine(folder),
    };
  } finally {
    await source.kill();
  }
}

async function dump(mysqldump: string, source: RunningServer, database: string, folder: string): Promise<string> {
  const optionFile = join(folder, 'client.cnf');
  await writeFile(optionFile, clientOptionFile(source.access, undefined), { mode: 0o600 });
  const file = join(folder, `${database}.sql`);
  const child = spawn(mysqldump, [`--defaults-file=${optionFile}`, ...mainOptions({ database, allTransactional: false }), '--', database], { stdio: ['ignore', 'pipe', 'inherit'] });
  await pipeline(child.stdout, createWriteStream(file));
  return file;
}

async function makeLongLine(folder: string): Promise<string> {
  const file = join(folder, 'long-line.sql');
  const table = 'CREATE TABLE `t` (\n  `b` longblob\n) ENGINE=MyISAM;\n';
  const start = 'INSERT INTO `t` VALUES (0x';
  await writeFile(file, `${table}${start}${'a5'.repeat((longLineBytes - start.length) / 2)});\n-- Dump completed\n`);
  return file;
}

/** Each run is a process of its own, whose start is not counted. */
async function runWay(way: Way, file: string): Promise<{ seconds: number; peakBytes: number }> {
  if (way === 'cat') {
    const started = performance.now();
    await once(spawn('sh', ['-c', 'cat "$0" | cat > /dev/null', file]), 'close');
    return { seconds: (performance.now() - started) / 1000, peakBytes: 0 };
  }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'rewrite-file.ts'), way, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (said += part));
  await once(child, 'close');
  return z.object({ seconds: z.number(), peakBytes: z.number() }).parse(JSON.parse(said));
}
