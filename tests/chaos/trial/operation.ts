/** What an operator does in a trial: starts a runtime and a run, starts the runtime again, goes on after a failure. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { readRunningRuntime } from '../../../cli/deployment.ts';
import type { RecordsReader } from '../reader/records.ts';
import { readAdministrator } from '../world/administrator.ts';
import type { Commands, FerryCommand } from '../world/commands.ts';
import { signalProcess } from '../world/processes.ts';
import type { Way } from './plan.ts';

export const migration = 'chaos';
const startMilliseconds = 60_000;

export interface OperationOptions {
  readonly way: Way;
  readonly commands: Commands;
  readonly reader: RecordsReader;
  readonly serverWords: readonly string[];
  readonly settings: readonly string[];
  readonly databases: readonly string[];
  readonly violations: string[];
}

export class Operation {
  readonly #options: OperationOptions;
  readonly #stateFolder: string;
  /** `ferry local`, or `ferry migrate` with the runtime as its child. */
  #runtime: FerryCommand | undefined;
  /** The command that follows the run. */
  watching: FerryCommand | undefined;

  constructor(options: OperationOptions) {
    this.#options = options;
    this.#stateFolder = join(options.commands.directory, 'state');
  }

  async begin(): Promise<void> {
    if (this.#options.way === 'migrate') await this.#migrate();
    else {
      await this.#startRuntime();
      this.watching = this.#start(['start', '--migration', migration, '--file', '-', ...this.#options.settings], true);
    }
  }

  /** Every run has ended, and a runtime is there to say so; or the one command that does all has. */
  async isOver(): Promise<boolean> {
    if (this.#options.way === 'migrate') return this.watching?.isRunning === false && (await readRunningRuntime(this.#stateFolder)) === undefined;
    this.#noteDeath();
    const runs = await this.#options.reader.runs().catch(() => []);
    return runs.length > 0 && runs.every(({ status }) => status !== 'RUNNING' && status !== 'PENDING_REDRIVE');
  }

  /** After the causes are removed. */
  async goOn(): Promise<void> {
    if (this.#options.way === 'migrate') {
      await this.stopRuntime();
      return this.#migrate();
    }
    if (this.#runtime?.isRunning !== true) await this.#startRuntime();
    const redriven = await this.command(['redrive', '--no-watch']);
    if (redriven.code !== 0) await this.startRun(`again-${this.#options.commands.made.length}`);
  }

  /** A runtime to read from, after `ferry migrate` has ended its own. */
  async ensureRuntime(): Promise<void> {
    if ((await readRunningRuntime(this.#stateFolder)) === undefined) await this.#startRuntime();
  }

  /** Of a run with a name of its own, beside whatever runs. */
  async startRun(name: string): Promise<void> {
    const command = this.#start(['start', '--no-watch', '--migration', migration, '--run', name, '--file', '-', ...this.#options.settings], true);
    await command.ended;
  }

  async command(words: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
    return this.#options.commands.run([...words, '--state', 'state']);
  }

  async startSecondRuntime(): Promise<number | null> {
    const command = this.#start(['local', ...this.#options.serverWords], false);
    const ended = await Promise.race([command.ended, sleep(20_000, undefined)]);
    if (ended === undefined) command.signal('SIGKILL');
    return ended?.code ?? null;
  }

  async killRuntime(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** As Ctrl-C in its terminal does. */
  async stopRuntime(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Where `ferry migrate` has a runtime of its own it is over, and the operator goes on later. */
  async restartRuntime(): Promise<void> {
    if (this.#options.way === 'local') await this.#startRuntime();
  }

  async signalRuntime(signal: NodeJS.Signals): Promise<void> {
    const runtime = await readRunningRuntime(this.#stateFolder);
    if (runtime !== undefined) signalProcess(runtime.pid, signal);
  }

  /** The bucket, as an administrator reaches it: an operator may lose and alter nothing in it. */
  async storage(): Promise<{ readonly s3: S3Client; readonly bucket: string }> {
    const { runtime, configuration } = await readAdministrator(this.#stateFolder);
    return { s3: new S3Client({ ...configuration, forcePathStyle: true, maxAttempts: 8 }), bucket: runtime.outputs['BucketName'] ?? '' };
  }

  /** No command ends without a name of what went wrong, or as a defect. */
  commandFlaws(): string[] {
    return this.#options.commands.made
      .filter(({ wasEnded, end, output }) => !wasEnded && end !== undefined && (end.code === 1 || end.code === null || output.includes('InternalError')))
      .map(({ words, end, output }) => `\`ferry ${words[0] ?? ''}\` ended with ${JSON.stringify(end)}: ${output.slice(-1_000)}`);
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const runtime = await readRunningRuntime(this.#stateFolder);
    if (runtime === undefined) return;
    if (this.#runtime !== undefined) this.#runtime.wasEnded = true;
    signalProcess(runtime.pid, signal);
    for (let waited = 0; signalProcess(runtime.pid, 0 as unknown as NodeJS.Signals); waited += 20) {
      if (waited === 40_000) this.#options.violations.push(`The runtime lives on, 40 s after ${signal}.`);
      if (waited >= 40_000) signalProcess(runtime.pid, 'SIGKILL');
      await sleep(20);
    }
  }

  async #migrate(): Promise<void> {
    const { serverWords, settings } = this.#options;
    this.watching = this.#start(['migrate', ...serverWords, '--migration', migration, '--file', '-', ...settings], true);
    this.#runtime = undefined;
    const { watching } = this;
    for (let waited = 0; waited < startMilliseconds && watching.isRunning; waited += 20) {
      if ((await readRunningRuntime(this.#stateFolder)) !== undefined) return;
      await sleep(20);
    }
  }

  async #startRuntime(): Promise<void> {
    const runtime = this.#start(['local', ...this.#options.serverWords], false);
    this.#runtime = runtime;
    for (let waited = 0; runtime.isRunning; waited += 20) {
      if ((await readRunningRuntime(this.#stateFolder))?.pid === runtime.pid) return;
      if (waited > startMilliseconds) break;
      await sleep(20);
    }
    throw new Error(`The runtime did not start: ${runtime.output.slice(-2_000)}`);
  }

  #noteDeath(): void {
    const runtime = this.#runtime;
    if (runtime === undefined || runtime.isRunning || runtime.wasEnded) return;
    runtime.wasEnded = true;
    this.#options.violations.push(`The runtime ended by itself (${JSON.stringify(runtime.end)}): ${runtime.output.slice(-1_500)}`);
  }

  #start(words: readonly string[], withDatabases: boolean): FerryCommand {
    const input = withDatabases ? `${this.#options.databases.join('\n')}\n` : '';
    return this.#options.commands.start([...words, '--state', 'state'], input);
  }
}
