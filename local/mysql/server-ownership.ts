/** Which process runs on a server directory: two servers on one data directory would destroy it. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FerryError } from '../../core/errors.ts';

/** Start times tell a process from a later one with the same number. */
const recordSchema = z.object({ pid: z.number(), started: z.string(), owner: z.number(), ownerStarted: z.string() });

export async function recordProcess(directory: string, pid: number): Promise<void> {
  const record: z.infer<typeof recordSchema> = {
    pid,
    started: (await startTime(pid)) ?? '',
    owner: process.pid,
    ownerStarted: (await startTime(process.pid)) ?? '',
  };
  await writeFile(join(directory, 'server.json'), JSON.stringify(record));
}

/**
 * Ends a server that an earlier process left behind on this directory.
 * @throws FerryError ServerUnavailable when that process is still alive
 */
export async function claimDirectory(directory: string, log: (message: string) => void): Promise<void> {
  const path = join(directory, 'server.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  const record = text === undefined ? undefined : recordSchema.safeParse(JSON.parse(text)).data;
  if (record !== undefined && (await isAlive(record.pid, record.started))) {
    if (await isAlive(record.owner, record.ownerStarted)) {
      throw new FerryError('ServerUnavailable', `Process ${record.owner} runs a MySQL server in ${directory}: stop it, or use another folder.`);
    }
    log(`Ending the MySQL server ${record.pid} that an earlier process left in ${directory} ...`);
    await endProcess(record.pid, record.started);
  }
  await rm(path, { force: true });
}

async function endProcess(pid: number, started: string): Promise<void> {
  process.kill(pid, 'SIGTERM');
  for (let waited = 0; await isAlive(pid, started); waited += 50) {
    if (waited === 20_000) process.kill(pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function isAlive(pid: number, started: string): Promise<boolean> {
  return (await startTime(pid)) === started;
}

/** Field 22 of /proc/PID/stat (proc_pid_stat(5)), in clock ticks since boot; undefined for a process that is gone or a zombie. */
async function startTime(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field is the program's name in parentheses and may hold spaces: count from its end.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields?.[0] === 'Z' ? undefined : fields?.[19];
}
