/** Ferry's way: the local runtime, and `ferry start` on it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { S3Client } from '@aws-sdk/client-s3';
import type { Report } from '../core/contracts.ts';
import type { MySqlPrograms } from '../local/mysql/install.ts';
import { startRuntime } from '../local/runtime.ts';
import type { Runtime } from '../local/runtime.ts';
import { measure } from './measure.ts';
import type { Measurement, Servers } from './measure.ts';
import { readReports } from './reports.ts';

export interface FerrySetup {
  readonly programs: MySqlPrograms;
  readonly servers: Servers;
  readonly databases: readonly string[];
  /** Its own, removed before each run: the runtime's state. */
  readonly directory: string;
  readonly log: (message: string) => void;
  /** More words for `ferry start`. */
  readonly startOptions: readonly string[];
}

export interface FerryRun {
  /** Of `ferry start`, from the command to its end, with everything that the runtime and its tasks use meanwhile. */
  readonly measurement: Measurement;
  readonly reports: readonly Report[];
}

const migration = 'bench';
const project = fileURLToPath(new URL('..', import.meta.url));

/** The runtime's own start is not measured: it is there once for a fleet of any size. */
export async function runFerry(setup: FerrySetup): Promise<FerryRun> {
  const { directory, servers, log } = setup;
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const list = join(directory, 'databases.txt');
  await writeFile(list, `${setup.databases.join('\n')}\n`);
  const runtime = await startRuntime({
    stateDirectory: join(directory, 'state'),
    projectDirectory: project,
    source: servers.source.access,
    target: servers.target.access,
    clientPath: `${setup.programs.binDirectory}${delimiter}${process.env['PATH'] ?? ''}`,
    log,
  });
  try {
    const words = ['start', '--state', join(directory, 'state'), '--migration', migration, '--file', list, '--json', ...setup.startOptions];
    const measurement = await measure(servers, () => runCommand(words));
    return { measurement, reports: await reportsOf(runtime) };
  } finally {
    await runtime.stop();
  }
}

async function runCommand(words: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(project, 'cli', 'ferry.js'), ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  if (exitCode !== 0) throw new Error(`ferry start ended with exit code ${exitCode ?? 'of a signal'}.`);
}

async function reportsOf(runtime: Runtime): Promise<Report[]> {
  const s3 = new S3Client({ endpoint: runtime.endpoint, region: 'us-east-1', forcePathStyle: true, credentials: runtime.credentials.root });
  try {
    return await readReports(s3, runtime.outputs['BucketName'] ?? '', migration);
  } finally {
    s3.destroy();
  }
}
