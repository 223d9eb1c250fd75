/** Judges cases in a thread of their own, so that one that never ends, or spins, is cut and the next ones are judged. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Outcome } from './cases.ts';
import type { suites } from './suites.ts';

export type SuiteName = keyof typeof suites;

export class LimitedJudge implements AsyncDisposable {
  readonly #milliseconds: number;
  #worker: Worker | undefined;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** @returns undefined when the case took longer than the limit */
  async judge(suite: SuiteName, recorded: unknown): Promise<Outcome | undefined> {
    const worker = await this.#running();
    const answered = once(worker, 'message', { signal: AbortSignal.timeout(this.#milliseconds) });
    worker.postMessage({ suite, recorded });
    try {
      return ((await answered) as [Outcome])[0];
    } catch (error) {
      await this[Symbol.asyncDispose]();
      if (error instanceof Error && error.name === 'AbortError') return undefined;
      return { kind: 'miss', expected: 'an answer', actual: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  /** The start of a thread does not count against a case. */
  async #running(): Promise<Worker> {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL('./judge-cases.ts', import.meta.url));
    await once(worker, 'online');
    this.#worker = worker;
    return worker;
  }
}
