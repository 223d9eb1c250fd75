/** One task host, as the runtime sees it. */
import { fork, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { HostMessage, RunMessage } from './messages.ts';

export interface HostOptions {
  /** Of the process itself; without secrets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Receives what a program inside writes past Node.js (a crash of V8, say). */
  readonly logDescriptor: number;
  readonly heapMegabytes: number;
}

export interface TaskEnd {
  readonly exitCode: number;
  /** Set when the host died under the task. */
  readonly reason?: string;
}

export class HostProcess {
  readonly #child: ChildProcess;
  /** Resolves when the host can take a task; rejects when it died before. */
  readonly ready: Promise<void>;
  readonly exited: Promise<void>;
  tasks = 0;
  rssBytes = 0;
  /** A host that was told to stop is not given another task. */
  signalled = false;
  /** Bundles that it has imported. */
  readonly modules = new Set<string>();
  #end: ((end: TaskEnd) => void) | undefined;
  #alive = true;

  constructor(options: HostOptions) {
    this.#child = fork(new URL('./task-host.ts', import.meta.url), [], {
      env: options.environment,
      execArgv: [`--max-old-space-size=${options.heapMegabytes}`],
      stdio: ['ignore', options.logDescriptor, options.logDescriptor, 'ipc'],
      // A process group of its own: signals of the terminal stay away, and it can be ended with all its children.
      detached: true,
    });
    this.exited = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        this.#alive = false;
        this.#killGroup();
        this.#end?.({ exitCode: exitCodeOf(code, signal), reason: reasonOf(code, signal) });
        resolve();
      });
    });
    this.ready = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('exit', (code, signal) => {
        reject(new Error(reasonOf(code, signal)));
      });
      this.#child.on('message', (message: HostMessage) => {
        if (message.kind === 'ready') resolve();
        else {
          this.rssBytes = message.rssBytes;
          this.#end?.({ exitCode: message.exitCode });
        }
      });
    });
    this.ready.catch(() => undefined);
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** One task at a time. Never rejects: the death of the host is the task's end. */
  run(message: RunMessage): Promise<TaskEnd> {
    this.tasks += 1;
    this.modules.add(message.modulePath);
    return new Promise((resolve) => {
      this.#end = (end) => {
        this.#end = undefined;
        resolve(end);
      };
      if (!this.#alive) this.#end({ exitCode: 137, reason: 'The host process had died.' });
      // A failing send means that the host is dying: its exit is the task's end.
      else this.#child.send(message, () => undefined);
    });
  }

  /** SIGTERM, then SIGKILL to the host and all its children after the grace. */
  stop(graceSeconds: number): void {
    this.signalled = true;
    if (!this.#alive) return;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => {
      this.kill();
    }, graceSeconds * 1_000);
    void this.exited.then(() => {
      clearTimeout(timer);
    });
  }

  kill(): void {
    this.signalled = true;
    if (this.#alive) this.#killGroup();
  }

  #killGroup(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // ESRCH: nothing of the group is left.
    }
  }
}

/** As a container runtime reports it: 128 and the signal's number. */
function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

function reasonOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `The task's process was ended by ${signal}`;
  return `The task's process exited with code ${code ?? 0}`;
}
