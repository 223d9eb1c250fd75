/** Initialised data directories, kept to be copied: initialising takes seconds, copying a tenth of one. */
import { cp, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { takeLock } from '../package/process-lock.ts';
import { runProgram } from './programs.ts';

export interface DataTemplate {
  readonly template: string;
  /** The directory to be made. */
  readonly data: string;
  readonly log: (message: string) => void;
  /** Initialises a data directory at a path where nothing is. */
  readonly make: (folder: string) => Promise<void>;
}

/** Makes `data` as a copy of the template, which the first caller makes. */
export async function copyTemplate({ template, data, log, make }: DataTemplate): Promise<void> {
  if (!(await exists(template))) {
    const lock = await takeLock(`${template}.lock`, () => {
      log('Waiting for another process, which is initialising a data directory ...');
    });
    try {
      if (!(await exists(template))) await makeTemplate(template, make);
    } finally {
      lock.release();
    }
  }
  await cp(template, data, { recursive: true });
}

async function makeTemplate(template: string, make: DataTemplate['make']): Promise<void> {
  const work = await mkdtemp(join(dirname(template), 'initialising-'));
  try {
    const data = join(work, 'data');
    await make(data);
    await rename(data, template);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

export interface Bootstrap {
  readonly mysqld: string;
  readonly options: readonly string[];
  /** Statements before the scripts, in the schema `mysql`. */
  readonly first: readonly string[];
  /** Paths of the scripts that make the system tables. */
  readonly scripts: readonly string[];
}

/**
 * A data directory, as MariaDB's `mariadb-install-db` and `mysql_install_db` before MySQL 5.7 make it. They are not used:
 * they look for their files where the package would have put them, or need Perl.
 */
export async function bootstrapData({ mysqld, options, first, scripts }: Bootstrap, data: string): Promise<void> {
  const texts = await Promise.all(scripts.map((path) => readFile(path, 'utf8')));
  await mkdir(data, { recursive: true });
  const script = join(data, '..', 'bootstrap.sql');
  await writeFile(script, ['CREATE DATABASE mysql;', 'USE mysql;', ...first, ...texts, ''].join('\n'));
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  const fromFile = 'input=$1; shift; exec "$@" < "$input"';
  await runProgram('sh', ['-c', fromFile, 'sh', script, mysqld, '--no-defaults', '--bootstrap', ...asRoot, `--datadir=${data}`, ...options]);
}

/** A data directory of MySQL 5.7 or later, whose `root` has no password yet. */
export async function initialiseData(mysqld: string, data: string): Promise<void> {
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  await runProgram(mysqld, ['--no-defaults', '--initialize-insecure', ...asRoot, `--datadir=${data}`, '--lower-case-table-names=0']);
  // The server's UUID: each server is to make its own.
  await rm(join(data, 'auto.cnf'), { force: true });
}
