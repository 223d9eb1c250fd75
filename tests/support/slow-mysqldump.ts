/**
 * Runs the real `mysqldump` and hands its output on slowly, so that a small database takes as long as a large one. Started by a script
 * named `mysqldump`, whose path is the first argument; beside that script a file says where the real one is and how long to take.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Slowness {
  /** The real one. */
  readonly mysqldump: string;
  readonly milliseconds: number;
  /** About so many will come. */
  readonly bytes: number;
}

/** Makes a program `mysqldump` in a folder; called again it only changes how slow that is. */
export async function makeSlowMysqldump(folder: string, slowness: Slowness): Promise<void> {
  const script = join(folder, 'mysqldump');
  await writeFile(`${script}.json`, JSON.stringify(slowness));
  await writeFile(script, `#!${process.execPath} ${import.meta.filename}\n`);
  await chmod(script, 0o755);
}

/** Waits for the first of the output of the next run: what it reads is of one moment by then. */
export async function nextDump(folder: string): Promise<void> {
  const began = join(folder, 'mysqldump.began');
  await rm(began, { force: true });
  while (!existsSync(began)) await sleep(20);
}

async function run(script: string, options: readonly string[]): Promise<void> {
  const { mysqldump, milliseconds, bytes } = JSON.parse(readFileSync(`${script}.json`, 'utf8')) as Slowness;
  const child = spawn(mysqldump, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  process.on('SIGTERM', () => {
    child.kill('SIGKILL');
    process.exit(143);
  });
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    if (!options.includes('--version')) writeFileSync(`${script}.began`, '');
    await sleep((milliseconds * chunk.length) / bytes);
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
  }
  await closed;
  process.exitCode = child.exitCode ?? 1;
}

if (import.meta.main) await run(process.argv[2] ?? '', process.argv.slice(3));
