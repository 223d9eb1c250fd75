/**
 * The program that rehearses databases on the target, as a child process: it holds the very code of the tasks that dump
 * and import. It is given both servers by its environment, and drops what it has made when its input ends, even if this
 * process dies.
 */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { delimiter } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { FerryError } from '../../core/errors.ts';
import { rehearsalAnswerSchema } from '../../core/rehearsal/rehearsal.ts';
import type { Rehearsal, RehearsalAnswer, RehearsalRequest } from '../../core/rehearsal/rehearsal.ts';
import type { Context } from '../context.ts';
import type { Servers } from '../servers.ts';

export interface RehearsalOptions {
  /** A folder to put first on PATH: that of `mysqldump`. */
  readonly programs: string | undefined;
  readonly signal: AbortSignal;
}

const closeMilliseconds = 30_000;
const shownCharacters = 500;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

export class Rehearsals {
  readonly #child: Child;
  readonly #signal: AbortSignal;
  readonly #waiting = new Map<number, PromiseWithResolvers<RehearsalAnswer>>();
  #asked = 0;
  #said = '';

  private constructor(child: Child, signal: AbortSignal) {
    this.#child = child;
    this.#signal = signal;
    child.stdin.on('error', () => undefined);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-shownCharacters);
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const answer = rehearsalAnswerSchema.parse(JSON.parse(line));
      this.#waiting.get(answer.id)?.resolve(answer);
    });
    child.on('error', (error) => {
      this.#fail(error.message);
    });
    child.on('close', () => {
      this.#fail(`it ended. ${this.#said}`.trim());
    });
    signal.addEventListener('abort', this.#end);
  }

  /** @throws FerryError why it cannot work, once it has swept what an earlier one may have left on the target */
  static async start(
    context: Context,
    { source, target }: Servers,
    { programs, signal }: RehearsalOptions,
  ): Promise<Rehearsals> {
    const path = context.environment['PATH'] ?? '';
    const child = spawn(process.execPath, [fileURLToPath(new URL('../../containers/try/main.ts', import.meta.url))], {
      // A session of its own: Ctrl-C is for this process, which then ends the child in order.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        SOURCE_SECRET: JSON.stringify(source),
        TARGET_SECRET: JSON.stringify(target),
        PATH: programs === undefined ? path : `${programs}${delimiter}${path}`,
        ...(context.environment['TMPDIR'] === undefined ? {} : { TMPDIR: context.environment['TMPDIR'] }),
        ...([source, target].some(({ authentication }) => authentication === 'iam') ? signingEnvironment(context.environment) : {}),
      },
    });
    const rehearsals = new Rehearsals(child, signal);
    try {
      failUnless(await rehearsals.#answerTo(0));
      return rehearsals;
    } catch (error) {
      await rehearsals.close();
      throw error;
    }
  }

  /** @throws FerryError of a server that cannot be used, or of the program; not for what the target refuses */
  readonly rehearse = async (database: string): Promise<Rehearsal> => {
    this.#asked += 1;
    const request: RehearsalRequest = { id: this.#asked, database };
    const answered = this.#answerTo(request.id);
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    return failUnless(await answered) ?? { refused: [], views: [], differences: [], untried: [] };
  };

  /** Waits until what was being rehearsed is dropped. */
  async close(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#end);
    this.#end();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), closeMilliseconds);
    await once(this.#child, 'close').finally(() => {
      clearTimeout(timer);
    });
  }

  readonly #end = (): void => {
    this.#child.stdin.end();
  };

  #answerTo(id: number): Promise<RehearsalAnswer> {
    const waiting = Promise.withResolvers<RehearsalAnswer>();
    this.#waiting.set(id, waiting);
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) this.#fail(`it ended. ${this.#said}`.trim());
    return waiting.promise.finally(() => this.#waiting.delete(id));
  }

  #fail(why: string): void {
    for (const waiting of this.#waiting.values())
      waiting.reject(new FerryError('TaskCrashed', `The program that rehearses databases failed: ${why}`));
  }
}

/** With what the program signs tokens, where a login is by IAM: the operator's own credentials. */
function signingEnvironment(environment: Context['environment']): Record<string, string> {
  const isOfAws = ([name, value]: [string, string | undefined]): boolean => (name === 'HOME' || name.startsWith('AWS_')) && value !== undefined;
  return Object.fromEntries(Object.entries(environment).filter(isOfAws)) as Record<string, string>;
}

/** @throws the answer's error */
function failUnless({ error, rehearsal }: RehearsalAnswer): Rehearsal | undefined {
  if (error !== undefined) throw new FerryError(error.name, error.message);
  return rehearsal;
}
