/**
 * One mysqld on loopback with a data directory of its own: started, watched until it answers, stopped, killed.
 * Layout of `directory`: data/, tmp/, error.log, accounts.json (mode 0600), server.json (the running process).
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { z } from 'zod';
import { FerryError } from '../../core/errors.ts';
import { connectionOptions } from '../../core/server-access.ts';
import type { ServerAccess } from '../../core/server-access.ts';
import { findProgram } from './install.ts';
import { claimDirectory, recordProcess } from './server-ownership.ts';

export interface RunningServer {
  readonly host: string;
  readonly port: number;
  /** As the server itself says: `5.6.24-log`, `9.7.4-2`. */
  readonly version: string;
  /** The account that Ferry uses, with the grants that its documentation asks for and no more. */
  readonly access: ServerAccess;
  /** The server's administrator, for tests and seeding only. */
  readonly adminAccess: ServerAccess;
  readonly pid: number;
  readonly directory: string;
  /** Shuts down in order (SIGTERM); a server that takes longer than 60 s is killed. */
  stop(): Promise<void>;
  /** SIGKILL, as a power cut would end it. */
  kill(): Promise<void>;
}

export interface StartOptions {
  /** Kept between starts: a server started again on the same directory has the same data and accounts. */
  readonly directory: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly log: (message: string) => void;
  /** More options of mysqld, `--name=value`. */
  readonly serverOptions?: readonly string[];
}

export interface Accounts {
  readonly ferryPassword: string;
  readonly adminPassword: string;
}

export interface ServerProgram {
  readonly name: string;
  readonly mysqld: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly options: readonly string[];
  /** Makes `data` on the first start. */
  readonly createData: (data: string) => Promise<void>;
  readonly administrator: string;
  /** SQL of the first start, one statement a line: makes the accounts. */
  readonly initialSql: (accounts: Accounts) => readonly string[];
  /** `ca` is undefined for a server without TLS. */
  readonly readAuthority: (data: string) => Promise<string | undefined>;
}

const host = '127.0.0.1';
const startTimeoutMilliseconds = 120_000;
const stopTimeoutMilliseconds = 60_000;
const accountsSchema = z.object({ ferryPassword: z.string(), adminPassword: z.string() });

/**
 * @throws FerryError ServerUnavailable with what the server's error log says, when it does not come up, and when
 * another living process runs a server on the same directory
 */
export async function startServer(program: ServerProgram, options: StartOptions): Promise<RunningServer> {
  const { directory } = options;
  await mkdir(join(directory, 'tmp'), { recursive: true });
  await claimDirectory(directory, options.log);
  const stored = await readAccounts(directory);
  const accounts = stored ?? makeAccounts();
  if (stored === undefined) await prepareData(program, directory, accounts);
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port === undefined || options.port === 0 ? await freePort() : options.port;
    const logOffset = await sizeOf(join(directory, 'error.log'));
    const child = await spawnServer(program, options, port, stored === undefined);
    const admin: ServerAccess = { host, port, username: program.administrator, password: accounts.adminPassword, tls: 'disabled' };
    const version = await untilReady(child, admin);
    if (version !== undefined) {
      await writeFile(join(directory, 'accounts.json'), JSON.stringify(accounts), { mode: 0o600 });
      await rm(join(directory, 'initial.sql'), { force: true });
      options.log(`${program.name} ${version} listens on ${host}:${port}.`);
      return await runningServer(program, options, child, { ...admin, ...accounts, port, version });
    }
    const tail = await logTail(directory, logOffset);
    // Between finding a free port and the server's listening on it, another program may have taken it.
    const portTaken = /Bind on TCP\/IP port|Address already in use|port: \d+ .*in use/i.test(tail);
    if (portTaken && (options.port ?? 0) === 0 && attempt < 5) continue;
    throw new FerryError('ServerUnavailable', `${program.name} did not start in ${directory}. Its error log says:\n${tail}`);
  }
}

async function readAccounts(directory: string): Promise<Accounts | undefined> {
  const text = await readFile(join(directory, 'accounts.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : accountsSchema.parse(JSON.parse(text));
}

function makeAccounts(): Accounts {
  return { ferryPassword: crypto.randomUUID(), adminPassword: crypto.randomUUID() };
}

/** A first start that was cut short left no accounts.json: its data are made anew. */
async function prepareData(program: ServerProgram, directory: string, accounts: Accounts): Promise<void> {
  await rm(join(directory, 'data'), { recursive: true, force: true });
  await program.createData(join(directory, 'data'));
  await writeFile(join(directory, 'initial.sql'), `${program.initialSql(accounts).join('\n')}\n`, { mode: 0o600 });
}

async function spawnServer(program: ServerProgram, options: StartOptions, port: number, first: boolean): Promise<ChildProcess> {
  const { directory } = options;
  const serverOptions = [
    '--no-defaults',
    `--datadir=${join(directory, 'data')}`,
    `--tmpdir=${join(directory, 'tmp')}`,
    `--port=${port}`,
    `--bind-address=${host}`,
    // No socket file: its path may be at most 107 bytes, and everything here connects by TCP.
    '--socket=',
    `--pid-file=${join(directory, 'data', 'mysqld.pid')}`,
    '--skip-name-resolve',
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
    ...program.options,
    ...(options.serverOptions ?? []),
    ...(first ? [`--init-file=${join(directory, 'initial.sql')}`] : []),
  ];
  const [command, args] = await diesWithParent(program.mysqld, serverOptions);
  const errorLog = await open(join(directory, 'error.log'), 'a', 0o600);
  try {
    const child = spawn(command, args, {
      cwd: directory,
      env: program.environment,
      stdio: ['ignore', errorLog.fd, errorLog.fd],
      // A session of its own: Ctrl-C is for the parent, which then stops the server in order.
      detached: true,
    });
    await once(child, 'spawn');
    await recordProcess(directory, child.pid ?? 0);
    child.unref();
    return child;
  } finally {
    await errorLog.close();
  }
}

/** util-linux's setpriv has the kernel send SIGTERM to the server when this process ends, however it ends. */
async function diesWithParent(mysqld: string, options: readonly string[]): Promise<[string, string[]]> {
  const setpriv = await findProgram('setpriv', '/usr/bin:/bin');
  return setpriv === undefined ? [mysqld, [...options]] : [setpriv, ['--pdeathsig', 'TERM', '--', mysqld, ...options]];
}

/** The server's version once it answers; undefined when the process ended or stayed silent. */
async function untilReady(child: ChildProcess, admin: ServerAccess): Promise<string | undefined> {
  const deadline = Date.now() + startTimeoutMilliseconds;
  while (Date.now() < deadline && hasNotEnded(child)) {
    try {
      const connection = await createConnection(connectionOptions(admin));
      const [rows] = await connection.query('SELECT VERSION() AS version');
      await connection.end();
      return z.array(z.object({ version: z.string() })).parse(rows)[0]?.version;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
  if (hasNotEnded(child)) await end(child, 'SIGKILL');
  return undefined;
}

async function runningServer(
  program: ServerProgram,
  options: StartOptions,
  child: ChildProcess,
  known: Accounts & { readonly port: number; readonly version: string },
): Promise<RunningServer> {
  const { directory } = options;
  const ca = await program.readAuthority(join(directory, 'data'));
  // MySQL's certificate of its own names no host.
  const reach = ca === undefined ? { host, port: known.port, tls: 'disabled' as const } : { host, port: known.port, tls: 'verify-ca' as const, ca };
  const stopWith = async (signal: NodeJS.Signals): Promise<void> => {
    if (hasNotEnded(child)) await end(child, signal);
    await rm(join(directory, 'server.json'), { force: true });
  };
  return {
    host,
    port: known.port,
    version: known.version,
    access: { ...reach, username: 'ferry', password: known.ferryPassword },
    adminAccess: { ...reach, username: program.administrator, password: known.adminPassword },
    pid: child.pid ?? 0,
    directory,
    stop: () => stopWith('SIGTERM'),
    kill: () => stopWith('SIGKILL'),
  };
}

function hasNotEnded(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.ref();
  const ended = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMilliseconds);
  child.kill(signal);
  await ended;
  clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, host);
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (entry) => entry.size,
    () => 0,
  );
}

/** The last errors in the log of this start, or its last lines where the server named none. */
async function logTail(directory: string, offset: number): Promise<string> {
  const log = await readFile(join(directory, 'error.log')).catch(() => Buffer.alloc(0));
  const lines = log.subarray(offset).toString('utf8').trim().split('\n');
  const errors = lines.filter((line) => line.includes('[ERROR]'));
  return (errors.length > 0 ? errors : lines).slice(-12).join('\n');
}
