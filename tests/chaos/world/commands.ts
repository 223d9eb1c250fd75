/** `ferry` commands of a trial, each a process as an operator's shell starts it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ferry = join(import.meta.dirname, '../../../cli/ferry.js');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class FerryCommand {
  readonly words: readonly string[];
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #log: string;
  /** A fault or the trial itself has ended it. */
  wasEnded = false;
  end: Ended | undefined;

  constructor(child: ChildProcess, words: readonly string[], log: string) {
    this.#child = child;
    this.words = words;
    this.#log = log;
    this.ended = once(child, 'exit').then(([code, signal]) => {
      this.end = { code: code as number | null, signal: signal as NodeJS.Signals | null };
      return this.end;
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.end === undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get output(): string {
    return readFileSync(this.#log, 'utf8');
  }

  signal(signal: NodeJS.Signals): void {
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') this.wasEnded = true;
    this.#child.kill(signal);
  }
}

export class Commands {
  readonly directory: string;
  readonly made: FerryCommand[] = [];
  readonly #environment: Readonly<Record<string, string>>;

  constructor(directory: string, environment: Readonly<Record<string, string>>) {
    this.directory = directory;
    this.#environment = environment;
    mkdirSync(join(directory, 'commands'));
  }

  /** Its output goes to a file of the trial, so that nothing of it is lost with either process. */
  start(words: readonly string[], input = ''): FerryCommand {
    const log = join(this.directory, 'commands', `${String(this.made.length).padStart(2, '0')}-${words[0] ?? ''}.log`);
    const descriptor = openSync(log, 'a', 0o600);
    const child = spawn(process.execPath, [ferry, ...words], { cwd: this.directory, env: this.#environment, stdio: ['pipe', descriptor, descriptor] });
    closeSync(descriptor);
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    const command = new FerryCommand(child, words, log);
    this.made.push(command);
    return command;
  }

  async run(words: readonly string[], input = ''): Promise<{ readonly code: number | null; readonly output: string }> {
    const command = this.start(words, input);
    const { code } = await command.ended;
    return { code, output: command.output };
  }
}
