/** The original's way: shell, xargs, mysqldump to files, mysql from files; 4 dumps and 16 imports at once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { clientOptionFile } from '../core/server-access.ts';
import type { MySqlPrograms } from '../local/mysql/install.ts';
import type { Servers } from './measure.ts';

export interface OriginalSetup {
  readonly programs: MySqlPrograms;
  readonly servers: Servers;
  readonly databases: readonly string[];
  /** Its own: dumps, lists and option files. */
  readonly directory: string;
}

const dump =
  'mysqldump --defaults-file=source.cnf --column-statistics=0 --no-tablespaces --set-gtid-purged=OFF --hex-blob --routines --events --databases "$0" > "$0.sql"';
const load = 'mysql --defaults-file=target.cnf < "$0.sql"';

/** All dumps, and then all imports. */
export function runInPhases(setup: OriginalSetup): Promise<void> {
  return runShell(setup, `xargs -P4 -n1 sh -c '${dump}' < list.txt && xargs -P16 -n1 sh -c '${load}' < list.txt`);
}

/** Each dump is imported as soon as it is there. */
export function runOverlapped(setup: OriginalSetup): Promise<void> {
  return runShell(setup, `xargs -P4 -n1 sh -c '${dump} && echo "$0"' < list.txt | xargs -P16 -n1 sh -c '${load}'`);
}

/** Clears away the dumps of an earlier run; not a part of what is measured. */
export async function prepareOriginal({ directory, databases, servers }: OriginalSetup): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(join(directory, 'ca.pem'), servers.target.access.ca ?? '');
  await writeFile(join(directory, 'source.cnf'), clientOptionFile(servers.source.access, undefined), { mode: 0o600 });
  await writeFile(join(directory, 'target.cnf'), clientOptionFile(servers.target.access, join(directory, 'ca.pem')), { mode: 0o600 });
  await writeFile(join(directory, 'list.txt'), `${databases.join('\n')}\n`);
}

async function runShell({ directory, programs }: OriginalSetup, script: string): Promise<void> {
  const path = `${programs.binDirectory}${delimiter}${process.env['PATH'] ?? ''}`;
  const child = spawn('sh', ['-c', script], { cwd: directory, env: { ...process.env, PATH: path }, stdio: ['ignore', 'ignore', 'inherit'] });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  if (exitCode !== 0) throw new Error(`The original's way ended with exit code ${exitCode ?? 'of a signal'}.`);
}
