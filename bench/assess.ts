/**
 * `npm run bench-assess`: what `ferry assess` costs, in time, memory, queries and load on the source, as the server grows.
 *
 *   --databases N,N,...  sizes of the server, rising (200,500,1000,2000)
 *   --tables N           tables in each database (30)
 *   --keep FOLDER        where the server is kept (a temporary folder, removed at the end)
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { z } from 'zod';
import { connectionOptions } from '../core/server-access.ts';
import { startSourceServer } from '../local/mysql/source-server.ts';
import type { RunningServer } from '../local/mysql/source-server.ts';
import { runFerryCommand } from './command.ts';
import { cpuOf } from './cpu.ts';
import { databaseNames, seedDatabases } from './databases.ts';

/** So many databases are assessed with rests: a whole server would take twice as long, for the same figure. */
const pacedDatabases = 300;

const optionsSchema = z.object({
  databases: z.string().default('200,500,1000,2000').transform((list) => list.split(',').map(Number)),
  tables: z.coerce.number().int().min(1).default(30),
  keep: z.string().optional(),
});

const { values } = parseArgs({ options: { databases: { type: 'string' }, tables: { type: 'string' }, keep: { type: 'string' } } });
await bench(optionsSchema.parse(values));

async function bench({ databases, tables, keep }: z.infer<typeof optionsSchema>): Promise<void> {
  const directory = keep === undefined ? await mkdtemp(join(tmpdir(), 'ferry-bench-')) : resolve(keep);
  const source = await startSourceServer({ directory: join(directory, 'source'), log: console.error });
  try {
    console.log(`databases | pace |  seconds | ms each | queries each | source CPU ms each | of one core | client MiB | store kB | files lost`);
    let existing = 0;
    for (const count of databases) {
      const started = performance.now();
      await seedDatabases(source.adminAccess, { databases: count, tables, rows: 0 }, existing);
      console.error(`Made ${count - existing} databases in ${seconds(performance.now() - started)} s.`);
      existing = count;
      console.log(await measured(source, directory, count, 100));
    }
    console.log(`${await measured(source, directory, Math.min(existing, pacedDatabases), 50)}  (of ${existing}, with rests)`);
    await setFileInstruments(source, 'NO');
    console.log(`${await measured(source, directory, existing, 100)}  (without file instruments)`);
  } finally {
    await source.stop();
    if (keep === undefined) await rm(directory, { recursive: true, force: true });
  }
}

async function measured(source: RunningServer, directory: string, count: number, pace: number): Promise<string> {
  const state = join(directory, `state-${count}-${pace}-${Date.now()}`);
  const cpu = cpuOf(source.pid);
  const started = performance.now();
  const { peakBytes, queries } = await runAssess(source, state, count, pace);
  const wall = performance.now() - started;
  const used = cpuOf(source.pid) - cpu;
  const { size } = await stat(join(state, 'assessment.sqlite'));
  const cells: [string, number][] = [
    [String(count), 9], [String(pace), 4], [seconds(wall), 8], [(wall / count).toFixed(1), 7], [(queries / count).toFixed(2), 12], [(used / count).toFixed(1), 18],
    [`${((100 * used) / wall).toFixed(0)}%`, 11], [(peakBytes / 1024 / 1024).toFixed(0), 10], [(size / 1000).toFixed(0), 8], [await filesLost(source), 10],
  ];
  return cells.map(([cell, width]) => cell.padStart(width)).join(' | ');
}

async function runAssess(source: RunningServer, state: string, count: number, pace: number): Promise<{ peakBytes: number; queries: number }> {
  const { username, host, port, password } = source.access;
  const words = ['assess', '--source', `mysql://${username}@${host}:${port}`, '--source-tls', 'disabled', ...databaseNames(count), '--json', '--pace', String(pace), '--state', state];
  const { stdout, peakBytes } = await runFerryCommand(words, { FERRY_SOURCE_PASSWORD: password });
  const { totals } = z.object({ totals: z.object({ queries: z.number() }) }).parse(JSON.parse(stdout));
  return { peakBytes, queries: totals.queries };
}

async function setFileInstruments({ adminAccess }: RunningServer, enabled: 'YES' | 'NO'): Promise<void> {
  const connection = await createConnection(connectionOptions(adminAccess));
  await connection.query(`UPDATE performance_schema.setup_instruments SET enabled = '${enabled}', timed = '${enabled}' WHERE name LIKE 'wait/io/file/%'`);
  await connection.end();
}

async function filesLost({ adminAccess }: RunningServer): Promise<string> {
  const connection = await createConnection(connectionOptions(adminAccess));
  const [rows] = await connection.query("SHOW GLOBAL STATUS LIKE 'Performance_schema_file_instances_lost'");
  await connection.end();
  return z.array(z.object({ Value: z.string() })).parse(rows)[0]?.Value ?? '';
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}
