/** The worker threads of one function: one invocation at a time each, more of them only while callers wait. */
import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { LocalFunction } from '../template/stack-types.ts';
import type { FunctionError, Invocation, Outcome, WorkerData, WorkerMessage } from './messages.ts';

export interface FunctionOptions {
  readonly definition: LocalFunction;
  /** The folder into which the function's zip was unpacked, absolute. */
  readonly codeDirectory: string;
  /** Of the worker thread, complete: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly compileCacheDirectory: string;
  /** Invocations at once. */
  readonly maxWorkers: number;
}

interface Waiting {
  readonly event: string;
  readonly settle: (outcome: Outcome) => void;
}

interface Member {
  readonly worker: Worker;
  /** Settles the invocation (or the initialisation) that the worker is at; undefined while it is idle. */
  finish: ((message: WorkerMessage) => void) | undefined;
}

/** A start costs some 200 ms of processor time, so that a shorter wait is better spent waiting. */
const patienceMilliseconds = 400;
/** Lambda's own limit of the initialisation phase. */
const initSeconds = 10;

export class FunctionPool {
  readonly #options: FunctionOptions;
  readonly #members = new Set<Member>();
  readonly #idle: Member[] = [];
  readonly #queue: Waiting[] = [];
  /** One worker at a time. */
  #starting = false;
  #impatience: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: FunctionOptions) {
    this.#options = options;
  }

  /** Never rejects: what goes wrong is the function's error, as Lambda reports it. */
  invoke(event: string): Promise<Outcome> {
    return new Promise((settle) => {
      if (this.#closed) {
        settle({ error: exitError('', 'the runtime is stopping') });
        return;
      }
      this.#queue.push({ event, settle });
      this.#assign();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#impatience);
    await Promise.all([...this.#members].map(({ worker }) => worker.terminate()));
    for (const { settle } of this.#queue.splice(0)) settle({ error: exitError('', 'the runtime is stopping') });
  }

  #assign(): void {
    while (this.#queue.length > 0) {
      const member = this.#idle.pop();
      if (member === undefined) break;
      const waiting = this.#queue.shift();
      if (waiting !== undefined) this.#run(member, waiting);
    }
    if (this.#queue.length === 0 || this.#closed) return;
    if (this.#members.size === 0) this.#start();
    if (this.#starting || this.#members.size >= this.#options.maxWorkers) return;
    this.#impatience ??= setTimeout(() => {
      this.#impatience = undefined;
      if (this.#queue.length > 0 && !this.#starting) this.#start();
    }, patienceMilliseconds);
  }

  #run(member: Member, { event, settle }: Waiting): void {
    const { timeoutSeconds } = this.#options.definition;
    const requestId = randomUUID();
    const timer = setTimeout(() => {
      this.#kill(member, { error: timedOut(requestId, timeoutSeconds) });
    }, timeoutSeconds * 1_000);
    member.finish = (message) => {
      clearTimeout(timer);
      member.finish = undefined;
      if (this.#members.has(member)) this.#idle.push(member);
      settle('initialized' in message ? { error: exitError(requestId, 'unexpected initialisation') } : message);
      this.#assign();
    };
    const invocation: Invocation = { requestId, event, deadline: Date.now() + timeoutSeconds * 1_000 };
    member.worker.postMessage(invocation);
  }

  #start(): void {
    const { definition, environment } = this.#options;
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      env: environment,
      workerData: this.#workerData(),
      resourceLimits: { maxOldGenerationSizeMb: definition.memoryMegabytes },
    });
    const member: Member = { worker, finish: undefined };
    this.#members.add(member);
    this.#starting = true;
    const timer = setTimeout(() => {
      this.#kill(member, { error: timedOut('', initSeconds) });
    }, initSeconds * 1_000);
    member.finish = (message) => {
      clearTimeout(timer);
      member.finish = undefined;
      this.#starting = false;
      if ('initialized' in message) {
        this.#idle.push(member);
        this.#assign();
      } else this.#failInitialisation(member, message);
    };
    worker.on('message', (message: WorkerMessage) => member.finish?.(message));
    worker.on('error', (error) => {
      this.#kill(member, { error: crash(error) });
    });
    worker.on('exit', (code) => {
      this.#kill(member, { error: exitError('', `exit status ${code}`) });
    });
  }

  /** A function that cannot be loaded answers whoever waits with the reason, and is loaded afresh for the next call. */
  #failInitialisation(member: Member, message: WorkerMessage): void {
    this.#remove(member);
    void member.worker.terminate();
    if ('initialized' in message) return;
    if (this.#members.size === 0) for (const { settle } of this.#queue.splice(0)) settle(message);
  }

  #kill(member: Member, outcome: Outcome): void {
    if (!this.#members.has(member)) return;
    this.#remove(member);
    void member.worker.terminate();
    member.finish?.(outcome);
    this.#assign();
  }

  #remove(member: Member): void {
    this.#members.delete(member);
    const index = this.#idle.indexOf(member);
    if (index >= 0) this.#idle.splice(index, 1);
  }

  #workerData(): WorkerData {
    const { definition, codeDirectory, logFile, compileCacheDirectory } = this.#options;
    const dot = definition.handler.lastIndexOf('.');
    return {
      modulePath: `${codeDirectory}/${definition.handler.slice(0, dot)}`,
      exportName: definition.handler.slice(dot + 1),
      functionName: definition.name,
      functionArn: definition.arn,
      memoryMegabytes: definition.memoryMegabytes,
      logFile,
      compileCacheDirectory,
    };
  }
}

/** Source: AWS Step Functions Developer Guide, "Handling errors": timeouts are `Sandbox.Timedout` in newer runtimes. */
function timedOut(requestId: string, seconds: number): FunctionError {
  return { errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds` };
}

function crash(error: unknown): FunctionError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return { errorType: 'Runtime.OutOfMemory', errorMessage: 'RequestId:  Error: Runtime exited with error: signal: killed' };
  }
  const name = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { errorType: 'Runtime.UnhandledException', errorMessage: name, trace: error instanceof Error ? (error.stack ?? '').split('\n') : [] };
}

function exitError(requestId: string, reason: string): FunctionError {
  return { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: ${reason}` };
}
