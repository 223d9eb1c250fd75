/** One run of `mysqldump`: its options, its output as a stream that ends well only when the dump is whole. */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { FerryError } from '../../core/errors.ts';
import { isVanishedErrno, serverFailureName } from '../../core/mysql-failures.ts';
import { clientInitCommand } from '../../core/mysql/session-settings.ts';
import { clientEnvironment } from './client-programs.ts';

export interface DumpSubject {
  readonly database: string;
  /** Whether one InnoDB snapshot makes the dump agree with itself; else the tables are locked. */
  readonly allTransactional: boolean;
}

const common = [
  '--default-character-set=utf8mb4',
  // `loose`: mysqldump before 8.4 has no such option.
  `--loose-init-command=${clientInitCommand}`,
  '--hex-blob',
  '--max-allowed-packet=1G',
  // The longest INSERT with more than one row: fewer, larger statements cost less on both servers.
  '--net-buffer-length=1M',
  '--no-tablespaces',
  '--quick',
  '--set-gtid-purged=OFF',
  // MySQL before 8.0 has no such table to ask.
  '--column-statistics=0',
  '--skip-add-drop-table',
  '--skip-add-locks',
  '--skip-disable-keys',
  '--skip-dump-date',
];

/** Tables, rows and views. Stored programs are read apart (programs/): at an event with `';;'` mysqldump never ends. */
export function mainOptions(subject: DumpSubject): string[] {
  return [...common, consistency(subject), '--extended-insert', '--skip-routines', '--skip-events', '--skip-triggers'];
}

/**
 * Views alone, without locking them: to lock a view is to run it, and an account that made it may be gone or refused.
 * Their definitions need no lock, as they hold no rows.
 */
export const viewOptions: readonly string[] = [...common, '--skip-lock-tables', '--no-data', '--skip-triggers'];

function consistency({ allTransactional }: DumpSubject): string {
  return allTransactional ? '--single-transaction' : '--lock-tables';
}

export interface MysqldumpCall {
  readonly optionFile: string;
  readonly options: readonly string[];
  readonly database: string;
  /** None: all of them. */
  readonly tables: readonly string[];
  readonly searchPath: string;
  /** Never to be seen in a message. */
  readonly password: string;
  readonly signal: AbortSignal;
}

const footer = /^-- Dump completed/m;
const tailBytes = 128;
const stderrCharacters = 4_000;
const killMilliseconds = 2_000;

export class Mysqldump {
  readonly #call: MysqldumpCall;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #closed: Promise<unknown>;
  #stderr = '';
  #spawnError: Error | undefined;
  /** Of SQL text, so far. */
  bytes = 0;

  constructor(call: MysqldumpCall) {
    this.#call = call;
    const args = [`--defaults-file=${call.optionFile}`, ...call.options, '--', call.database, ...call.tables];
    this.#child = spawn('mysqldump', args, { env: clientEnvironment(call.searchPath), stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.on('error', (error) => {
      this.#spawnError = error;
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrCharacters);
    });
    this.#closed = once(this.#child, 'close').catch(() => undefined);
    call.signal.addEventListener('abort', this.kill);
    if (call.signal.aborted) this.kill();
  }

  /**
   * The SQL text.
   * @throws FerryError SourceUnreachable, SourceTlsFailed, SourceAccessDenied, SourcePrivilegeMissing, SourceChanged, DumpFailed when mysqldump failed, DumpIncomplete when it
   * did not and yet its closing line is missing
   */
  async *output(): AsyncGenerator<Buffer> {
    let tail: Buffer = Buffer.alloc(0);
    try {
      for await (const chunk of this.#child.stdout as AsyncIterable<Buffer>) {
        this.bytes += chunk.length;
        tail = chunk.length >= tailBytes ? chunk.subarray(-tailBytes) : Buffer.concat([tail, chunk]).subarray(-tailBytes);
        yield chunk;
      }
      await this.#closed;
      this.#check(tail.toString('latin1'));
    } finally {
      await this.stop();
    }
  }

  /** Ends the program if it still runs, and waits until it is gone. */
  async stop(): Promise<void> {
    this.kill();
    await this.#closed;
    this.#call.signal.removeEventListener('abort', this.kill);
  }

  readonly kill = (): void => {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), killMilliseconds);
    void this.#closed.then(() => {
      clearTimeout(timer);
    });
  };

  #check(tail: string): void {
    const { database } = this.#call;
    const { exitCode, signalCode } = this.#child;
    const said = this.#scrubbed();
    if (exitCode !== 0) {
      const ending = this.#spawnError?.message ?? (signalCode === null ? `exit code ${exitCode}` : `signal ${signalCode}`);
      throw new FerryError(failureName(said), `mysqldump of \`${database}\` ended with ${ending}: ${said === '' ? 'it said nothing' : said}`);
    }
    if (!footer.test(tail)) {
      throw new FerryError('DumpIncomplete', `The dump of \`${database}\` ended after ${this.bytes} bytes without its line "-- Dump completed".`);
    }
  }

  #scrubbed(): string {
    const { password } = this.#call;
    const text = this.#stderr.trim();
    return password === '' ? text : text.replaceAll(password, '***');
  }
}

/** What a definition change in its way ends it with, beside what is gone by now: a lock that is not given, a deadlock. */
const definitionErrors = new Set([1205, 1213]);

/** mysqldump says `Got error: 2003: …`, `Error 2013: …`, `Couldn't execute '…': … (1449)` or `Couldn't find table: "…"`. */
function failureName(stderr: string): ConstructorParameters<typeof FerryError>[0] {
  const match = /(?:Got error: |Error:? )(\d{4})\b|\((\d{4})\)\s*$/m.exec(stderr);
  const errno = Number(match?.[1] ?? match?.[2]);
  if (definitionErrors.has(errno) || isVanishedErrno(errno) || stderr.includes('Couldn\'t find table: ')) return 'SourceChanged';
  return serverFailureName('source', errno, stderr) ?? 'DumpFailed';
}
